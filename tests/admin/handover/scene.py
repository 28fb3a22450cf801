"""A tenant whose administrator has left, and what the tests ask of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import frozen

from qlik_automation_connections import RetryPolicy, Tenant
from qlik_automation_connections.admin._managed import is_managed
from qlik_automation_connections.sandbox import Sandbox

CONNECTIONS = 40
CHANGES = ("automationConnectionChangeOwner", "automationConnectionChangeSpace")

State = list[dict[str, Any]]


def state(sandbox: Sandbox) -> State:
    """All connections, but for the time of their last change."""
    return [
        {name: value for name, value in item.items() if name != "updatedAt"} for item in sandbox.snapshot(secrets=True)
    ]


def handed_over(before: State, old: str, new: str, space: str | None) -> State:
    """The tenant with all of the old owner's connections handed over, into a space unless it is None."""
    return [
        item
        if item["ownerId"] != old or is_managed(item["connectorId"])
        else {**item, "ownerId": new, "spaceId": item["spaceId"] if space is None else space}
        for item in before
    ]


def changes(sandbox: Sandbox) -> int:
    """How many requests to change an owner or a space came to something."""
    return sum(entry.processed for entry in sandbox.ledger if entry.operation in CHANGES)


@frozen
class Scene:
    """A sandbox, who hands over to whom, and a folder for the files."""

    sandbox: Sandbox
    tenant: Tenant
    folder: Path

    @property
    def old(self) -> str:
        """The owner who hands over."""
        return self.sandbox.users[0].id

    @property
    def new(self) -> str:
        """The owner who gets them."""
        return self.sandbox.users[5].id

    @property
    def other(self) -> str:
        """Somebody else."""
        return self.sandbox.users[10].id

    @property
    def space(self) -> str:
        """A space."""
        return self.sandbox.spaces[1].id

    @property
    def journal(self) -> Path:
        """File of the journal."""
        return self.folder / "handover.journal"

    @property
    def undo(self) -> Path:
        """The undo file beside it."""
        return self.folder / "handover.undo.json"

    @property
    def impatient(self) -> Tenant:
        """The tenant, with no second tries."""
        return self.tenant.with_options(retries=0)

    def of(self, owner: str) -> list[dict[str, Any]]:
        """The connections of an owner that can be handed over."""
        return [
            item for item in self.sandbox.snapshot() if item["ownerId"] == owner and not is_managed(item["connectorId"])
        ]

    def held(self, id: str) -> tuple[str, str]:
        """Owner and space of a connection."""
        item = next(item for item in self.sandbox.snapshot() if item["id"] == id)
        return item["ownerId"], item["spaceId"]


def quick(tenant: Tenant) -> Tenant:
    """The tenant, with second tries at once."""
    return tenant.with_options(retries=RetryPolicy(backoff=0))
