"""The values of params that a restore sets, kept secret on their way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._redaction import json_without, redact, repeatable
from ..._secrets import Secret, without_frames
from ..._text import counted
from ...errors import ConfigurationError
from .plan import RestoreStep

Values = Mapping[tuple[str, str], str] | Secret[dict[tuple[str, str], str]]

_FORM = "values must map pairs (archived connection's id, param's name) to strings"


@without_frames
def _read(given: Secret[object]) -> Secret[dict[str, dict[str, str]]]:
    """Return the values by connection and param."""
    values = given.get_secret_value()
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{_FORM}; got a {type(values).__name__}.")
    found: dict[str, dict[str, str]] = {}
    for key, value in values.items():
        if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(part, str) for part in key)):
            raise ConfigurationError(f"{_FORM}; one key is not such a pair.")
        if not isinstance(value, str):
            wrong = f"the value of param {key[1]!r} of {key[0]!r} is a {type(value).__name__}"
            raise ConfigurationError(f"{_FORM}; {wrong}.")
        found.setdefault(key[0], {})[key[1]] = value
    return Secret(found)


def not_set(connections: int) -> str:
    """Return a note that values are not set because the plan was made without them."""
    return (
        f"Values for {counted(connections)} are not set: the plan doesn't name their params, because there was nothing"
        " to set when it was made. Plan again with these values."
    )


class ParamValues:
    """Values by connection and param.

    Args:
        values: The result of `read_values`, or a mapping of pairs (archived connection's id, param's name) to values;
            None for no values.

    Raises:
        ConfigurationError: `values` has another form; the message shows no value.
    """

    def __init__(self, values: Values | None) -> None:
        given: Secret[object] = Secret({} if values is None else values)
        del values
        self._by_id = _read(given)
        self._secrets = Secret(
            repeatable(value for params in self._by_id.get_secret_value().values() for value in params.values())
        )

    def ids(self) -> set[str]:
        """Return the ids of connections with any value."""
        return set(self._by_id.get_secret_value())

    def names(self, id: str) -> list[str]:
        """Return the params of a connection that have a value."""
        return list(self._by_id.get_secret_value().get(id, ()))

    def named(self, id: str, names: list[str]) -> list[str]:
        """Return those of a connection's `names` that have a value."""
        given = self._by_id.get_secret_value().get(id, {})
        return [name for name in names if name in given]

    def unnamed(self, steps: Iterable[RestoreStep]) -> list[str]:
        """Return the ids of connections whose steps don't set all given values."""
        return [
            step.id
            for step in steps
            for names in [self.names(step.id)]
            if names and (step.action not in ("create", "update") or set(names) - set(step.params))
        ]

    def has(self, id: str) -> bool:
        """Return whether a connection has any value."""
        return id in self._by_id.get_secret_value()

    def equals(self, id: str, name: str, value: str | None) -> bool:
        """Return whether a param's given value equals `value`."""
        return self._by_id.get_secret_value().get(id, {}).get(name) == value

    def of(self, id: str, names: list[str]) -> dict[str, str] | None:
        """Return the values of some params, or None if there are none. Keep them out of frames that may raise."""
        given = self._by_id.get_secret_value().get(id, {})
        return {name: given[name] for name in names if name in given} or None

    def scrub(self, text: str) -> str:
        """Return a text from the service without any given value, which it may repeat."""
        return redact(text, self._secrets.get_secret_value())

    def json_without(self, document: dict[str, Any]) -> str:
        """Return a document from the service as JSON, without any given value."""
        return json_without(document, self._secrets.get_secret_value())

    def __repr__(self) -> str:
        return "<param values>"
