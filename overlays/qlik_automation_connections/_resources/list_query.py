"""Queries of lists: validated once, then sent with the cursor of each page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from qlik_automation_connections_api.types import UNSET

from .. import _arguments as arguments
from .._exchange.call import Call, Endpoint, UnusableResult
from .._pagination import AsyncPager, Page, Pager, UnusableCursor, cursor_of
from ..errors import UnexpectedResponseError

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import Links

    from .._normalizer import Normalizer

T = TypeVar("T")


class _Listed(Protocol[T]):
    """What the generated reader of a list returns."""

    data: list[T]
    links: Links | None


class ListQuery(NamedTuple, Generic[T]):
    """The query of a list.

    Attributes:
        endpoint: The generated module of the operation.
        query: The parameters that every page shares.
    """

    endpoint: Endpoint[_Listed[T]]
    query: Mapping[str, Any]

    def pager(self, send: Callable[[Call[Page[T]]], Page[T]], cursor: object) -> Pager[T]:
        """Return a pager that starts at `cursor` and fetches pages with `send`."""
        return Pager(lambda cursor: send(self.at(cursor)), _start(cursor), self._endless)

    def async_pager(self, send: Callable[[Call[Page[T]]], Awaitable[Page[T]]], cursor: object) -> AsyncPager[T]:
        """Return the same with an async `send`."""
        return AsyncPager(lambda cursor: send(self.at(cursor)), _start(cursor), self._endless)

    def at(self, cursor: str | None) -> Call[Page[T]]:
        # `next` is a builtin, so the generated argument has another name.
        name = {"next": "next_"}.get(self.endpoint.OPERATION.cursor, "cursor")
        arguments = self.endpoint.request_arguments(**{name: cursor or UNSET}, **self.query)
        return Call(self.endpoint.OPERATION, arguments, self._read)

    def _read(self, content: Any, normalizer: Normalizer) -> Page[T]:
        page = self.endpoint.read_result(content, normalizer)
        following = page.links.next_ if page.links is not None else None
        if following is None:
            return Page(page.data, None, left_out=normalizer.left_out)
        if "href" in following.additional_properties:
            raise UnusableResult("links.next.href is not a URL, so the rest of the list can't be fetched")
        if "://" not in (following.href or "://"):
            normalizer.quirks["link-without-page"].add("PaginationLink.href")
        try:
            cursor = cursor_of(following.href, self.endpoint.OPERATION.cursor)
        except UnusableCursor as error:
            raise UnusableResult(str(error)) from None
        return Page(page.data, cursor, left_out=normalizer.left_out)

    def _endless(self, reason: str) -> UnexpectedResponseError:
        operation = self.endpoint.OPERATION.id
        return UnexpectedResponseError(f"{operation}: unexpected response: {reason}.", operation=operation)


def list_query(
    endpoint: Endpoint[_Listed[T]],
    *,
    filter: str | None = None,
    fields: Mapping[str, str | None] | None = None,
    sort: object,
    sorts: object,
    limit: int | None,
    list_all: bool = False,
    query: Mapping[str, str | None] | None = None,
) -> ListQuery[T]:
    """Return a validated list query.

    Args:
        endpoint: The generated module of the operation.
        filter: The user's own expression.
        fields: Values that fields must equal, by wire name. Those that are None are skipped.
        sort: The user's sort order.
        sorts: The literal type of the allowed sort orders.
        limit: Items per page.
        list_all: Whether to list all users' items.
        query: Texts of other query parameters, by generated name. Those that are None are skipped.
    """
    sent: dict[str, Any] = {
        "limit": arguments.page_size(endpoint.OPERATION, limit),
        "sort": UNSET if sort is None else arguments.sort_key(sort, sorts),
    }
    if expression := arguments.filter_expression(filter, fields or {}):
        sent["filter_"] = expression
    sent |= {name: arguments.text(name, value) for name, value in (query or {}).items() if value is not None}
    # Otherwise what the service does by itself.
    if arguments.boolean("list_all", list_all) or endpoint.OPERATION.lists_all:
        sent["list_all"] = list_all
    return ListQuery(endpoint, sent)


def _start(cursor: object) -> str | None:
    return None if cursor is None else arguments.identifier("cursor", cursor)
