"""`qac list`: lists connections."""

from __future__ import annotations

from itertools import islice
from typing import get_args

import click

from .. import Sort
from .access import Access
from .auth_options import signs_in
from .format import COLUMNS, ROW_KEYS, row
from .listing import listed
from .output import Form, print_rows, prints


@click.command("list")
@click.option("--all", "list_all", is_flag=True, help="Everybody's connections (for administrators).")
@click.option("--filter", metavar="SCIM", help='Those that an expression names, such as: name eq "SMTP".')
@click.option("--name", metavar="NAME", help="Those with exactly this name.")
@click.option("--owner", metavar="USER", help="Those of this user, by id.")
@click.option("--space", metavar="SPACE", help='Those in this space, by id; "" for personal spaces.')
@click.option("--connector", metavar="CONNECTOR", help="Those of this connector, by id.")
@click.option(
    "--sort", type=click.Choice(get_args(Sort)), metavar="FIELD", help="id, name, createdAt or updatedAt; -FIELD."
)
@click.option("--max", "most", type=click.IntRange(min=1), metavar="NUMBER", help="Stop after so many.")
@prints("json", "ndjson", "csv")
@signs_in
def list_command(
    access: Access,
    list_all: bool,
    filter: str | None,
    name: str | None,
    owner: str | None,
    space: str | None,
    connector: str | None,
    sort: Sort | None,
    most: int | None,
    form: Form,
) -> None:
    """List connections.

    All of them, whatever their number; JSON lines and CSV come page by page. Exit code 0, also if there are none.
    """
    with access.open() as opened:
        pager = opened.tenant.connections.list(
            filter=filter,
            name=name,
            owner_id=owner,
            space_id=space,
            connector_id=connector,
            sort=sort,
            list_all=list_all,
            limit=None if most is None else min(most, 200),
        )
        # JSON lines and CSV are printed as the pages come; a table and a JSON document as a whole.
        items = listed(pager, most) if form in ("table", "json") else islice(pager, most)
        print_rows(form, (row(item, opened.names) for item in items), COLUMNS, keys=ROW_KEYS)
