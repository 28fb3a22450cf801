"""Look up the names of users, spaces and connectors in a tenant."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from .. import APIConnectionError, APIError, AuthenticationError, ConfigurationError, NotFoundError, Tenant
from .._arguments import is_identifier
from .._log import logger
from ._names import Names
from ._parallel import Done, run_concurrently

if TYPE_CHECKING:
    from .. import Space, User

_FEW: Final = 5
"""Up to this many users or spaces are asked for by id, which tells which are gone."""
_FEW_CONNECTORS: Final = 1
"""A connector's details hold all its blocks, so a list of all is lighter than a few of them."""
_USERS_PER_FILTER: Final = 50
_INACTIVE: Final = ("disabled", "deleted")
_SECONDS: Final = 10.0
"""Without data for this long, a look-up gives up: names are not worth a longer wait."""

OnFailure = Callable[[str], None]


class _Named(Protocol):
    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...


N = TypeVar("N", bound=_Named)


def fetch_names(
    tenant: Tenant,
    *,
    users: Iterable[str | None] = (),
    spaces: Iterable[str | None] = (),
    connectors: Iterable[str | None] = (),
    names: Names | None = None,
    on_failure: OnFailure | None = None,
    cancel: threading.Event | None = None,
) -> Names:
    """Look up the names of users, spaces and connectors, such as those of a report's connections.

    A few are asked for by id, and more by list. What can't be looked up, for whatever reason, is left
    out, and its id remains to be shown.

    Args:
        tenant: The tenant to ask.
        users: Ids of users. None is skipped, here and below.
        spaces: Ids of spaces.
        connectors: Ids of connectors.
        names: Names that are known already, and take precedence.
        on_failure: Called with the reason, once, if something could not be looked up; otherwise it is logged.
        cancel: Stops the look-up when set.

    Returns:
        `names`, and those that were found.

    Sends one GET per id, or per page or 50 users (tier 1). Failures are retried once.
    """
    return NameLookup(tenant, names, on_failure, cancel).look_up(users=users, spaces=spaces, connectors=connectors)


class NameLookup:
    """Looks up names in a tenant, each at most once.

    Args:
        tenant: The tenant to ask.
        known: Names that are known already, and take precedence.
        on_failure: Called once with the reason if something could not be looked up; otherwise it is logged.
        cancel: Stops a look-up when set.
        complaint: What a failure leaves undone, as a sentence.

    Attributes:
        users: The users found, by id.
        spaces: The spaces found, by id.
    """

    def __init__(
        self,
        tenant: Tenant,
        known: Names | None = None,
        on_failure: OnFailure | None = None,
        cancel: threading.Event | None = None,
        complaint: str = "Some ids are shown without names.",
    ) -> None:
        read = tenant.timeout.read
        self._tenant = tenant.with_options(retries=1, timeout=_SECONDS if read is None else min(read, _SECONDS))
        self._known = known or Names()
        self._on_failure = on_failure or (lambda reason: logger.warning("%s", reason))
        self._cancel = cancel
        self._complaint = complaint
        self.users: dict[str, User] = {}
        self.spaces: dict[str, Space] = {}
        self._connectors: dict[str, str] = {}
        self._inactive: dict[str, str] = {}
        self._asked: set[str] = set()
        self._listed: set[str] = set()
        self._has_failed = False
        self._is_unreachable = False

    @property
    def names(self) -> Names:
        """The names known so far."""
        users = {id: user.name or user.email or id for id, user in self.users.items()}
        spaces = {id: space.name for id, space in self.spaces.items() if space.name}
        return Names(users, spaces, self._connectors, self._inactive).updated(self._known)

    def look_up(
        self,
        *,
        users: Iterable[str | None] = (),
        spaces: Iterable[str | None] = (),
        connectors: Iterable[str | None] = (),
        with_status: bool = False,
    ) -> Names:
        """Look up the names that are still unknown.

        Args:
            users: Ids of users.
            spaces: Ids of spaces.
            connectors: Ids of connectors.
            with_status: Whether to ask for users whose name is known too, to find out which are inactive.

        Returns:
            The names known so far.
        """
        known_users = () if with_status else self._known.users
        self._attempt(self._new(users, known_users), self._look_up_users)
        self._attempt(self._new(spaces, self._known.spaces), self._look_up_spaces)
        self._attempt(self._new(connectors, self._known.connectors), self._look_up_connectors)
        return self.names

    def _new(self, ids: Iterable[str | None], known: Iterable[str]) -> list[str]:
        wanted = {id for id in ids if id} - set(known) - self._asked
        self._asked |= wanted
        return sorted(filter(is_identifier, wanted))

    def _attempt(self, ids: Sequence[str], look_up: Callable[[Sequence[str]], None]) -> None:
        if not ids or self._is_unreachable:
            return
        try:
            look_up(ids)
        except (APIError, ConfigurationError) as error:
            self._fail(error)

    def _fail(self, error: APIError | ConfigurationError) -> None:
        self._is_unreachable |= isinstance(error, APIConnectionError | AuthenticationError)
        if not self._has_failed:
            self._has_failed = True
            self._on_failure(f"{self._complaint} {error}")

    def _look_up_users(self, ids: Sequence[str]) -> None:
        if len(ids) > _FEW:
            for user in users_with(self._tenant, "id", ids):
                self._take_user(user)
        # Only by its id is a user known to be gone: a list may leave out some.
        left = [id for id in ids if id not in self.users]
        self._by_id("users", self._tenant.users.get, left, self._take_user)

    def _take_user(self, user: User) -> None:
        self.users[user.id] = user
        if (status := (user.status or "").lower()) in _INACTIVE:
            self._inactive[user.id] = status

    def _look_up_spaces(self, ids: Sequence[str]) -> None:
        def take(space: Space) -> None:
            self.spaces[space.id] = space

        left = [id for id in ids if id not in self.spaces]
        if len(left) <= _FEW:
            self._by_id("spaces", self._tenant.spaces.get, left, take)
        elif "spaces" not in self._listed:
            self._listed.add("spaces")
            for space in self._tenant.spaces.list():
                take(space)

    def _look_up_connectors(self, ids: Sequence[str]) -> None:
        def take(connector: _Named) -> None:
            if connector.id and connector.name:
                self._connectors[connector.id] = connector.name

        left = [id for id in ids if id not in self._connectors]
        if len(left) <= _FEW_CONNECTORS:
            self._by_id("connectors", self._tenant.connectors.get, left, take)
        elif "connectors" not in self._listed:
            self._listed.add("connectors")
            for connector in self._tenant.connectors.list():
                take(connector)

    def _by_id(self, kind: str, get: Callable[[str], N], ids: Sequence[str], take: Callable[[N], None]) -> None:
        def note(done: Done[str, N]) -> None:
            if done.result is not None:
                take(done.result)
            elif isinstance(done.error, NotFoundError):
                if kind == "users":
                    self._inactive[done.item] = "gone"
            elif done.error is not None:
                self._fail(done.error)

        run_concurrently(get, ids, note, cancel=self._cancel)


def users_with(tenant: Tenant, name: str, values: Sequence[str]) -> Iterable[User]:
    """Yield the users with one of the values in a field. Sends one GET per 50 values (tier 1)."""
    for start in range(0, len(values), _USERS_PER_FILTER):
        texts = (json.dumps(each, ensure_ascii=False) for each in values[start : start + _USERS_PER_FILTER])
        yield from tenant.users.list(filter=" or ".join(f"{name} eq {text}" for text in texts))
