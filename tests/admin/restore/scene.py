"""What is restored, where to, and with what the tests compare it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.admin._restore.report import RestoreReport
from qlik_automation_connections.sandbox import Sandbox

from .archives import archive_of, owners, spaces, write_archive
from .state import described

Opener = Callable[..., Tenant]


class Scene:
    """A tenant that archives are of, one that is restored into, and a folder for the files.

    Args:
        source: The former.
        target: The latter.
        folder: The folder.
        opener: Opens a tenant.
    """

    def __init__(self, source: Sandbox, target: Sandbox, folder: Path, opener: Opener) -> None:
        self.source = source
        self.target = target
        self.folder = folder
        self.journal = folder / "journal"
        self._opener = opener

    def at(self, **options: Any) -> Tenant:
        """The target, opened in a way of one's own."""
        return self._opener(self.target, **options)

    @cached_property
    def tenant(self) -> Tenant:
        """The target, opened by its administrator."""
        return self.at()

    @cached_property
    def archive(self) -> Path:
        """An archive of the whole source, by the address of the target if it is the same tenant."""
        tenant = self.target.url if self.source is self.target else None
        return archive_of(self.source, self.folder / "a.ndjson", tenant=tenant)

    def archived(self, *documents: dict[str, Any]) -> Path:
        """An archive of documents."""
        return write_archive(self.folder / "a.ndjson", documents)

    def disturb(self) -> None:
        """Gives all that the target holds other names, another owner and another space."""
        for item in self.target.snapshot():
            self.tenant.connections.update(item["id"], name=f"changed {item['id']}")
            self.tenant.connections.change_owner(item["id"], user_id=self.target.users[5].id)
            self.tenant.connections.change_space(item["id"], space_id=self.target.spaces[5].id)

    @property
    def mappings(self) -> dict[str, Any]:
        """Owners and spaces of the source by those of the same name in the target."""
        return {"owners": owners(self.source, self.target), "spaces": spaces(self.source, self.target)}

    def plan(self, archive: Path | None = None, **options: Any) -> RestorePlan:
        """A plan for an archive, or for the whole source, of all users' connections."""
        return plan_restore(self.tenant, archive or self.archive, list_all=True, **options)

    def planned(self, count: int = 6) -> RestorePlan:
        """A plan for the first connections of the source, with owners and spaces."""
        return self.plan(self.archived(*self.source.snapshot()[:count]), **self.mappings)

    def apply(self, plan: RestorePlan, **options: Any) -> RestoreReport:
        """Applies a plan, with the journal of the scene."""
        return apply(self.tenant, plan, journal=self.journal, **options)

    @property
    def created(self) -> int:
        """How many creations the target was asked for."""
        return self.target.ledger.count(operation="createAutomationConnection")

    @property
    def id_map(self) -> dict[str, str]:
        """The id map beside the journal of the scene."""
        return read_id_map(f"{self.journal}.id-map.json")

    def wanted(self, count: int = 6) -> list[tuple[Any, ...]]:
        """What the first connections of the source come to without values."""
        return sorted(item[:4] for item in described(self.source, count=count))

    def found(self) -> list[tuple[Any, ...]]:
        """What the target holds, but for values."""
        return sorted(item[:4] for item in described(self.target))
