"""What every list has in common: a checked question, asked again at each cursor, and pages that are read alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from attrs import frozen

from qlik_automation_connections_api.models.links import Links
from qlik_automation_connections_api.operations import OPERATIONS
from qlik_automation_connections_api.types import UNSET

from . import arguments
from .call import Call, Reader, UnusableResult
from .errors import UnexpectedResponseError
from .pagination import AsyncPager, Page, Pager, cursor_of

T = TypeVar("T")


class _Listed(Protocol[T]):
    """What the generated reader of a list returns."""

    data: list[T]
    links: Links | None


@frozen
class Listing(Generic[T]):
    """A list of the service.

    Attributes:
        operation: its operationId.
        at: the call for the page at a cursor; the same question on every page.
    """

    operation: str
    at: Callable[[str | None], Call[Page[T]]]

    def pager(self, send: Callable[[Call[Page[T]]], Page[T]], cursor: object) -> Pager[T]:
        """The list from a cursor on, fetched by `send`."""
        return Pager(lambda cursor: send(self.at(cursor)), _start(cursor), self._endless)

    def async_pager(self, send: Callable[[Call[Page[T]]], Awaitable[Page[T]]], cursor: object) -> AsyncPager[T]:
        """The same for an async `send`."""
        return AsyncPager(lambda cursor: send(self.at(cursor)), _start(cursor), self._endless)

    def _endless(self, reason: str) -> UnexpectedResponseError:
        message = f"{self.operation}: the answer can't be understood: {reason}."
        return UnexpectedResponseError(message, operation=self.operation)


def listing(
    operation: str,
    request_arguments: Callable[..., dict[str, Any]],
    read_result: Reader[_Listed[T]],
    *,
    filter: str | None,
    fields: Mapping[str, str | None],
    sort: object,
    sorts: object,
    limit: int | None,
    list_all: bool = False,
) -> Listing[T]:
    """The list of an operation.

    Args:
        operation: its operationId.
        request_arguments: the generated function that makes a request.
        read_result: the generated function that reads a page.
        filter: an expression of the user's own.
        fields: values that fields must equal, by wire name; those that are None may be anything.
        sort: what the user gave.
        sorts: the literal type of what may be given.
        limit: entries a page.
        list_all: whether everybody's are asked for.
    """
    query: dict[str, Any] = {
        "filter_": arguments.filter_expression(filter, fields) or UNSET,
        "limit": arguments.page_size(OPERATIONS[operation], limit) or UNSET,
        "sort": UNSET if sort is None else arguments.sort_key(sort, sorts),
    }
    # Only an administrator may send the parameter, so it is not sent for nothing.
    if arguments.boolean("list_all", list_all):
        query["list_all"] = True

    def read(content: Any, exact: bool = False) -> Page[T]:
        page = read_result(content, exact)
        following = page.links.next_ if page.links is not None else None
        if following is not None and "href" in following.additional_properties:
            raise UnusableResult("links.next.href is no address, so the rest of the list can't be found")
        return Page(page.data, cursor_of(following.href if following is not None else None))

    return Listing(operation, lambda cursor: Call(operation, request_arguments(cursor=cursor or UNSET, **query), read))


def _start(cursor: object) -> str | None:
    return None if cursor is None else arguments.identifier("cursor", cursor)
