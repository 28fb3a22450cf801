"""`qac backup`: back up connections and automations to an archive, verify it, or show its contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import click

from .._text import counted, printable
from ..admin import Archive, ArchiveSummary, BackupReport, JobError, Names, UnreadAutomation, UnreadConnection, backup
from ..admin._people import Person, Place
from ..admin._usage.job import HINT
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, Failed, finish, in_cli_words
from .format import CHANGED, CONNECTOR, ID, NAME, OWNER, ROW_KEYS, SPACE, THEIRS, row
from .help import Command, number
from .inputs import read_ids
from .output import Column, Form, Row, print_json, print_rows, prints, say
from .running import running
from .selection import ALL, FILTER, IDS_FILE

_MOST_SHOWN: Final = 20
_COLUMNS: Final = (NAME, CONNECTOR, OWNER, SPACE, CHANGED, Column("Params", "params"), ID)
_STARTED: Final = Column("Started", "run_mode", spare=4)
_AUTOMATION_COLUMNS: Final = (NAME, Column("State", "state"), _STARTED, OWNER, SPACE, CHANGED, ID)
_AUTOMATION_KEYS: Final = (
    "id", "name", "state", "run_mode", "owner_id", "owner", "space_id", "space", "updated_at", "read_at",
)  # fmt: skip


class _UnnamedContext(click.Context):
    """The context of the default command."""

    @property
    def command_path(self) -> str:
        """The group's path, as the user typed it."""
        return self.parent.command_path if self.parent is not None else super().command_path


class _DefaultCommand(Command):
    """The command that runs when no subcommand is named."""

    context_class = _UnnamedContext

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, which are those of the group."""
        assert ctx.parent is not None
        ctx.parent.command.format_epilog(ctx.parent, formatter)


class _DefaultGroup(Command, click.Group):
    """A group that runs `write` when no subcommand is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the default command if no subcommand is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["write", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the default command's usage."""
        return self.commands["write"].collect_usage_pieces(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the default command's options and the list of the other commands."""
        self.commands["write"].format_options(ctx, formatter)
        with formatter.section("Commands"):
            shown = [(name, command) for name, command in sorted(self.commands.items()) if name != "write"]
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in shown])


@click.group("backup", cls=_DefaultGroup, subcommand_metavar="FILE")
def backup_command() -> None:
    """Back up connections, and automations, to an archive; verify or show one.

    The archive holds everything that the service returns except param values. A template next to it has a line for each
    param, to fill in before a restore. The archive gets its name once it is complete; if the command is stopped before
    that, the same command resumes where it stopped.

    --automations adds automations with their workspaces, without tokens and the inputs of runs, and with the
    connections that they use. Then --filter selects automations, and only their connections are backed up. Reading
    everybody's automations needs an OAuth client for automations, such as that of --automations-context.

    The archive also notes names, e-mail addresses and subjects of owners, which are personal data, and names of spaces,
    by which a restore finds them in another tenant; --no-people leaves them out.

    Exit codes: 0 everything was read; 1 the archive could not be written; 5 some connections or automations could not
    be read, and the archive lists them with the reasons.

    Examples:
        qac backup backup.ndjson --all
        qac backup mine.ndjson --no-values
    """


@backup_command.command("write", cls=_DefaultCommand)
@click.argument("file")
@ALL
@FILTER
@IDS_FILE
@click.option("--automations", is_flag=True, help="Back up automations too, and the connections that they use.")
@click.option("--no-people", is_flag=True, help="Do not note names of owners and spaces, and owners' addresses.")
@click.option("--values", "template", metavar="FILE", help="Where to write the values template.")
@click.option("--no-values", is_flag=True, help="Do not write a values template.")
@click.option("--overwrite", is_flag=True, help="Replace an existing archive and template.")
@click.option("--workers", type=number(1, 100), default=16, show_default=True, help="Concurrent reads.")
@prints("json")
@signs_in
def write_command(
    access: Access,
    file: str,
    ids_file: str | None,
    no_people: bool,
    template: str | None,
    no_values: bool,
    form: Form,
    **how: Any,
) -> None:
    """Back up connections to the archive FILE."""
    if ids_file is not None and (how["list_all"] or how["filter"] is not None or how["automations"]):
        raise click.UsageError("Pass --ids-file, or --all, --filter and --automations; not both.")
    if no_values and template is not None:
        raise click.UsageError("Pass only one of --values and --no-values.")
    ids = None if ids_file is None else read_ids(ids_file)
    own = not how["list_all"] and ids is None
    stopped = "Stopped. Run the same command to resume where it stopped."
    with access.open() as opened, running("Backup", stopped) as run:
        report = backup(
            opened.tenant,
            file,
            ids=ids,
            people=not no_people,
            values_template=False if no_values else template,
            **how,
            **run.callbacks,
        )
        run.last_words = lambda: _print(report, form, own=own)
        run.how_to_go_on = "Stopped when the backup was complete."
    _print(report, form, own=own)
    finish(Exit.FINE if report.is_complete else Exit.IN_PART)


def _print(report: BackupReport, form: Form, *, own: bool) -> None:
    if form == "json":
        print_json(report.to_dict())
        return
    before = f" ({report.resumed:,} of them read earlier, since {report.began_at})" if report.resumed else ""
    say(f"{_what(report)} in {report.path}{before}.{f' {THEIRS}' if own else ''}")
    if report.values_template is not None:
        say(f"Before a restore, fill in the values in {report.values_template}.")
    if report.dropped:
        dropped = ", ".join(f"{name} ({number:,})" for name, number in report.dropped.items())
        say(printable(f"Left out because they may hold secrets: {dropped}."))
    _print_unread(report.unread_total, report.unread, "connection")
    _print_unread(report.unread_automations_total, report.unread_automations, "automation")
    if any(unread.refused for unread in report.unread_automations):
        say(in_cli_words(HINT))
    for note in report.notes:
        say(printable(note), err=True)


