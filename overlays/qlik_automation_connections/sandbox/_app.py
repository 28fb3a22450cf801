"""The HTTP side of the fake tenant: routes, sign-in, limits, faults, answers and the ledger."""

import asyncio
import logging
import threading
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import attrs
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from ._answers import Answer, Refusal, error_answer
from ._contract import Contract, Operation
from ._faults import Fault, FaultPlan
from ._ledger import Ledger, LedgerEntry
from ._limits import Clock, SlidingWindowLimits
from ._oauth import Principal, SignIn, read_token_request
from ._operations import Call, Operations
from ._validation import MAX_BODY_BYTES, RequestValidator

SIGN_IN_OPERATION = "oauthToken"
SIGN_IN_PATH = "/oauth/token"
SIGN_IN_TIER = 2
SUNSET = "Tue, 30 Nov 2027 00:00:00 GMT"

_logger = logging.getLogger(__name__)


@attrs.define
class _Exchange:
    """One request while it is served, and what the ledger will say of it."""

    number: int
    time: float
    request: Request
    operation: Operation | None = None
    principal: Principal | None = None
    processed: bool = False
    connection_id: str | None = None
    trace_id: str = attrs.field(factory=lambda: uuid.uuid4().hex)
    fault: Fault | None = None


@attrs.frozen
class _Resource:
    """One path of the tenant. Starlette calls it for every method, so that the 405 can be ours."""

    app: "TenantApp"
    methods: Mapping[str, Operation]
    successor: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app.serve(scope, receive, send, self)


