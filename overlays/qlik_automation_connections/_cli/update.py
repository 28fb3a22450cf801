"""`qac update`: changes the name or the params of a connection."""

from __future__ import annotations

import click

from .._secrets import Secret
from .._text import printable
from .access import Access
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .format import detail, print_detail
from .output import Form, print_json, prints
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
    values: Secret[dict[str, str]],
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Change the name or the params of a connection.

    What is not given stays as it is.
    """
    if name is None and not values.get_secret_value():
        raise click.UsageError("There is nothing to change: give --name, or values of params.")
    with access.open() as opened:
        before = opened.tenant.connections.get(id)
        renamed = "" if name is None else f" name {before.name or ''!r} to {name!r};"
        params = printable(", ".join(values.get_secret_value()) or "none")
        click.echo(f"Connection {printable(id)}:{renamed} params set: {params}.", err=True)
        if not confirmed("Change it", dry_run=dry_run, yes=yes):
            return
        after = opened.tenant.connections.update(id, name=name, params=values.get_secret_value() or None)
        shown = detail(after, opened.names)
    if form == "json":
        print_json(shown)
    else:
        print_detail(shown)
