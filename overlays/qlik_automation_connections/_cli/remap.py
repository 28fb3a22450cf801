"""`qac remap`: rewrite connection ids in exported automations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click
from attrs import evolve

from .._text import counted, printable
from ..admin import FileReport, RemapReport, read_id_map, remap
from ..admin._remap.report import Mention
from .confirm import confirmed, is_interactive
from .exit_codes import Exit, Failed, finish
from .format import ID
from .help import Command
from .output import Column, Form, print_json, print_table, prints, say
from .running import running

_MOST_SHOWN: Final = 50
_WHERE: Final = Column("File, line, column", "where", wrap=True)
_LEFT_COLUMNS: Final = (_WHERE, Column("What", "what", wrap=True))
_MANAGED_COLUMNS: Final = (_WHERE, evolve(ID, heading="Old id", value="old"), evolve(ID, heading="New id", value="new"))


def _mentioning(mention: Mention) -> str:
    where = "a key" if mention.in_key else "a block's field" if mention.in_field else "text"
    return f"{where} {'holds' if mention.in_field else 'mentions'}"


def _left_in(file: FileReport) -> Iterator[dict[str, str]]:
    """Yield what the user has to handle in a file, with its place."""
    if file.error is not None:
        yield {"where": file.name, "what": file.error}
    found = [
        *((each, f"no new id for {each.id}", each.block_name) for each in file.unmapped),
        *((each, f"{each.reason} where an id should be", each.block_name) for each in file.unresolved),
        *((each, "an executionToken that does not belong to an automation", None) for each in file.tokens_left),
        *((each, f"can't be read: {each.reason}; export it again", each.block_name) for each in file.unreadable),
        *((each, f"{_mentioning(each)} {each.id}", None) for each in file.mentions),
    ]
    for place, what, block in sorted(found, key=lambda each: (each[0].line, each[0].column)):
        in_block = f', block "{block}"' if block else ""
        yield {"where": f"{file.name}:{place.line}:{place.column}", "what": f"{what}{in_block}"}


def _columns(report: RemapReport) -> tuple[Column, ...]:
    changed = "would change" if report.mode == "dry-run" else "changed"
    words = {"changed": changed, "no-automation": "no automation"}
    return (
        Column("File", "name", wrap=True),
        Column("Status", lambda item: words.get(item["status"], item["status"])),
        Column("References", lambda item: len(item["replaced"]), spare=2),
        Column("Tokens", "tokens_stripped", spare=3),
        Column("Unmapped", lambda item: len(item["unmapped"]), spare=1),
        Column("Already", lambda item: len(item["already"]), spare=4),
    )


def _summary(report: RemapReport) -> str:
    totals = report.summary
    would = "would be " if report.mode == "dry-run" else ""
    parts = [
        counted(totals.files, "file"),
        f"{totals.changed} {would}changed",
        f"references {would}rewritten: {totals.replaced}",
        f"tokens {would}removed: {totals.tokens_stripped}",
    ]
    if totals.repairs:
        parts.append(f"lists {would}repaired: {totals.repairs}")
    if totals.failed:
        parts.append(f"{totals.failed} failed")
    return "; ".join(parts) + "."


def _show_some(title: str, rows: list[dict[str, str]], columns: tuple[Column, ...]) -> None:
    if rows:
        say()
        say(title)
        print_table(rows[:_MOST_SHOWN], columns)
        if len(rows) > _MOST_SHOWN:
            say(f"And {len(rows) - _MOST_SHOWN} more: --json lists them all.")


def _show(report: RemapReport, *, diff: bool) -> None:
    if diff:
        for file in report.files:
            # Wrapped lines would make the diff ambiguous.
            click.echo(file.diff, nl=False)
        say()
    print_table(_document(report)["files"], _columns(report))
    say()
    say(_summary(report))
    managed = [
        {"where": f"{file.name}:{each.line}:{each.column}", "old": each.old, "new": each.new or "null"}
        for file in report.files
        for each in file.managed
    ]
    _show_some("Connections that the service manages itself:", managed, _MANAGED_COLUMNS)
    left = [each for file in report.files for each in _left_in(file)]
    _show_some("Left for you to handle:", left, _LEFT_COLUMNS)
    for shared in report.not_one_to_one:
        say(printable(f"Not one-to-one, so no map can undo it: {', '.join(shared.old)} become {shared.new}."))
    for link in report.not_followed:
        say(printable(f"Symbolic link not followed: {link}"))


def _document(report: RemapReport, *, diff: bool = False) -> dict[str, Any]:
    document: dict[str, Any] = report.to_dict()
    if not diff:
        for file in document["files"]:
            del file["diff"]
    return document


def _code(report: RemapReport, *, check: bool) -> Exit:
    if check:
        return Exit.FINE if report.is_complete else Exit.FAILED
    if not report.summary.failed:
        return Exit.FINE
    return Exit.IN_PART if report.summary.written else Exit.FAILED


@click.command("remap", cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--id-map", metavar="FILE", required=True, help="JSON that maps old ids to new ones.")
@click.option("--output", metavar="DIR", help="Write all files to this folder, under the same names.")
@click.option("--overwrite", is_flag=True, help="With --output: replace existing files that differ.")
@click.option("--in-place", is_flag=True, help="Overwrite the files that change.")
@click.option("--yes", "-y", is_flag=True, help="With --in-place: do not ask for confirmation.")
@click.option("--diff", is_flag=True, help="Show the changes as diffs; with --json, include them.")
@click.option("--check", is_flag=True, help="Write nothing; exit with code 1 if anything is left to do.")
@prints("json")
def remap_command(
    paths: tuple[str, ...],
    id_map: str,
    output: str | None,
    overwrite: bool,
    in_place: bool,
    yes: bool,
    diff: bool,
    check: bool,
    form: Form,
) -> None:
    """Rewrite connection ids in exported automations.

    PATH is a JSON file, or a folder that is searched recursively for *.json files. Ids are rewritten where workspaces
    refer to connections, execution tokens are removed, lists that a script wrote as objects become lists, and nothing
    else changes. Ids in text, references missing from the map, what can't be read, and tokens that do not belong to an
    automation are listed for you to handle. References of the service's own connector get the id in the map, or null.
    No tenant is contacted.

    Without --output or --in-place, it is a dry run.

    Exit code 0: done. 1: a file failed, or, with --check, a file would change or can't be read whole, an id has no new
    one, a block's field still holds an old id, or a token is left. 2: wrong usage. 5: some files were written and
    others failed.

    Examples:
        qac remap exports --id-map id-map.json --diff
        qac remap exports --id-map id-map.json --output remapped
    """
    if check and (output is not None or in_place):
        raise click.UsageError("--check writes nothing: leave out --output and --in-place.")
    if yes and not in_place:
        raise click.UsageError("--yes needs --in-place.")
    ids = read_id_map(id_map)

    def run(*, write: bool) -> RemapReport:
        with running("Remap", "Stopped. Files already written stay; run the same command to do the rest.") as run:
            return remap(paths, ids, output=output, in_place=write and in_place, overwrite=overwrite, **run.callbacks)

    if in_place and not yes:
        if not is_interactive():
            raise Failed("Not an interactive terminal; pass --yes to overwrite files.", Exit.USAGE)
        if output is None:
            plan = run(write=False)
            if plan.summary.changed:
                if form == "table":
                    _show(plan, diff=diff)
                confirmed(f"Rewrite {counted(plan.summary.changed, 'file')}", dry_run=False, yes=False)
    report = run(write=True)
    if form == "json":
        print_json(_document(report, diff=diff))
    else:
        _show(report, diff=diff and (yes or not in_place))
        if report.mode == "dry-run":
            say("\nNothing was written." if check else "\nDry run: nothing was written.", err=True)
    finish(_code(report, check=check))
