"""`qac sandbox`: serve a fake tenant until stopped."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .._text import counted
from .help import Command, number
from .standard_streams import logging_to_stderr

if TYPE_CHECKING:
    from ..sandbox import Sandbox

_STOPS = (signal.SIGINT, signal.SIGTERM)
_LEDGER_LIMIT = 10_000
_REQUESTS = "qlik_automation_connections.sandbox.requests"


@contextmanager
def serving(**arguments: Any) -> Iterator[Sandbox]:
    """Serve a sandbox while the block runs.

    Args:
        arguments: Arguments for `Sandbox`.

    Raises:
        Failed: It can't be started; the message is one line.
    """
    from ..sandbox import Sandbox
    from .exit_codes import Exit, Failed

    try:
        sandbox = Sandbox(**arguments)
    except OSError as error:
        raise Failed(f"{error.filename} can't be read: {error.strerror}.", Exit.USAGE) from None
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    try:
        sandbox.start()
    except ImportError as error:
        raise Failed(f"{error}", Exit.USAGE) from None
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise Failed(f"{reason or error}.") from None
    try:
        yield sandbox
    finally:
        sandbox.close()


@contextmanager
def _until_stopped() -> Iterator[None]:
    """End the block without an error on Ctrl-C or SIGTERM."""
    # SIGINT is set too, as shells make background processes ignore it.
    before = [(number, signal.signal(number, signal.default_int_handler)) for number in _STOPS]
    try:
        yield
    except KeyboardInterrupt:
        # A second Ctrl-C must not interrupt the cleanup.
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _introduction(sandbox: Sandbox, backup: Path | None) -> str:
    from qlik_automation_connections_api.api.automation_connections.get_automation_connections import OPERATION

    path = OPERATION.path
    # Double quotes work in every shell. --noproxy bypasses a proxy from the environment.
    curl = f'curl --noproxy "*" -H "Authorization: Bearer {sandbox.api_key}" "{sandbox.url}{path}?listAll=true&limit=2"'
    holds = "Its data is made up,\nand" if backup is None else "The values of\ntheir params are made up. Its data is"
    return (
        f"A sandbox tenant with {counted(len(sandbox.snapshot()))}, on this machine only. {holds} lost when it stops.\n"
        "\n"
        f"Address: {sandbox.url}\n"
        f"API key: {sandbox.api_key} (an administrator's)\n"
        f"User's key: {sandbox.user_api_key} (sees only their own connections)\n"
        f"OAuth client: {sandbox.client_id}, secret {sandbox.client_secret} (reads everyone's automations)\n"
        "\n"
        "The first two connections:\n"
        f"{curl}\n"
        "\n"
        "For qac and Tenant.from_env(), in another terminal:\n"
        f"export QLIK_TENANT_URL={sandbox.url} QLIK_API_KEY={sandbox.api_key}\n"
        f"export QLIK_AUTOMATIONS_OAUTH_CLIENT_ID={sandbox.client_id}"
        f" QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET={sandbox.client_secret}\n"
        "\n"
        "In Python:\n"
        f'tenant = Tenant("{sandbox.url}", api_key="{sandbox.api_key}")\n'
        "\n"
        f"In a browser: {sandbox.url} (keys, operations, requests)\n"
        "\n"
        "Ctrl-C stops it."
    )


@click.command("sandbox", cls=Command)
@click.option("--port", type=number(0, 65_535), default=0, help="Port; 0, the default, picks a free one.")
@click.option("--connections", type=number(0), default=250, show_default=True, help="Number of initial connections.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback address to listen on.")
@click.option("--no-quirks", is_flag=True, help="Follow the spec exactly, without the service's known deviations.")
@click.option("--limits", is_flag=True, help="Enforce the service's published rate limits.")
@click.option(
    "--speed",
    type=number(0, whole=False, above=True),
    help="With --limits: how many times faster than real time the clock runs.  [default: 1]",
)
@click.option(
    "--from",
    "backup",
    metavar="ARCHIVE",
    type=click.Path(path_type=Path),
    help="Hold the connections of this backup, to rehearse a restore. The values of their params are made up.",
)
@click.option("--quiet", is_flag=True, help="Don't write a line for each request.")
@click.pass_context
def sandbox_command(
    context: click.Context, /, no_quirks: bool, speed: float | None, backup: Path | None, quiet: bool, **how: Any
) -> None:
    """Serve a fake tenant on this machine.

    It prints its address, a key and a curl command, then a line for each request on stderr, and runs until Ctrl-C or
    SIGTERM.

    Exit code 0: stopped. 1: the port is not available. 2: wrong usage, or the extra "sandbox" is not installed.

    Examples:
        qac sandbox
        qac sandbox --limits --speed 60
    """
    if speed is not None and not how["limits"]:
        raise click.UsageError("--speed needs --limits.")
    if backup is not None and context.get_parameter_source("connections") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--connections and --from exclude each other.")
    with (
        _until_stopped(),
        serving(quirks=not no_quirks, speed=speed or 1.0, backup=backup, ledger_limit=_LEDGER_LIMIT, **how) as sandbox,
        nullcontext() if quiet else logging_to_stderr(_REQUESTS, "%(asctime)s %(message)s"),
    ):
        click.echo(_introduction(sandbox, backup))
        while True:
            time.sleep(3600)
