"""`qac change-space`: moves connections into another space."""

from __future__ import annotations

import click

from .access import Access
from .auth_options import signs_in
from .bulk import change_many
from .confirm import changes_something
from .output import Form, prints
from .selection import Selection, selects


@click.command("change-space")
@click.option("--to", "space", metavar="SPACE", help="The new space, by id.")
@click.option("--personal", is_flag=True, help="The personal space of each owner.")
@selects
@changes_something
@prints("json")
@signs_in
def change_space_command(
    access: Access, selection: Selection, space: str | None, personal: bool, dry_run: bool, yes: bool, form: Form
) -> None:
    """Move connections into another space.

    Exit code 5: some were moved and others not.
    """
    if (space is None) != personal:
        raise click.UsageError("Say where: --to SPACE, or --personal.")
    change_many(
        access,
        selection,
        lambda tenant, id: tenant.connections.change_space(id, space_id=space),
        what="Move",
        done="moved",
        dry_run=dry_run,
        yes=yes,
        form=form,
    )
