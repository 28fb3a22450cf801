"""A service that answers from a script, and every kind of client to ask it with.

A scenario is written once, as for the async client; the sync client runs it without an event loop, as its users do.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Literal, Protocol, TypeVar, get_args

import anyio
import httpx

from qlik_automation_connections import AsyncPager, AsyncTenant, Pager, Tenant
from qlik_automation_connections_api.operations import OPERATIONS as SPECIFIED

T = TypeVar("T")
Kind = Literal["sync", "asyncio", "trio"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ASYNC_KINDS: tuple[Kind, ...] = ("asyncio", "trio")

MOST = 10_000
"""More requests than any test sends, so that one which goes on for ever fails instead."""

URL = "https://tenant.example"
KEY = "key-of-nobody"
DETAIL = {"id": "c-1", "name": "mail", "params": [{"id": "p-1", "name": "user", "value": "bot"}]}

Reply = Callable[[httpx.Request], httpx.Response]

# The method, and what it is given unless a test gives something else.
_ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "getAutomationConnections": ("list", {}),
    "createAutomationConnection": ("create", {"connector_id": "k-1", "name": "mail", "params": {"user": "bot"}}),
    "getAutomationConnection": ("get", {"id": "c-1"}),
    "updateAutomationConnection": ("update", {"id": "c-1", "params": [{"id": "p-1", "value": "bot"}]}),
    "deleteAutomationConnection": ("delete", {"id": "c-1"}),
    "automationConnectionChangeOwner": ("change_owner", {"id": "c-1", "user_id": "u-1"}),
    "automationConnectionChangeSpace": ("change_space", {"id": "c-1", "space_id": "s-1"}),
    "checkAutomationConnection": ("check", {"id": "c-1"}),
    "getAutomationConnectors": ("list", {}),
    "getAutomationConnector": ("get", {"id": "c-1"}),
    "getAutomations": ("list", {}),
    "getAutomation": ("get", {"id": "c-1"}),
}
OPERATIONS = tuple(_ASKED)
NEIGHBOURS = ("getAutomationConnectors", "getAutomationConnector", "getAutomations", "getAutomation")
READS = ("getAutomationConnections", "getAutomationConnection", *NEIGHBOURS)
WRITES = tuple(name for name in OPERATIONS if name not in READS)
CREATE = "createAutomationConnection"
DELETE = "deleteAutomationConnection"
WITH_CONTENT = (*READS, CREATE, "updateAutomationConnection", "checkAutomationConnection")
"""The operations whose success has a body."""

_SUCCESSES: dict[str, tuple[int, Any]] = {
    "getAutomationConnections": (200, {"data": [{"id": "c-1"}], "links": {}}),
    "createAutomationConnection": (201, DETAIL),
    "getAutomationConnection": (200, DETAIL),
    "updateAutomationConnection": (200, DETAIL),
    "checkAutomationConnection": (200, {"connected": True}),
    **{name: (200, {"data": [{"id": "c-1"}]} if name.endswith("s") else {"id": "c-1"}) for name in NEIGHBOURS},
}


def success(operation: str) -> Reply:
    """The documented success of an operation."""
    status, content = _SUCCESSES.get(operation, (204, None))
    return answers(status) if content is None else answers(status, content=content)


def answers(status: int, headers: dict[str, str] | None = None, content: Any = None) -> Reply:
    """An answer; content that is neither bytes nor text is sent as JSON."""
    body = content if isinstance(content, bytes | str | None) else json.dumps(content)
    kind = {} if body is None else {"content-type": "application/json"}
    return lambda request: httpx.Response(status, headers={**kind, **(headers or {})}, content=body)


def fails(kind: type[httpx.TransportError], message: str = "as scripted") -> Reply:
    """No answer: the transport's error."""

    def reply(request: httpx.Request) -> httpx.Response:
        raise kind(message)

    return reply


