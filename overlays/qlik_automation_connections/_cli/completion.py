"""`qac completion`: prints what makes a shell complete the commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .exit_codes import Failed


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print what makes a shell complete the commands.

    \b
    bash:  eval "$(qac completion bash)"    in ~/.bashrc
    zsh:   eval "$(qac completion zsh)"     in ~/.zshrc, after compinit
    fish:  qac completion fish > ~/.config/fish/completions/qac.fish
    """
    from .group import qac

    kind = get_completion_class(shell)
    if kind is None:
        raise Failed(f"click knows no completion for {shell}.")
    # The script itself; click's own way to it would look for the shell first.
    source = kind(qac, {}, "qac", "_QAC_COMPLETE")
    click.echo(source.source_template % source.source_vars())