def _print_unread(total: int, first: Sequence[UnreadConnection | UnreadAutomation], noun: str) -> None:
    if not total:
        return
    say(f"{counted(total, noun)} could not be read:")
    for unread in first[:_MOST_SHOWN]:
        say(f"  {printable(f'{unread.id} ({unread.name}): {unread.reason}')}")
    if total > _MOST_SHOWN:
        say(f"  and {total - _MOST_SHOWN:,} more; the archive lists them all.")


@backup_command.command("verify", cls=Command)
@click.argument("file")
@prints("json")
def verify_command(file: str, form: Form) -> None:
    """Verify every line of the archive FILE, without contacting a tenant.

    Exit codes: 0 the archive is intact; 1 it is not, or it holds a connection twice, and the message names the line.

    Examples:
        qac backup verify backup.ndjson
        qac backup verify backup.ndjson --json
    """
    summary = Archive(file).verify()
    if form == "json":
        print_json(summary.to_dict())
        return
    header = summary.header
    say(
        f"{file} is intact: {_what(summary)} of {header.tenant}.\n"
        f"Read from {header.began_at} to {summary.ended_at};"
        f" {summary.unread + summary.unread_automations:,} could not be read.\n"
        "Checked: the format of each line, the checksum of each document, the counts, the checksum of all lines,\n"
        "and that no connection occurs twice.\n"
        f"SHA-256 {summary.sha256}"
    )


@backup_command.command("show", cls=Command)
@click.argument("file")
@click.option("--id", "id", metavar="ID", help="Print the whole document of this connection or automation.")
@click.option("--name", metavar="TEXT", help="Only connections whose name contains this, ignoring case.")
@click.option("--automations", is_flag=True, help="Show the automations instead.")
@click.option(
    "--names", "names_file", metavar="FILE", help="JSON that maps ids of users, spaces and connectors to names."
)
@prints("json", "ndjson")
def show_command(
    file: str, id: str | None, name: str | None, automations: bool, names_file: str | None, form: Form
) -> None:
    """Show the connections or automations in the archive FILE, without contacting a tenant.

    Exit codes: 1 the archive is damaged; 4 it has no connection or automation with that id.

    Examples:
        qac backup show backup.ndjson --name SMTP
        qac backup show backup.ndjson --id 03215fc0-2a85-5d26-9859-33eba33fbf2e
    """
    if id is not None and name is not None:
        raise click.UsageError("Pass only one of --id and --name.")
    archive = Archive(file)
    if id is not None:
        print_json(_document(archive, id))
        return
    names = _noted(archive)
    names = names if names_file is None else names.updated(Names.read(names_file))
    columns, keys = (_AUTOMATION_COLUMNS, _AUTOMATION_KEYS) if automations else (_COLUMNS, ROW_KEYS)
    rows = (_automation_rows if automations else _rows)(archive, name or "", names)
    if form == "table":
        found = list(rows)
        print_rows(form, found, columns, keys=keys)
        summary = archive.summary()
        missing = summary.unread_automations if automations else summary.unread
        unread = f" ({missing:,} could not be read)" if missing else ""
        whole = counted(summary.automations, "automation") if automations else counted(summary.connections)
        say()
        say(f"{len(found):,} of {whole}{unread}, from {archive.header.tenant}, {archive.header.began_at}.")
    else:
        print_rows(form, rows, columns, keys=keys)


def _what(summary: ArchiveSummary | BackupReport) -> str:
    more = f" and {counted(summary.automations, 'automation')}" if summary.automations else ""
    return counted(summary.connections) + more


def _noted(archive: Archive) -> Names:
    """Return the names that an archive notes."""
    users: dict[str, str] = {}
    spaces: dict[str, str] = {}
    for each in archive.people():
        (users if isinstance(each, Person) else spaces)[each.id] = each.name or each.id
    return Names(users, spaces)


def _automation_rows(archive: Archive, name: str, names: Names) -> Iterator[Row]:
    for archived in archive.automations():
        found = archived.fields
        if name.casefold() in str(found.get("name")).casefold():
            space_id = found.get("spaceId") or None
            yield {
                "id": archived.id,
                "name": found.get("name"),
                "state": found.get("state"),
                "run_mode": found.get("runMode"),
                "owner_id": found.get("ownerId"),
                "owner": names.users.get(str(found.get("ownerId"))),
                "space_id": space_id,
                "space": names.spaces.get(str(space_id)),
                "updated_at": found.get("updatedAt"),
                "read_at": archived.read_at,
            }


def _rows(archive: Archive, name: str, names: Names) -> Iterator[Row]:
    """Yield the rows of connections whose names contain a text."""
    for archived in archive.records():
        try:
            connection = archived.connection
        except JobError:
            say(f"{printable(archived.id)}: its document is not a connection's; see --id.", err=True)
            continue
        if name.casefold() in (connection.name or "").casefold():
            more = {"id": archived.id, "params": len(connection.params), "read_at": archived.read_at}
            yield {**row(connection, names), **more}


def _document(archive: Archive, id: str) -> object:
    for record in archive.everything():
        if record.id != id or isinstance(record, Person | Place):
            continue
        if isinstance(record, UnreadConnection | UnreadAutomation):
            raise Failed(f"The backup could not read {id!r}: {record.reason}", Exit.NOT_FOUND)
        return record.document
    raise Failed(f"{archive.path} does not hold connection or automation {id!r}.", Exit.NOT_FOUND)
