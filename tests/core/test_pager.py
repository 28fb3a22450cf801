"""Lists that come in pages, sync and on both async libraries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import quote, quote_plus

import anyio
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import scripted
from core.scripted import ADDRESS, KINDS, PATHS, Kind, Script, ask, async_tenant, reply, tenant
from looping import for_each, in_turn
from qlik_automation_connections import NotFoundError, Page, UnexpectedResponseError

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
ASYNC = pytest.mark.parametrize("backend", ["asyncio", "trio"])


def page(ids: str, href: Any = None) -> Any:
    return reply(200, {"data": [{"id": id} for id in ids], "links": {"next": {"href": href}}})


def at(cursor: str) -> str:
    return f"{ADDRESS}{PATHS['workflows']}?limit=200&cursor={cursor}"


def ids(items: list[Any]) -> str:
    return "".join(item.id for item in items)


def cursors(script: Script) -> list[str | None]:
    return [request.url.params.get("cursor") for request in script.requests]


@ALL_KINDS
def test_all_pages_are_read(kind: Kind) -> None:
    script = Script(page("ab", at("2")), page("cd", at("3")), page("e"))
    assert ids(ask(kind, script, lambda connections: connections.list())) == "abcde"
    assert cursors(script) == [None, "2", "3"]


@ALL_KINDS
def test_pages_are_handed_out_whole(kind: Kind) -> None:
    script = Script(page("ab", at("2")), page("", at("3")), page("e"))
    pages: list[Page[Any]] = ask(kind, script, lambda connections: connections.list().pages())
    assert [(ids(each.items), each.next_cursor) for each in pages] == [("ab", "2"), ("", "3"), ("e", None)]


@ALL_KINDS
def test_each_page_is_asked_for_alike(kind: Kind) -> None:
    script = Script(page("a", at("2")), page("b", f"{ADDRESS}/x?cursor=3&limit=1&sort=id&listAll=false"), page("c"))
    arguments: dict[str, Any] = {
        "filter": 'name sw "m"',
        "owner_id": "o",
        "sort": "-name",
        "list_all": True,
        "limit": 7,
    }
    ask(kind, script, lambda connections: connections.list(**arguments))
    questions = [dict(request.url.params.multi_items()) for request in script.requests]
    assert [question.pop("cursor", None) for question in questions] == [None, "2", "3"]
    assert questions[0] == {
        "filter": '(name sw "m") and ownerId eq "o"',
        "sort": "-name",
        "listAll": "true",
        "limit": "7",
    }
    assert questions == [questions[0]] * 3


def test_nothing_is_sent_before_it_is_needed() -> None:
    script = Script(page("ab", at("2")), page("cd"))
    pager = tenant(script).connections.list()
    pages = pager.pages()
    items = iter(pager)
    assert len(script.requests) == 0
    next(items)
    next(items)
    assert len(script.requests) == 1
    next(items)
    assert len(script.requests) == 2
    next(pages)
    assert len(script.requests) == 3


@ASYNC
def test_nothing_is_sent_before_it_is_needed_async(backend: str) -> None:
    async def run() -> None:
        script = Script(page("ab", at("2")), page("cd"))
        pager = async_tenant(script).connections.list()
        pages = pager.pages()
        assert len(script.requests) == 0
        await anext(pages)
        assert len(script.requests) == 1
        await anext(pages)
        assert len(script.requests) == 2
        with pytest.raises(StopAsyncIteration):
            await anext(pages)
        assert len(script.requests) == 2

    anyio.run(run, backend=backend)


def test_leaving_a_list_asks_for_no_more() -> None:
    script = Script(page("ab", at("2")), page("cd"))
    for item in tenant(script).connections.list():
        if item.id == "b":
            break
    assert len(script.requests) == 1


@ASYNC
def test_leaving_an_async_list_is_quiet_and_asks_for_no_more(backend: str) -> None:
    script = Script(page("ab", at("2")), page("cd"))

    async def leave() -> None:
        async for item in async_tenant(script).connections.list():
            if item.id == "b":
                break

    async def run() -> None:
        await leave()
        await anyio.sleep(0)

    anyio.run(run, backend=backend)
    assert len(script.requests) == 1


def test_each_iteration_starts_anew() -> None:
    script = Script(page("ab", at("2")), page("c"), page("ab", at("2")), page("c"))
    pager = tenant(script).connections.list()
    assert ids(list(pager)) == ids(list(pager)) == "abc"
    assert cursors(script) == [None, "2", None, "2"]


@for_each(
    "href",
    [
        f"{ADDRESS}{PATHS['workflows']}?cursor=2",
        f"{ADDRESS}{PATHS['v1']}?limit=5&cursor=2&sort=name",
        "https://evil.example/steal?cursor=2",
        "http://169.254.169.254/latest?cursor=2",
        "//evil.example?cursor=2",
        "https://user:pw@evil.example:8443/?cursor=2#x",
        f"{PATHS['workflows']}?cursor=2",
        "?cursor=2",
        "../?cursor=2",
        "file:///etc/passwd?cursor=2",
    ],
)
@in_turn
def test_only_the_cursor_is_taken_from_a_link(kind: Kind, href: str) -> None:
    script = Script(page("a", href), page("b"))
    assert ids(ask(kind, script, lambda connections: connections.list(sort="name"))) == "ab"
    following = script.requests[1].url
    assert (following.scheme, following.host, following.port) == ("https", "acme.eu.qlikcloud.com", None)
    assert script.raw_paths[1] == PATHS["workflows"]
    assert dict(following.params.multi_items()) == {"limit": "200", "sort": "name", "cursor": "2"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
@example("a+b/c==")
@example("50%&cursor=x#y?z")
@example("a b")
def test_any_cursor_is_sent_back_as_it_came(cursor: str) -> None:
    for encode in (lambda text: quote(text, safe=""), quote_plus):
        script = Script(page("a", f"?cursor={encode(cursor)}&limit=1"), page("b"))
        assert ids(list(tenant(script).connections.list())) == "ab"
        assert cursors(script) == [None, cursor]


LAST: dict[str, Any] = {
    "href null": {"next": {"href": None}},
    "href empty": {"next": {"href": ""}},
    "href blank": {"next": {"href": "  "}},
    "href missing": {"next": {}},
    "next a list": {"next": []},
    "next null": {"next": None},
    "next missing": {"prev": {"href": at("0")}},
    "links empty": {},
    "links a list": [],
    "links null": None,
}


@for_each("name", LAST)
@in_turn
def test_a_page_without_a_link_is_the_last(kind: Kind, name: str) -> None:
    script = Script(reply(200, {"data": [{"id": "a"}], "links": LAST[name]}))
    assert ids(ask(kind, script, lambda connections: connections.list())) == "a"
    assert len(script.requests) == 1


UNUSABLE: dict[str, Any] = {
    "no query": f"{ADDRESS}{PATHS['workflows']}",
    "no cursor": f"{ADDRESS}{PATHS['workflows']}?limit=200",
    "an empty cursor": f"{ADDRESS}?cursor=",
    "two cursors": f"{ADDRESS}?cursor=2&cursor=3",
    "a cursor in the fragment": f"{ADDRESS}#cursor=2",
    "no address": "https://[::1",
    "half a surrogate pair": "?cursor=\ud800",
    "a cursor beyond all measure": f"?cursor={'x' * 70_000}",
    "a cursor beyond all measure once encoded": f"?cursor={quote('😀' * 10_000)}",
    "a number": 5,
    "a boolean": True,
    "a list": ["?cursor=2"],
    "an object": {"cursor": "2"},
}


@for_each("name", UNUSABLE)
@in_turn
def test_a_link_that_leads_nowhere_is_an_error(kind: Kind, name: str) -> None:
    script = Script(page("a", UNUSABLE[name]), page("b"))
    with pytest.raises(UnexpectedResponseError) as caught:
        ask(kind, script, lambda connections: connections.list())
    assert caught.value.operation == "getAutomationConnections"
    assert len(script.requests) == 1


@for_each("following", ["?cursor=2", 5, ["?cursor=2"], True])
@for_each("wrap", [lambda value: {"next": value}, lambda value: value])
def test_links_of_the_wrong_shape_are_an_error(wrap: Callable[[Any], Any], following: Any) -> None:
    script = Script(reply(200, {"data": [], "links": wrap(following)}))
    with pytest.raises(UnexpectedResponseError, match="links"):
        list(tenant(script).connections.list())


@for_each(("start", "hrefs"), [(None, ["2", "2"]), (None, ["2", "3", "2"]), ("2", ["2"]), ("2", ["3", "2"])])
@in_turn
def test_a_cursor_that_comes_again_is_an_error(kind: Kind, start: str | None, hrefs: list[str]) -> None:
    script = Script(*(page("a", at(cursor)) for cursor in hrefs))
    with pytest.raises(UnexpectedResponseError, match="its next page was already read, so the list would never end"):
        ask(kind, script, lambda connections: connections.list(cursor=start))
    assert len(script.requests) == len(hrefs)


def test_after_an_error_a_list_is_at_its_end() -> None:
    pages = tenant(Script(page("a", at("2")), reply(404, {}), page("b"))).connections.list().pages()
    next(pages)
    with pytest.raises(NotFoundError):
        next(pages)
    assert list(pages) == []


@ASYNC
def test_after_an_error_an_async_list_is_at_its_end(backend: str) -> None:
    async def run() -> None:
        script = Script(page("a", at("2")), reply(404, {}), page("b"))
        pages = async_tenant(script).connections.list().pages()
        await anext(pages)
        with pytest.raises(NotFoundError):
            await anext(pages)
        assert [each async for each in pages] == []

    anyio.run(run, backend=backend)


def test_what_came_before_an_error_is_handed_out() -> None:
    script = Script(page("ab", at("2")), reply(404, {}))
    items = iter(tenant(script).connections.list())
    assert ids([next(items), next(items)]) == "ab"
    with pytest.raises(NotFoundError):
        next(items)


@ALL_KINDS
@pytest.mark.parametrize("content", ["", "ab"])
def test_a_list_without_end_is_an_error(kind: Kind, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever new cursors it names: empty pages, or the same page again and again."""
    monkeypatch.setattr(scripted, "MOST", 300)
    pages = [page(content, at(str(number))) for number in range(300)]
    script = Script(page("x", at("first")), *pages)
    with pytest.raises(UnexpectedResponseError, match="hold nothing new") as caught:
        ask(kind, script, lambda connections: connections.list())
    assert not caught.value.may_have_been_processed
    assert 100 <= len(script.requests) <= 102


