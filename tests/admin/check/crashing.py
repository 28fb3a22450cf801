"""What is done in a process that is killed."""

from __future__ import annotations

from typing import Any

import httpx

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._check.job import check


def check_all(client: httpx.Client, *, url: str, key: str, ids: list[str], journal: str) -> dict[str, Any]:
    """Checks with a journal, one after the other."""
    with Tenant(url, api_key=key, http_client=client, retries=0) as tenant:
        return check(tenant, ids, workers=1, journal=journal).to_dict()
