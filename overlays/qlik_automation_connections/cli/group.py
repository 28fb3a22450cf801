"""The commands of `qac`; a command's module is imported when the command is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from attrs import frozen
from click.shell_completion import CompletionItem

from ..version import __version__
from .standard_streams import silence_broken_streams


@frozen
class LazyCommand:
    """A command that is not imported yet.

    Attributes:
        module: module of this package that holds the command, under the command's name and `_command`.
        summary: what the list of commands says about it.
    """

    module: str
    summary: str


COMMANDS = {
    "audit": LazyCommand(".audit", "Say what is there, whose it is, and what is broken."),
    "backup": LazyCommand(".backup", "Write connections into the archive FILE, verify one, or look into it."),
    "change-owner": LazyCommand(".change_owner", "Hand connections to another user."),
    "change-space": LazyCommand(".change_space", "Move connections into another space."),
    "check": LazyCommand(".check", "Try connections side by side, and say which are broken."),
    "completion": LazyCommand(".completion", "Print what makes a shell complete the commands."),
    "create": LazyCommand(".create", "Create a connection."),
    "delete": LazyCommand(".delete", "Delete connections."),
    "demo": LazyCommand(".demo", "Walk through all operations against an embedded sandbox."),
    "get": LazyCommand(".get", "Show one connection with its params."),
    "handover": LazyCommand(".handover", "Hand all connections of one user to another, or undo it."),
    "list": LazyCommand(".list", "List connections."),
    "remap": LazyCommand(".remap", "Rewrite connections' ids in exported automations."),
    "restore": LazyCommand(".restore", "Restore connections from a backup."),
    "sandbox": LazyCommand(".sandbox", "Serve a pretend tenant on this machine."),
    "usage": LazyCommand(".usage", "Say which automations use connections."),
    "update": LazyCommand(".update", "Change the name or the params of a connection."),
}


def _ending(error: BaseException) -> Exception | None:
    """What a command ends with for an exception; None for one that no user can cause."""
    # Help needs none of this, and loading it takes longer than all of help.
    from ..errors import QlikError
    from .exits import Exit, Failed, Stopped, exit_code

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
        module = importlib.import_module(COMMANDS[cmd_name].module, __package__)
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        # The stock way imports every command to ask for its summary.
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in sorted(COMMANDS.items())])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the word may become; the stock way imports every command to ask for its summary."""
        named = [
            CompletionItem(name, help=command.summary)
            for name, command in sorted(COMMANDS.items())
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
    --sandbox every command that asks one works on a pretend tenant.

    \b
    Exit codes: 0 fine; 1 findings or failures; 2 wrong usage, or a missing extra;
    3 sign-in refused; 4 not found; 5 done in part; 6 tenant unreachable;
    130 stopped with Ctrl-C, 143 with a signal; 141 nobody read the output.
    """
