"""`qac demo` itself."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from ... import QlikError, Tenant
from ...admin._files import refuse_existing
from ..sandbox import serving
from ..tables import Printout
from .expectations import Expectations, UnmetExpectation
from .morning import Morning
from .move import MOVE_STEPS, Move
from .steps import StageT, Step
from .walk import STEPS


def _play(stage: StageT, steps: Sequence[Step[StageT]], printout: Printout, begin: int) -> int:
    """Runs the steps of an act; the number of the last one.

    Raises:
        Exit: something did not come as expected; it says what.
    """
    number = begin
    try:
        for number, step in enumerate(steps, start=begin + 1):
            printout.heading(number, step.title, step.code)
            step.run(stage)
    except UnmetExpectation as unmet:
        printout.line()
        printout.line(f"Step {number} is not as expected: {unmet.statement}", style="bold red")
        printout.line(f"  expected: {unmet.expected}")
        printout.line(f"  came:     {unmet.came}")
        raise click.exceptions.Exit(1) from None
    except QlikError as error:
        printout.line()
        printout.line(f"Step {number} failed: {type(error).__name__}: {error}", style="bold red")
        raise click.exceptions.Exit(1) from None
    return number


@click.command("demo")
@click.option("--report", metavar="FILE", help="Keep the audit's report, in this file.")
@click.option("--overwrite", is_flag=True, help="Let --report replace a file.")
def demo_command(report: str | None, overwrite: bool) -> None:
    """Walk through all operations against an embedded sandbox.

    It starts fake tenants on this machine, works on them through the public API alone, and compares all that comes
    with what must come: in a first act every operation and an audit, in a second one a move from a development tenant
    to production. No real tenant is asked, and none is needed.

    Exit code 0: all came as expected. 1: something did not; it says what. 2: an extra is not installed.
    """
    began = time.monotonic()
    printout = Printout()
    expect = Expectations(printout.tick)
    if report is not None:
        refuse_existing(Path(report), overwrite=overwrite)
    with tempfile.TemporaryDirectory(prefix="qac-demo-") as name:
        folder = Path(name)
        with serving() as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
            printout.line("A morning with automation connections", style="bold")
            printout.line("Against an embedded sandbox on this machine, not a real tenant. The API names")
            printout.line("connectors, users and spaces by their ids; their names here are the sandbox's.")
            morning = Morning(sandbox, tenant, printout, expect, None if report is None else Path(report))
            number = _play(morning, STEPS, printout, 0)
            requests = len(sandbox.ledger)
        with (
            serving(connections=24, name="development") as development,
            serving(connections=4, name="production") as production,
            Tenant(development.url, api_key=development.api_key) as source,
            Tenant(production.url, api_key=production.api_key) as target,
        ):
            printout.line()
            printout.line("An afternoon: from development to production", style="bold")
            printout.line("Two sandboxes, whose users, spaces and connections have different ids.")
            move = Move(development, production, source, target, folder, printout, expect)
            number = _play(move, MOVE_STEPS, printout, number)
            requests += len(development.ledger) + len(production.ledger)
    printout.line()
    printout.line(
        f"All as expected: {number} steps, {requests} requests, {expect.met} checks, {time.monotonic() - began:.1f} s.",
        style="bold green",
    )
    printout.line("It ran against the embedded sandbox, not a real tenant.")
