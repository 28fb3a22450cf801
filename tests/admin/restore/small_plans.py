"""Plans of a few connections, and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Sandbox

from .archives import archive_of, owners, spaces
from .state import described


def planned(tenant: Tenant, source: Sandbox, target: Sandbox, folder: Path, count: int = 6) -> RestorePlan:
    ids = [item["id"] for item in source.snapshot()[:count]]
    archive = archive_of(source, folder / "a.ndjson", ids=ids)
    return plan_restore(tenant, archive, list_all=True, owners=owners(source, target), spaces=spaces(source, target))


def wanted(source: Sandbox, count: int = 6) -> list[tuple[Any, ...]]:
    """What a restore without values comes to."""
    ids = {item["id"] for item in source.snapshot()[:count]}
    with_ids = [item for item in source.snapshot() if item["id"] in ids]
    users = {user.id: user.name for user in source.users}
    names = {space.id: space.name for space in source.spaces}
    return sorted(
        (item["name"], item["connectorId"], users[item["ownerId"]], names.get(item["spaceId"], "")) for item in with_ids
    )


def found(target: Sandbox) -> list[tuple[Any, ...]]:
    return sorted(item[:4] for item in described(target))
