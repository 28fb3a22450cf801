"""Values of params, from the template that a backup writes and a person or a vault fills in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from ..._secrets import Secret, without_frames
from .._document import Id, Part, read
from .._errors import JobError
from .._files import reason
from .._journal import encoded
from .._managed import is_managed
from .archive import ArchivedConnection

Values = dict[tuple[str, str], str]
"""Values by the id of the connection, in the tenant that the backup is of, and the name of the param."""


@frozen
class ValueLine(Part):
    """A line of the template of values: a param, and what it is to be set to.

    Attributes:
        connection: The connection, by its id in the tenant that the backup is of.
        param: Name of the param.
        name: Name of the connection.
        connector: Its connector.
        field_type: Kind of the param, such as `password`.
        optional: Whether the connector can do without it.
        value: The value; None if it is not given.
        env: Name of the environment variable that holds the value instead.
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
    """Iterate over the lines of a connection; none for one that the service manages itself."""
    try:
        connection = archived.connection
    except JobError:
        # It has no params that anybody could name.
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
            raise JobError(f"{where}: line {number} is not JSON.") from None
        try:
            problem = _note(read(ValueLine, entry, "value"), values, environment.get_secret_value())
        except JobError as error:
            raise JobError(f"{where}: line {number}: {error}") from None
        if problem:
            raise JobError(f"{where}: line {number}: {problem}.")
    return Secret(values)


def _note(line: ValueLine, values: Values, environment: Mapping[str, str]) -> str | None:
    """Takes in the value of a line, or tells why not."""
    value = line.value
    if line.env is not None:
        if value is not None:
            return "value and env are both given: one of them must be null or left out"
        # The variable is not named: somebody may have written the value itself there.
        value = environment.get(line.env)
        if not value:
            return "env: the environment has no such variable, or an empty one"
    key = (line.connection, line.param)
    if value is None:
        return None
    if key in values:
        return "connection and param are those of an earlier line"
    values[key] = value
    return None
