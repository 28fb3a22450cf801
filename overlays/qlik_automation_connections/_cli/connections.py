"""`qac list`, `get`, `create` and `update`."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from itertools import islice
from typing import Any, Final, TypeVar, get_args

import click

from .. import Connection, Sort, Tenant
from .._text import printable
from .access import Access, Opened
from .auth_options import Seconds, signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, Stopped, finish, stop_code
from .format import COLUMNS, ROW_KEYS, print_connection, row
from .output import Form, print_rows, prints
from .param_values import Values, takes_values
from .selection import ALL, FILTER, listed

F = TypeVar("F", bound=Callable[..., Any])
_POLL_SECONDS: Final = 3.0


@click.command("list")
@ALL
@FILTER
@click.option("--name", metavar="NAME", help="Only connections with exactly this name.")
@click.option("--owner", "owner_id", metavar="USER", help="Only connections of this user, by id.")
@click.option(
    "--space", "space_id", metavar="SPACE", help='Only connections in this space, by id; "" for personal spaces.'
)
@click.option("--connector", "connector_id", metavar="CONNECTOR", help="Only connections of this connector, by id.")
@click.option(
    "--sort",
    type=click.Choice(get_args(Sort)),
    metavar="FIELD",
    help="Sort by id, name, createdAt or updatedAt; -FIELD reverses the order.",
)
@click.option("--max", "most", type=click.IntRange(min=1), metavar="NUMBER", help="Stop after this many.")
@prints("json", "ndjson", "csv")
@signs_in
def list_command(access: Access, most: int | None, form: Form, **query: Any) -> None:
    """List connections.

    All pages are fetched; --ndjson and --csv print each page as it arrives. Exit code 0, even if there are none.
    """
    with access.open() as opened:
        pager = opened.tenant.connections.list(**query, limit=None if most is None else min(most, 200))
        # A table and a JSON document need all items first.
        items = listed(pager, most) if form in ("table", "json") else islice(pager, most)
        print_rows(form, (row(item, opened.names) for item in items), COLUMNS, keys=ROW_KEYS)


def _waits(command: F) -> F:
    """Add `--wait` and `--patience` to a command, and pass them as `wait` and `patience`."""
    command = click.option(
        "--patience", type=Seconds(), default=600, show_default="600", metavar="SECONDS", help="How long --wait waits."
    )(command)
    return click.option("--wait", is_flag=True, help="Wait until it is connected, such as for a consent.")(command)


def _show(opened: Opened, connection: Connection, form: Form, *, patience: float | None) -> None:
    """Print where to consent, if necessary, and the connection, after waiting for up to `patience` seconds."""
    if connection.redirect and not connection.is_connected:
        click.echo(
            "Not connected yet. Someone with the necessary rights must open this address in a browser and consent:\n"
            f"  {printable(connection.redirect)}",
            err=True,
        )
    try:
        if patience is not None:
            connection = _wait_until_connected(opened.tenant, connection, patience)
    finally:
        # The connection exists, even if waiting fails.
        print_connection(connection, opened.names, form)


def _wait_until_connected(tenant: Tenant, connection: Connection, patience: float) -> Connection:
    """Read a connection every three seconds until it is connected.

    Raises:
        Failed: It took too long.
        Stopped: The user pressed Ctrl-C, or sent SIGTERM.
    """
    again = f"qac get {shlex.quote(printable(connection.id or ''))} --wait, with the same sign-in options."
    end = time.monotonic() + patience
    try:
        if not connection.is_connected:
            click.echo(f"Waiting up to {patience:g} seconds until it is connected; Ctrl-C stops.", err=True)
        while not connection.is_connected:
            left = end - time.monotonic()
            if left <= 0:
                raise Failed(f"Not connected within {patience:g} seconds. To wait longer: {again}", Exit.FAILED)
            time.sleep(min(_POLL_SECONDS, left))
            connection = tenant.connections.get(connection.id or "")
    except KeyboardInterrupt as error:
        raise Stopped(f"Stopped. To wait longer: {again}", stop_code(error)) from None
    return connection


@click.command("get")
@click.argument("id")
@_waits
@prints("json")
@signs_in
def get_command(access: Access, id: str, wait: bool, patience: float, form: Form) -> None:
    """Show one connection with its params.

    Values of params are not shown. If someone must consent first, it prints the address. Exit code 1: it was not
    connected within --patience. 4: it does not exist, or you may not see it.
    """
    with access.open() as opened:
        _show(opened, opened.tenant.connections.get(id), form, patience=patience if wait else None)


@click.command("create")
@click.option("--connector", required=True, metavar="CONNECTOR", help="Id of its connector.")
@click.option("--name", metavar="NAME", help="Its name.")
@click.option("--space", metavar="SPACE", help="Id of its space.  [default: your personal space]")
@_waits
@takes_values
@changes_something
@prints("json")
@signs_in
def create_command(
    access: Access,
    connector: str,
    name: str | None,
    space: str | None,
    wait: bool,
    patience: float,
    values: Values,
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Create a connection.

    It is never created twice: if there is no response, the message explains how to look for it. Exit code 1: it was
    created with an error, which is shown.
    """
    params = ", ".join(values.get_secret_value()) or "none"
    what = f"Connector {connector}, name {name or 'set by the service'}, space {space or 'personal'}, params {params}."
    click.echo(printable(what), err=True)
    if not confirmed("Create it", dry_run=dry_run, yes=yes):
        return
    with access.open() as opened:
        connection = opened.tenant.connections.create(
            connector_id=connector, name=name, params=values.get_secret_value(), space_id=space
        )
        _show(opened, connection, form, patience=patience if wait and not connection.error else None)
    if connection.error:
        click.echo("It was created with an error: see above.", err=True)
        finish(Exit.FAILED)


@click.command("update")
@click.argument("id")
@click.option("--name", metavar="NAME", help="Its new name.")
@takes_values
@changes_something
@prints("json")
@signs_in
def update_command(
    access: Access, id: str, name: str | None, values: Values, dry_run: bool, yes: bool, form: Form
) -> None:
    """Change the name or the params of a connection.

    Anything you leave out stays unchanged.
    """
    if name is None and not values.get_secret_value():
        raise click.UsageError("Nothing to change: pass --name or values of params.")
    with access.open() as opened:
        before = opened.tenant.connections.get(id)
        renamed = "" if name is None else f" name {before.name or ''!r} to {name!r};"
        params = printable(", ".join(values.get_secret_value()) or "none")
        click.echo(f"Connection {printable(id)}:{renamed} params set: {params}.", err=True)
        if not confirmed("Change it", dry_run=dry_run, yes=yes):
            return
        after = opened.tenant.connections.update(id, name=name, params=values.get_secret_value() or None)
        print_connection(after, opened.names, form)
