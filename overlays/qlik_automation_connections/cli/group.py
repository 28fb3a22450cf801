"""The commands of `qac`; a command's module is imported when the command is used."""

from __future__ import annotations

import importlib

import click
from attrs import frozen

from ..version import __version__


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
    "demo": LazyCommand(".demo", "Walk through all operations against an embedded sandbox."),
    "sandbox": LazyCommand(".sandbox", "Serve a pretend tenant on this machine."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and summary alone until one of them is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name].module, __package__)
        command = getattr(module, f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        # The stock way imports every command to ask for its summary.
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in sorted(COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="qlik-automation-connections", prog_name="qac")
def qac() -> None:
    """Automation connections of a Qlik Cloud tenant.

    Exit codes: 0 all well, 1 something failed, 2 wrong usage or a missing extra.
    """
