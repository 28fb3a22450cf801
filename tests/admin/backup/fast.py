"""A tenant without requests: it makes up as many connections as it is told to, and keeps none."""

from __future__ import annotations

import uuid
from typing import Any, cast

from qlik_automation_connections import ConnectionSummary, Page, Pager, Tenant

_NAMESPACE = uuid.UUID("5d8a0d0a-7d0c-4f0e-9f6e-0a3b1c2d4e5f")


class _Connections:
    def __init__(self, count: int) -> None:
        self._count = count

    def list(self, *, limit: int, cursor: str | None = None, **_: object) -> Pager[ConnectionSummary]:
        def fetch(cursor: str | None) -> Page[ConnectionSummary]:
            start = int(cursor or 0)
            end = min(start + limit, self._count)
            items = [ConnectionSummary(id=str(uuid.uuid5(_NAMESPACE, str(number)))) for number in range(start, end)]
            return Page(items, str(end) if end < self._count else None)

        return Pager(fetch, cursor, RuntimeError)

    def get_json(self, id: str) -> dict[str, Any]:
        params = [
            {
                "id": f"{id}/{name}",
                "name": name,
                "value": f"secret of {id}",
                "fieldType": "string",
                "isOptional": "false",
            }
            for name in ("host", "user", "password", "path")
        ]
        return {"id": id, "name": f"connection {id}", "connectorId": "c", "error": [], "params": params, "spaceId": ""}


class _FastTenant:
    url = "https://fast.example.com"
    is_closed = False

    def __init__(self, count: int) -> None:
        self.connections = _Connections(count)


def fast_tenant(count: int) -> Tenant:
    """A tenant with so many connections."""
    return cast(Tenant, _FastTenant(count))
