"""`qac change-owner`: hands connections to another user."""

from __future__ import annotations

import click

from .access import Access
from .auth_options import signs_in
from .bulk import change_many
from .confirm import changes_something
from .output import Form, prints
from .selection import Selection, selects


@click.command("change-owner")
@click.option("--to", "user", required=True, metavar="USER", help="The new owner, by id.")
@selects
@changes_something
@prints("json")
@signs_in
def change_owner_command(access: Access, selection: Selection, user: str, dry_run: bool, yes: bool, form: Form) -> None:
    """Hand connections to another user.

    Automations stay with their owners. `qac handover` does the same for all connections of a user, with a plan, and a
    file to undo it. Exit code 5: some were handed over and others not.
    """
    change_many(
        access,
        selection,
        lambda tenant, id: tenant.connections.change_owner(id, user_id=user),
        what="Hand over",
        done="handed over",
        dry_run=dry_run,
        yes=yes,
        form=form,
    )
