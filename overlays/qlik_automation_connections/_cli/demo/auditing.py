"""The last step of the first act: an audit, with its report."""

from __future__ import annotations

from collections import Counter

from ... import admin
from ...admin._files import write_text
from .morning import Morning
from .steps import Step

_MOST_OWNERS = 5


def _audit(morning: Morning) -> None:
    expect, printout = morning.expect, morning.printout
    requests = len(morning.sandbox.ledger)
    report = admin.audit(morning.tenant, list_all=True, names=morning.names())
    requests = len(morning.sandbox.ledger) - requests
    summary = report.summary()
    found = Counter(finding.code for finding in report.findings)
    printout.table(("Finding", "Connections"), [(code, str(number)) for code, number in found.most_common()])
    owners = report.counts()["owner"][:_MOST_OWNERS]
    printout.table(
        ("Owner", "Connections", "Not connected", "Findings"),
        [(f"{count.name}", str(count.connections), str(count.not_connected), str(count.findings)) for count in owners],
    )
    page = admin.html_report(report.to_dict())
    size = f"{len(page.encode()) // 1024} kB"
    if morning.report is None:
        printout.note(f"The report is a page of {size}, to be opened in a browser; --report FILE keeps it.")
    else:
        write_text(morning.report, page, overwrite=True)
        printout.note(f"The report, to be opened in a browser ({size}):")
        printout.note(str(morning.report))
    held = morning.held().values()
    expect.equal("it has every connection, in two requests", (summary["connections"], requests), (len(held), 2))
    expect.equal(
        "those that are not connected are found",
        sorted(finding.connection_id or "" for finding in report.of_code("not-connected")),
        sorted(document["id"] for document in held if not document["isConnected"]),
    )
    same = Counter((document["name"], document["ownerId"], document["connectorId"]) for document in held)
    managed = {connector.id for connector in morning.sandbox.connectors if connector.managed}
    expect.equal(
        "those that share owner, connector and name are found",
        len(report.of_code("duplicate")),
        sum(number for (_, _, connector), number in same.items() if number > 1 and connector not in managed),
    )
    expect.equal("nothing changed since itself", admin.compare_audits(report, report).appeared, [])


AUDIT: Step[Morning] = Step(
    "Audit what is left, with a report to open in a browser",
    ("report = admin.audit(tenant, list_all=True, names=names)", "admin.html_report(report.to_dict())"),
    _audit,
)
