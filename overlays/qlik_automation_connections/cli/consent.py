"""Connections that wait for a person's consent in a browser."""

from __future__ import annotations

import time
from typing import Final

import click

from .. import Connection, Tenant
from .exits import Exit, Failed

_POLL_SECONDS: Final = 3.0


def say_what_to_do(connection: Connection) -> None:
    """Shows where a person gives consent, on standard error, if the connection waits for it."""
    if connection.redirect and not connection.is_connected:
        click.echo(
            "It is not connected yet: somebody who may must open this address in a browser and consent:\n"
            f"  {connection.redirect}",
            err=True,
        )


def wait_until_connected(tenant: Tenant, connection: Connection, *, patience: float) -> Connection:
    """Reads a connection again and again until it is connected.

    Args:
        tenant: where.
        connection: the connection as it was.
        patience: seconds to wait at most.

    Returns:
        The connection as it is then.

    Raises:
        Failed: it took too long.

    Sends a GET each three seconds (tier 1).
    """
    end = time.monotonic() + patience
    while not connection.is_connected:
        left = end - time.monotonic()
        if left <= 0:
            raise Failed(f"It was not connected within {patience:g} seconds.", Exit.FAILED)
        time.sleep(min(_POLL_SECONDS, left))
        connection = tenant.connections.get(connection.id or "")
    return connection
