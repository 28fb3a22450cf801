"""Asks a tenant which quirks of the table it shows: `python scripts/quirks_shown.py --tenant URL`, or `--sandbox`.

Sends GETs alone: pages of the list, then some details. With `--check` it also sends checks, POSTs that try connections
and change nothing. Signs in as `Tenant.from_env()` does (`QLIK_API_KEY`, or the two of an OAuth client).

The report names fields and forms, such as `params[].isOptional: a string`; no value, name or id of the tenant, so that
it can be sent on. `--json` writes it for programs.

Exit codes: 0 the report is written, 2 the tenant can't be asked.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from attrs import Factory, define

from qlik_automation_connections import QUIRKS, APIError, APIStatusError, QlikError, Tenant
from qlik_automation_connections.call import Call, UnusableResult
from qlik_automation_connections.pagination import cursor_of
from qlik_automation_connections.quirk_table import Quirk
from qlik_automation_connections_api.api.automation_connections import (
    check_automation_connection,
    get_automation_connections,
)
from qlik_automation_connections_api.types import UNSET
from quirk_signs import SCHEMAS, Sighting, sightings

SEEN: Final = "seen"
NOT_SEEN: Final = "not seen"
UNKNOWN: Final = "can't be told"
EXAMPLES: Final = 6


@define
class Look:
    """What was asked, and the signs in the answers.

    Attributes:
        read: answers by kind: `list` counts the pages, `ended` whether the list's end was reached.
        params: whether a connection with params was read.
        failed: details and checks that no answer came for, by the kind of error.
        signs: how often each was met.
    """

    read: Counter[str] = Factory(Counter)
    params: bool = False
    failed: Counter[str] = Factory(Counter)
    signs: Counter[Sighting] = Factory(Counter)

    def take(self, content: Any, kind: str, *, last_page: bool = False, quirks: Iterable[Quirk] = QUIRKS) -> None:
        """Takes in one answer."""
        self.read[kind] += 1
        self.signs.update(sightings(content, SCHEMAS[kind], last_page=last_page, quirks=quirks))


def _raw(content: Any, exact: bool = False) -> Any:  # noqa: ARG001 - whatever it is
    return content


def _next_cursor(content: Any) -> str | None:
    """The cursor of the next page; None where the answer names none that can be used."""
    try:
        href = content["links"]["next"]["href"]
        return cursor_of(href if isinstance(href, str) else None)
    except (KeyError, TypeError, UnusableResult):
        return None


def _pages(tenant: Tenant, most: int, everybody: bool) -> Iterator[tuple[Any, bool]]:
    """The pages as they came, and whether the list ended with each."""
    cursor: str | None = None
    seen: set[str | None] = set()
    while len(seen) < most and cursor not in seen:
        seen.add(cursor)
        arguments = get_automation_connections.request_arguments(
            cursor=cursor or UNSET, limit=200, list_all=everybody or UNSET
        )
        content = tenant.send(Call("getAutomationConnections", arguments, _raw, verbatim=True))
        cursor = _next_cursor(content)
        yield content, cursor is None
        if cursor is None:
            return


def _chosen(items: Sequence[Any], most: int) -> list[str]:
    """Ids of connections to read singly: of as many connectors as there are, since these differ in their params."""
    waiting: dict[str, list[str]] = {}
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("id"), str) and item["id"].strip():
            waiting.setdefault(str(item.get("connectorId")), []).append(item["id"])
    chosen: list[str] = []
    while len(chosen) < most and any(waiting.values()):
        chosen += [ids.pop(0) for ids in waiting.values() if ids]
    return chosen[:most]


def _reason(error: QlikError) -> str:
    # Its message may name a connection.
    return f"status {error.status_code}" if isinstance(error, APIStatusError) else type(error).__name__


def look(
    tenant: Tenant,
    *,
    pages: int = 3,
    details: int = 20,
    check: bool = False,
    list_all: bool = False,
    quirks: Iterable[Quirk] = QUIRKS,
) -> Look:
    """Reads a part of a tenant and gathers the signs.

    Args:
        tenant: what is asked.
        pages: most pages of the list, of 200 connections each.
        details: most connections that are read singly, and checked.
        check: whether they are checked too.
        list_all: everybody's connections; for administrators.
        quirks: the table of quirks.

    Raises:
        QlikError: the list can't be read.

    Sends one GET a page and a detail (tier 1), and with `check` one POST a detail (tier 2).
    """
    found = Look()
    items: list[Any] = []
    for content, ended in _pages(tenant, pages, list_all):
        found.take(content, "list", last_page=ended, quirks=quirks)
        found.read["ended"] += ended
        if isinstance(content, dict) and isinstance(content.get("data"), list):
            items += content["data"]
    found.read["items"] = len(items)
    for id in _chosen(items, details):
        try:
            document = tenant.connections.get_json(id)
            found.params = found.params or bool(document.get("data", document).get("params"))
            found.take(document, "connection", quirks=quirks)
            if check:
                arguments = check_automation_connection.request_arguments(id)
                answer = tenant.send(Call("checkAutomationConnection", arguments, _raw, id, verbatim=True))
                found.take(answer, "check", quirks=quirks)
        except APIError as error:
            found.failed[_reason(error)] += 1
    return found


def _can_be_told(quirk: Quirk, found: Look) -> bool:
    if quirk.answer == "list":
        return found.read["ended"] > 0
    if quirk.answer == "connection" and "params" in json.loads(quirk.sample):
        return found.params
    return found.read[quirk.answer] > 0


def report(found: Look, quirks: Iterable[Quirk] = QUIRKS) -> dict[str, Any]:
    """Writes down what was seen of each quirk.

    Args:
        found: what was asked, and the signs.
        quirks: the table of quirks.
    """
    names: dict[str | None, list[dict[str, Any]]] = {}
    for sign, count in sorted(found.signs.items(), key=lambda pair: (-pair[1], pair[0].field, pair[0].form)):
        names.setdefault(sign.quirk, []).append({"field": sign.field, "form": sign.form, "count": count})
    rows = []
    for quirk in quirks:
        forms = names.get(quirk.name, [])
        shown = SEEN if forms else NOT_SEEN if _can_be_told(quirk, found) else UNKNOWN
        count = sum(form["count"] for form in forms)
        rows.append({"name": quirk.name, "shown": shown, "count": count, "forms": forms})
    return {
        "asked": {
            "pages": found.read["list"],
            "list_ended": found.read["ended"] > 0,
            "connections_listed": found.read["items"],
            "connections_read": found.read["connection"],
            "checks": found.read["check"],
            "failed": dict(sorted(found.failed.items())),
        },
        "quirks": rows,
        "unexplained": names.get(None, []),
    }


def _forms(forms: Sequence[dict[str, Any]]) -> str:
    texts = [f"{form['field']}: {form['form']} ({form['count']})" for form in forms[:EXAMPLES]]
    more = [f"{len(forms) - EXAMPLES} more"] if len(forms) > EXAMPLES else []
    return "; ".join(texts + more)


def in_words(written: dict[str, Any]) -> str:
    """A report for people."""
    asked = written["asked"]
    lines = [
        f"Read: {asked['pages']} pages with {asked['connections_listed']} connections,"
        f" {asked['connections_read']} connections singly, {asked['checks']} checks."
    ]
    if asked["failed"]:
        lines.append("Not read: " + ", ".join(f"{count} ({why})" for why, count in asked["failed"].items()) + ".")
    width = max((len(row["name"]) for row in written["quirks"]), default=0)
    for row in written["quirks"]:
        shown = f"{SEEN}, {row['count']} times: {_forms(row['forms'])}" if row["forms"] else row["shown"]
        lines.append(f"{row['name']:{width}}  {shown}")
    if written["unexplained"]:
        lines.append(f"No quirk of the table explains: {_forms(written['unexplained'])}")
    return "\n".join(lines)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number, 1 or more")
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--tenant", metavar="URL", help="address of the tenant")
    where.add_argument("--sandbox", action="store_true", help="ask a sandbox")
    parser.add_argument("--all", action="store_true", help="everybody's connections; for administrators")
    parser.add_argument("--pages", type=_positive, default=3, help="most pages of the list [3]")
    parser.add_argument("--details", type=_positive, default=20, help="most connections that are read singly [20]")
    parser.add_argument("--check", action="store_true", help="check those connections too")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    given = parser.parse_args(arguments)
    try:
        written = report(_asked(given))
    except APIError as error:
        print(f"The tenant can't be asked: {_reason(error)} for its list of connections.", file=sys.stderr)
        return 2
    except QlikError as error:
        print(f"The tenant can't be asked: {error}", file=sys.stderr)
        return 2
    print(json.dumps(written, indent=2) if given.json else in_words(written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
