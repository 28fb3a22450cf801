"""Values of params, from the template that a backup writes and a person or a vault fills in."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..._secrets import Secret, without_frames
from .._errors import JobError
from .._files import reason

Values = dict[tuple[str, str], str]
"""Values by the id of the connection, in the tenant that the backup is of, and the name of the param."""

_FIELDS: Final = frozenset({"connection", "name", "connector", "param", "field_type", "optional", "value", "env"})


def template_line(
    *, connection: str, name: str | None, connector: str | None, param: str, field_type: str | None, optional: bool
) -> dict[str, Any]:
    """A line of the template, without a value yet."""
    return {
        "connection": connection,
        "name": name,
        "connector": connector,
        "param": param,
        "field_type": field_type,
        "optional": optional,
        "value": None,
    }


def read_values(path: str | Path, environment: Mapping[str, str] | None = None) -> Secret[Values]:
    """Reads a template of values that was filled in.

    Args:
        path: the file: a line each param, with its `value`, or with `env`, the name of the variable that holds it. A
            param whose value is null is not given.
        environment: where variables are looked up instead of `os.environ`.

    Returns:
        The values that are given.

    Raises:
        JobError: the file can't be read, or a line can't be understood; the message names line and field, not a value.

    Sends nothing.
    """
    variables: Secret[Mapping[str, str]] = Secret(os.environ if environment is None else environment)
    del environment
    try:
        content = Secret(Path(path).read_bytes())
    except OSError as error:
        raise JobError(f"The values in {path} can't be read: {reason(error)}.") from None
    return _read(content, variables, f"The values in {path}")


@without_frames
def _read(content: Secret[bytes], environment: Secret[Mapping[str, str]], where: str) -> Secret[Values]:
    values: Values = {}
    for number, line in enumerate(content.get_secret_value().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise JobError(f"{where}: line {number} is no JSON.") from None
        problem = _problem(entry) or _note(entry, values, environment.get_secret_value())
        if problem:
            raise JobError(f"{where}: line {number}: {problem}.")
    return Secret(values)


def _problem(entry: Any) -> str | None:
    """What is wrong with the form of a line."""
    if not isinstance(entry, dict):
        return "it is no JSON object"
    if entry.keys() - _FIELDS:
        return f"it has other fields than {', '.join(sorted(_FIELDS))}"
    for field in ("connection", "param"):
        if not isinstance(entry.get(field), str) or not entry[field]:
            return f"{field} must be a string that is not empty"
    for field in ("value", "env"):
        if not isinstance(entry.get(field), str | None):
            return f"{field} must be a string or null"
    if entry.get("value") is not None and entry.get("env") is not None:
        return "value and env are both given: one of them must be null or left out"
    return None


def _note(entry: dict[str, Any], values: Values, environment: Mapping[str, str]) -> str | None:
    """Takes in the value of a line, or tells why not."""
    value = entry.get("value")
    if entry.get("env") is not None:
        # The variable is not named: somebody may have written the value itself there.
        value = environment.get(entry["env"])
        if not value:
            return "env: the environment has no such variable, or an empty one"
    key = (entry["connection"], entry["param"])
    if value is None:
        return None
    if key in values:
        return "connection and param are those of an earlier line"
    values[key] = value
    return None
