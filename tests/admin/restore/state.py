"""What two tenants, or two runs, have in common."""

from __future__ import annotations

from typing import Any

from qlik_automation_connections.sandbox import Sandbox

_TIMES = ("createdAt", "updatedAt")


def state(sandbox: Sandbox) -> list[dict[str, Any]]:
    """All that a sandbox holds, secrets too, but for times."""
    return [
        {name: part for name, part in item.items() if name not in _TIMES} for item in sandbox.snapshot(secrets=True)
    ]


def described(sandbox: Sandbox, source: Sandbox | None = None, count: int | None = None) -> list[tuple[Any, ...]]:
    """What a tenant holds, or the first of it, by names in place of ids, in an order that does not depend on ids."""
    users = {user.id: user.name for tenant in (sandbox, source) if tenant for user in tenant.users}
    spaces = {space.id: space.name for tenant in (sandbox, source) if tenant for space in tenant.spaces}
    return sorted(
        (
            item["name"],
            item["connectorId"],
            users[item["ownerId"]],
            spaces.get(item["spaceId"], ""),
            tuple((param["name"], param["value"]) for param in item["params"]),
        )
        for item in sandbox.snapshot(secrets=True)[:count]
    )
