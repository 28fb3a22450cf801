"""`qac demo`: an administrator's morning, through all operations, against an embedded sandbox."""

from __future__ import annotations

import time

import click

from .. import QlikError, Tenant
from .expectations import Expectations, UnmetExpectation
from .morning import Morning
from .sandbox import serving
from .tables import Printout
from .walk import STEPS


@click.command("demo")
def demo_command() -> None:
    """Walk through all operations against an embedded sandbox.

    It starts a pretend tenant on this machine, works on it through the public API alone, and compares all that comes
    with what must come. No real tenant is asked, and none is needed.

    Exit code 0: all came as expected. 1: something did not; it says what. 2: an extra is not installed.
    """
    began = time.monotonic()
    printout = Printout()
    with serving() as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        printout.line("A morning with automation connections", style="bold")
        printout.line("Against an embedded sandbox on this machine, not a real tenant. The API names")
        printout.line("connectors, users and spaces by their ids; their names here are the sandbox's.")
        expect = Expectations(printout.tick)
        morning = Morning(sandbox, tenant, printout, expect)
        number = 0
        try:
            for number, step in enumerate(STEPS, start=1):
                printout.heading(number, step.title, step.code)
                step.run(morning)
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
        printout.line()
        printout.line(
            f"All as expected: {number} steps, {len(sandbox.ledger)} requests, {expect.met} checks,"
            f" {time.monotonic() - began:.1f} s.",
            style="bold green",
        )
        printout.line("It ran against the embedded sandbox, not a real tenant.")
