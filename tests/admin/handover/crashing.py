"""What is done in a process that is killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._handover.applying import apply_handover
from qlik_automation_connections.admin._handover.plan import HandoverPlan
from qlik_automation_connections.admin._handover.planning import plan_handover


def hand_over(
    client: httpx.Client, *, url: str, key: str, folder: str, old: str, new: str, space: str
) -> dict[str, Any]:
    """Plans and applies, as somebody does who knows nothing of an earlier run."""
    with Tenant(url, api_key=key, http_client=client) as tenant:
        plan = plan_handover(tenant, old, new, space_id=space)
        return apply_handover(tenant, plan, journal=Path(folder) / "handover.journal").to_dict()


def apply_in_little_room(
    client: httpx.Client, *, url: str, key: str, plan: dict[str, Any], journal: str, undo: str, bytes_left: int
) -> dict[str, Any]:
    """Applies a plan where no file may become longer than so many bytes."""
    import resource

    with Tenant(url, api_key=key, http_client=client) as tenant:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))
        return apply_handover(tenant, HandoverPlan.from_dict(plan), journal=journal, undo=undo).to_dict()


def undo(client: httpx.Client, *, url: str, key: str, folder: str) -> dict[str, Any]:
    """Applies the undo file."""
    with Tenant(url, api_key=key, http_client=client) as tenant:
        plan = HandoverPlan.read(Path(folder) / "handover.undo.json")
        return apply_handover(tenant, plan, journal=Path(folder) / "undo.journal").to_dict()