@ALL_KINDS
def test_some_empty_pages_are_no_error(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripted, "MOST", 300)
    empty = [page("", at(str(number))) for number in range(180)]
    script = Script(*empty[:90], page("a", at("half")), *empty[90:], page("b"))
    assert ids(ask(kind, script, lambda connections: connections.list())) == "ab"


PAGES = [page("ab", at("2")), page("c")]


def test_looking_at_a_list_tells_how_to_use_it_and_sends_nothing() -> None:
    script = Script(*PAGES)
    assert repr(tenant(script).connections.list()) == "<Pager: iterate over it for items, or over .pages()>"
    listed = async_tenant(script).connections.list()
    assert repr(listed) == "<AsyncPager: iterate over it with `async for` for items, or over .pages()>"
    assert script.requests == []


@ASYNC
def test_closed_pages_and_items_are_at_their_end(backend: str) -> None:
    async def run() -> None:
        for begin in (lambda pager: pager.pages(), aiter):
            script = Script(*PAGES)
            # What is given out is declared an iterator alone, as for a generator.
            listed = cast(Any, begin(async_tenant(script).connections.list()))
            async with aclosing(listed):
                await anext(listed)
            for _ in range(2):
                with pytest.raises(StopAsyncIteration):
                    await anext(listed)
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
