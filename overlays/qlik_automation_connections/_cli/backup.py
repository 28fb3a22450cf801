"""`qac backup`: writes connections into an archive, verifies one, or shows what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from .._text import counted, printable
from ..admin import Archive, BackupReport, JobError, Names, backup
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, Failed, finish
from .format import ID, ROW_KEYS, changed, connector, owner, row, space
from .inputs import read_ids
from .output import Column, Form, Row, print_json, print_rows, prints
from .running import running
from .selection import ALL, FILTER, IDS_FILE

_MOST_SHOWN: Final = 20
_COLUMNS: Final = (
    ID,
    Column("Name", "name"),
    Column("Connector", connector, spare=4),
    Column("Owner", owner, spare=3),
    Column("Space", space, spare=5),
    Column("Changed", changed, spare=2),
    Column("Params", "params"),
)


class _UnnamedContext(click.Context):
    """The context of a command that nobody names."""

    @property
    def command_path(self) -> str:
        """What messages call it: as the group."""
        return self.parent.command_path if self.parent is not None else super().command_path


class _DefaultCommand(click.Command):
    """The command that is meant where no other one is named."""

    context_class = _UnnamedContext


class _DefaultGroup(click.Group):
    """A group whose command `write` is meant where no other one is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command where none is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["write", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what the usage says of the default command."""
        return self.commands["write"].collect_usage_pieces(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Describe the options of the default command, and the other commands."""
        click.Command.format_options(self.commands["write"], ctx, formatter)
        with formatter.section("Commands"):
            shown = [(name, command) for name, command in sorted(self.commands.items()) if name != "write"]
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in shown])


@click.group("backup", cls=_DefaultGroup, subcommand_metavar="FILE")
def backup_command() -> None:
    """Write connections into the archive FILE, verify one, or show what is in it.

    The archive holds everything that the service tells except the values of params. A template beside it has a line
    for each param, to fill in before a restore. The archive appears under its name once it is complete; if the command
    is stopped before, the same command resumes from the last whole page.

    Exit codes: 0 all were read; 5 some could not be read, the archive says which and why; 1 it could not be written.
    """


@backup_command.command("write", cls=_DefaultCommand)
@click.argument("file")
@ALL
@FILTER
@IDS_FILE
@click.option("--values", "template", metavar="FILE", help="Where to write the template of values.")
@click.option("--no-values", is_flag=True, help="Write no template of values.")
@click.option("--overwrite", is_flag=True, help="Replace files of these names: the template, too.")
@click.option("--workers", type=click.IntRange(1, 100), default=16, show_default=True, help="Reads at a time.")
@prints("json")
@signs_in
def write_command(
    access: Access,
    file: str,
    list_all: bool,
    filter: str | None,
    ids_file: str | None,
    template: str | None,
    no_values: bool,
    overwrite: bool,
    workers: int,
    form: Form,
) -> None:
    """Write connections into the archive FILE."""
    if ids_file is not None and (list_all or filter is not None):
        raise click.UsageError("Give --ids-file, or --all and --filter to find them; not both.")
    if no_values and template is not None:
        raise click.UsageError("Give one of --values and --no-values.")
    ids = None if ids_file is None else read_ids(ids_file)
    stopped = "Stopped. Run the same command to resume from the last whole page."
    with access.open() as opened, running("Backup", stopped) as run:
        report = backup(
            opened.tenant,
            file,
            list_all=list_all,
            filter=filter,
            ids=ids,
            values_template=False if no_values else template,
            overwrite=overwrite,
            workers=workers,
            on_progress=run.on_progress,
            cancel=run.cancel,
        )
    if form == "json":
        print_json(report.to_dict())
    else:
        _print(report)
    finish(Exit.FINE if report.is_complete else Exit.IN_PART)


