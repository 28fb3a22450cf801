"""Asks a tenant which quirks of the table it shows: `python scripts/quirks_shown.py --tenant URL`, or `--sandbox`.

No kept tool knows the table. Sends GETs alone: pages of the list, then some details. With `--check` it also sends
checks, POSTs that try connections and change nothing. Signs in as `Tenant.from_env()` does.

The report names fields, such as `AutomationConnectionParamObject.isOptional`; no value, name or id of the tenant, so
that it can be sent on. `--json` writes it for programs.

Exit codes: 0 the report is written, 2 the tenant can't be asked.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice, zip_longest
from typing import Any, Final

from attrs import Factory, define

from qlik_automation_connections import (
    QUIRKS,
    APIError,
    APIStatusError,
    ConnectionSummary,
    QlikError,
    Tenant,
    UnreadableValueWarning,
)

# A key that looks like an identifier of something, or like text, may say whose tenant it is.
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_]{0,39}[0-9]{0,2}")


@define
class Look:
    """What was asked, and what it showed.

    Attributes:
        read: Responses by kind: `list` counts the pages, `items` the connections in them.
        ended: Whether the list's end was reached.
        failed: Details and checks without a usable response, by the kind of error.
        quirks: Fields by the quirk that they showed.
    """

    read: Counter[str] = Factory(Counter)
    ended: bool = False
    failed: Counter[str] = Factory(Counter)
    quirks: dict[str, frozenset[str]] = Factory(dict)


def _chosen(items: Iterable[ConnectionSummary], most: int) -> list[str]:
    """Return ids of as many connectors as possible, since these differ in their params."""
    by_connector: dict[str | None, list[str]] = {}
    for item in items:
        if item.id is not None and item.id.strip():
            by_connector.setdefault(item.connector_id, []).append(item.id)
    return list(islice(filter(None, chain(*zip_longest(*by_connector.values()))), most))


def _reason(error: QlikError) -> str:
    # Its message may name a connection.
    return f"status {error.status_code}" if isinstance(error, APIStatusError) else type(error).__name__


def look(tenant: Tenant, *, pages: int = 3, details: int = 20, check: bool = False, list_all: bool = False) -> Look:
    """Read a part of a tenant, and note which quirks its responses show.

    Sends one GET a page and a detail (tier 1), and with `check` one POST a detail (tier 2).

    Args:
        tenant: The tenant.
        pages: At most so many pages of the list, of 200 connections each.
        details: At most so many connections are read singly, and checked.
        check: Whether they are checked too.
        list_all: Whether to list everybody's connections; for administrators.

    Raises:
        QlikError: The list can't be read.
    """
    # What they say is in the report, without the ids that they name.
    warnings.simplefilter("ignore", UnreadableValueWarning)
    found = Look()
    items: list[ConnectionSummary] = []
    for page in islice(tenant.connections.list(list_all=list_all).pages(), pages):
        found.read["list"] += 1
        found.ended = page.next_cursor is None
        items += page.items
    found.read["items"] = len(items)
    for id in _chosen(items, details):
        try:
            tenant.connections.get(id)
            found.read["connection"] += 1
            if check:
                tenant.connections.check(id)
                found.read["check"] += 1
        except APIError as error:
            found.failed[_reason(error)] += 1
    found.quirks = tenant.quirks_seen
    return found


def _shown(field: str) -> str:
    schema, _, name = field.rpartition(".")
    return field if _PLAIN_NAME.fullmatch(name.removesuffix("[]")) or not schema else f"{schema}.(a name not shown)"


def report(found: Look) -> dict[str, Any]:
    """Return what was asked, and what was seen of each quirk of the table, as JSON."""
    can_be_told = {"list": found.ended, "connection": found.read["connection"], "check": found.read["check"]}
    rows = []
    for quirk in QUIRKS:
        fields = sorted({_shown(field) for field in found.quirks.get(quirk.name, ())})
        shown = "seen" if fields else "not seen" if can_be_told.get(quirk.response) else "can't be told"
        rows.append({"name": quirk.name, "shown": shown, "fields": fields})
    asked: dict[str, Any] = {
        "pages": found.read["list"],
        "list_ended": found.ended,
        "connections_listed": found.read["items"],
    }
    asked |= {"connections_read": found.read["connection"], "checks": found.read["check"]}
    asked |= {"failed": dict(sorted(found.failed.items()))}
    return {"asked": asked, "quirks": rows}


def as_text(written: dict[str, Any]) -> str:
    """Format a report for people."""
    asked = written["asked"]
    lines = [
        f"Read: {asked['pages']} pages with {asked['connections_listed']} connections,"
        f" {asked['connections_read']} connections singly, {asked['checks']} checks."
    ]
    if asked["failed"]:
        lines.append("Not read: " + ", ".join(f"{count} ({why})" for why, count in asked["failed"].items()) + ".")
    lines += [f"{row['name']:24}{row['shown']:15}{', '.join(row['fields'])}".rstrip() for row in written["quirks"]]
    return "\n".join(lines)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a number, 1 or more")
    return int(text)


def _asked(given: argparse.Namespace) -> Look:
    options = {"pages": given.pages, "details": given.details, "check": given.check, "list_all": given.all}
    if given.sandbox:
        from qlik_automation_connections.sandbox import Sandbox

        with Sandbox() as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
            return look(tenant, **options)
    with Tenant.from_env({**os.environ, "QLIK_TENANT_URL": given.tenant}) as tenant:
        return look(tenant, **options)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--tenant", metavar="URL", help="address of the tenant")
    where.add_argument("--sandbox", action="store_true", help="ask a sandbox")
    parser.add_argument("--all", action="store_true", help="everybody's connections; for administrators")
    parser.add_argument("--pages", type=_positive, default=3, help="at most so many pages of the list [3]")
    parser.add_argument("--details", type=_positive, default=20, help="at most so many connections read singly [20]")
    parser.add_argument("--check", action="store_true", help="check those connections too")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    given = parser.parse_args(arguments)
    try:
        written = report(_asked(given))
    except QlikError as error:
        why = f"{_reason(error)} for its list of connections." if isinstance(error, APIError) else error
        print(f"The tenant can't be asked: {why}", file=sys.stderr)
        return 2
    print(json.dumps(written, indent=2) if given.json else as_text(written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
