"""The results of a search for uses of connections."""

from __future__ import annotations

from attrs import field, frozen

from .._document import Document, Part


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
    """

    id: str | None
    name: str | None
    reason: str


@frozen
class UsageReport(Document):
    """Which automations use connections.

    Attributes:
        tenant: Address of the tenant.
        list_all: Whether everybody's automations were searched, or only the caller's.
        users: Automations by the id of the connection they use; an empty list for an unused one.
        looked_at: Number of automations read.
        unread: Automations that could not be read.
        missing: Connections that don't exist or that the caller can't see; automations may still use them.
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
        """Describe in a sentence which automations use a connection; None if none do."""
        users = self.of(id)
        if not users:
            return None
        names = ", ".join(automation.name or automation.id for automation in users[:3])
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        return f"Used by {'the automation' if len(users) == 1 else f'{len(users)} automations:'} {names}{more}."
