"""Models, pages and pagers in notebooks and data frames; lists at once."""

from __future__ import annotations

import qlik_automation_connections as package
from qlik_automation_connections import Connection, Page, Pager, Param


def test_what_a_notebook_shows_is_escaped_and_has_no_secret() -> None:
    connection = Connection(id="<i>", params=[Param(name="password", value="hunter2")])
    assert connection.to_row()["id"] == "<i>"
    assert "params" not in connection.to_row()
    shown = connection._repr_html_() + Param(name="password", value="hunter2")._repr_html_()
    assert "&lt;i&gt;" in shown
    assert "<i>" not in shown
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


def test_dir_shows_the_api_alone() -> None:
    assert dir(package) == sorted(package.__all__)
