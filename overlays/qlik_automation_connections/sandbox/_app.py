"""The HTTP side of the fake tenant: routes, authentication, limits, faults, responses and the ledger."""

import asyncio
import logging
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

import attrs
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response as HTTPResponse
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from . import _server as server
from ._access import origin, require_same_origin
from ._call import Call
from ._documents import Documents
from ._faults import Fault, FaultPlan, fault_response
from ._ledger import Ledger, LedgerEntry, shown_target
from ._limits import Clock, SlidingWindowLimits
from ._oauth import Authenticator, read_token_request
from ._operations import Operations
from ._pages import Pages
from ._responses import HTTPError, Response, error_document
from ._spec import SIGN_IN_OPERATION, Operation, Spec
from ._store import TenantState
from ._validation import MAX_BODY_BYTES, RequestValidator

_logger = logging.getLogger(__name__)
_request_logger = logging.getLogger(f"{__package__}.requests")


@attrs.define
class _Exchange:
    """One request while it is served, and its entry in the ledger."""

    request: Request
    entry: LedgerEntry
    fault: Fault | None = None

    def note(self, **facts: Any) -> None:
        """Add facts to the entry."""
        self.entry = attrs.evolve(self.entry, **facts)


@attrs.frozen(eq=False)
class _Resource:
    """One path of the tenant. Starlette calls it for every method, which leaves the 405 to us."""

    app: "TenantApp"
    methods: dict[str, Operation] = attrs.field(factory=dict)
    successor: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app.serve(scope, receive, send, self)


class TenantApp:
    """The ASGI application.

    Args:
        spec: The spec.
        state: The tenant's data.
        quirks: Names of the quirks that are on.
        authenticator: Identifies callers.
        ledger: Records every request.
        faults: Which requests fail.
        limits: Rate limits, or None for no limits.
        clock: The sandbox's clock.
    """

    def __init__(
        self,
        spec: Spec,
        state: TenantState,
        quirks: frozenset[str],
        authenticator: Authenticator,
        ledger: Ledger,
        faults: FaultPlan,
        limits: SlidingWindowLimits | None,
        clock: Clock,
    ) -> None:
        self._operations = Operations(state, spec, Documents(spec, quirks))
        self._validator = RequestValidator(spec)
        self._spec = spec
        self._authenticator = authenticator
        self._ledger = ledger
        self._faults = faults
        self._limits = limits
        self._clock = clock
        self._requests = 0
        self.notices = _notices(spec)
        resources: dict[str, _Resource] = {}
        for operation in spec.operations.values():
            resources.setdefault(operation.path, _Resource(self)).methods[operation.method] = operation
            if older := operation.older_path:
                successor = _Resource(self, successor=operation.path)
                resources.setdefault(older, successor).methods[operation.method] = operation
        routes = [Route(path, resource) for path, resource in resources.items()]
        self._router = Router(routes, redirect_slashes=False, default=_Resource(self))
        self._pages = Pages(spec, state, ledger)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # Match the path as sent, so that an encoded slash stays inside its segment.
        raw_path = bytes(scope["raw_path"]).decode("latin-1")
        if raw_path in self._pages.paths:
            await self._serve_page(Request(scope), receive, send)
            return
        await self._router({**scope, "path": raw_path}, receive, send)

    async def _serve_page(self, request: Request, receive: Receive, send: Send) -> None:
        """Serve a page for people. It isn't part of the tenant: no sign-in, no limits, no entry in the ledger."""
        try:
            require_same_origin(request)
            response = self._pages.respond(request.method, request.url.path, origin(request))
        except HTTPError as error:
            response = self._operations.error(error, uuid.uuid4().hex)
        await HTTPResponse(response.body, response.status, response.headers)(request.scope, receive, send)

    async def serve(self, scope: Scope, receive: Receive, send: Send, resource: _Resource) -> None:
        """Serve one request for a resource. The resource has no methods if the path is unknown."""
        request = Request(scope, receive)
        body: bytes | HTTPError | None
        try:
            body = await _read_body(request)
        except HTTPError as error:
            body = error
        except ClientDisconnect:
            body = None
        began = time.perf_counter()
        # No await until the entry is recorded, so that numbers, times, limits and the ledger agree on the order.
        self._requests += 1
        exchange = _Exchange(request, self._new_entry(scope))
        if body is None:
            self._ledger.record(exchange.entry)
            return
        try:
            response = self._respond(exchange, resource, body)
        except HTTPError as error:
            response = self._operations.error(error, exchange.entry.trace_id)
        except Exception:
            _logger.exception("the sandbox failed to serve a %s request", request.method)
            response = Response.of_json(500, error_document(500, "The sandbox itself failed.", exchange.entry.trace_id))
        fault = exchange.fault
        kind = fault.kind if fault is not None else None
        dropped = kind in ("reset", "reset-after-processing") or (kind == "truncate" and not response.body)
        if not dropped:
            exchange.note(status=response.status, refused=response.status == 429)
        self._ledger.record(exchange.entry)
        self._log(exchange.entry, time.perf_counter() - began)
        headers = {**_deprecation(request, resource), **response.headers}
        if dropped:
            server.reset(scope["state"]["transport"])
            await _disconnected(receive)
        elif kind == "truncate":
            await _send_half(scope, receive, send, response, headers)
        else:
            if fault is not None and kind == "delay":
                await _delay(receive, fault.seconds)
            await HTTPResponse(response.body, response.status, headers)(scope, receive, send)

    def _new_entry(self, scope: Scope) -> LedgerEntry:
        return LedgerEntry(
            number=self._requests,
            time=self._clock.now(),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            trace_id=uuid.uuid4().hex,
        )

    def _log(self, entry: LedgerEntry, seconds: float) -> None:
        if _request_logger.isEnabledFor(logging.INFO):
            target = shown_target(entry, self._spec)
            outcome = entry.status or "dropped"
            _request_logger.info("%s %s %s in %d ms", entry.method, target, outcome, seconds * 1000)

    def _respond(self, exchange: _Exchange, resource: _Resource, body: bytes | HTTPError) -> Response:
        request = exchange.request
        require_same_origin(request)
        if not resource.methods:
            raise HTTPError(404, "This path does not exist.")
        operation = resource.methods.get(request.method)
        if operation is None:
            allowed = ", ".join(sorted(resource.methods))
            raise HTTPError(405, f"This path allows {allowed}.", {"Allow": allowed})
        identifier = unquote(request.path_params.get("id", ""))
        exchange.note(operation=operation.id, tier=operation.tier)
        if operation.noun == "connection":
            exchange.note(connection_id=identifier or None)
        if isinstance(body, HTTPError):
            raise body
        authorizations = request.headers.getlist("authorization")
        content_type = request.headers.get("content-type", "")
        fields: dict[str, Any] = {}
        if operation.id == SIGN_IN_OPERATION:
            fields = read_token_request(content_type, body)
            principal = self._authenticator.authenticate_client(authorizations, fields)
        else:
            principal = self._authenticator.authenticate(authorizations)
        exchange.note(principal=principal.name)
        if self._limits is not None:
            self._limits.acquire(principal.name, operation.tier, operation.requests_per_minute, now=exchange.entry.time)
        fault = exchange.fault = self._faults.strike(operation.id)
        if fault is not None and fault.kind in ("status", "html", "reset"):
            return fault_response(fault, exchange.entry.trace_id)
        if operation.id == SIGN_IN_OPERATION:
            response = Response.of_json(operation.status, self._authenticator.issue_token(principal, fields))
        else:
            query = self._validator.query(operation, request.scope["query_string"])
            document = self._validator.body(operation, content_type, body) if operation.body else {}
            url = f"{origin(request)}{request.scope['path']}"
            call = Call(operation, principal, url, identifier, query, document)
            response = self._operations.perform(call)
            if operation.noun == "connection":
                exchange.note(connection_id=call.id or None)
        exchange.note(processed=True)
        return response


