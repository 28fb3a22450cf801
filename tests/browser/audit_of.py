"""Audits for the tests: small ones to spell out, and one of any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

MADE_AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
AGES = [
    ("0-30", "up to 30 days"),
    ("31-90", "31 to 90 days"),
    ("91-365", "91 to 365 days"),
    ("366-730", "366 to 730 days"),
    ("over-730", "over 730 days"),
    ("unknown", "unknown"),
]


def connection(id: str, name: str | None = None, **fields: Any) -> dict[str, Any]:
    """A connection of an audit; what is not given is as on a connection that is well."""
    return {
        "id": id,
        "name": name,
        "connector_id": "k-1",
        "connector": "Slack",
        "owner_id": "u-1",
        "owner": "Ada",
        "space_id": None,
        "space": None,
        "created_at": "2025-01-01T00:00:00+00:00",
        "updated_at": "2026-11-01T00:00:00+00:00",
        "is_connected": True,
        "managed": False,
        **fields,
    }


def finding(
    connection_id: str, code: str = "not-connected", sentence: str = "It is so.", **fields: Any
) -> dict[str, Any]:
    """A finding of an audit."""
    return {"code": code, "severity": "error", "connection_id": connection_id, "sentence": sentence, **fields}


def _age(row: dict[str, Any]) -> str:
    if row["updated_at"] is None:
        return "unknown"
    days = (MADE_AT - datetime.fromisoformat(row["updated_at"])).days
    return AGES[sum(days > last for last in (30, 90, 365, 730))][0]


def _count(rows: Iterable[dict[str, Any]], found: Counter[str]) -> dict[str, int]:
    rows = list(rows)
    return {
        "connections": len(rows),
        "not_connected": sum(row["is_connected"] is False for row in rows),
        "findings": sum(found[row["id"]] for row in rows),
    }


def audit(
    connections: list[dict[str, Any]], findings: list[dict[str, Any]] | None = None, **fields: Any
) -> dict[str, Any]:
    """The JSON form of an audit of these connections, its figures counted."""
    findings = findings or []
    found = Counter(entry["connection_id"] for entry in findings)
    counts: dict[str, list[dict[str, Any]]] = {
        "age": [
            {"id": id, "name": name, **_count((row for row in connections if _age(row) == id), found)}
            for id, name in AGES
        ]
    }
    for facet in ("connector", "owner", "space"):
        groups: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
        for row in connections:
            groups.setdefault((row[f"{facet}_id"], row[facet]), []).append(row)
        counts[facet] = [{"id": id, "name": name, **_count(rows, found)} for (id, name), rows in groups.items()]
    states = Counter(row["is_connected"] for row in connections)
    return {
        "format": "qlik-automation-connections/audit",
        "version": 1,
        "tenant": "https://acme.eu.qlikcloud.com",
        "made_at": MADE_AT.isoformat(),
        "list_all": True,
        "untouched_days": 365,
        "active_users": None,
        "summary": {
            "connections": len(connections),
            "connected": states[True],
            "not_connected": states[False],
            "unknown": states[None],
            "managed": sum(row["managed"] for row in connections),
            "findings": len(findings),
            "with_findings": len(found),
        },
        "counts": counts,
        "connections": connections,
        "findings": findings,
        "changes": None,
        **fields,
    }


CONNECTORS = [
    "Slack",
    "Microsoft Outlook 365",
    "SMTP",
    "Amazon S3",
    "Salesforce",
    "ServiceNow",
    "Google Sheets",
    "Jira",
]
OWNERS = [
    "Ada Lovelace",
    "Jürgen Groß",
    "Noor Haddad",
    "Œuvre Dupont",
    "李小龍",
    "María-José Núñez",
    "Bo",
    "Zoë Okafor",
]


def many(count: int) -> dict[str, Any]:
    """An audit of so many connections that differ as on a tenant, with findings; the same every time."""
    connections = []
    findings = []
    for number in range(count):
        mixed = number * 2654435761 % 2**32
        id = f"{mixed:08x}-{number % 65536:04x}-4a1b-9c2d-{number:012x}"
        connector = mixed % 24
        owner = mixed // 7 % max(12, count // 25)
        space = mixed // 11 % 30
        updated = MADE_AT - timedelta(seconds=mixed % (3 * 365 * 86400))
        created = updated - timedelta(days=mixed % 400)
        name = f"{CONNECTORS[connector % 8]} of team {mixed % 977}" if number % 50 else None
        row = connection(
            id,
            name,
            connector_id=f"c0ffee00-0000-4000-8000-{connector:012x}",
            connector=f"{CONNECTORS[connector % 8]}{' ' + str(connector // 8) if connector >= 8 else ''}",
            owner_id=f"64f1a2b3c4d5e6f7{owner:08x}",
            owner=f"{OWNERS[owner % 8]}{' ' + str(owner // 8) if owner >= 8 else ''}" if owner % 9 else None,
            space_id=None if space < 8 else f"61e0a9b8c7d6e5f4{space:08x}",
            space=None if space < 8 else f"Space {space}",
            created_at=None if number % 97 == 3 else created.isoformat(),
            updated_at=None if number % 97 == 3 else updated.isoformat(),
            is_connected=None if number % 45 == 13 else mixed % 6 != 0,
            managed=number % 40 == 9,
        )
        connections.append(row)
        said = f'"{name}"' if name else id
        days = (MADE_AT - updated).days
        if row["is_connected"] is False:
            findings.append(finding(id, sentence=f"{said} is not connected; its connector is {row['connector']}."))
        if row["updated_at"] and days > 365:
            text = f"{said} was last updated on {updated:%Y-%m-%d}, {days} days ago."
            findings.append(finding(id, "untouched", text, severity="warning"))
        if space < 8:
            text = f"{said} is in the personal space of {row['owner'] or row['owner_id']}."
            findings.append(finding(id, "personal-space", text, severity="notice"))
        if mixed % 5 == 1 and number:
            text = f"{said} has the connector and the name of {connections[number // 2]['id']}."
            findings.append(finding(id, "duplicate", text, severity="warning"))
        if owner % 4 == 1:
            text = f"{said} belongs to {row['owner'] or row['owner_id']}, who is not an active user."
            findings.append(finding(id, "inactive-owner", text, severity="error"))
        if row["updated_at"] is None:
            findings.append(
                finding(id, "unknown-timestamp", f"It is not known when {said} was updated.", severity="notice")
            )
    return audit(connections, findings)
