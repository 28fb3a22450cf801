"""The results of a search for uses of connections."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

from attrs import field, frozen

from qlik_automation_connections_api.types import Row

from ..._text import counted
from .._document import Part
from .._table import Table

UsageAnswer = Literal["used", "unused", "unknown"]
"""Whether automations use a connection. `unused` only if all automations were read; otherwise `unknown`."""

_MOST_NAMED: Final = 3


@frozen
class UsingAutomation(Part):
    """An automation that uses a connection.

    Attributes:
        id: The automation.
        name: Its name.
        owner_id: Its owner, not necessarily the connection's.
        state: `available`, `unavailable` or `disabled`, as reported by the service.
        blocks: Names of the blocks that use the connection; empty if the id is only in text, such as code.
    """

    id: str
    name: str | None
    owner_id: str | None
    state: str | None
    blocks: tuple[str, ...]


@frozen
class UnreadAutomation(Part):
    """An automation that could not be read, so what it uses is unknown.

    Attributes:
        id: The automation; None if the list has no id for it.
        name: Its name.
        reason: Why it could not be read.
        refused: Whether the sign-in for automations may not read it.
    """

    id: str | None
    name: str | None
    reason: str
    refused: bool = False


@frozen(repr=False)
class UsageReport(Table):
    """Which automations use connections.

    Attributes:
        tenant: Address of the tenant.
        list_all: Whether everybody's automations were searched, or only the caller's.
        users: Automations by the id of the connection they use; an empty list if none was found.
        looked_at: Number of automations read.
        unread: Automations that could not be read.
        missing: Connections that don't exist or that the caller can't see; automations may still use them.
        hint: How to read those that were not read; None if all were.
    """

    FORMAT = "usage"
    TITLE = "usage report"
    ROWS = "users"
    DERIVED = ("is_complete", "answers")
    tenant: str
    list_all: bool
    users: dict[str, list[UsingAutomation]] = field(repr=False)
    looked_at: int
    unread: list[UnreadAutomation] = field(factory=list)
    missing: list[str] = field(factory=list)
    hint: str | None = None

    def rows(self) -> list[Row]:
        """Return a row for each connection: its id, whether automations use it, and how many."""
        return [{"id": id, "usage": self.answer(id), "automations": len(using)} for id, using in self.users.items()]

    def _figures(self) -> dict[str, int]:
        return Counter(self.answers.values())

    @property
    def is_complete(self) -> bool:
        """Whether everybody's automations were read, so that a connection without users is unused."""
        return self.list_all and not self.unread

    @property
    def answers(self) -> dict[str, UsageAnswer]:
        """Whether automations use each connection; `unknown` if none was found and not all were read."""
        return {id: self.answer(id) for id in self.users}

    @property
    def extent(self) -> str:
        """What was read, as a clause."""
        total = self.looked_at + len(self.unread)
        if self.unread:
            return f"{len(self.unread):,} of {counted(total, 'automation')} could not be read"
        if not self.list_all:
            return "only your own automations were read"
        if total == 1:
            return "the only automation was read"
        return f"all {total:,} automations were read" if total else "there are none"

    def of(self, id: str) -> list[UsingAutomation]:
        """Return the automations that use a connection, as far as they could be read."""
        return self.users.get(id, [])

    def answer(self, id: str) -> UsageAnswer:
        """Return whether automations use a connection."""
        if self.of(id):
            return "used"
        return "unused" if self.is_complete and id in self.users else "unknown"

    def sentence(self, id: str) -> str:
        """Say which automations use a connection, that none does, or that it is not known and why."""
        users = self.of(id)
        if not users:
            return self._without_users(self.answer(id), "it")
        names = ", ".join(automation.name or automation.id for automation in users[:_MOST_NAMED])
        more = f" and {len(users) - _MOST_NAMED} more" if len(users) > _MOST_NAMED else ""
        return f"Used by {'the automation' if len(users) == 1 else f'{len(users)} automations:'} {names}{more}."

    def conclusions(self) -> list[str]:
        """Say of how many connections no automation is a user, of how many it is not known and why, and what to do."""
        said = []
        for answer in ("used", "unused", "unknown"):
            ids = [id for id, given in self.answers.items() if given == answer]
            what = ", ".join(ids) if len(ids) <= _MOST_NAMED else f"{len(ids):,} of {counted(len(self.users))}"
            if len(ids) == len(self.users):
                what = "it" if len(ids) == 1 else "them"
                if ids and answer == "used" and not self.is_complete:
                    said.append(f"More automations may use {what}: {self.extent}.")
            if ids and answer != "used":
                said.append(self._without_users(answer, what))
        return said + ([] if self.hint is None else [self.hint])

    def _without_users(self, answer: UsageAnswer, what: str) -> str:
        if answer == "unused":
            return f"No automation uses {what}: {self.extent}."
        return f"Not known whether automations use {what}: {self.extent}."
