"""`qac remap`: rewrites connections' ids in exported automations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .confirm import confirmed
from .exit_codes import Exit, finish
from .interrupting import interruptible_command
from .output import print_json
from .progress import bar

if TYPE_CHECKING:
    from ..admin._remap.report import FileReport, RemapReport

_MOST_SHOWN = 50
_STATUS = {"changed": "would change", "no-automation": "no automation"}


def is_interactive() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _left_in(file: FileReport) -> Iterator[tuple[str, str]]:
    """What is left to a person in a file: where, and what."""
    if file.error is not None:
        yield file.name, file.error
    found = [
        *((each, f"no new id for {each.id}", each.block_name) for each in file.unmapped),
        *((each, f"{each.reason} where an id should be", each.block_name) for each in file.unresolved),
        *((each, "an executionToken that is no automation's own", None) for each in file.tokens_left),
        *((each, f"{'a key' if each.in_key else 'text'} mentions {each.id}", None) for each in file.mentions),
    ]
    for place, what, block in sorted(found, key=lambda each: (each[0].line, each[0].column)):
        in_block = f', block "{block}"' if block else ""
        yield f"{file.name}:{place.line}:{place.column}", f"{what}{in_block}"


def _status(file: FileReport, report: RemapReport) -> str:
    if file.status == "changed" and report.mode != "dry-run":
        return "changed"
    return _STATUS.get(file.status, file.status)


def _summary(report: RemapReport) -> str:
    totals = report.totals
    would = "would be " if report.mode == "dry-run" else ""
    parts = [
        f"{totals.files} file{'' if totals.files == 1 else 's'}",
        f"{totals.changed} {would}changed",
        f"references {would}rewritten: {totals.replaced}",
        f"tokens {would}removed: {totals.tokens_stripped}",
    ]
    if totals.failed:
        parts.append(f"{totals.failed} failed")
    return "; ".join(parts) + "."


def _show(report: RemapReport, *, diff: bool) -> None:
    from .._text import printable
    from .tables import Printout

    printout = Printout(widest=80, indent=0)
    if diff:
        for file in report.files:
            # As it is, however wide: lines of a diff that were broken would read as others.
            click.echo(file.diff, nl=False)
        printout.line()
    counts = ("References", "Tokens", "Unmapped", "Already")
    rows = [
        [
            printable(file.name),
            _status(file, report),
            *(str(n) for n in (len(file.replaced), file.tokens_stripped, len(file.unmapped), len(file.already))),
        ]
        for file in report.files
    ]
    printout.rows(["File", "Status", *counts], rows, whole=["File"])
    printout.line()
    printout.line(_summary(report))
    left = [each for file in report.files for each in _left_in(file)]
    if left:
        printout.line()
        printout.line("Left to you:")
        cells = [[printable(where), printable(what)] for where, what in left[:_MOST_SHOWN]]
        printout.rows(["File, line, column", "What"], cells, whole=["File, line, column", "What"])
        if len(left) > _MOST_SHOWN:
            printout.line(f"And {len(left) - _MOST_SHOWN} more: --json lists them all.")
    for shared in report.not_one_to_one:
        printout.line(printable(f"Not one-to-one, so no map undoes it: {', '.join(shared.old)} become {shared.new}."))
    for link in report.not_followed:
        printout.line(printable(f"A symbolic link, not followed: {link}"))


def _as_json(report: RemapReport, *, diff: bool) -> None:
    document = report.to_dict()
    if not diff:
        files = document["files"]
        assert isinstance(files, list)
        for file in files:
            assert isinstance(file, dict)
            del file["diff"]
    print_json(document)


def _code(report: RemapReport, *, check: bool) -> Exit:
    if check:
        return Exit.FINE if report.is_complete else Exit.FAILED
    totals = report.totals
    if not totals.failed:
        return Exit.FINE
    return Exit.IN_PART if totals.written else Exit.FAILED


@click.command("remap")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--id-map", metavar="FILE", required=True, help="JSON object of old ids and new ones.")
@click.option("--output", metavar="DIR", help="Write all files below this folder, under the same names.")
@click.option("--overwrite", is_flag=True, help="With --output: replace files there that differ.")
@click.option("--in-place", is_flag=True, help="Write changed files over the old ones.")
@click.option("--yes", "-y", is_flag=True, help="With --in-place: do not ask.")
@click.option("--diff", is_flag=True, help="Show each change; with --json, include it.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if something is to be done first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def remap_command(
    paths: tuple[str, ...],
    id_map: str,
    output: str | None,
    overwrite: bool,
    in_place: bool,
    yes: bool,
    diff: bool,
    check: bool,
    as_json: bool,
) -> None:
    """Rewrite connections' ids in exported automations.

    PATH is a JSON file, or a folder with *.json files in it and below. Ids are rewritten where workspaces refer to
    connections, execution tokens are removed, and nothing else changes. Ids in text, references that the map does not
    have, and tokens that are no automation's own, are listed and left to you. No tenant is asked.

    Without --output and --in-place it is a dry run.

    Exit code 0: done. 1: a file failed, or with --check one would change, an id has no new one, or a token is left. 2:
    wrong usage. 5: some files were written, and some failed.
    """
    from ..admin._remap.id_map import read_id_map
    from ..admin._remap.job import remap

    if check and (output is not None or in_place):
        raise click.UsageError("--check writes nothing: leave out --output and --in-place.")
    if yes and not in_place:
        raise click.UsageError("--yes goes with --in-place; nothing else asks.")
    ids = read_id_map(id_map)

    def run(*, write: bool) -> RemapReport:
        # In this order: the bar is gone when it is said that the command was stopped.
        with interruptible_command("Stopped. What was written stays; the same command does the rest.") as interrupt:  # noqa: SIM117
            with bar("remap") as shown:
                return remap(
                    paths,
                    ids,
                    output=output,
                    in_place=write and in_place,
                    overwrite=overwrite,
                    on_progress=shown.on_progress,
                    cancel=interrupt.event,
                )

    if in_place and not yes:
        if not is_interactive():
            raise click.UsageError("Nobody is there to be asked whether to write over files: say --yes.")
        if output is None:
            plan = run(write=False)
            if plan.totals.changed:
                if not as_json:
                    _show(plan, diff=diff)
                count = plan.totals.changed
                confirmed(f"Rewrite {count} file{'' if count == 1 else 's'}", dry_run=False, yes=False)
    report = run(write=True)
    if as_json:
        _as_json(report, diff=diff)
    else:
        _show(report, diff=diff and (yes or not in_place))
        if report.mode == "dry-run":
            click.echo("\nA dry run: nothing was written." if not check else "\nNothing was written.", err=True)
    finish(_code(report, check=check))
