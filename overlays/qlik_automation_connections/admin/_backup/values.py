"""Values of params: the template that a backup writes, and the values that a person or a vault fills in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from ..._secrets import Secret, without_frames
from .._document import Id, Part, read
from .._errors import JobError
from .._files import read_regular, reason
from .._journal import encoded
from .._managed import is_managed
from .records import ArchivedConnection

Values = dict[tuple[str, str], str]
"""Values by the connection's id in the tenant that was backed up, and the param's name."""


@frozen
class ValueLine(Part):
    """A line of the template of values: a param and its new value.

    Attributes:
        connection: The connection's id in the tenant that was backed up.
        param: Name of the param.
        name: Name of the connection.
        connector: Id of its connector.
        field_type: Type of the param, such as `password`.
        optional: Whether the param is optional.
        value: The value; None if not given.
        env: Environment variable that holds the value instead.
    """

    MAY_HOLD_SECRETS = True
    connection: Id
    param: Id
    name: str | None = None
    connector: str | None = None
    field_type: str | None = None
    optional: bool | None = None
    value: str | None = field(default=None, repr=False)
    env: str | None = field(default=None, repr=False)


def template_lines(archived: ArchivedConnection) -> Iterator[bytes]:
    """Iterate over the template's lines for a connection; none if the service manages it itself."""
    try:
        connection = archived.connection
    except JobError:
        # A document that can't be parsed has no known params.
        return
    if is_managed(connection.connector_id):
        return
    seen = set()
    for param in connection.params:
        if param.name and param.name.strip() and param.name not in seen:
            seen.add(param.name)
            line = ValueLine(
                archived.id,
                param.name,
                connection.name,
                connection.connector_id,
                param.field_type,
                bool(param.is_optional),
            )
            yield encoded({name: value for name, value in line.to_dict().items() if name != "env"})


def read_values(path: str | Path, environment: Mapping[str, str] | None = None) -> Secret[Values]:
    """Read a template of values that was filled in.

    Args:
        path: File with a line for each param: its `value`, or `env`, the environment variable that holds it. Params
            with a null value are skipped.
        environment: Environment variables to use instead of `os.environ`.

    Returns:
        The values that are given.

    Raises:
        JobError: The file can't be read, or a line is invalid; the message names line and field, never a value.

    Sends no requests.
    """
    variables: Secret[Mapping[str, str]] = Secret(os.environ if environment is None else environment)
    del environment
    try:
        content = Secret(read_regular(path))
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
            raise JobError(f"{where}: line {number} is not JSON.") from None
        try:
            problem = _note(read(ValueLine, entry, "value"), values, environment.get_secret_value())
        except JobError as error:
            raise JobError(f"{where}: line {number}: {error}") from None
        if problem:
            raise JobError(f"{where}: line {number}: {problem}.")
    return Secret(values)


def _note(line: ValueLine, values: Values, environment: Mapping[str, str]) -> str | None:
    """Add the value of a line; return what is wrong, if anything."""
    value = line.value
    if line.env is not None:
        if value is not None:
            return "value and env are both given: remove one, or set it to null"
        # The variable is not named: it may be the value itself, typed in the wrong place.
        value = environment.get(line.env)
        if not value:
            return "env: the environment variable is not set, or empty"
    key = (line.connection, line.param)
    if value is None:
        return None
    if key in values:
        return "an earlier line has the same connection and param"
    values[key] = value
    return None
