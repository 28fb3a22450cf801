"""Lists that are looked at, left early and closed: nothing more is asked for, and nothing more comes."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any, cast

import anyio
import pytest

from core.scripted import Script, async_tenant, reply, tenant
from qlik_automation_connections import UnexpectedResponseError

PAGES = [
    reply(200, {"data": [{"id": id} for id in "ab"], "links": {"next": {"href": "?cursor=2"}}}),
    reply(200, {"data": [{"id": "c"}]}),
]
ASYNC = pytest.mark.parametrize("backend", ["asyncio", "trio"])


def test_looking_at_a_list_tells_how_to_use_it_and_sends_nothing() -> None:
    script = Script(*PAGES)
    assert repr(tenant(script).connections.list()) == "<Pager: iterate over it for items, or over .pages()>"
    listed = async_tenant(script).connections.list()
    assert repr(listed) == "<AsyncPager: iterate over it with `async for` for items, or over .pages()>"
    assert script.requests == []


@ASYNC
def test_closed_items_are_at_their_end_with_those_that_had_come(backend: str) -> None:
    async def run() -> None:
        script = Script(*PAGES)
        # What is given out is declared an iterator alone, as for a generator.
        items = cast(Any, aiter(async_tenant(script).connections.list()))
        async with aclosing(items):
            assert (await anext(items)).id == "a"
        for _ in range(2):
            with pytest.raises(StopAsyncIteration):
                await anext(items)
        assert len(script.requests) == 1

    anyio.run(run, backend=backend)


@ASYNC
def test_an_iteration_that_is_at_its_end_stays_there(backend: str) -> None:
    async def run() -> None:
        script = Script(*PAGES)
        items = aiter(async_tenant(script).connections.list())
        assert [(await anext(items)).id for _ in range(3)] == ["a", "b", "c"]
        for _ in range(2):
            with pytest.raises(StopAsyncIteration):
                await anext(items)
        assert len(script.requests) == 2

    anyio.run(run, backend=backend)


def test_a_list_that_leads_back_says_so() -> None:
    with pytest.raises(UnexpectedResponseError) as caught:
        list(tenant(Script(PAGES[0])).connections.list())
    assert caught.value.message == (
        "getAutomationConnections: unexpected response: its next page was already read, so the list would never end."
    )
    assert caught.value.operation == "getAutomationConnections"
