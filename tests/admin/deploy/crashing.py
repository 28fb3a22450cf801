"""What the processes do that are killed: a whole deployment, from the plan to the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from qlik_automation_connections import OAuthClient, Tenant
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._deploy import planning, undo
from qlik_automation_connections.admin._restore import creating


def _tenant(client: httpx.Client, url: str, key: str, secret: str) -> Tenant:
    machine = OAuthClient("sandbox-client", secret)
    return Tenant(url, api_key=key, automations_auth=machine, http_client=client, pacing="off", retries=0)


def deploy(
    client: httpx.Client, *, url: str, key: str, secret: str, source: str, journal: str, **options: Any
) -> dict[str, Any]:
    """Plans a deployment and applies the plan."""
    creating.PAUSE = 0.0
    creating.longest_way = lambda tenant: timedelta()
    with _tenant(client, url, key, secret) as tenant:
        plan = planning.plan_deploy(tenant, source, list_all=True, enable=True, **options)
        return apply(tenant, plan, journal=journal).to_dict()


def undo_all(client: httpx.Client, *, url: str, key: str, secret: str, file: str) -> dict[str, Any]:
    """Undoes a deployment."""
    with _tenant(client, url, key, secret) as tenant:
        return undo.undo_deploy(tenant, file).to_dict()
