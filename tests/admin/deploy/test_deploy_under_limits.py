"""A large deployment into a sandbox whose limits are on takes little more than the limits allow.

The limits count for each sign-in: connections are written by a user, and automations by a machine. The least time of
each is a window for each full one before the last, and the time that serving the first took, which nothing held up.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from qlik_automation_connections import OAuthClient, Tenant
from qlik_automation_connections.admin import apply, plan_deploy
from qlik_automation_connections.admin._backup.scrubbing import Scrubbed
from qlik_automation_connections.admin._backup.writer import ArchiveWriter
from qlik_automation_connections.pacing import Pacing
from qlik_automation_connections.sandbox import Sandbox

CONNECTIONS, AUTOMATIONS = 500, 2_000
SPEED, WINDOW_SECONDS, CAPACITY = 20, 300, 500


def large_backup(path: Path, owner: str) -> None:
    """A backup whose automations use its connections, all of one owner."""
    with ArchiveWriter(path, None, "https://development.example.com", {"automations": True}, overwrite=False) as writer:
        for number, item in enumerate(Sandbox(CONNECTIONS).snapshot()):
            bare = [{name: part for name, part in param.items() if name != "value"} for param in item["params"]]
            document = {**item, "name": f"Connection {number}", "ownerId": owner, "spaceId": "", "params": bare}
            writer.write_item("connection", item["id"], Scrubbed(document))
        ids = list(writer._ids["connection"])
        for number in range(AUTOMATIONS):
            block = {"id": "B", "settings": [{"id": "datasource", "value": ids[number % CONNECTIONS]}]}
            document = {
                "id": f"automation-{number}", "name": f"Automation {number}", "ownerId": owner, "state": "available",
                "workspace": {"blocks": [block], "variables": []},
            }  # fmt: skip
            writer.write_item("automation", document["id"], Scrubbed(document))
        writer.finish()


def least(times: list[float]) -> float:
    """The least time that the limits allow for requests sent at these times of the sandbox's clock."""
    full, last = divmod(len(times) - 1, CAPACITY)
    return (full * WINDOW_SECONDS + sorted(times)[last] - min(times)) / SPEED


@pytest.mark.skipif("MEASURE" not in os.environ, reason="it measures minutes: MEASURE=1 runs it")
def test_a_deployment_of_2000_automations(tmp_path: Path) -> None:
    large_backup(tmp_path / "backup.ndjson", "ada")
    with Sandbox(connections=0, name="production", limits=True, speed=SPEED) as sandbox:
        machine, pacing = OAuthClient(sandbox.client_id, sandbox.client_secret), Pacing(window=WINDOW_SECONDS / SPEED)
        with Tenant(sandbox.url, api_key=sandbox.api_key, automations_auth=machine, pacing=pacing) as tenant:
            owners = {"ada": sandbox.users[3].id}
            plan = plan_deploy(tenant, tmp_path / "backup.ndjson", list_all=True, owners=owners)
            began = time.perf_counter()
            report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
            taken = time.perf_counter() - began
        written = [entry for entry in sandbox.ledger if entry.method in ("POST", "PUT") and "oauth" not in entry.path]
        assert not any(entry.refused for entry in sandbox.ledger)
    assert report.is_complete
    assert report.summary["created"] == AUTOMATIONS
    ours = [entry.time for entry in written if "automation-connections" in entry.path]
    theirs = [entry.time for entry in written if "automation-connections" not in entry.path]
    ratio = taken / (least(ours) + least(theirs))
    assert ratio <= 1.05, f"{taken:.1f} s, {ratio:.4f} times the least time"
