"""The values of params that a restore sets: from a person or a vault, and seen by nobody on their way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._redaction import json_without, redact, repeatable
from ..._secrets import Secret, without_frames
from ..._text import counted
from ...errors import ConfigurationError
from .plan import RestoreStep

Values = Mapping[tuple[str, str], str] | Secret[dict[tuple[str, str], str]]

_FORM = "values must map pairs of an archived connection's id and a param's name to strings"


@without_frames
def _read(given: Secret[object]) -> Secret[dict[str, dict[str, str]]]:
    """Values by connection and param."""
    values = given.get_secret_value()
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{_FORM}; this is a {type(values).__name__}.")
    found: dict[str, dict[str, str]] = {}
    for key, value in values.items():
        if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(part, str) for part in key)):
            raise ConfigurationError(f"{_FORM}; a key of it is no such pair.")
        if not isinstance(value, str):
            wrong = f"that of param {key[1]!r} of {key[0]!r} is a {type(value).__name__}"
            raise ConfigurationError(f"{_FORM}; {wrong}.")
        found.setdefault(key[0], {})[key[1]] = value
    return Secret(found)


def not_set(connections: int) -> str:
    """Says that values are not set because the plan was made before they were given."""
    return (
        f"Values of {counted(connections)} are not set: the plan does not name their params, because it found nothing"
        " to set when it was made. A plan that is made with them does."
    )


class ParamValues:
    """Values by connection and param.

    Args:
        values: what `read_values` gives, or a mapping of (archived connection's id, param's name) and values; None for
            none.

    Raises:
        ConfigurationError: it is something else; the message shows no value.
    """

    def __init__(self, values: Values | None) -> None:
        given: Secret[object] = Secret({} if values is None else values)
        del values
        self._by_id = _read(given)
        self._secrets = Secret(
            repeatable(value for params in self._by_id.get_secret_value().values() for value in params.values())
        )

    def ids(self) -> set[str]:
        """The connections that any value is given for."""
        return set(self._by_id.get_secret_value())

    def names(self, id: str) -> list[str]:
        """The params of a connection that a value is given for."""
        return list(self._by_id.get_secret_value().get(id, ()))

    def named(self, id: str, names: list[str]) -> list[str]:
        """Those of some params of a connection that a value is given for."""
        given = self._by_id.get_secret_value().get(id, {})
        return [name for name in names if name in given]

    def unnamed(self, steps: Iterable[RestoreStep]) -> list[str]:
        """The connections with values that their steps would not set, because the plan was made without them."""
        return [
            step.id
            for step in steps
            for names in [self.names(step.id)]
            if names and (step.action not in ("create", "update") or set(names) - set(step.params))
        ]

    def has(self, id: str) -> bool:
        """Whether any value is given for a connection."""
        return id in self._by_id.get_secret_value()

    def equals(self, id: str, name: str, value: str | None) -> bool:
        """Whether a given value is this one."""
        return self._by_id.get_secret_value().get(id, {}).get(name) == value

    def of(self, id: str, names: list[str]) -> dict[str, str] | None:
        """The values of some params of a connection, None if there are none. Keep it out of frames that may raise."""
        given = self._by_id.get_secret_value().get(id, {})
        return {name: given[name] for name in names if name in given} or None

    def scrub(self, text: str) -> str:
        """A text of the service's without the values of whatever connection: it may repeat them."""
        return redact(text, self._secrets.get_secret_value())

    def json_without(self, document: dict[str, Any]) -> str:
        """The same of a document, as JSON."""
        return json_without(document, self._secrets.get_secret_value())

    def __repr__(self) -> str:
        return "<param values>"
