"""What the steps of `qac demo` share: both sides of the tenant, names for ids, and how connections are shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import define, field

from ... import Connection, ConnectionSummary, Tenant
from ...admin._names import Names
from ...sandbox import Sandbox
from ..tables import Printout, day
from .expectations import Expectations, UnmetExpectation

_HEADINGS = ("Name", "Connector", "Owner", "Space", "Changed")


@define
class Morning:
    """What the steps share.

    Attributes:
        sandbox: the tenant's other side: what it holds, and what it was asked.
        tenant: the client, signed in as an administrator.
        printout: where results are shown.
        expect: what checks them.
        report: where the audit's report is kept; None if it is not.
        listed: all connections, as the first step listed them.
        created_id: the connection that a step created.
    """

    sandbox: Sandbox
    tenant: Tenant
    printout: Printout
    expect: Expectations
    report: Path | None
    listed: list[ConnectionSummary] = field(factory=list, init=False)
    created_id: str = field(default="", init=False)

    def names(self) -> Names:
        """The sandbox's names."""
        return Names(
            {user.id: user.name for user in self.sandbox.users},
            {space.id: space.name for space in self.sandbox.spaces},
            {connector.id: connector.name for connector in self.sandbox.connectors},
        )

    def connector_id(self, name: str) -> str:
        """The id of a connector."""
        return next(connector.id for connector in self.sandbox.connectors if connector.name == name)

    def connector(self, id: str | None) -> str:
        """The name of a connector."""
        return {connector.id: connector.name for connector in self.sandbox.connectors}.get(id or "", f"{id}")

    def owner(self, id: str | None) -> str:
        """The name of a user."""
        return {user.id: user.name for user in self.sandbox.users}.get(id or "", f"{id}")

    def space(self, id: str | None) -> str:
        """The name of a space."""
        if id is None:
            return "personal"
        return {space.id: space.name for space in self.sandbox.spaces}.get(id, id)

    def pick(self, connector: str, *, works: bool) -> ConnectionSummary:
        """The first listed connection of a connector that works, or does not."""
        id = self.connector_id(connector)
        for connection in self.listed:
            if connection.connector_id == id and connection.is_connected is works:
                return connection
        state = "works" if works else "does not work"
        raise UnmetExpectation(f"a connection of {connector} {state}", "one or more", "none")

    def show(self, connections: Iterable[ConnectionSummary]) -> None:
        """Prints connections as a table."""
        rows = [
            (
                f"{connection.name}",
                self.connector(connection.connector_id),
                self.owner(connection.owner_id),
                self.space(connection.space_id),
                day(connection.updated_at),
            )
            for connection in connections
        ]
        self.printout.table(_HEADINGS, rows)

    def show_change(self, before: Connection, after: Connection) -> None:
        """Prints what a change made of a connection."""
        rows = [
            ("name", f"{before.name}", f"{after.name}"),
            ("owner", self.owner(before.owner_id), self.owner(after.owner_id)),
            ("space", self.space(before.space_id), self.space(after.space_id)),
        ]
        self.printout.table(("Field", "Before", "After"), [row for row in rows if row[1] != row[2]])

    def held(self) -> dict[str, dict[str, Any]]:
        """What the sandbox holds, by id: JSON as the spec has it."""
        return {document["id"]: document for document in self.sandbox.snapshot()}
