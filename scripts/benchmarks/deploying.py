"""A large deployment into a sandbox whose limits are on, and the least time that they allow.

The limits count for each sign-in: connections are written by a user, and automations by a machine. The least time of
each is a window for each full one before the last, and the time that serving the first took, which nothing held up.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from qlik_automation_connections import OAuthClient, Tenant
from qlik_automation_connections.admin import apply, plan_deploy
from qlik_automation_connections.admin._backup.scrubbing import Scrubbed
from qlik_automation_connections.admin._backup.writer import ArchiveWriter
from qlik_automation_connections.pacing import Pacing
from qlik_automation_connections.sandbox import Sandbox

WINDOW_SECONDS, CAPACITY = 300, 500
_OWNER = "ada"


def write_backup(path: Path, connections: int, automations: int) -> None:
    """Write a backup whose automations use its connections, all of one owner."""
    with ArchiveWriter(path, None, "https://development.example.com", {"automations": True}, overwrite=False) as writer:
        listed = Sandbox(connections).snapshot()
        for number, item in enumerate(listed):
            bare = [{name: part for name, part in param.items() if name != "value"} for param in item["params"]]
            document = {**item, "name": f"Connection {number}", "ownerId": _OWNER, "spaceId": "", "params": bare}
            writer.write_item("connection", item["id"], Scrubbed(document))
        for number in range(automations):
            used = {"id": "datasource", "value": listed[number % connections]["id"]}
            document = {
                "id": f"automation-{number}", "name": f"Automation {number}", "ownerId": _OWNER, "state": "available",
                "workspace": {"blocks": [{"id": "B", "settings": [used]}], "variables": []},
            }  # fmt: skip
            writer.write_item("automation", document["id"], Scrubbed(document))
        writer.finish()


def least(times: Sequence[float]) -> float:
    """Return the least seconds that the limits allow for requests served at these seconds of the sandbox's clock."""
    full, last = divmod(len(times) - 1, CAPACITY)
    return full * WINDOW_SECONDS + sorted(times)[last] - min(times)


def deploy(connections: int, automations: int, speed: float) -> tuple[float, float]:
    """Deploy a backup into an empty tenant.

    Args:
        connections: How many connections it holds.
        automations: How many automations.
        speed: How many times faster than real time the windows of the limits pass.

    Returns:
        The seconds that it took, and the least that the limits allow.
    """
    with TemporaryDirectory() as folder, Sandbox(0, name="production", limits=True, speed=speed) as sandbox:
        backup, pacing = Path(folder) / "backup.ndjson", Pacing(window=WINDOW_SECONDS / speed)
        write_backup(backup, connections, automations)
        machine = OAuthClient(sandbox.client_id, sandbox.client_secret)
        with Tenant(sandbox.url, api_key=sandbox.api_key, automations_auth=machine, pacing=pacing) as tenant:
            plan = plan_deploy(tenant, backup, list_all=True, owners={_OWNER: sandbox.users[3].id})
            began = time.perf_counter()
            report = apply(tenant, plan, journal=Path(folder) / "journal", check=False)
            taken = time.perf_counter() - began
        assert report.is_complete
        assert report.summary["created"] == automations
        assert not any(entry.refused for entry in sandbox.ledger)
        written = [entry for entry in sandbox.ledger if entry.method in ("POST", "PUT") and "oauth" not in entry.path]
    ours = [entry.time for entry in written if "automation-connections" in entry.path]
    theirs = [entry.time for entry in written if "automation-connections" not in entry.path]
    return taken, (least(ours) + least(theirs)) / speed


if __name__ == "__main__":
    print(json.dumps([deploy(*json.loads(sys.argv[1]))]))
