"""Reads values that differ from the spec, using the table of quirks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from qlik_automation_connections_api.fields import FIELDS, Field
from qlik_automation_connections_api.types import Normalizer as BaseNormalizer

from ._quirks import NOT_MINE, QUIRKS, RAW, Quirk

T = TypeVar("T")

_QUIRK: Final = {quirk.name: quirk for quirk in QUIRKS}
_WHOLE: Final = Field("object", None, False)


def _quirks_of(schema: str, fields: Mapping[str, Field]) -> dict[str, list[Quirk]]:
    """Return the quirks that may concern each field, the elements of scalar lists (`name[]`), and the object (`""`)."""
    elements = {f"{name}[]": Field(field.element, None, False) for name, field in fields.items() if field.element}
    return {
        name: [quirk for quirk in QUIRKS if quirk.concerns(schema, name, field)]
        for name, field in {**fields, **elements, "": _WHOLE}.items()
    }


_QUIRKS_OF: Final = {schema: _quirks_of(schema, fields) for schema, fields in FIELDS.items()}
# The service may send new undocumented fields forever.
_MOST_FIELDS: Final = 100
_CONTAINERS: Final = {"object": dict, "array": list}
_TYPES: Final = {"string": str, "boolean": bool, "integer": int, "number": float}


QuirksSeen = defaultdict[str, set[str]]
"""Fields, as `Schema.name`, by the quirk they showed."""


class WrongShape(Exception):
    """The JSON does not match the spec, and no known quirk explains it."""


class FailedRead(NamedTuple):
    """A value that could not be read."""

    id: str | None
    """Id of the object that contains the value."""
    field: str
    """The field, as `Schema.name`."""


def _json_type(value: object) -> str:
    names = {type(None): "null", dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")


class Normalizer(BaseNormalizer):
    """Reads the parts of one response that differ from the spec.

    Attributes:
        quirks: The quirks that the response showed.
        failed_reads: Values that could not be read.
        needs_exact_json: Whether the result contains raw JSON, or a number that a faster decoder may have rounded.
    """

    def __init__(self) -> None:
        self.quirks: QuirksSeen = defaultdict(set)
        self.failed_reads: list[FailedRead] = []
        self.needs_exact_json = False
        self._empty: set[tuple[str, str, str | None]] = set()

    def report(self, seen: QuirksSeen) -> None:
        """Add this response's quirks to those of others."""
        for quirk, fields in self.quirks.items():
            if len(seen[quirk]) < _MOST_FIELDS:
                seen[quirk] |= fields

    def unwrap(self, content: Any, schema: str) -> Any:
        """Return the resource, unwrapped from `data` if necessary."""
        quirk = _QUIRK["wrapped-in-data"]
        if isinstance(content, dict) and FIELDS[schema].keys().isdisjoint(content):
            found = quirk.reader(content, _WHOLE, content)
            if found is not NOT_MINE:
                self.quirks[quirk.name].add(schema)
                return found
        return content

    def object(self, schema: str, source: Any, fields: Sequence[str], extra: dict[str, Any]) -> Mapping[str, Any]:
        if not isinstance(source, dict):
            found = self._explained(schema, "", _WHOLE, source, {})
            if found is NOT_MINE:
                raise WrongShape(f"{_json_type(source)} instead of an object")
            source = found
        unknown = {name: value for name, value in source.items() if name not in fields}
        if unknown:
            extra.update(unknown)
            self.needs_exact_json = True
            self.quirks["unknown-field"].update(f"{schema}.{name}" for name in unknown)
        return {name: source.get(name) for name in fields}

    def field(self, schema: str, source: Mapping[str, Any], name: str, extra: dict[str, Any]) -> Any:
        value = source[name]
        # Most values here are nulls and empty strings, which a list repeats.
        if (schema, name, value) in self._empty if value is None or value == "" else False:
            return None
        field = FIELDS[schema][name]
        if field.schema is None and value.__class__ is _CONTAINERS.get(field.kind):
            if field.element is None:
                self.needs_exact_json = True
                return value
            found = self._elements(schema, name, field.element, value)
        else:
            found = self._explained(schema, name, field, value, source)
        if found is NOT_MINE:
            wanted = "an object" if field.kind == "object" else "a list"
            raise WrongShape(f"{_json_type(value)} instead of {wanted}")
        if found is RAW:
            self.needs_exact_json = True
            id = source.get("id")
            self.failed_reads.append(FailedRead(id if isinstance(id, str) else None, f"{schema}.{name}"))
            extra[name] = value
            return None
        if found is None:
            self._empty.add((schema, name, value))
        return found

    def skip(self) -> bool:
        self.quirks["null-values"].add("an element of a list")
        return False

    def _explained(self, schema: str, name: str, field: Field, value: Any, source: Mapping[str, Any]) -> Any:
        """Return the value as the first quirk that explains it reads it, or `NOT_MINE`."""
        if value.__class__ is float:
            self.needs_exact_json = True
        for quirk in _QUIRKS_OF[schema][name]:
            found = quirk.reader(value, field, source)
            if found is not NOT_MINE:
                self.quirks[quirk.name].add(f"{schema}.{name}")
                return found
        return NOT_MINE

    def _elements(self, schema: str, name: str, kind: Any, values: Any) -> Any:
        """Return the elements of a list of scalars, or `RAW` if one can't be read."""
        field = Field(kind, None, False)
        found = [
            value if type(value) is _TYPES[kind] else self._explained(schema, f"{name}[]", field, value, {})
            for value in values
            if value is not None or self.skip()
        ]
        return RAW if any(element is RAW or element is NOT_MINE for element in found) else found


def read_normalized(read: Callable[[Any, Normalizer], T], document: Any, schema: str) -> tuple[T, Normalizer]:
    """Read a resource from decoded JSON.

    Args:
        read: Reads the unwrapped resource.
        document: The decoded JSON.
        schema: Name of the resource's schema.

    Returns:
        The resource, and the normalizer with the quirks that the document shows.

    Raises:
        WrongShape: The document does not match the spec; the message says where and why.
    """
    normalizer = Normalizer()
    content = normalizer.unwrap(document, schema)
    try:
        return read(content, normalizer), normalizer
    except WrongShape as error:
        problem = str(error)
    raise WrongShape(f"{(_place(content, schema) or '').lstrip('.') or 'the response'} is {problem}")


def _place(value: Any, schema: str) -> str | None:
    """Return the path of the first part with the wrong shape, such as `.params[1]`, or None."""
    if not isinstance(value, dict):
        return ""
    for name, field in FIELDS[schema].items():
        expected = _CONTAINERS.get(field.kind)
        part = value.get(name)
        if expected is None:
            continue
        if not isinstance(part, expected):
            try:
                part = Normalizer().field(schema, {**dict.fromkeys(FIELDS[schema]), **value}, name, {})
            except WrongShape:
                return f".{name}"
        if field.schema is not None:
            places = (
                {f".{name}[{n}]": each for n, each in enumerate(part or [])} if expected is list else {f".{name}": part}
            )
            for place, each in places.items():
                inner = None if each is None else _place(each, field.schema)
                if inner is not None:
                    return place + inner
    return None
