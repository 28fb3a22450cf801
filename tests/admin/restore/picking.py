"""Picks connections and steps out of what tests work with."""

from __future__ import annotations

from typing import Any

from qlik_automation_connections.admin._restore.plan import RestorePlan, RestoreStep
from qlik_automation_connections.sandbox import Sandbox


def only(plan: RestorePlan) -> RestoreStep:
    (step,) = plan.steps
    return step


def item(sandbox: Sandbox, **wanted: Any) -> dict[str, Any]:
    return next(found for found in sandbox.snapshot() if wanted.items() <= found.items())


def mail(sandbox: Sandbox) -> dict[str, Any]:
    """A mail connection in a shared space, of somebody who is not the caller."""
    return next(
        found
        for found in sandbox.snapshot()
        if found["connectorId"] == sandbox.connectors[0].id
        and found["spaceId"]
        and found["ownerId"] != sandbox.users[0].id
    )
