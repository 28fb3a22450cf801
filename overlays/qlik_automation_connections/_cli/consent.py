"""Connections that wait for a person's consent in a browser."""

from __future__ import annotations

import shlex
import time
from typing import Final

import click

from .. import Connection, Tenant
from .._text import printable
from .exit_codes import Exit, Failed, Stopped

_POLL_SECONDS: Final = 3.0


def say_what_to_do(connection: Connection) -> None:
    """Shows where a person gives consent, on standard error, if the connection waits for it."""
    if connection.redirect and not connection.is_connected:
        click.echo(
            "It is not connected yet: somebody who may must open this address in a browser and consent:\n"
            f"  {printable(connection.redirect)}",
            err=True,
        )


def how_to_wait(connection: Connection) -> str:
    """The command that waits until a connection is connected."""
    return f"qac get {shlex.quote(printable(connection.id or ''))} --wait, and the same options to sign in."


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
        Stopped: somebody pressed Ctrl-C.

    Sends a GET each three seconds (tier 1).
    """
    try:
        return _polled(tenant, connection, patience)
    except KeyboardInterrupt:
        raise Stopped(f"Stopped. To wait on: {how_to_wait(connection)}") from None


def _polled(tenant: Tenant, connection: Connection, patience: float) -> Connection:
    if not connection.is_connected:
        click.echo(f"Waiting until it is connected, {patience:g} seconds at most; Ctrl-C stops.", err=True)
    end = time.monotonic() + patience
    while not connection.is_connected:
        left = end - time.monotonic()
        if left <= 0:
            raise Failed(
                f"It was not connected within {patience:g} seconds. To wait on: {how_to_wait(connection)}", Exit.FAILED
            )
        time.sleep(min(_POLL_SECONDS, left))
        connection = tenant.connections.get(connection.id or "")
    return connection
