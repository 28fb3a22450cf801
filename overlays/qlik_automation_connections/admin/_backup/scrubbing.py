"""Takes the values of params out of a connection's document, in whatever shape, and out of texts that repeat them.

Known fields of known kinds stay as they came. Whatever else may be the value of a param is left out, and what was left
out is looked for in all other texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

from ..._redaction import redact

_MARK: Final = "[concealed]"
# Shorter ones stand in every text.
_SHORTEST: Final = 4

# Fields of a connection and of a param that are texts of a known form; in any other form they are read as free texts.
_IDENTITY: Final = frozenset({"id", "name", "ownerId", "spaceId", "connectorId"})
_TIME: Final = re.compile(r"[0-9:.TtZz +-]{0,40}")
_WORD: Final = re.compile(r"[A-Za-z_ -]{0,40}")
_FORMS: Final = {"createdAt": _TIME, "updatedAt": _TIME, "fieldType": _WORD, "isOptional": _WORD, "isConnected": _WORD}
_PUBLIC: Final = frozenset({"exampleValue", "documentation"})

# Names under which a text or a number is taken for a secret.
_SECRET: Final = re.compile(
    r"values?$|secret|passw|passphrase|pwd|token|credential|api_?key|private_?key|access_?key", re.IGNORECASE
)
# Names of what is taken for params.
_PARAMS: Final = re.compile(
    r".*param.*|.*credential.*|settings?|config(uration)?|inputs?|arguments?|args|properties|variables?|secrets?"
    r"|fields|values|auth(entication|orization)?",
    re.IGNORECASE,
)
# What only a param has beside its value.
_OF_A_PARAM: Final = frozenset({"name", "fieldType", "isOptional", "paramOptions", "exampleValue"})
_KNOWN_OF_A_PARAM: Final = frozenset(
    {"id", "meta", "name", "order", "fieldType", "isOptional", "exampleValue", "paramOptions", "documentation"}
)


class _LeftOut:
    """Stands for what is left out."""


_OUT: Final = _LeftOut()


@frozen
class _Free:
    """A text or a number that may repeat a value."""

    content: str | int | float


class _FreeObject(dict[str, Any]):
    """An object whose names are free texts, too."""


def without_values(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of a connection's document without any value of a param.

    Args:
        document: the JSON as it came; it is not changed.

    Returns:
        All else, in the same order: unknown fields, nulls and wrong types too. Where another text repeats a value of
        four characters or more, `[concealed]` stands for it; names, ids, examples, options and documentation stay as
        they are.
    """
    removal = _Removal()
    stripped = removal.connection(document)
    cleaned: dict[str, Any] = _cleaned(stripped, removal.secrets)
    return cleaned


def _cleaned(value: Any, secrets: set[str]) -> Any:
    """The same without secrets in what is free."""
    if isinstance(value, _Free):
        if isinstance(value.content, str):
            return redact(value.content, secrets)
        return _MARK if str(value.content) in secrets else value.content
    if isinstance(value, list):
        return [_cleaned(element, secrets) for element in value]
    if isinstance(value, _FreeObject):
        return {redact(name, secrets): _cleaned(part, secrets) for name, part in value.items()}
    if isinstance(value, dict):
        return {name: _cleaned(part, secrets) for name, part in value.items()}
    return value


def _is_plain(name: str, value: object) -> bool:
    """Whether a field is one that holds no free text, in the form that it must have."""
    if isinstance(value, dict | list):
        return False
    if name in _IDENTITY:
        return True
    form = _FORMS.get(name)
    return form is not None and (not isinstance(value, str) or form.fullmatch(value) is not None)


def _is_params(name: str, value: object) -> bool:
    return name == "params" or (isinstance(value, dict | list | str) and _PARAMS.fullmatch(name) is not None)


def _is_param(value: dict[str, Any]) -> bool:
    return "fieldType" in value or ("value" in value and not _OF_A_PARAM.isdisjoint(value))


class _Removal:
    """Copies a document without values, gathers those, and marks what may repeat them."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()

    def connection(self, value: dict[str, Any]) -> dict[str, Any]:
        """A connection, or what it is wrapped in."""
        return self._fields(value, self._of_connection)

    def _of_connection(self, name: str, value: Any) -> Any:
        if name == "data" and isinstance(value, dict):
            return self.connection(value)
        return value if _is_plain(name, value) else self._named(name, value)

    def _fields(self, value: dict[str, Any], copy: Callable[[str, Any], Any]) -> dict[str, Any]:
        pairs = ((name, copy(name, part)) for name, part in value.items())
        return {name: part for name, part in pairs if part is not _OUT}

    def _named(self, name: str, value: Any) -> Any:
        """A field that nothing else is known of than its name."""
        if _is_params(name, value):
            return self._params(value)
        return self._left_out(value) if _SECRET.search(name) else self._free(value)

    def _free(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._param(value) if _is_param(value) else _FreeObject(self._fields(value, self._named))
        if isinstance(value, list):
            return [self._free(element) for element in value]
        return value if value is None or isinstance(value, bool) else _Free(value)

    def _params(self, value: Any) -> Any:
        """Params: a list, a mapping by number or by name, or what these are wrapped in."""
        if isinstance(value, list):
            return [part for part in map(self._listed, value) if part is not _OUT]
        if isinstance(value, dict):
            # Of a mapping to the values themselves nothing stays: one of its params may be called `name`.
            return self._fields(value, self._mapped)
        return self._left_out(value)

    def _listed(self, value: Any) -> Any:
        """What stands where a param is expected."""
        is_one = isinstance(value, dict) and (_is_param(value) or "name" in value or "value" in value)
        return self._param(value) if is_one else self._params(value)

    def _mapped(self, name: str, value: Any) -> Any:
        if name.isdecimal():
            return self._listed(value)
        is_one = isinstance(value, dict) and name != "data" and _is_param(value)
        return self._param(value) if is_one else self._params(value)

    def _param(self, value: dict[str, Any]) -> dict[str, Any]:
        # Without a field of that name, the value may be under any name that is not known.
        return self._fields(value, self._of_param if "value" in value else self._of_strange_param)

    def _of_param(self, name: str, value: Any) -> Any:
        if name == "value":
            self._gather(value)
            return _OUT
        if name == "paramOptions" or (name in _PUBLIC and not isinstance(value, dict | list)):
            return value
        if name == "order" and isinstance(value, int | float):
            return value
        return value if _is_plain(name, value) else self._named(name, value)

    def _of_strange_param(self, name: str, value: Any) -> Any:
        return self._of_param(name, value) if name in _KNOWN_OF_A_PARAM else self._params(value)

    def _left_out(self, value: Any) -> Any:
        """Nothing, for what may be a value; null and booleans are none."""
        if value is None or isinstance(value, bool):
            return value
        self._gather(value)
        return _OUT

    def _gather(self, value: Any) -> None:
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                self._gather(part)
        elif value is not None and not isinstance(value, bool):
            self.secrets.update(text for text in (str(value), str(value).strip()) if len(text) >= _SHORTEST)
