"""`qac list`, `get`, `create` and `update`."""

from __future__ import annotations

import shlex
import time
from itertools import islice
from typing import Any, Final, get_args

import click

import qlik_automation_connections as package

from .. import NotFoundError, PermissionDeniedError, Sort, Tenant
from .._text import printable
from .access import Access, Opened
from .auth_options import MOST_SECONDS, signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, Stopped, finish, in_cli_words, stop_code
from .format import COLUMNS, ROW_KEYS, print_connection, print_list, row
from .help import Command, all_of, number, or_list
from .output import Form, print_rows, prints, say
from .param_values import Values, takes_values
from .resolving import connector_id, space_id, user_id
from .selection import ALL, FILTER, listed

_POLL_SECONDS: Final = 3.0


@click.command("list", cls=Command)
@ALL
@FILTER
@click.option("--name", metavar="NAME", help="Only connections with exactly this name.")
@click.option("--owner", metavar="USER", help="Only connections of this user: id, name or e-mail address.")
@click.option(
    "--space", "space", metavar="SPACE", help='Only connections in this space: id or name; "" for personal spaces.'
)
@click.option("--connector", metavar="CONNECTOR", help="Only connections of this connector: id or name.")
@click.option(
    "--sort",
    type=click.Choice(get_args(Sort)),
    metavar="FIELD",
    help="Sort by id, name, createdAt or updatedAt; -FIELD reverses the order.",
)
@click.option("--max", "most", type=number(1), metavar="NUMBER", help="Stop after this many.")
@prints("json", "ndjson", "csv")
@signs_in
def list_command(
    access: Access,
    owner: str | None,
    space: str | None,
    connector: str | None,
    most: int | None,
    form: Form,
    **query: Any,
) -> None:
    """List connections.

    All pages are fetched; --ndjson and --csv print each page as it arrives. Exit code 0, even if there are none.

    Examples:
        qac list --all --sort -updatedAt --max 10
        qac list --all --filter 'name eq "SMTP"' -o name
    """
    with access.open() as opened:
        tenant = opened.tenant
        query["owner_id"] = None if owner is None else user_id(tenant, owner, "--owner")
        query["space_id"] = None if space is None else space_id(tenant, space, "--space")
        query["connector_id"] = None if connector is None else connector_id(tenant, connector, "--connector")
        pager = tenant.connections.list(**query, limit=None if most is None else min(most, 200))
        # A table and a JSON document need all items first.
        pages = [listed(pager, most).items] if form in ("table", "json") else (page.items for page in pager.pages())
        rows = (row(item, names) for items in pages for names in (opened.look_up(items),) for item in items)
        if form == "table":
            print_list(list(rows), COLUMNS, own=not query["list_all"])
            return
        print_rows(form, islice(rows, most), COLUMNS, keys=ROW_KEYS)


_waits: Final = all_of(
    click.option("--wait", is_flag=True, help="Wait until it is connected, such as for a consent."),
    click.option(
        "--patience",
        type=number(0, MOST_SECONDS, whole=False),
        default=600,
        show_default="600",
        metavar="SECONDS",
        help="How long --wait waits.",
    ),
)


def _show(opened: Opened, connection: package.Connection, form: Form, *, patience: float | None) -> None:
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
        print_connection(connection, opened.look_up([connection]), form)


def _wait_until_connected(tenant: Tenant, connection: package.Connection, patience: float) -> package.Connection:
    """Read a connection every three seconds until it is connected.

    Raises:
        Failed: It took too long.
        Stopped: The user pressed Ctrl-C, or sent SIGTERM.
    """
    again = f"qac get {shlex.quote(printable(connection.id))} --wait, with the same sign-in options."
    end = time.monotonic() + patience
    try:
        if not connection.is_connected:
            say(f"Waiting up to {patience:g} seconds until it is connected; Ctrl-C stops.", err=True)
        while not connection.is_connected:
            left = end - time.monotonic()
            if left <= 0:
                raise Failed(f"Not connected within {patience:g} seconds. To wait longer: {again}", Exit.FAILED)
            time.sleep(min(_POLL_SECONDS, left))
            connection = tenant.connections.get(connection.id)
    except KeyboardInterrupt as error:
        raise Stopped(f"Stopped. To wait longer: {again}", stop_code(error)) from None
    return connection


