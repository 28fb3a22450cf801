"""Values of params on the command line: from files, the environment, a prompt, or, with a warning, from arguments."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from .. import ConfigurationError
from .._secrets import Secret, without_frames
from .auth_options import read_secret, warn_of_argument
from .exit_codes import Exit, Failed

F = TypeVar("F", bound=Callable[..., Any])

_Values = Secret[dict[str, str]]


def _split(option: str, argument: str) -> tuple[str, str]:
    name, sign, rest = argument.partition("=")
    if not sign or not name:
        raise click.UsageError(f"{option} takes NAME=…; {name or 'it'!r} has no name or no equals sign.")
    return name, rest


def _from_environment(name: str, variable: str) -> str:
    value = os.environ.get(variable)
    if value is None:
        raise Failed(f"--param-env {name}: the variable {variable} is not set.", Exit.USAGE)
    return value


@without_frames
def _from_document(file: str) -> _Values:
    """Values from a JSON object. No message repeats a part of it."""
    try:
        document = json.loads(read_secret(file, "--params-file").get_secret_value() or "")
    except (ValueError, RecursionError):
        raise ConfigurationError(f"--params-file: {file} is no JSON.") from None
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise ConfigurationError(f"--params-file: {file} must hold a JSON object of names and strings.")
    return Secret(document)


def _gathered(
    plain: Secret[tuple[str, ...]],
    environment: tuple[str, ...],
    files: tuple[str, ...],
    prompts: tuple[str, ...],
    document: str | None,
) -> _Values:
    values: _Values = Secret({})
    if document is not None:
        values = _from_document(document)
    if plain.get_secret_value():
        warn_of_argument("--param", "--param-env, --param-file, --param-prompt or --params-file")
        values.get_secret_value().update(_split("--param", argument) for argument in plain.get_secret_value())
    for argument in environment:
        name, variable = _split("--param-env", argument)
        values.get_secret_value()[name] = _from_environment(name, variable)
    for argument in files:
        name, file = _split("--param-file", argument)
        values.get_secret_value()[name] = read_secret(file, "--param-file", may_be_empty=True).get_secret_value() or ""
    if prompts and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Failed("--param-prompt: nobody is there to be asked; use --param-env or --param-file.", Exit.USAGE)
    for name in prompts:
        values.get_secret_value()[name] = click.prompt(
            f"Value of {name}", hide_input=True, default="", show_default=False, err=True
        )
    return values


def _conceal(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> Secret[tuple[str, ...]]:  # noqa: ARG001
    return Secret(value)


def takes_values(command: F) -> F:
    """Gives a command options for values of params, and passes them concealed as `values`, by the params' names."""

    @functools.wraps(command)
    def with_values(
        *arguments: Any,
        param: Secret[tuple[str, ...]],
        param_env: tuple[str, ...],
        param_file: tuple[str, ...],
        param_prompt: tuple[str, ...],
        params_file: str | None,
        **options: Any,
    ) -> Any:
        values = _gathered(param, param_env, param_file, param_prompt, params_file)
        return command(*arguments, values=values, **options)

    decorated: Any = with_values
    for option in (
        click.option("--params-file", metavar="FILE", help="JSON object of params and values; - for standard input."),
        click.option("--param-prompt", multiple=True, metavar="NAME", help="Ask for a param's value, without echo."),
        click.option("--param-file", multiple=True, metavar="NAME=FILE", help="A param's value from a file."),
        click.option(
            "--param-env", multiple=True, metavar="NAME=VARIABLE", help="A param's value from the environment."
        ),
        click.option(
            "--param", multiple=True, metavar="NAME=VALUE", callback=_conceal, help="A value; others can see it."
        ),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
