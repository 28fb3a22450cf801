"""What every list has in common: a checked query, sent again at each cursor, and pages that are read alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from attrs import frozen

from qlik_automation_connections_api.models.links import Links
from qlik_automation_connections_api.types import UNSET

from .. import _arguments as arguments
from .._exchange.call import Call, Endpoint, UnusableResult
from .._normalizer import Normalizer
from .._pagination import AsyncPager, Page, Pager, UnusableCursor, cursor_of
from ..errors import UnexpectedResponseError

T = TypeVar("T")


class _Listed(Protocol[T]):
    """What the generated reader of a list returns."""

    data: list[T]
    links: Links | None


@frozen
class ListQuery(Generic[T]):
    """A list of the service.

    Attributes:
        endpoint: the generated module of its operation.
        query: the parameters that are the same on every page.
    """

    endpoint: Endpoint[_Listed[T]]
    query: Mapping[str, Any]

    def pager(self, send: Callable[[Call[Page[T]]], Page[T]], cursor: object) -> Pager[T]:
        """Return the list from a cursor on, fetched by `send`."""
        return Pager(lambda cursor: send(self.at(cursor)), _start(cursor), self._endless)

    def async_pager(self, send: Callable[[Call[Page[T]]], Awaitable[Page[T]]], cursor: object) -> AsyncPager[T]:
        """Return the same for an async `send`."""
        return AsyncPager(lambda cursor: send(self.at(cursor)), _start(cursor), self._endless)

    def at(self, cursor: str | None) -> Call[Page[T]]:
        arguments = self.endpoint.request_arguments(cursor=cursor or UNSET, **self.query)
        return Call(self.endpoint.OPERATION, arguments, self._read)

    def _read(self, content: Any, normalizer: Normalizer) -> Page[T]:
        page = self.endpoint.read_result(content, normalizer)
        following = page.links.next_ if page.links is not None else None
        if following is None:
            return Page(page.data, None)
        if "href" in following.additional_properties:
            raise UnusableResult("links.next.href is no address, so the rest of the list can't be found")
        if "://" not in (following.href or "://"):
            normalizer.quirks["link-without-page"].add("PaginationLink.href")
        try:
            return Page(page.data, cursor_of(following.href))
        except UnusableCursor as error:
            raise UnusableResult(str(error)) from None

    def _endless(self, reason: str) -> UnexpectedResponseError:
        operation = self.endpoint.OPERATION.id
        return UnexpectedResponseError(f"{operation}: the answer can't be understood: {reason}.", operation=operation)


def list_query(
    endpoint: Endpoint[_Listed[T]],
    *,
    filter: str | None,
    fields: Mapping[str, str | None],
    sort: object,
    sorts: object,
    limit: int | None,
    list_all: bool = False,
) -> ListQuery[T]:
    """Check what a list is asked for.

    Args:
        endpoint: the generated module of its operation.
        filter: an expression of the user's own.
        fields: values that fields must equal, by wire name; those that are None may be anything.
        sort: what the user gave.
        sorts: the literal type of what may be given.
        limit: entries a page.
        list_all: whether everybody's are asked for.
    """
    query: dict[str, Any] = {
        "filter_": arguments.filter_expression(filter, fields) or UNSET,
        "limit": arguments.page_size(endpoint.OPERATION, limit) or UNSET,
        "sort": UNSET if sort is None else arguments.sort_key(sort, sorts),
    }
    # Only an administrator may send the parameter, so it is not sent for nothing.
    if arguments.boolean("list_all", list_all):
        query["list_all"] = True
    return ListQuery(endpoint, query)


def _start(cursor: object) -> str | None:
    return None if cursor is None else arguments.identifier("cursor", cursor)
