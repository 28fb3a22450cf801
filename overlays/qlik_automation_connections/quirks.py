"""Mends what the service sends differently from what it documents.

`QUIRKS` is the table. `Mender` applies it to the decoded JSON of an answer, before the generated models see it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from qlik_automation_connections_api.fields import FIELDS, Field

from .quirk_table import QUIRKS as QUIRKS
from .quirk_table import Quirk as Quirk


class WrongShape(Exception):
    """The JSON can't be what the spec declares, by no known quirk."""

    def __init__(self, wanted: str, found: object) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.found = _json_type(found)
        self.path: list[str] = []

    def __str__(self) -> str:
        return f"{''.join(reversed(self.path)).lstrip('.') or 'the answer'} is {self.found} instead of {self.wanted}"


class Unread(NamedTuple):
    """A value that could not be read."""

    connection_id: str | None
    field: str


class _Unreadable(Exception):
    pass


def _json_type(value: object) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")


_BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "": None}
_BOOLEANS |= {"y": True, "n": False, "t": True, "f": False, "on": True, "off": False}
_INTEGER = re.compile(r"([+-]?[0-9]{1,18})(\.0+)?")


def _read_boolean(value: Any) -> bool | None:
    if isinstance(value, str) and value.strip().lower() in _BOOLEANS:
        return _BOOLEANS[value.strip().lower()]
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    raise _Unreadable


def _read_integer(value: Any) -> int | None:
    if isinstance(value, str) and (match := _INTEGER.fullmatch(value.strip())):
        return int(match[1])
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    if value == "":
        return None
    raise _Unreadable


def _read_number(value: Any) -> float | None:
    if isinstance(value, int) and abs(value) < 2**53:
        return float(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return float(value)
    if value == "":
        return None
    raise _Unreadable


def _read_string(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise _Unreadable


def _read_timestamp(value: Any) -> str | None:
    if not isinstance(value, str):
        raise _Unreadable
    text = re.sub("z$", "Z", value.strip())  # RFC 3339 allows a small one
    if not text:
        return None
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        raise _Unreadable from None
    return text


def _read_emptiable(value: Any) -> str | None:
    return (value or None) if isinstance(value, str) else _read_string(value)


def _read_error(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {} if value in ("", []) else {"value": value}


def _read_meta(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value == {} else [value]


# A reader takes what came and returns what the model gets, or raises _Unreadable or WrongShape.
_Reader = Callable[[Any], Any]
_SCALARS: Mapping[str, tuple[type, _Reader]] = {
    "boolean": (bool, _read_boolean),
    "integer": (int, _read_integer),
    "number": (float, _read_number),
    "string": (str, _read_string),
    "date-time": (type(None), _read_timestamp),
}
_SPECIAL: Mapping[str, _Reader] = {"error": _read_error, "meta": _read_meta}


def mends_always(schema: str) -> bool:
    """Whether an answer of a schema is mended even where each of its fields is as declared."""
    return {"connected", "is_connected"} <= FIELDS[schema].keys()


class Mender:
    """Applies the table to one answer; gathers what could not be read."""

    def __init__(self) -> None:
        self.unread: list[Unread] = []

    def mend(self, value: Any, schema: str) -> dict[str, Any]:
        """Makes an answer fit its schema, in place where it can.

        Raises:
            WrongShape: no known quirk explains the difference.
        """
        if isinstance(value, dict) and isinstance(value.get("data"), dict) and FIELDS[schema].keys().isdisjoint(value):
            value = value["data"]
        mended = self._object(value, schema)
        if mends_always(schema):
            for missing, other in (("connected", "is_connected"), ("is_connected", "connected")):
                if mended.get(missing) is None and isinstance(mended.get(other), bool):
                    mended[missing] = mended[other]
        return mended

    def _object(self, value: Any, schema: str) -> dict[str, Any]:
        if value.__class__ is not dict:
            raise WrongShape("an object", value)
        readers = _READERS[schema]
        for name, part in value.items():
            reader = readers.get(name)
            if reader is None or part is None or part.__class__ is reader[0]:
                continue
            try:
                value[name] = reader[1](part) if reader[1] else self._nested(part, reader[2])
            except _Unreadable:
                self._note(value, schema, name)
            except WrongShape as error:
                error.path.append(f".{name}")
                raise
        return value

    def _nested(self, value: Any, field: Field) -> Any:
        schema = field.schema
        if field.kind == "object":
            value = {} if value in ([], "") else value
            if schema is None and not isinstance(value, dict):
                raise WrongShape("an object", value)
            return self._object(value, schema) if schema else value
        if value == {}:
            return []
        if field.element is not None:
            return _read_scalars(value, *_SCALARS[field.element])
        if not isinstance(value, list):
            raise WrongShape("a list", value)
        if schema is None:
            return value
        elements = []
        for number, element in enumerate(value):
            if element is None:
                continue
            try:
                elements.append(self._object(element, schema))
            except WrongShape as error:
                error.path.append(f"[{number}]")
                raise
        return elements

    def _note(self, value: dict[str, Any], schema: str, name: str) -> None:
        identity = value.get("id")
        owner = identity if isinstance(identity, str) else None
        self.unread.append(Unread(owner, f"{schema}.{name}"))


def _read_scalars(value: Any, conforming: type, reader: _Reader) -> list[Any]:
    if not isinstance(value, list):
        raise _Unreadable
    return [part if part.__class__ is conforming else reader(part) for part in value if part is not None]


def _readers_of(fields: Mapping[str, Field]) -> dict[str, tuple[type, _Reader | None, Field]]:
    readers: dict[str, tuple[type, _Reader | None, Field]] = {}
    for name, field in fields.items():
        if name in _SPECIAL:
            readers[name] = (type(None), _SPECIAL[name], field)
        elif field.empty_is_none:
            readers[name] = (type(None), _read_emptiable, field)
        elif field.kind in _SCALARS:
            conforming, reader = _SCALARS[field.kind]
            readers[name] = (conforming, reader, field)
        else:
            readers[name] = (type(None), None, field)
    return readers


_READERS = {schema: _readers_of(fields) for schema, fields in FIELDS.items()}
