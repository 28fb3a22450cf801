"""What the processes do that are killed: a whole restore, from the plan to the report."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import httpx

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._restore import creating
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore


def _tenant(client: httpx.Client, url: str, key: str) -> Tenant:
    return Tenant(url, api_key=key, http_client=client, retries=0)


def restore(
    client: httpx.Client,
    *,
    url: str,
    key: str,
    archive: str,
    journal: str,
    values: list[tuple[str, str, str]],
    **mappings: Any,
) -> dict[str, Any]:
    """Plans a restore and applies the plan."""
    creating.PAUSE = 0.0
    creating.longest_way = lambda tenant: timedelta()
    given = {(id, param): value for id, param, value in values}
    with _tenant(client, url, key) as tenant:
        plan = plan_restore(tenant, archive, list_all=True, values=given, **mappings)
        report = apply(tenant, plan, journal=journal, values=given)
    return report.to_dict()


def apply_in_little_room(
    client: httpx.Client, *, url: str, key: str, plan: dict[str, Any], journal: str, id_map: str, bytes_left: int
) -> dict[str, Any]:
    """Applies a plan where no file may become longer than so many bytes."""
    import resource

    with _tenant(client, url, key) as tenant:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))
        return apply(tenant, RestorePlan.from_dict(plan), journal=journal, id_map_path=id_map).to_dict()


def apply_as_nobody(
    client: httpx.Client, *, url: str, key: str, plan: dict[str, Any], journal: str, id_map: str
) -> dict[str, Any]:
    """Applies a plan as a user whom the permissions of files hold back."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    with _tenant(client, url, key) as tenant:
        return apply(tenant, RestorePlan.from_dict(plan), journal=journal, id_map_path=id_map).to_dict()
