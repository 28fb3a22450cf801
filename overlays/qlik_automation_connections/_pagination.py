"""Paginated lists, fetched while they are iterated."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from attrs import field, frozen

from qlik_automation_connections_api.types import html_table

from ._raw_response import ResponseInfo
from ._text import counted

T = TypeVar("T")

# No control characters, no unpaired surrogates, and short enough for a URL once percent-encoded.
_SENDABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,5000}")


_MOST_PAGES_WITHOUT_NEWS = 100
"""A service that filters after paging may send some empty pages. Above this number, the list has no end."""


class UnusableCursor(Exception):
    """The link to the next page has no usable cursor."""


@frozen(repr=False)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: The page's items, in the order of the list.
        next_cursor: Pass it as `cursor=` to resume after this page; None on the last page.
        response: What the response said besides the page.
        left_out: Names of what was left out because it has no id; normally empty.
    """

    items: list[T]
    next_cursor: str | None
    response: ResponseInfo | None = field(default=None, eq=False, repr=False)
    left_out: list[str | None] = field(factory=list)

    def __repr__(self) -> str:
        more = "the last page" if self.next_cursor is None else f"next_cursor={self.next_cursor!r}"
        return f"<Page: {counted(len(self.items), 'item')}, {more}>"

    def _repr_html_(self) -> str:
        items: list[Any] = list(self.items)
        return html_table(repr(self)[1:-1], [item.to_row() for item in items])


def cursor_of(href: str | None, parameter: str = "cursor") -> str | None:
    """Return the cursor in a page's link, or None if there is no link.

    The rest of the link is ignored, since it could point to another host.

    Args:
        href: The link.
        parameter: The query parameter that holds the cursor.

    Raises:
        UnusableCursor: The link has no usable cursor.
    """
    if href is None or not href.strip():
        return None
    try:
        cursors = parse_qs(urlsplit(href).query).get(parameter, [])
    except ValueError:
        cursors = []
    if len(cursors) != 1 or not cursors[0] or not _SENDABLE.fullmatch(cursors[0]):
        raise UnusableCursor("links.next.href has no usable cursor, so the rest of the list can't be fetched")
    return cursors[0]


class _Cursors:
    """The cursors of one iteration, none of which may repeat."""

    def __init__(self, start: str | None) -> None:
        self.current = start
        self._seen = {start}
        self._items: list[Any] = []
        self._pages_without_news = 0

    def advance(self, page: Page[T], fail: Callable[[str], Exception]) -> bool:
        """Move to the next page; return False if there isn't one."""
        if page.next_cursor is None:
            return False
        if page.next_cursor in self._seen:
            raise fail("its next page was already read, so the list would never end")
        self._pages_without_news = self._pages_without_news + 1 if page.items in ([], self._items) else 0
        if self._pages_without_news == _MOST_PAGES_WITHOUT_NEWS:
            raise fail(f"its last {_MOST_PAGES_WITHOUT_NEWS} pages hold nothing new, so the list would never end")
        self._items = page.items
        self._seen.add(page.next_cursor)
        self.current = page.next_cursor
        return True


def _hint(pager: object) -> str:
    """Return the HTML that a notebook shows: displaying a pager sends nothing."""
    return html_table(repr(pager)[1:-1], ())


class Pager(Generic[T]):
    """A list, fetched page by page while it is iterated. Each iteration starts over.

    Iterate over it for items, or over `pages()` for whole pages.
    """

    def __init__(
        self, fetch: Callable[[str | None], Page[T]], cursor: str | None, fail: Callable[[str], Exception]
    ) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._fail = fail

    def __repr__(self) -> str:
        return "<Pager: iterate over it for items, or over .pages()>"

    def _repr_html_(self) -> str:
        return _hint(self)

    def all(self) -> list[T]:
        """Return all items. Sends one GET (tier 1) per page."""
        return list(self)

    def first(self) -> T | None:
        """Return the first item, or None if the list is empty. Sends one GET (tier 1), or more if pages are empty."""
        return next(iter(self), None)

    def pages(self) -> Iterator[Page[T]]:
        """Iterate over the pages. Each sends one GET (tier 1) when it is reached."""
        cursors = _Cursors(self._cursor)
        while True:
            page = self._fetch(cursors.current)
            yield page
            if not cursors.advance(page, self._fail):
                return

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items


class AsyncPager(Generic[T]):
    """A list, fetched page by page while it is iterated with `async for`. Each iteration starts over."""

    def __init__(
        self, fetch: Callable[[str | None], Awaitable[Page[T]]], cursor: str | None, fail: Callable[[str], Exception]
    ) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._fail = fail

    def __repr__(self) -> str:
        return "<AsyncPager: iterate over it with `async for` for items, or over .pages()>"

    def _repr_html_(self) -> str:
        return _hint(self)

    async def all(self) -> list[T]:
        """Return all items. Sends one GET (tier 1) per page."""
        return [item async for item in self]

    async def first(self) -> T | None:
        """Return the first item, or None if the list is empty. Sends one GET (tier 1), or more if pages are empty."""
        return await anext(aiter(self), None)

    def pages(self) -> AsyncPages[T]:
        """Iterate over the pages. Each sends one GET (tier 1) when it is reached."""
        return AsyncPages(self._fetch, _Cursors(self._cursor), self._fail)

    def __aiter__(self) -> AsyncIterator[T]:
        return _AsyncItems(self.pages())


class AsyncPages(Generic[T]):
    """The pages of a list, for `async for`."""

    # Not an async generator: trio complains about those that are left early and not closed.

    def __init__(
        self, fetch: Callable[[str | None], Awaitable[Page[T]]], cursors: _Cursors, fail: Callable[[str], Exception]
    ) -> None:
        self._fetch = fetch
        self._cursors = cursors
        self._fail = fail
        self._last: Page[T] | None = None
        self._ended = False

    def __aiter__(self) -> AsyncPages[T]:
        return self

    async def __anext__(self) -> Page[T]:
        if self._ended or (self._last is not None and not self._cursors.advance(self._last, self._fail)):
            raise StopAsyncIteration
        # Like a generator, it is exhausted after an exception.
        self._ended = True
        self._last = await self._fetch(self._cursors.current)
        self._ended = False
        return self._last

    async def aclose(self) -> None:
        """End the iteration, like a generator's `aclose`."""
        self._ended = True


class _AsyncItems(Generic[T]):
    def __init__(self, pages: AsyncPages[T]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> _AsyncItems[T]:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await anext(self._pages)).items)

    async def aclose(self) -> None:
        self._items = iter(())
        await self._pages.aclose()
