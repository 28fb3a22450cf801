"""What a backup reads, a page at a time: of a list, or of ids that were named."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from attrs import evolve, frozen

from ... import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    ConnectionSummary,
    Page,
    Pager,
    Tenant,
    UnexpectedResponseError,
)
from .._cancellation import cancellable
from .checkpoint import Place


@frozen
class Listed:
    """A connection that is to be read.

    Attributes:
        id: its id; None if the list shows none.
        name: its name, as far as it is known.
    """

    id: str | None
    name: str | None


@frozen
class Batch:
    """What is read before the place is noted.

    Attributes:
        items: the connections.
        after: where the backup is behind them; its counts are those from before.
    """

    items: list[Listed]
    after: Place


class CursorRefused(Exception):
    """The service does not take the cursor of an earlier run any more."""


def checksum_of(ids: Sequence[str]) -> str:
    """Tells one sequence of ids from another."""
    return hashlib.sha256("\n".join(ids).encode("utf-8", "surrogatepass")).hexdigest()


def pages_of_ids(ids: Sequence[str], size: int, place: Place) -> Iterator[Batch]:
    """Ids that were named, from a place on."""
    for index in range(place.index, len(ids), size):
        part = ids[index : index + size]
        end = index + len(part)
        yield Batch([Listed(id, None) for id in part], Place(index=end, listed=end >= len(ids)))


def pages_of_list(pager: Pager[ConnectionSummary], place: Place) -> Iterator[Batch]:
    """The pages of a list, from a place on; one request each (tier 1).

    Raises:
        CursorRefused: the service does not take the cursor of the place.
    """
    before: frozenset[str] = frozenset(place.page)
    pages = pager.pages()
    try:
        page: Page[ConnectionSummary] | None = next(pages)
    except BadRequestError:
        if place.cursor is None:
            raise
        raise CursorRefused from None
    while page is not None:
        # What is changed while a list is read may come again on the next page; more than that is not kept in memory.
        items, seen = [], set(before)
        for summary in page.items:
            if summary.id is None or summary.id not in seen:
                items.append(Listed(summary.id, summary.name))
            if summary.id is not None:
                seen.add(summary.id)
        before = frozenset(summary.id for summary in page.items if summary.id is not None)
        after = Place(cursor=page.next_cursor, page=tuple(sorted(before)), listed=page.next_cursor is None)
        yield Batch(items, after)
        page = next(pages, None)


class Ahead:
    """Takes the next page while the last connections of the one before are read.

    Args:
        pages: the pages.
        cancel: ends the waits when set.
        job: its name.
    """

    def __init__(self, pages: Iterator[Batch], cancel: threading.Event | None, job: str) -> None:
        self._pages, self._cancel, self._job = pages, cancel, job
        self._failure: Exception | None = None
        self._next: Batch | None = None

    def fetch(self) -> None:
        """Takes the next page; a failure is kept for `take`."""
        try:
            with cancellable(self._cancel, self._job):
                self._next = next(self._pages, None)
        except Exception as error:  # noqa: BLE001 - raised by `take`
            self._failure = error

    def take(self) -> Batch | None:
        """The page that was fetched; None if there is none.

        Raises:
            Exception: what fetching it raised.
        """
        if self._failure is not None:
            raise self._failure
        return self._next

    def items(self, batch: Batch) -> Iterator[Listed]:
        """The connections of a page; at its end the next page is fetched."""
        yield from batch.items
        self.fetch()


class Reach:
    """Tells a connection whose read breaks from a tenant that is out of reach.

    Args:
        ask: what to send to see whether it answers.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._broken: APIConnectionError | None = None

    def note(self, error: Exception | None) -> None:
        """Takes in what came of a read."""
        self._broken = error if isinstance(error, APIConnectionError) else None

    @property
    def is_in_doubt(self) -> bool:
        """Whether the last read got no answer."""
        return self._broken is not None

    def settle(self) -> None:
        """Sees to it that the tenant answers.

        Raises:
            APIConnectionError: it does not.
        """
        # An answer of any kind tells that somebody is there.
        with suppress(APIStatusError, UnexpectedResponseError):
            self._ask()
        self._broken = None


def with_counts(after: Place, connections: int, unread: int) -> Place:
    """A place with what is written so far."""
    return evolve(after, connections=connections, unread=unread)


def probe(tenant: Tenant) -> Callable[[], object]:
    """What asks a tenant for next to nothing: a page of one connection (tier 1)."""
    return lambda: next(tenant.connections.list(limit=1).pages())