class TenantApp:
    """The ASGI application.

    Args:
        contract: The spec.
        operations: What carries out the operations.
        sign_in: What tells who sends a request.
        lock: Held while an operation runs.
        ledger: Where every request is recorded.
        faults: Which requests fail.
        limits: Rate limits, None for none.
        clock: The sandbox's clock.
    """

    def __init__(
        self,
        contract: Contract,
        operations: Operations,
        sign_in: SignIn,
        lock: threading.RLock,
        ledger: Ledger,
        faults: FaultPlan,
        limits: SlidingWindowLimits | None,
        clock: Clock,
    ) -> None:
        self._operations = operations
        self._sign_in = sign_in
        self._lock = lock
        self._ledger = ledger
        self._faults = faults
        self._limits = limits
        self._clock = clock
        self._validator = RequestValidator(contract)
        self._requests = 0
        token = Operation(
            SIGN_IN_OPERATION,
            "POST",
            SIGN_IN_PATH,
            None,
            "token",
            SIGN_IN_TIER,
            contract.requests_per_minute(SIGN_IN_TIER),
            {},
            None,
            frozenset({200, 400, 401}),
        )
        routes: dict[str, tuple[dict[str, Operation], str | None]] = {}
        for operation in (*contract.operations.values(), token):
            routes.setdefault(operation.path, ({}, None))[0][operation.method] = operation
            if operation.older_path is not None:
                routes.setdefault(operation.older_path, ({}, operation.path))[0][operation.method] = operation
        self._router = Router(
            [Route(path, _Resource(self, methods, successor)) for path, (methods, successor) in routes.items()],
            redirect_slashes=False,
            default=_Resource(self, {}),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # Routes are matched on the path as it was sent: an encoded slash stays inside its segment.
        raw_path = bytes(scope["raw_path"]).decode("latin-1")
        await self._router({**scope, "path": raw_path}, receive, send)

    async def serve(self, scope: Scope, receive: Receive, send: Send, resource: _Resource) -> None:
        """Serve one request that met a resource, or none if the resource has no methods."""
        request = Request(scope, receive)
        body: bytes | Refusal | None
        try:
            body = await _body(request)
        except Refusal as refusal:
            body = refusal
        except ClientDisconnect:
            body = None
        # Nothing waits from here to the record, so that numbers, times, places and the ledger have one order.
        self._requests += 1
        exchange = _Exchange(self._requests, self._clock.now(), request)
        if body is None:
            self._record(exchange, None)
            return
        try:
            answer = self._answer(exchange, resource, body)
        except Refusal as refusal:
            answer = self._operations.error(refusal, exchange.trace_id)
        except Exception:
            _logger.exception("the sandbox failed while it served %s", request.method)
            answer = error_answer(500, "The sandbox itself failed.", exchange.trace_id)
        fault = exchange.fault
        dropped = fault is not None and (
            fault.kind in ("reset", "reset-after-processing") or (fault.kind == "truncate" and not answer.body)
        )
        self._record(exchange, None if dropped else answer.status)
        if dropped:
            await _drop(scope, receive, reset=True)
            return
        if fault is not None and fault.kind == "delay":
            await _hold_back(receive, fault.seconds)
        headers = {**self._deprecation(request, resource), **answer.headers}
        if fault is not None and fault.kind == "truncate":
            await _send_half(scope, receive, send, answer, headers)
            return
        await Response(answer.body, answer.status, headers)(scope, receive, send)

    def _answer(self, exchange: _Exchange, resource: _Resource, body: bytes | Refusal) -> Answer:
        request = exchange.request
        if not resource.methods:
            raise Refusal(404, "Nothing is served at this path.")
        operation = resource.methods.get(request.method)
        if operation is None:
            allowed = ", ".join(sorted(resource.methods))
            raise Refusal(405, f"The methods of this path are {allowed}.", {"Allow": allowed})
        exchange.operation = operation
        identifier = unquote(str(request.path_params.get("id", "")))
        exchange.connection_id = (identifier or None) if operation.noun == "connection" else None
        if isinstance(body, Refusal):
            raise body
        authorizations = request.headers.getlist("authorization")
        fields: dict[str, Any] = {}
        if operation.id == SIGN_IN_OPERATION:
            fields = read_token_request(request.headers.get("content-type", ""), body)
            principal = self._sign_in.client(authorizations, fields)
        else:
            principal = self._sign_in.principal(authorizations)
        exchange.principal = principal
        if self._limits is not None:
            self._limits.take(principal.name, operation.tier, operation.requests_per_minute, exchange.time)
        fault = exchange.fault = self._faults.strike(operation.id)
        if fault is not None and fault.kind in ("status", "html"):
            return fault.answer(exchange.trace_id)
        if fault is not None and fault.kind == "reset":
            return Answer(204)
        if operation.id == SIGN_IN_OPERATION:
            answer = Answer.of_json(200, self._sign_in.issue(principal, fields))
        else:
            answer = self._operate(exchange, operation, principal, identifier, body)
        exchange.processed = True
        return answer

    def _operate(
        self, exchange: _Exchange, operation: Operation, principal: Principal, identifier: str, body: bytes
    ) -> Answer:
        request = exchange.request
        query = self._validator.query(operation, request.scope["query_string"])
        content_type = request.headers.get("content-type", "")
        document = self._validator.body(operation, content_type, body) if operation.body else {}
        call = Call(principal, f"{_origin(request)}{request.scope['path']}", identifier, query, document)
        with self._lock:
            outcome = self._operations.by_id[operation.id](call)
        exchange.connection_id = outcome.connection_id
        return outcome.answer

    def _record(self, exchange: _Exchange, status: int | None) -> None:
        operation, scope = exchange.operation, exchange.request.scope
        self._ledger.record(
            LedgerEntry(
                number=exchange.number,
                time=exchange.time,
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode("latin-1"),
                operation=operation.id if operation else None,
                principal=exchange.principal.name if exchange.principal else None,
                tier=operation.tier if operation else None,
                status=status,
                processed=exchange.processed,
                refused=status == 429,
                trace_id=exchange.trace_id,
                connection_id=exchange.connection_id,
            )
        )

    def _deprecation(self, request: Request, resource: _Resource) -> dict[str, str]:
        if resource.successor is None:
            return {}
        path = resource.successor
        for name, value in request.path_params.items():
            path = path.replace(f"{{{name}}}", value)
        link = f'<{_origin(request)}{path}>; rel="successor-version"'
        # The day of the deprecation is not published, so the header has the plain form of RFC 9745's drafts.
        return {"Deprecation": "true", "Sunset": SUNSET, "Link": link}


def _origin(request: Request) -> str:
    host, port = request.scope["server"]
    return f"{request.scope['scheme']}://{request.headers.get('host') or f'{host}:{port}'}"


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Refusal(400, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return bytes(body)


async def _hold_back(receive: Receive, seconds: float) -> None:
    # A client that leaves ends the wait, and so does the server when it stops.
    try:
        await asyncio.wait_for(_disconnected(receive), seconds)
    except TimeoutError:
        return


async def _disconnected(receive: Receive) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


async def _drop(scope: Scope, receive: Receive, *, reset: bool) -> None:
    scope["state"]["connection"].drop(reset=reset)
    # Returning earlier would make the server write an answer of its own.
    await _disconnected(receive)


async def _send_half(scope: Scope, receive: Receive, send: Send, answer: Answer, headers: Mapping[str, str]) -> None:
    raw_headers = Response(headers={**headers, "content-length": str(len(answer.body))}).raw_headers
    await send({"type": "http.response.start", "status": answer.status, "headers": raw_headers})
    await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
    await _drop(scope, receive, reset=False)
