"""`qac delete`: deletes connections."""

from __future__ import annotations

import click

from .access import Access
from .auth_options import signs_in
from .bulk import change_many
from .confirm import changes_something
from .output import Form, prints
from .selection import Selection, selects
from .usage import warn_of_usage


@click.command("delete")
@click.option("--forced", is_flag=True, help="Also those that automations use.")
@click.option("--no-usage", is_flag=True, help="Do not look which automations use them.")
@selects
@changes_something
@prints("json")
@signs_in
def delete_command(
    access: Access,
    selection: Selection,
    forced: bool,
    no_usage: bool,
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Delete connections.

    It says first which automations use them, as `qac usage` does. Make a backup first: nothing brings a connection's
    secrets back. Exit code 5: some were deleted and others not.
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
        warn=None if no_usage else warn_of_usage,
    )
