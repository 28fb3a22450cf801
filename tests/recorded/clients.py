"""One scenario for every kind of client: written once, as for the async one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, Literal, TypeVar, get_args

import anyio

from qlik_automation_connections import (
    AsyncTenant,
    Automations,
    Connections,
    Connectors,
    Page,
    Pager,
    RetryPolicy,
    Spaces,
    Tenant,
    Users,
)
from qlik_automation_connections_api.operations import OPERATIONS

T = TypeVar("T")
Kind = Literal["sync", "asyncio", "trio"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class _Pages:
    """A sync pager, to be iterated as the async one is."""

    def __init__(self, pager: Pager[Any]) -> None:
        self._pager = pager

    async def pages(self) -> AsyncGenerator[Page[Any], None]:
        for page in self._pager.pages():
            yield page

    async def __aiter__(self) -> AsyncIterator[Any]:
        for item in self._pager:
            yield item


class _Awaited:
    """The sync methods, to be awaited as the async ones are."""

    def __init__(self, resource: Connections | Connectors | Automations | Users | Spaces) -> None:
        self._resource = resource

    def list(self, **arguments: Any) -> _Pages:
        return _Pages(self._resource.list(**arguments))

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._resource, name)

        async def call(*positional: Any, **named: Any) -> Any:
            return method(*positional, **named)

        return call


def run(
    kind: Kind,
    scenario: Callable[[Any], Awaitable[T]],
    *,
    url: str,
    api_key: str,
    retries: int | RetryPolicy = 0,
    operation: str = "getAutomationConnection",
) -> T:
    """Runs a scenario with a client of its own.

    Args:
        kind: which client, and for an async one what it runs on.
        scenario: what to do with the client.
        url: the tenant's address.
        api_key: the key to sign in with.
        retries: tries after the first.
        operation: the operationId that tells what the scenario is given, such as connections or users.
    """
    resource = f"{OPERATIONS[operation].noun}s"

    async def with_tenant() -> T:
        if kind == "sync":
            with Tenant(url, api_key=api_key, retries=retries) as tenant:
                return await scenario(_Awaited(getattr(tenant, resource)))
        async with AsyncTenant(url, api_key=api_key, retries=retries) as async_tenant:
            return await scenario(getattr(async_tenant, resource))

    if kind != "sync":
        return anyio.run(with_tenant, backend=kind)
    # Nothing in it waits, so that it needs no event loop: users of the sync client have none.
    coroutine = with_tenant()
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise AssertionError("a scenario of the sync client waited for an event loop")
