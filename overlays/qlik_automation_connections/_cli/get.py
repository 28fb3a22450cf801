"""`qac get`: shows one connection."""

from __future__ import annotations

import click

from .access import Access
from .auth_options import SECONDS, signs_in
from .consent import say_what_to_do, wait_until_connected
from .format import detail, print_detail
from .output import Form, print_json, prints


@click.command("get")
@click.argument("id")
@click.option("--wait", is_flag=True, help="Wait until it is connected: until a person has consented, say.")
@click.option(
    "--patience", type=SECONDS, default=600, show_default="600", metavar="SECONDS", help="How long --wait waits."
)
@prints("json")
@signs_in
def get_command(access: Access, id: str, wait: bool, patience: float, form: Form) -> None:
    """Show one connection with its params.

    Without their values. If it waits for a person's consent, it says where that is given. Exit code 4: there is none
    that you may see. 1: --wait came to nothing.
    """
    with access.open() as opened:
        connection = opened.tenant.connections.get(id)
        say_what_to_do(connection)
        try:
            if wait:
                connection = wait_until_connected(opened.tenant, connection, patience=patience)
        finally:
            shown = detail(connection, opened.names)
            if form == "json":
                print_json(shown)
            else:
                print_detail(shown)
