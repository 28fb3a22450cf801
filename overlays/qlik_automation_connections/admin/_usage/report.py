"""Which automations use connections, as plain data."""

from __future__ import annotations

from attrs import field, frozen

from .._document import Document, Part


@frozen
class UsingAutomation(Part):
    """An automation that uses a connection.

    Attributes:
        id: the automation.
        name: its name.
        owner_id: its owner, who need not be the connection's.
        state: `available`, `unavailable` or `disabled`, as the service says.
        blocks: names of the blocks that use it; empty if the id is only in a text, such as code.
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
        id: the automation.
        name: its name.
        reason: why.
    """

    id: str | None
    name: str | None
    reason: str


@frozen
class UsageReport(Document):
    """Which automations use connections.

    Attributes:
        tenant: address of the tenant.
        list_all: whether it covers everybody's automations, or only the caller's.
        users: automations by the id of the connection that they use; an empty list for an unused one.
        looked_at: how many automations were read.
        unread: those that could not be read.
        missing: connections that don't exist, or that the caller can't see; automations may still use them.
    """

    FORMAT = "usage"
    TITLE = "usage report"
    tenant: str
    list_all: bool
    users: dict[str, list[UsingAutomation]] = field(repr=False)
    looked_at: int
    unread: list[UnreadAutomation] = field(factory=list)
    missing: list[str] = field(factory=list)

    def of(self, id: str) -> list[UsingAutomation]:
        """Return the automations that use a connection."""
        return self.users.get(id, [])

    def sentence(self, id: str) -> str | None:
        """Return a sentence on who uses a connection; None if nobody does."""
        users = self.of(id)
        if not users:
            return None
        names = ", ".join(automation.name or automation.id for automation in users[:3])
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        return f"Used by {'the automation' if len(users) == 1 else f'{len(users)} automations:'} {names}{more}."
