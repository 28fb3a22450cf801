"""Two tenants, what they have in common, and a client that signs in to one of them twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qlik_automation_connections import OAuthClient, Tenant
from qlik_automation_connections.admin import backup
from qlik_automation_connections.sandbox import Sandbox

_TIMES = ("createdAt", "updatedAt", "lastRunAt")


def development_tenant() -> Sandbox:
    """A tenant with seven automations, and no other connections than those that they use, and one."""
    sandbox = Sandbox(connections=64)
    connections = sandbox._state.connections
    unused = [each for each in connections if each.id not in sandbox.in_use]
    for connection in unused[1:]:
        connections.remove(connection)
    return sandbox


def opened(sandbox: Sandbox, *, machine: bool = True, retries: int = 0) -> Tenant:
    """A tenant, signed in as its administrator, and as a machine for automations."""
    client = OAuthClient(sandbox.client_id, sandbox.client_secret) if machine else None
    return Tenant(sandbox.url, api_key=sandbox.api_key, automations_auth=client, pacing="off", retries=retries)


def backed_up(sandbox: Sandbox, path: Path) -> Path:
    """A backup of all that a tenant holds."""
    with opened(sandbox) as tenant:
        backup(tenant, path, list_all=True, automations=True)
    return path


def state(sandbox: Sandbox) -> list[dict[str, Any]]:
    """All that a tenant holds, but for times."""
    items = [*sandbox.snapshot(secrets=True), *sandbox.automation_snapshot()]
    return [{name: part for name, part in item.items() if name not in _TIMES} for item in items]


def described(sandbox: Sandbox) -> dict[str, Any]:
    """A tenant's automations by name, with names of connections, owners and spaces in place of ids."""
    names = {user.id: user.name for user in sandbox.users} | {space.id: space.name for space in sandbox.spaces}
    connections = {item["id"]: item["name"] for item in sandbox.snapshot()}
    found = {}
    for item in sandbox.automation_snapshot():
        workspace = item["workspace"]
        for block in workspace["blocks"]:
            for setting in block.get("settings", ()):
                if setting["id"] == "datasource" and setting["value"]:
                    setting["value"] = connections.get(setting["value"], "unknown")
        schedules = [{**each, "id": None, "lastStartedAt": None} for each in item["schedules"]]
        kept = {name: item[name] for name in ("description", "maxConcurrentRuns", "runMode")}
        place = (names.get(item["ownerId"]), names.get(item["spaceId"]))
        found[item["name"]] = {**kept, "place": place, "workspace": workspace, "schedules": schedules}
    return found