class _BreaksOff(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b'{"id": '
        raise httpx.ReadError("as scripted")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"id": '
        raise httpx.ReadError("as scripted")


def breaks_off(request: httpx.Request) -> httpx.Response:
    """The head of a success, and a part of its body."""
    return httpx.Response(200, headers={"content-type": "application/json"}, stream=_BreaksOff())


class Service:
    """Gives the replies in turn, the last one for ever, and keeps the requests.

    Args:
        replies: what is given for the operations.
        tokens: what is given for `/oauth/token`; a token that lasts if there are none.
    """

    def __init__(self, *replies: Reply, tokens: tuple[Reply, ...] = ()) -> None:
        self._replies = list(replies)
        self._tokens = list(tokens) or [answers(200, content={"access_token": "token-1", "expires_in": 21600})]
        self.requests: list[httpx.Request] = []
        self.sign_ins: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        signs_in = request.url.path == "/oauth/token"
        # A copy: the client signs the same request again where it tries again.
        kept = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        kept.extensions = dict(request.extensions)
        (self.sign_ins if signs_in else self.requests).append(kept)
        assert len(self.sign_ins) + len(self.requests) <= MOST, "the same is asked for without end"
        replies = self._tokens if signs_in else self._replies
        return (replies.pop(0) if len(replies) > 1 else replies[0])(request)

    @property
    def seen(self) -> list[tuple[str, str, bytes]]:
        """Method, address and body of every request for an operation."""
        return [(request.method, str(request.url), request.content) for request in self.requests]


class Ask(Protocol):
    """Asks for an operation and returns its result, a list in full."""

    async def __call__(self, operation: str, /, **arguments: Any) -> Any: ...


def _ask(tenant: Tenant | AsyncTenant, operation: str, arguments: dict[str, Any]) -> Any:
    method, defaults = _ASKED[operation]
    return getattr(getattr(tenant, f"{SPECIFIED[operation].noun}s"), method)(**{**defaults, **arguments})


def asking(tenant: Tenant) -> Ask:
    """Asks a tenant, blocking."""

    async def ask(operation: str, /, **arguments: Any) -> Any:
        result = _ask(tenant, operation, arguments)
        return list(result) if isinstance(result, Pager) else result

    return ask


def asking_async(tenant: AsyncTenant) -> Ask:
    """Asks an async tenant."""

    async def ask(operation: str, /, **arguments: Any) -> Any:
        result = _ask(tenant, operation, arguments)
        return [item async for item in result] if isinstance(result, AsyncPager) else await result

    return ask


def run(
    kind: Kind,
    scenario: Callable[[Ask], Awaitable[T]],
    service: Service | None = None,
    *,
    url: str = URL,
    **options: Any,
) -> T:
    """Runs a scenario with a client of its own.

    Args:
        kind: which client, and for an async one what it runs on.
        scenario: what to do with the client.
        service: what answers; the network if None.
        url: the tenant's address.
        options: of the tenant; the key is made up unless `api_key` or `auth` is among them.
    """
    if "api_key" not in options and "auth" not in options:
        options["api_key"] = KEY
    transport = httpx.MockTransport(service) if service is not None else None

    async def ask_sync() -> T:
        with httpx.Client(transport=transport) if transport else Tenant(url, **options) as opened:
            tenant = opened if isinstance(opened, Tenant) else Tenant(url, http_client=opened, **options)
            return await scenario(asking(tenant))

    async def ask_async() -> T:
        async with httpx.AsyncClient(transport=transport) if transport else AsyncTenant(url, **options) as opened:
            tenant = opened if isinstance(opened, AsyncTenant) else AsyncTenant(url, http_client=opened, **options)
            return await scenario(asking_async(tenant))

    if kind != "sync":
        return anyio.run(ask_async, backend=kind)
    coroutine = ask_sync()
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise AssertionError("a scenario of the sync client waited for an event loop")


def ask_once(kind: Kind, operation: str, service: Service | None = None, **options: Any) -> Any:
    """Asks once for an operation; `options` are the tenant's."""

    async def once(ask: Ask) -> Any:
        return await ask(operation)

    return run(kind, once, service, **options)
