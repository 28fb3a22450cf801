"""Answers made up by a test, and the operations asked for them, sync and async."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterable, Callable, Mapping
from typing import Any, Literal

import anyio
import httpx
from attrs import field, frozen

from qlik_automation_connections import AsyncTenant, Pager, Tenant

ADDRESS = "https://acme.eu.qlikcloud.com"
KEY = "eyJ-the-key-that-no-text-may-show"
PATHS = {"workflows": "/api/workflows/automation-connections", "v1": "/api/v1/automation-connections"}

MOST = 10_000
"""More requests than any test sends, so that one which goes on for ever fails instead."""

Kind = Literal["sync", "asyncio", "trio"]
KINDS: tuple[Kind, ...] = ("sync", "asyncio", "trio")


@frozen
class Reply:
    """An answer to send; JSON unless the headers say otherwise."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(factory=lambda: {"content-type": "application/json"})


def reply(status: int, content: Any) -> Reply:
    """An answer that holds JSON. Half a surrogate pair can be sent: JSON can spell it."""
    return Reply(status, json.dumps(content).encode())


class Script:
    """Gives its answers in their order, the last one again and again, and keeps the requests."""

    def __init__(self, *answers: Reply | Exception) -> None:
        self._answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number = len(self.requests)
        self.requests.append(request)
        assert number < MOST, "the same is asked for without end"
        answer = self._answers[min(number, len(self._answers) - 1)]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)

    @property
    def raw_paths(self) -> list[str]:
        """The paths as they go over the wire, without the query."""
        return [request.url.raw_path.decode("ascii").partition("?")[0] for request in self.requests]


def scripted_client(script: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(script), trust_env=False)


def tenant(script: Callable[[httpx.Request], httpx.Response], **options: Any) -> Tenant:
    """A tenant that gets the answers of a script, and tries nothing twice."""
    options = {"retries": 0, "api_key": KEY, "http_client": scripted_client(script), **options}
    return Tenant(ADDRESS, **options)


def async_tenant(script: Callable[[httpx.Request], httpx.Response], **options: Any) -> AsyncTenant:
    client = httpx.AsyncClient(transport=httpx.MockTransport(script), trust_env=False)
    options = {"retries": 0, "api_key": KEY, "http_client": client, **options}
    return AsyncTenant(ADDRESS, **options)


@frozen
class Of:
    """A use of something else than connections: the attribute of the tenant that it is of, and what is asked of it.

    If it reads first, the script doesn't see that.
    """

    resource: str
    use: Callable[[Any], Any]
    reads: bool = False

    def __call__(self, resource: Any) -> Any:
        return self.use(resource)


def _resource(tenant: Tenant | AsyncTenant, use: Callable[[Any], Any]) -> Any:
    return getattr(tenant, use.resource if isinstance(use, Of) else "connections")


async def _gather(result: Any) -> Any:
    if inspect.isawaitable(result):
        return await result
    if isinstance(result, AsyncIterable):
        return [element async for element in result]
    return result


def ask(kind: Kind, script: Script, use: Callable[[Any], Any], **options: Any) -> Any:
    """What an operation returns, awaited where it is async; pagers and their pages as lists.

    Args:
        kind: sync, or the library that async code runs on.
        script: the answers.
        use: asks, given `connections` or its async twin; an `Of` is given what it is of.
        options: arguments of the tenant.
    """
    answers: Callable[[httpx.Request], httpx.Response] = script
    if isinstance(use, Of) and use.reads:
        read = httpx.Response(200, json={"id": "the-id"})
        answers = lambda request: read if request.method == "GET" else script(request)  # noqa: E731
    if kind == "sync":
        result = use(_resource(tenant(answers, **options), use))
        return list(result) if isinstance(result, Pager) or inspect.isgenerator(result) else result

    async def run() -> Any:
        return await _gather(use(_resource(async_tenant(answers, **options), use)))

    return anyio.run(run, backend=kind)
