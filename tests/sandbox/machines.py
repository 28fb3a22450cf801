"""Signs in as an OAuth client that acts for itself."""

from __future__ import annotations

import httpx

from qlik_automation_connections.sandbox import Sandbox


def machine(sandbox: Sandbox, scope: str | None = None) -> dict[str, str]:
    """Headers of the sandbox's OAuth client; its scope is admin.automations unless another one is asked for."""
    body = {"grant_type": "client_credentials", "client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    asked = body if scope is None else {**body, "scope": scope}
    token = httpx.post(f"{sandbox.url}/oauth/token", json=asked, verify=False, trust_env=False).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}
