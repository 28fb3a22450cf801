"""Users and spaces as a backup notes them, and their counterparts in another tenant."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Final

from attrs import define, field, frozen

from .. import APIError, ConfigurationError, Tenant, User
from ._cancellation import check_cancelled
from ._document import Part
from ._name_lookup import users_with

_GONE: Final = "deleted"


@frozen
class Person(Part):
    """A user who owns something in a backup.

    Attributes:
        id: The user.
        name: Their name.
        email: Their e-mail address.
        subject: Their id at the identity provider.
    """

    id: str
    name: str | None = None
    email: str | None = None
    subject: str | None = None

    def __str__(self) -> str:
        known = [self.name, f"<{self.email}>" if self.email else None]
        return " ".join(filter(None, [*known, f"({self.id})" if any(known) else self.id]))


@frozen
class Place(Part):
    """A space that holds something in a backup.

    Attributes:
        id: The space.
        name: Its name.
        kind: Its type: `shared`, `managed` or `data`.
    """

    id: str
    name: str | None = None
    kind: str | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


@define
class Counterparts:
    """Users and spaces of another tenant that fit those of a backup.

    Attributes:
        users: Ids in the other tenant by ids in the backup; several are a question, none is a gap.
        spaces: The same for spaces.
        notes: What has no counterpart, and why.
    """

    users: dict[str, list[str]] = field(factory=dict)
    spaces: dict[str, list[str]] = field(factory=dict)
    notes: list[str] = field(factory=list)


def find_counterparts(
    tenant: Tenant, people: Collection[Person], places: Collection[Place], cancel: threading.Event | None
) -> Counterparts:
    """Find users by e-mail address, then by subject, and spaces by name and type.

    Sends one GET per 50 users that have an address or a subject, and one per page of spaces (tier 1).

    Args:
        tenant: The tenant to search.
        people: The users of the backup.
        places: The spaces of the backup.
        cancel: Stops the search when set.
    """
    found = Counterparts()
    try:
        by_email = _users(tenant, "email", (person.email for person in people), lambda user: user.email, cancel)
        for person in people:
            found.users[person.id] = by_email.get((person.email or "").casefold(), [])
        rest = [person for person in people if not found.users[person.id]]
        by_subject = _users(tenant, "subject", (person.subject for person in rest), lambda user: user.subject, cancel)
        for person in rest:
            found.users[person.id] = by_subject.get((person.subject or "").casefold(), [])
        _note(found.notes, "user", "has the e-mail address or the subject of", people, found.users)
    except (APIError, ConfigurationError) as error:
        found.notes.append(f"Users were not matched: {error} Map them with owners (--owners).")
    try:
        there: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for space in tenant.spaces.list() if places else ():
            check_cancelled(cancel, "search for spaces")
            there[space.name, space.type_].append(space.id)
        found.spaces = {place.id: there.get((place.name, place.kind), []) for place in places}
        _note(found.notes, "space", "has the name and the type of", places, found.spaces)
    except (APIError, ConfigurationError) as error:
        found.notes.append(f"Spaces were not matched: {error} Map them with spaces (--spaces).")
    return found


def _note(
    notes: list[str], noun: str, what: str, wanted: Iterable[Person | Place], found: dict[str, list[str]]
) -> None:
    missing = [str(each) for each in wanted if not found[each.id]]
    if missing:
        notes.append(f"No {noun} of the target {what}: {', '.join(missing)}.")
    for each in wanted:
        if len(found[each.id]) > 1:
            notes.append(f"Several {noun}s of the target fit {each}: {', '.join(found[each.id])}.")


def _users(
    tenant: Tenant,
    name: str,
    values: Iterable[str | None],
    read: Callable[[User], str | None],
    cancel: threading.Event | None,
) -> dict[str, list[str]]:
    """Return the ids of users by the value of a field, in lower case."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for user in users_with(tenant, name, sorted({value for value in values if value})):
        check_cancelled(cancel, "search for users")
        value = read(user)
        if value and (user.status or "").lower() != _GONE and user.id not in found[value.casefold()]:
            found[value.casefold()].append(user.id)
    return dict(found)
