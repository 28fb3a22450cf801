"""Param values from files, the environment, prompts or, with a warning, arguments."""

from __future__ import annotations

import json
import os
from typing import Final

import click

from .. import ConfigurationError
from .._secrets import Secret, without_frames
from .auth_options import conceal, warn_of_argument
from .confirm import ask_secret, is_interactive
from .exit_codes import Exit, Failed
from .help import passes
from .inputs import read_secret

Values = Secret[dict[str, str]]


def _split(option: str, argument: str) -> tuple[str, str]:
    name, sign, rest = argument.partition("=")
    if not sign or not name:
        missing = f"the equals sign is missing after {name!r}" if name else "the name is missing"
        raise click.UsageError(f"{option} takes NAME=…: {missing}.")
    return name, rest


@without_frames
def _from_document(file: str) -> Values:
    """Read values from a JSON object, without repeating any of it in messages."""
    try:
        document = json.loads(read_secret(file, "--params-file").get_secret_value() or "")
    except (ValueError, RecursionError):
        raise ConfigurationError(f"--params-file: {file} is not valid JSON.") from None
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise ConfigurationError(f"--params-file: {file} must hold a JSON object that maps names to strings.")
    return Secret(document)


def _values(
    param: Secret[tuple[str, ...]],
    param_env: tuple[str, ...],
    param_file: tuple[str, ...],
    param_prompt: tuple[str, ...],
    params_file: str | None,
) -> Values:
    values: Values = Secret({}) if params_file is None else _from_document(params_file)
    if param.get_secret_value():
        warn_of_argument("--param", "--param-env, --param-file, --param-prompt or --params-file")
        values.get_secret_value().update(_split("--param", argument) for argument in param.get_secret_value())
    for argument in param_env:
        name, variable = _split("--param-env", argument)
        if variable not in os.environ:
            raise Failed(f"--param-env {name}: the variable {variable} is not set.", Exit.USAGE)
        values.get_secret_value()[name] = os.environ[variable]
    for argument in param_file:
        name, file = _split("--param-file", argument)
        values.get_secret_value()[name] = read_secret(file, "--param-file", may_be_empty=True).get_secret_value() or ""
    if param_prompt and not is_interactive():
        raise Failed("--param-prompt needs an interactive terminal; use --param-env or --param-file.", Exit.USAGE)
    for name in param_prompt:
        values.get_secret_value()[name] = ask_secret(f"Value of {name}", may_be_empty=True).get_secret_value()
    return values


takes_values: Final = passes(
    "values",
    _values,
    click.option(
        "--param",
        multiple=True,
        metavar="NAME=VALUE",
        callback=conceal,
        help="A param's value; other users may see it.",
    ),
    click.option(
        "--param-env", multiple=True, metavar="NAME=VARIABLE", help="Read a param's value from the environment."
    ),
    click.option("--param-file", multiple=True, metavar="NAME=FILE", help="Read a param's value from a file."),
    click.option("--param-prompt", multiple=True, metavar="NAME", help="Prompt for a param's value, without echo."),
    click.option("--params-file", metavar="FILE", help="JSON that maps params to values; - for standard input."),
)
"""Adds options for param values to a command, and passes the values by name."""