def _notices(spec: Spec) -> dict[str, str]:
    """Return the headers that announce the end of the older generation."""
    announced, ends = (
        datetime.fromisoformat(f"{spec.document['info'][name]}T00:00Z") for name in ("x-v1-deprecated", "x-v1-ends")
    )
    return {"Deprecation": f"@{announced.timestamp():.0f}", "Sunset": format_datetime(ends, usegmt=True)}


def _deprecation(request: Request, resource: _Resource) -> dict[str, str]:
    path = resource.successor
    if path is None:
        return {}
    for name, value in request.path_params.items():
        path = path.replace(f"{{{name}}}", value)
    link = f'<{origin(request)}{path}>; rel="successor-version"'
    return {**resource.app.notices, "Link": link}


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        # Read to the end all the same: closing earlier would reset the connection before the client reads the response.
        if len(body) <= MAX_BODY_BYTES:
            body += chunk
    if len(body) > MAX_BODY_BYTES:
        raise HTTPError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return bytes(body)


async def _delay(receive: Receive, seconds: float) -> None:
    # The wait ends early when the client disconnects or the server stops.
    try:
        await asyncio.wait_for(_disconnected(receive), seconds)
    except TimeoutError:
        return


async def _disconnected(receive: Receive) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


async def _send_half(
    scope: Scope, receive: Receive, send: Send, response: Response, headers: Mapping[str, str]
) -> None:
    raw_headers = HTTPResponse(headers={**headers, "content-length": str(len(response.body))}).raw_headers
    await send({"type": "http.response.start", "status": response.status, "headers": raw_headers})
    await send({"type": "http.response.body", "body": response.body[: len(response.body) // 2], "more_body": True})
    scope["state"]["transport"].close()
    # If this returned before the connection closes, uvicorn would log an incomplete response.
    await _disconnected(receive)
