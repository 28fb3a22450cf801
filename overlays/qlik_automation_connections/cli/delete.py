"""`qac delete`: deletes connections."""

from __future__ import annotations

import click

from .access import Access
from .confirming import changes_something
from .many import change_many
from .output import Form, prints
from .selection import Selection, selects
from .signing_in import signs_in


@click.command("delete")
@click.option("--forced", is_flag=True, help="Also those that automations use.")
@selects
@changes_something
@prints("json")
@signs_in
def delete_command(access: Access, selection: Selection, forced: bool, dry_run: bool, yes: bool, form: Form) -> None:
    """Delete connections.

    Exit code 5: some were deleted and others not. Make a backup first: nothing brings a connection's secrets back.
    """
    change_many(
        access,
        selection,
        lambda tenant, id: tenant.connections.delete(id, forced=forced),
        what="Delete",
        done="deleted",
        dry_run=dry_run,
        yes=yes,
        form=form,
    )
