"""The `qac` group, which imports a command's module when the command is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from .._version import __version__
from .help import Command, close_matches, or_list
from .standard_streams import silence_broken_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


COMMANDS = {
    "audit": "Audit connections: inventory, owners, and problems.",
    "backup": "Back up connections, and automations, to an archive; verify or show one.",
    "change-owner": "Hand over connections to another user.",
    "change-space": "Move connections to another space.",
    "check": "Test connections and report the broken ones.",
    "connectors": "List the connectors for which connections can be created.",
    "completion": "Print a shell's completion script.",
    "context": "Show the contexts of Qlik's command line.",
    "create": "Create a connection.",
    "delete": "Delete connections.",
    "deploy": "Deploy automations with their connections.",
    "demo": "Walk through an administrator's day on two fake tenants.",
    "doctor": "Find out how a tenant differs from what is expected.",
    "get": "Show one connection with its params.",
    "handover": "Hand over all connections of one user to another, or undo it.",
    "help": "Show the help of a command.",
    "list": "List connections.",
    "mcp": "Serve the jobs to an agent, over MCP.",
    "remap": "Rewrite connection ids in exported automations.",
    "restore": "Restore connections from a backup.",
    "sandbox": "Serve a fake tenant on this machine.",
    "spaces": "List the spaces that you may see.",
    "update": "Change the name or the params of a connection.",
    "usage": "Show which automations use connections.",
    "users": "List the users of the tenant.",
    "whoami": "Show which tenant is used, and as whom.",
}
# Commands whose modules have other names.
_MODULES = {
    **dict.fromkeys(("change-owner", "change-space", "delete"), "bulk"),
    **dict.fromkeys(("create", "get", "list", "update"), "connections"),
    **dict.fromkeys(("connectors", "spaces", "users"), "neighbours"),
    **dict.fromkeys(("completion", "help"), "group"),
}
_ALIASES = {"ls": "list"}


def _ending(error: BaseException) -> Exception | None:
    """Return the exception to end a command with; None for an error that is a bug."""
    # Help doesn't need these, and importing them takes longer than printing it.
    from ..errors import QlikError
    from .exit_codes import Exit, Failed, Stopped, exit_code, stop_code

    if isinstance(error, OSError):
        silence_broken_streams()
    if isinstance(error, BrokenPipeError):
        return click.exceptions.Exit(int(Exit.BROKEN_PIPE))
    if isinstance(error, QlikError):
        return Failed(str(error), exit_code(error))
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return Stopped("Stopped.", stop_code(error))
    if isinstance(error, OSError):
        return Failed(f"{error.filename or 'Standard output'}: {error.strerror or error}.")
    return None


@contextmanager
def _reported() -> Iterator[None]:
    """Turn errors that are not bugs into a message and an exit code."""
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
    """A group that imports a command only when it is used, and lists them by name and summary."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        cmd_name = _ALIASES.get(cmd_name, cmd_name)
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f".{_MODULES.get(cmd_name, cmd_name)}", __package__)
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command and its arguments; for an unknown one, suggest those that are close."""
        name = args[0]
        if name in COMMANDS or name in _ALIASES or name.startswith("-"):
            return super().resolve_command(ctx, args)
        close = close_matches(name, [*COMMANDS])
        hint = f"Did you mean {or_list(close)}?" if close else "qac help lists them."
        raise click.UsageError(f"There is no command {name!r}. {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        # The base class would import every command for its summary.
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a word without importing every command for its summary."""
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
        """Parse the arguments, and print help or the version if requested."""
        with _reported():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _reported():
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="qlik-automation-connections", prog_name="qac")
def qac() -> None:
    """Manage the automation connections of a Qlik Cloud tenant.

    Name the tenant with --tenant, --context or QLIK_TENANT_URL, and sign in with QLIK_API_KEY or options, or
    use the current context of Qlik's command line. With --sandbox, a command uses a fake tenant instead.

    \b
    Exit codes: 0 success; 1 findings or failures; 2 wrong usage, or a missing extra;
    3 sign-in refused; 4 not found; 5 partly done; 6 tenant unreachable;
    130 stopped with Ctrl-C, 143 with SIGTERM; 141 the output was closed.
    """


@click.command("help", cls=Command)
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def help_command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command.

    It is the same as that of --help.

    Examples:
        qac help check
        qac help backup verify
    """
    context = ctx.find_root()
    for word in words:
        group = context.command
        command = group.resolve_command(context, [word])[1] if isinstance(group, click.Group) else None
        if command is None:
            raise click.UsageError(f"{context.command_path} has no command {word!r}.")
        context = click.Context(command, info_name=word, parent=context)
    click.echo(context.get_help())


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print a shell's completion script.

    \b
    bash:  eval "$(qac completion bash)"    in ~/.bashrc
    zsh:   eval "$(qac completion zsh)"     in ~/.zshrc, after compinit
    fish:  qac completion fish > ~/.config/fish/completions/qac.fish

    Examples:
        qac completion bash
        eval "$(qac completion zsh)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    # click's own entry point would look for the shell first.
    source = kind(qac, {}, "qac", "_QAC_COMPLETE")
    click.echo(source.source_template % source.source_vars())
