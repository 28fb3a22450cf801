"""Models, pages and pagers in notebooks and data frames; lists at once."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

import qlik_automation_connections as package
from qlik_automation_connections import AsyncPager, Connection, Page, Pager, Param, admin


def test_what_a_notebook_shows_is_escaped_and_has_no_secret() -> None:
    params = [Param(name="password", value="hunter2")]
    connection = Connection(id="<i>", params=params, redirect="https://consent.example/?state=hunter2")
    assert connection.to_row()["id"] == "<i>"
    assert not {"params", "redirect"} & set(connection.to_row())
    shown = connection._repr_html_() + repr(connection) + Param(name="password", value="hunter2")._repr_html_()
    assert "&lt;i&gt;" in shown
    assert "<td><i>" not in shown
    assert "hunter2" not in shown
    page = Page([connection], "next")
    assert repr(page) == "<Page: 1 item, next_cursor='next'>"
    assert "&lt;i&gt;" in page._repr_html_()


def test_a_pager_has_all_and_first_and_shows_a_hint_without_a_request() -> None:
    fetched: list[str | None] = []

    def fetch(cursor: str | None) -> Page[int]:
        fetched.append(cursor)
        return Page([1, 2], "more") if cursor is None else Page([3], None)

    pager = Pager(fetch, None, ValueError)
    assert "iterate over it" in pager._repr_html_()
    assert not fetched
    assert pager.all() == [1, 2, 3]
    fetched.clear()
    assert pager.first() == 1
    assert fetched == [None]
    assert Pager(lambda _: Page([], None), None, ValueError).first() is None


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_async_pager_has_all_and_first(backend: str) -> None:
    fetched: list[str | None] = []

    async def fetch(cursor: str | None) -> Page[int]:
        fetched.append(cursor)
        return Page([1, 2], "more") if cursor is None else Page([3], None)

    async def nothing(cursor: str | None) -> Page[int]:
        return Page([], None)

    async def run() -> None:
        pager = AsyncPager(fetch, None, ValueError)
        assert await pager.all() == [1, 2, 3]
        fetched.clear()
        assert await pager.first() == 1
        assert fetched == [None]
        assert await AsyncPager(nothing, None, ValueError).first() is None

    anyio.run(run, backend=backend)


@pytest.mark.parametrize("module", [package, admin])
def test_dir_shows_the_api_alone(module: Any) -> None:
    assert dir(module) == sorted(module.__all__)
