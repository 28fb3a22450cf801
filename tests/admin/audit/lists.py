"""Lists that a service sends, page by page, and connections and audits to spell out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from jsonschema import Draft202012Validator

from core.scripted import tenant as scripted
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import AuditedConnection, AuditReport
from qlik_automation_connections.admin._audit.findings import find

NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCHEMA: Final = Draft202012Validator(
    json.loads((Path(__file__).parents[3] / "docs/schemas/audit.schema.json").read_text(encoding="utf-8"))
)


def valid(report: AuditReport) -> dict[str, Any]:
    """The report as JSON, which its schema allows."""
    document: dict[str, Any] = json.loads(json.dumps(report.to_dict()))
    SCHEMA.validate(document)
    return document


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def connection(id: str = "c-1", **fields: Any) -> AuditedConnection:
    """A connection with nothing to be found, but for what is given."""
    return AuditedConnection(
        **{
            "id": id,
            "name": f"name of {id}",
            "connector_id": "k-1",
            "connector": None,
            "owner_id": "u-1",
            "owner": None,
            "space_id": "s-1",
            "space": None,
            "created_at": days_ago(10),
            "updated_at": days_ago(10),
            "is_connected": True,
            "managed": False,
            **fields,
        }
    )


def report(*connections: AuditedConnection, **fields: Any) -> AuditReport:
    """An audit of these connections, with what is found about them."""
    listed = list(connections)
    found = find(listed, now=NOW, untouched_days=365, active_users=None, inactive_users={})
    return AuditReport(
        **{
            "tenant": "https://acme.example",
            "made_at": NOW,
            "list_all": True,
            "untouched_days": 365,
            "active_users": None,
            "connections": listed,
            "findings": found,
            **fields,
        }
    )


class Listing:
    """A service that has pages to give.

    Args:
        pages: the items of each page, or an answer in place of one.

    Attributes:
        asked: cursors that were asked for; None for the first page.
    """

    def __init__(self, *pages: list[Any] | httpx.Response) -> None:
        self._pages = pages
        self.asked: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        self.asked.append(cursor)
        number = int(cursor or 0)
        page = self._pages[number]
        if isinstance(page, httpx.Response):
            return httpx.Response(page.status_code, headers=page.headers, content=page.content)
        following = number + 1
        href = f"https://x.example/?cursor={following}" if following < len(self._pages) else None
        # Written with escapes, for half a surrogate pair can't be sent otherwise.
        content = json.dumps({"data": page, "links": {"next": {"href": href}}})
        return httpx.Response(200, headers={"content-type": "application/json"}, content=content)

    def tenant(self, **options: Any) -> Tenant:
        return scripted(self, **options)