@click.command("get", cls=Command)
@click.argument("id")
@_waits
@prints("json", "name")
@signs_in
def get_command(access: Access, id: str, wait: bool, patience: float, form: Form) -> None:
    """Show one connection with its params.

    Values of params are not shown. If someone must consent first, it prints the address. Exit code 1: it was not
    connected within --patience. 4: it does not exist, or you may not see it.

    Examples:
        qac get 03215fc0-2a85-5d26-9859-33eba33fbf2e
        qac get 03215fc0-2a85-5d26-9859-33eba33fbf2e --wait
    """
    with access.open() as opened:
        _show(opened, opened.tenant.connections.get(id), form, patience=patience if wait else None)


def _refuse_unknown_params(tenant: Tenant, connector: str, values: Values) -> None:
    """Raise if the connector lacks a param, as the service would ignore its value. Sends one GET (tier 1)."""
    try:
        known = [param.name for param in tenant.connectors.get(connector).params if param.name]
    except (NotFoundError, PermissionDeniedError) as error:
        say(f"The names of the params were not checked: {in_cli_words(error.message)}", err=True)
        return
    unknown = [name for name in values.get_secret_value() if name not in known]
    if unknown:
        raise Failed(
            printable(
                f"The connector has no param {or_list([repr(name) for name in unknown])}. It has"
                f" {', '.join(sorted(known)) or 'none'}. To send the values nevertheless, pass --force-params."
            ),
            Exit.USAGE,
        )


@click.command("create", cls=Command)
@click.option("--connector", required=True, metavar="CONNECTOR", help="Its connector: id or name.")
@click.option("--name", metavar="NAME", help="Its name.")
@click.option("--space", metavar="SPACE", help="Its space: id or name.  [default: your personal space]")
@click.option("--force-params", is_flag=True, help="Also send values of params that the connector lacks.")
@_waits
@takes_values
@changes_something
@prints("json", "name")
@signs_in
def create_command(
    access: Access,
    connector: str,
    name: str | None,
    space: str | None,
    wait: bool,
    patience: float,
    force_params: bool,
    values: Values,
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Create a connection.

    It is never created twice: without a response, the message explains how to look for it. Exit code 1: it was
    created with an error, which is shown.

    Examples:
        qac create --connector 'Mail (SMTP)' --name mail --param-file password=pw.txt
        qac create --connector Slack --name slack --wait
    """
    with access.open() as opened:
        connector = connector_id(opened.tenant, connector, "--connector")
        space = None if space is None else space_id(opened.tenant, space, "--space")
        if values.get_secret_value() and not force_params:
            _refuse_unknown_params(opened.tenant, connector, values)
        params = ", ".join(values.get_secret_value()) or "none"
        names = opened.look_up(connectors=[connector], spaces=[space])
        called, place = names.connectors.get(connector, connector), names.spaces.get(space or "", space)
        about = f"connector {called}, name {name or 'set by the service'}, space {place or 'personal'}, params {params}"
        if not confirmed(f"Create a connection in {opened.place}", about, dry_run=dry_run, yes=yes):
            return
        connection = opened.tenant.connections.create(
            connector_id=connector, name=name, params=values.get_secret_value(), space_id=space
        )
        _show(opened, connection, form, patience=patience if wait and not connection.error else None)
    if connection.error:
        say("It was created with an error: see above.", err=True)
        finish(Exit.FAILED)


@click.command("update", cls=Command)
@click.argument("id")
@click.option("--name", metavar="NAME", help="Its new name.")
@takes_values
@changes_something
@prints("json", "name")
@signs_in
def update_command(
    access: Access, id: str, name: str | None, values: Values, dry_run: bool, yes: bool, form: Form
) -> None:
    """Change the name or the params of a connection.

    Anything you leave out stays unchanged.

    Examples:
        qac update 03215fc0-2a85-5d26-9859-33eba33fbf2e --name 'mail 2'
        qac update 03215fc0-2a85-5d26-9859-33eba33fbf2e --param-prompt password
    """
    if name is None and not values.get_secret_value():
        raise click.UsageError("Nothing to change: pass --name or values of params.")
    with access.open() as opened:
        before = opened.tenant.connections.get(id)
        renamed = ";" if name is None else f"; name {before.name or ''!r} to {name!r};"
        about = f"{id}{renamed} params set: {', '.join(values.get_secret_value()) or 'none'}"
        question = f"Change the connection {before.name or id} in {opened.place}"
        if not confirmed(question, about, dry_run=dry_run, yes=yes):
            return
        after = opened.tenant.connections.update(id, name=name, params=values.get_secret_value() or None)
        print_connection(after, opened.look_up([after]), form)
