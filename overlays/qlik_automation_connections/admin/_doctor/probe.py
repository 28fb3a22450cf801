"""Query a tenant, and keep the outcomes without their contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeVar

from attrs import define, field

from ... import Automation, Connection, ConnectionSummary, Page, Tenant, User
from ...errors import (
    SIGN_IN_OPERATION,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from .report import Right

T = TypeVar("T")
_KINDS: Final = {" is not trusted": "certificate not trusted", "the proxy refused": "refused by the proxy"}
"""What messages about connections say, and which kind that is."""


def reason(error: APIError) -> str:
    """Return the kind of an error; its message may name a connection, or the tenant."""
    if isinstance(error, APIStatusError):
        return f"status {error.status_code}"
    if isinstance(error, UnexpectedResponseError):
        return "unexpected response" + (f" with status {error.status_code}" if error.status_code else "")
    for said, kind in _KINDS.items():
        if said in error.message:
            return kind
    return "no response in time" if isinstance(error, APITimeoutError) else "no connection"


def is_sign_in(error: APIError) -> bool:
    """Return whether an error means that the sign-in was refused."""
    return isinstance(error, AuthenticationError) or error.operation == SIGN_IN_OPERATION


@define
class Probe:
    """A tenant that is asked, and what it said so far.

    Attributes:
        tenant: The tenant.
        list_all: Whether everybody's connections are listed.
        asked: How much was read.
        failed: Reads of single resources without a usable response, by the kind of error.
        rights: What the caller may read.
        items: Connections from the list.
        connections: Connections read singly.
        documents: Some of these, as received.
        errors: Errors with a status, as parsed.
        automations: Automations read singly.
        list_ended: Whether the end of the list was reached.
        me: The caller; None if the service doesn't say.
    """

    tenant: Tenant
    list_all: bool
    asked: Counter[str] = field(factory=Counter)
    failed: Counter[str] = field(factory=Counter)
    rights: list[Right] = field(factory=list)
    items: list[ConnectionSummary] = field(factory=list)
    connections: list[Connection] = field(factory=list)
    documents: list[dict[str, object]] = field(factory=list)
    errors: list[APIStatusError] = field(factory=list)
    automations: list[Automation] = field(factory=list)
    list_ended: bool = False
    me: User | None = None

    def pages(self, *, limit: int | None = None, cursor: str | None = None) -> Iterator[Page[ConnectionSummary]]:
        """Return the pages of the list of connections."""
        return iter(self.tenant.connections.list(list_all=self.list_all, limit=limit, cursor=cursor).pages())

    def outcome(self, call: Callable[[], T]) -> T | APIError:
        """Return the result of a call, or its error."""
        try:
            return call()
        except APIError as error:
            if isinstance(error, APIStatusError):
                self.errors.append(error)
            return error

    def may(self, name: str, call: Callable[[], T], detail: Callable[[T], str] = lambda _: "") -> T | None:
        """Note whether the caller may read something, and return it; None if not.

        Args:
            name: What is read.
            call: Reads it.
            detail: Describes the result without naming anything.
        """
        found = self.outcome(call)
        if not isinstance(found, APIError):
            self.rights.append(Right(name, "allowed", detail(found)))
            return found
        refused = isinstance(found, PermissionDeniedError | NotFoundError | AuthenticationError)
        result: Literal["refused", "unknown"] = "refused" if refused else "unknown"
        self.rights.append(Right(name, result, reason(found)))
        return None

    def read(self, kind: str, call: Callable[[], T]) -> T | None:
        """Return a single resource, counting it as `kind`; None if it can't be read."""
        found = self.outcome(call)
        if isinstance(found, APIError):
            self.failed[reason(found)] += 1
            return None
        self.asked[kind] += 1
        return found

    def read_list(self, most: int) -> None:
        """Read pages of the list, until its end or the first that can't be read."""
        pages = self.pages()
        while self.asked["pages"] < most and not self.list_ended:
            page = self.read("pages", lambda: next(pages, None))
            if page is None:
                return
            self.items += page.items
            self.list_ended = page.next_cursor is None