def _print(report: BackupReport) -> None:
    before = f" ({report.resumed:,} of them read before, from {report.began_at} on)" if report.resumed else ""
    click.echo(f"{counted(report.connections)} in {report.path}{before}.")
    if report.values_template is not None:
        click.echo(f"Fill in the values that a restore needs in {report.values_template}.")
    if report.dropped:
        dropped = ", ".join(f"{name} ({number:,})" for name, number in report.dropped.items())
        click.echo(printable(f"Left out, since they may hold secrets: {dropped}."))
    if report.unread_total:
        click.echo(f"{counted(report.unread_total)} could not be read:")
        for unread in report.unread[:_MOST_SHOWN]:
            click.echo(f"  {printable(f'{unread.id} ({unread.name}): {unread.reason}')}")
        if report.unread_total > _MOST_SHOWN:
            click.echo(f"  and {report.unread_total - _MOST_SHOWN:,} more; the archive has them all.")


@backup_command.command("verify")
@click.argument("file")
@prints("json")
def verify_command(file: str, form: Form) -> None:
    """Check every line of the archive FILE; no tenant is asked.

    Exit codes: 0 it is as the backup wrote it; 1 it is not, or it holds a connection twice, and the message says which
    line is wrong.
    """
    summary = Archive(file).verify()
    if form == "json":
        print_json(summary.to_dict())
        return
    header = summary.header
    click.echo(
        f"{file} is whole: {counted(summary.connections)} of {header.tenant}.\n"
        f"Read from {header.began_at} to {summary.ended_at}; {summary.unread:,} could not be read.\n"
        "Checked: the form of each line, the checksum of each document, the counts, the checksum of all lines,\n"
        "and that no connection is there twice.\n"
        f"SHA-256 {summary.sha256}"
    )


@backup_command.command("show")
@click.argument("file")
@click.option("--id", "id", metavar="ID", help="Print the whole document of this connection.")
@click.option("--name", metavar="TEXT", help="Only connections whose name contains this, in any case.")
@click.option("--names", "names_file", metavar="FILE", help="JSON with names of users, spaces and connectors by id.")
@prints("json", "ndjson")
def show_command(file: str, id: str | None, name: str | None, names_file: str | None, form: Form) -> None:
    """Show the connections of the archive FILE; no tenant is asked.

    Exit codes: 1 the archive is damaged; 4 it holds no connection with that id.
    """
    if id is not None and name is not None:
        raise click.UsageError("Give one of --id and --name.")
    archive = Archive(file)
    if id is not None:
        print_json(_document(archive, id))
        return
    rows = _rows(archive, name or "", Names() if names_file is None else Names.read(names_file))
    if form == "table":
        found = list(rows)
        print_rows(form, found, _COLUMNS, keys=ROW_KEYS)
        summary = archive.summary()
        unread = f" ({summary.unread:,} could not be read)" if summary.unread else ""
        total = f"{len(found):,} of {counted(summary.connections)}{unread}"
        click.echo(f"{total}, from {archive.header.tenant}, {archive.header.began_at}.")
    else:
        print_rows(form, rows, _COLUMNS, keys=ROW_KEYS)


def _rows(archive: Archive, name: str, names: Names) -> Iterator[Row]:
    """The connections whose names contain a text, as the commands print them."""
    for archived in archive.records():
        try:
            connection = archived.connection
        except JobError:
            click.echo(f"{printable(archived.id)}: its document is not that of a connection; see --id.", err=True)
            continue
        if name.casefold() in (connection.name or "").casefold():
            more = {"id": archived.id, "params": len(connection.params), "read_at": archived.read_at}
            yield {**row(connection, names), **more}


def _document(archive: Archive, id: str) -> object:
    for archived in archive.records():
        if archived.id == id:
            return archived.document
    for unread in archive.unread():
        if unread.id == id:
            raise Failed(f"The backup could not read {id!r}: {unread.reason}", Exit.NOT_FOUND)
    raise Failed(f"{archive.path} holds no connection {id!r}.", Exit.NOT_FOUND)
