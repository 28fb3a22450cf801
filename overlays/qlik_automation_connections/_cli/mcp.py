"""`qac mcp`: serve the jobs to an agent, over the Model Context Protocol."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, Failed
from .help import Command


@click.command("mcp", cls=Command)
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of backups to restore from; plans and journals are written there.",
)
@click.option("--allow-writes", is_flag=True, help="Let the agent apply a plan that it was shown. Needs --folder.")
@signs_in
def mcp_command(access: Access, folder: Path | None, allow_writes: bool) -> None:
    """Serve the jobs to an agent, over MCP.

    The agent's program starts this command, and talks to it over standard input and output. The agent can list, audit
    and check connections, look up their usage, and plan restores and handovers. It changes nothing unless
    --allow-writes is passed, and then only by a plan's hash. No answer holds a secret or the value of a param.

    Examples:
        qac mcp --context production
        qac mcp --sandbox --folder backups --allow-writes
    """
    if allow_writes and folder is None:
        raise click.UsageError("--allow-writes needs --folder, for the journals of what is changed.")
    try:
        from .mcp_server import server_of
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        from .._extras import install_hint

        raise Failed(f"qac mcp needs an extra: {install_hint('mcp')}", Exit.USAGE) from None
    with access.open() as opened:
        server = server_of(opened, folder, allow_writes=allow_writes)
        # The SDK's thread waits for the next line even after an exception. Journals outlast a sudden end.
        before = [(each, signal.signal(each, signal.SIG_DFL)) for each in (signal.SIGINT, signal.SIGTERM)]
        try:
            server.run("stdio")
        finally:
            for each, handler in before:
                signal.signal(each, handler)
