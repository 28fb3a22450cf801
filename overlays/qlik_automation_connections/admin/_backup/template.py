"""The template of the values that a restore needs: a line each param."""

from __future__ import annotations

from collections.abc import Iterator

from .._errors import JobError
from .._managed import is_managed
from .archive import ArchivedConnection
from .lines import encoded
from .values import template_line


def template_of(archived: ArchivedConnection) -> Iterator[bytes]:
    """The lines for a connection; none for one that the service manages itself."""
    try:
        connection = archived.connection
    except JobError:
        # It has no params that anybody could name.
        return
    if is_managed(connection.connector_id):
        return
    seen = set()
    for param in connection.params:
        if not param.name or param.name in seen:
            continue
        seen.add(param.name)
        yield encoded(
            template_line(
                connection=archived.id,
                name=connection.name,
                connector=connection.connector_id,
                param=param.name,
                field_type=param.field_type,
                optional=bool(param.is_optional),
            )
        )
