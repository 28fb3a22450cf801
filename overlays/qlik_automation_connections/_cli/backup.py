"""`qac backup`: writes connections into an archive, verifies one, or looks into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, finish
from .interrupting import interruptible_command
from .output import Form, print_json, prints
from .progress import bar

if TYPE_CHECKING:
    from ..admin._backup.report import BackupReport

_MOST_SHOWN = 20


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
        """Puts the default command where none is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["write", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What the usage says of the default command."""
        return self.commands["write"].collect_usage_pieces(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Describes the options of the default command, and the other commands."""
        click.Command.format_options(self.commands["write"], ctx, formatter)
        with formatter.section("Commands"):
            shown = [(name, command) for name, command in sorted(self.commands.items()) if name != "write"]
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in shown])


def _print(report: BackupReport) -> None:
    from .._text import printable

    before = f" ({report.resumed:,} of all read before, from {report.began_at} on)" if report.resumed else ""
    if report.found_whole:
        before = f": it was whole already, of {report.began_at} to {report.ended_at}, and nothing was read now"
    click.echo(f"{_counted(report.connections)} in {report.path}{before}.")
    if report.values_template is not None:
        click.echo(f"What a restore needs of values is to be filled in in {report.values_template}.")
    if report.unread_total:
        click.echo(f"{_counted(report.unread_total)} could not be read:")
        for unread in report.unread[:_MOST_SHOWN]:
            click.echo(f"  {printable(f'{unread.id} ({unread.name}): {unread.reason}')}")
        if report.unread_total > _MOST_SHOWN:
            click.echo(f"  and {report.unread_total - _MOST_SHOWN:,} more; the archive has them all.")


def _counted(number: int) -> str:
    return "1 connection" if number == 1 else f"{number:,} connections"


@click.group("backup", cls=_DefaultGroup, subcommand_metavar="FILE")
def backup_command() -> None:
    """Write connections into the archive FILE, verify one, or look into it.

    The archive holds all that the service tells, but for the values of params. Beside it a template is written, with a
    line each param, to be filled in before a restore. The archive appears under its name when it is whole; if the
    command is stopped before, the same command goes on from the last whole page.

    Exit codes: 0 all were read; 5 some could not be read, the archive says which and why; 1 it could not be written.
    """


@backup_command.command("write", cls=_DefaultCommand)
@click.argument("file")
@click.option("--all", "list_all", is_flag=True, help="Everybody's connections (for administrators).")
@click.option("--filter", metavar="SCIM", help='Those that an expression names, such as: name eq "SMTP".')
@click.option("--ids-file", metavar="FILE", help="Those whose ids are in a file; - for standard input.")
@click.option("--values", "template", metavar="FILE", help="Where to write the template of values.")
@click.option("--no-values", is_flag=True, help="Write no template of values.")
@click.option("--overwrite", is_flag=True, help="Replace files of these names: the template, too.")
@click.option("--workers", type=click.IntRange(1, 100), default=16, show_default=True, help="Reads side by side.")
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
    from ..admin._backup.job import backup
    from .selection import read_ids

    if ids_file is not None and (list_all or filter is not None):
        raise click.UsageError("Give --ids-file, or --all and --filter to find them; not both.")
    if no_values and template is not None:
        raise click.UsageError("Give one of --values and --no-values.")
    ids = None if ids_file is None else read_ids(ids_file)
    with (
        access.open() as opened,
        interruptible_command("Stopped. The same command goes on from the last whole page.") as interrupt,
        # Within the other: the bar is gone when that is said.
        bar("Backup") as shown,
    ):
        report = backup(
            opened.tenant,
            file,
            list_all=list_all,
            filter=filter,
            ids=ids,
            values_template=False if no_values else template,
            overwrite=overwrite,
            workers=workers,
            on_progress=shown.on_progress,
            cancel=interrupt.event,
        )
    if form == "json":
        print_json(report.to_dict())
    else:
        _print(report)
    finish(Exit.FINE if report.complete else Exit.IN_PART)


@backup_command.command("verify")
@click.argument("file")
@prints("json")
def verify_command(file: str, form: Form) -> None:
    """Check every line of the archive FILE; no tenant is asked.

    Exit codes: 0 it is as the backup wrote it; 1 it is not, or it holds a connection twice, and the message says which
    line is wrong.
    """
    from ..admin._backup.archive import Archive

    summary = Archive(file).verify()
    if form == "json":
        print_json(summary.to_dict())
        return
    header = summary.header
    click.echo(f"{file} is whole: {_counted(summary.connections)} of {header.tenant}.")
    click.echo(f"Read from {header.began_at} to {summary.ended_at}; {summary.unread:,} could not be read.")
    click.echo("Checked: the form of each line, the checksum of each document, the counts, the checksum of all lines,")
    click.echo("and that no connection is there twice.")
    click.echo(f"SHA-256 {summary.sha256}")


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
    from ..admin._backup.archive import Archive
    from ..admin._names import Names
    from .backup_contents import print_contents, print_document

    if id is not None and name is not None:
        raise click.UsageError("Give one of --id and --name.")
    archive = Archive(Path(file))
    if id is not None:
        print_document(archive, id)
    else:
        print_contents(archive, name, Names() if names_file is None else Names.read(names_file), form)
