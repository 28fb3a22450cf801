"""The commands of `qac`; a command's module is imported when the command is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from .._version import __version__
from .standard_streams import silence_broken_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


# A command's module has the command's name.
COMMANDS = {
    "audit": "Say what is there, whose it is, and what is broken.",
    "backup": "Write connections into the archive FILE, verify one, or look into it.",
    "change-owner": "Hand connections to another user.",
    "change-space": "Move connections into another space.",
    "check": "Try connections side by side, and say which are broken.",
    "completion": "Print what makes a shell complete the commands.",
    "create": "Create a connection.",
    "delete": "Delete connections.",
    "demo": "Walk through all operations against an embedded sandbox.",
    "get": "Show one connection with its params.",
    "handover": "Hand all connections of one user to another, or undo it.",
    "list": "List connections.",
    "remap": "Rewrite connections' ids in exported automations.",
    "restore": "Restore connections from a backup.",
    "sandbox": "Serve a fake tenant on this machine.",
    "usage": "Say which automations use connections.",
    "update": "Change the name or the params of a connection.",
}


def _ending(error: BaseException) -> Exception | None:
    """What a command ends with for an exception; None for one that no user can cause."""
    # Help needs none of this, and loading it takes longer than all of help.
    from ..errors import QlikError
    from .exit_codes import Exit, Failed, Stopped, exit_code

    if isinstance(error, OSError):
        silence_broken_streams()
    if isinstance(error, BrokenPipeError):
        return click.exceptions.Exit(int(Exit.BROKEN_PIPE))
    if isinstance(error, QlikError):
        return Failed(str(error), exit_code(error))
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return Stopped("Stopped.")
    if isinstance(error, OSError):
        return Failed(f"{error.filename or 'Standard output'}: {error.strerror or error}.")
    return None


@contextmanager
def _ended_in_words() -> Iterator[None]:
    """Makes whatever a user can cause end the block with a line and an exit code."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except (click.ClickException, click.exceptions.Exit):
        raise
    except (Exception, KeyboardInterrupt) as error:
        ending = _ending(error)
        if ending is None:
            raise
        raise ending from None


class LazyGroup(click.Group):
    """A group that knows its commands by name and summary alone until one of them is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f".{name}", __package__), f"{name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        # The stock way imports every command to ask for its summary.
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the word may become; the stock way imports every command to ask for its summary."""
        from click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=summary)
            for name, summary in sorted(COMMANDS.items())
            if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Reads the arguments, and prints help and version where they ask for it."""
        with _ended_in_words():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command."""
        with _ended_in_words():
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="qlik-automation-connections", prog_name="qac")
def qac() -> None:
    """Automation connections of a Qlik Cloud tenant.

    The tenant is the one of --tenant, --context or QLIK_TENANT_URL, signed in to with QLIK_API_KEY and the like; with
    --sandbox every command that asks one works on a fake tenant.

    \b
    Exit codes: 0 fine; 1 findings or failures; 2 wrong usage, or a missing extra;
    3 sign-in refused; 4 not found; 5 done in part; 6 tenant unreachable;
    130 stopped with Ctrl-C, 143 with a signal; 141 nobody read the output.
    """
