"""`qac doctor`: find out how a tenant differs from what is expected."""

from __future__ import annotations

import click

from .._text import counted
from ..admin import Diagnosis, diagnose
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, finish
from .help import Command, number
from .output import Column, Form, print_json, print_table, prints, say
from .running import running
from .selection import ALL

_COLUMNS = (
    Column("Name", "name", most=30),
    Column("Result", "result"),
    Column("Detail", "detail", wrap=True, least=20),
)
_QUIRK_COLUMNS = (
    Column("Quirk", "name", most=22),
    Column("Result", "result"),
    Column("Fields", lambda item: ", ".join(item["fields"]), wrap=True, least=20),
)
_FACT_COLUMNS = (
    Column("Fact", "fact", wrap=True, least=20),
    Column("Result", "result"),
    Column("Detail", "detail", wrap=True, least=10),
)


def _code(found: Diagnosis) -> Exit:
    results = {item.name: item.result for item in found.observations}
    if found.rights:
        return Exit.FAILED if found.problems else Exit.FINE
    return Exit.UNREACHABLE if results["address"] == "problem" else Exit.SIGN_IN_REFUSED


def _print(found: Diagnosis) -> None:
    shown = found.to_dict()
    say(f"qlik-automation-connections {found.release}, Python {found.python}, {found.system}")
    say()
    print_table(shown["observations"], _COLUMNS)
    if not found.rights:
        return
    read = {"listed": "listed", "connections": "read", "checks": "checked"}
    counts = ", ".join(f"{found.asked[kind]:,} {word}" for kind, word in read.items() if found.asked.get(kind))
    for title, rows, columns in (
        ("What you may read", shown["rights"], _COLUMNS),
        (f"Quirks (connections: {counts or 'none'})", shown["quirks"], _QUIRK_COLUMNS),
        ("Inferred facts", shown["facts"], _FACT_COLUMNS),
    ):
        say()
        say(title, style="bold")
        print_table(rows, columns)
    say()
    failed = ", ".join(f"{count:,} ({why})" for why, count in found.failed.items())
    say(f"{counted(found.requests, 'request')}. {f'Could not be read: {failed}.' if failed else ''}".rstrip())


@click.command("doctor", cls=Command)
@ALL
@click.option(
    "--max",
    "most",
    type=number(1, 1000),
    default=20,
    show_default=True,
    metavar="NUMBER",
    help="How many connections, and how many automations, to read singly.",
)
@click.option("--check", is_flag=True, help="Also test these connections, which takes POST requests.")
@prints("json")
@signs_in
def doctor_command(access: Access, list_all: bool, most: int, check: bool, form: Form) -> None:
    """Find out how a tenant differs from what is expected.

    Looks at the address, TLS, the sign-in, the clock and rate limits, at what you may read, at the quirks of the
    tenant's responses, and at facts that are only inferred. It changes nothing, and prints no name, id or value of the
    tenant, so that you can publish it, such as with a report of a bug.

    Exit codes: 0 no problems; 1 problems; 3 sign-in refused; 6 the tenant can't be reached.

    Examples:
        qac doctor
        qac doctor --all --json
    """
    with access.open() as opened, running("Doctor") as run:
        # Of a tenant where everything fails, there is much to try in vain.
        tenant = opened.tenant.with_options(retries=1)
        found = diagnose(tenant, most=most, list_all=list_all, check=check, on_progress=run.on_progress)
    if form == "json":
        print_json(found.to_dict())
    else:
        _print(found)
    finish(_code(found))
