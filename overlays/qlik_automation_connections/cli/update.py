"""`qac update`: changes the name or the params of a connection."""

from __future__ import annotations

import click

from ..concealed import Concealed
from ..decoding import printable
from .access import Access
from .confirming import changes_something, confirmed
from .output import Form, print_json, prints
from .showing import detail, print_detail
from .signing_in import signs_in
from .values import takes_values


@click.command("update")
@click.argument("id")
@click.option("--name", metavar="NAME", help="Its new name.")
@takes_values
@changes_something
@prints("json")
@signs_in
def update_command(
    access: Access,
    id: str,
    name: str | None,
    values: Concealed[dict[str, str]],
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Change the name or the params of a connection.

    What is not given stays as it is.
    """
    if name is None and not values.reveal():
        raise click.UsageError("There is nothing to change: give --name, or values of params.")
    with access.open() as opened:
        before = opened.tenant.connections.get(id)
        renamed = "" if name is None else f" name {before.name or ''!r} to {name!r};"
        params = printable(", ".join(values.reveal()) or "none")
        click.echo(f"Connection {printable(id)}:{renamed} params set: {params}.", err=True)
        if not confirmed("Change it", dry_run=dry_run, yes=yes):
            return
        after = opened.tenant.connections.update(id, name=name, params=values.reveal() or None)
        shown = detail(after, opened.names)
    if form == "json":
        print_json(shown)
    else:
        print_detail(shown)
