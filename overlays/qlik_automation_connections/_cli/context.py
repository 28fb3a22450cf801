"""`qac context ls` and `show`: the contexts of Qlik's command line, without their secrets."""

from __future__ import annotations

import os

import click

from .. import Context, read_contexts
from .._text import printable
from .auth_options import complete_context
from .exit_codes import Exit, Failed
from .format import minute
from .help import Command
from .output import Column, Form, Row, print_fields, print_json, print_rows, prints, row_of, say

_NONE = "Qlik's command line has no contexts here: `qlik context init` creates one, QLIK_CLI_USER_HOME_DIR moves them."
_KEYS = ("name", "current", "tenant", "sign_in", "client_id", "expires_at", "insecure", "comment", "problem")
_COLUMNS = (
    Column("Current", lambda item: "*" if item["current"] else ""),
    Column("Name", "name", most=60),
    Column("Tenant", "tenant", wrap=True),
    Column("Sign-in", "sign_in", spare=1),
    Column("Comment", "comment", spare=2),
)


def _row(context: Context) -> Row:
    expires = None if context.expires_at is None else context.expires_at.isoformat()
    said = {"current": context.is_current, "tenant": context.url, "insecure": context.is_insecure}
    return row_of(context, _KEYS, expires_at=expires, **said)


class _Group(Command, click.Group):
    """A group whose help has examples."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group("context", cls=_Group)
def context_command() -> None:
    """Show the contexts of Qlik's command line.

    A context names a tenant and signs in: pass it as --context, or set QLIK_CONTEXT. The current one is used if nothing
    else names a tenant. Secrets are not shown. Make another the current one with `qlik context use NAME`.

    Examples:
        qac context ls
        qac context show production
    """


@context_command.command("ls", cls=Command)
@prints("json", "ndjson", "csv")
def ls_command(form: Form) -> None:
    """List the contexts; * marks the current one.

    Examples:
        qac context ls
        qac context ls --json
    """
    rows = [_row(context) for context in read_contexts()]
    if form == "name":
        for row in rows:
            click.echo(printable(row["name"]))
    else:
        print_rows(form, rows, _COLUMNS, keys=_KEYS, empty=_NONE)
    if os.environ.get("QLIK_CONTEXT", "").strip():
        say(printable(f"QLIK_CONTEXT is set to {os.environ['QLIK_CONTEXT'].strip()}, which is used."), err=True)


@context_command.command("show", cls=Command)
@click.argument("name", required=False, shell_complete=complete_context)
@prints("json")
def show_command(name: str | None, form: Form) -> None:
    """Show the context NAME, or else the one that commands use.

    Exit code 4: the context does not exist.

    Examples:
        qac context show
        qac context show production --json
    """
    contexts = read_contexts()
    wanted = name or os.environ.get("QLIK_CONTEXT", "").strip()
    found = [each for each in contexts if (each.name == wanted if wanted else each.is_current)]
    if not found:
        known = ", ".join(each.name for each in contexts)
        said = f"There is no {f'context {wanted}' if wanted else 'current context'}. Contexts: {known}."
        raise Failed(printable(said) if contexts else _NONE, Exit.NOT_FOUND)
    shown = _row(found[0])
    if form == "json":
        print_json(shown)
        return
    print_fields(
        {
            "Name": f"{found[0].name} (the current one)" if found[0].is_current else found[0].name,
            "Tenant": shown["tenant"] or None,
            "Sign-in": shown["sign_in"],
            "Client": shown["client_id"],
            "Expires": None if shown["expires_at"] is None else minute(shown["expires_at"]),
            "Comment": shown["comment"] or None,
            "Problem": shown["problem"],
        }
    )
