"""`qac create`: creates a connection."""

from __future__ import annotations

import click

from .._secrets import Secret
from .._text import printable
from .access import Access
from .auth_options import SECONDS, signs_in
from .confirm import changes_something, confirmed
from .consent import say_what_to_do, wait_until_connected
from .exit_codes import Exit, finish
from .format import detail, print_detail
from .output import Form, print_json, prints
from .values import takes_values


@click.command("create")
@click.option("--connector", required=True, metavar="CONNECTOR", help="The connector it is for, by id.")
@click.option("--name", metavar="NAME", help="What to call it.")
@click.option("--space", metavar="SPACE", help="The space that gets it, by id; your personal space without it.")
@click.option("--wait", is_flag=True, help="Wait until it is connected: until a person has consented, say.")
@click.option(
    "--patience", type=SECONDS, default=600, show_default="600", metavar="SECONDS", help="How long --wait waits."
)
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
    values: Secret[dict[str, str]],
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Create a connection.

    It is never created twice: if no answer comes, the message says how to look for it. Exit code 1: it was created
    with an error, which is shown.
    """
    params = ", ".join(values.get_secret_value()) or "none"
    click.echo(
        printable(
            f"Connector {connector}, name {name or 'by the service'}, space {space or 'personal'}, params {params}."
        ),
        err=True,
    )
    if not confirmed("Create it", dry_run=dry_run, yes=yes):
        return
    with access.open() as opened:
        connection = opened.tenant.connections.create(
            connector_id=connector, name=name, params=values.get_secret_value(), space_id=space
        )
        try:
            say_what_to_do(connection)
            if wait and not connection.error:
                connection = wait_until_connected(opened.tenant, connection, patience=patience)
        finally:
            # It is there, whatever the waiting comes to.
            shown = detail(connection, opened.names)
            if form == "json":
                print_json(shown)
            else:
                print_detail(shown)
    if connection.error:
        click.echo("It was created with an error: see above.", err=True)
        finish(Exit.FAILED)
