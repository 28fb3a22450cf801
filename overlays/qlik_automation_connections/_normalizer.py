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


def _element_of(field: Field) -> Field:
    return Field(field.element or "object", field.schema, False)


def _quirks_of(schema: str, fields: Mapping[str, Field]) -> dict[str, list[Quirk]]:
    """Return the quirks that may concern each field, the elements of lists (`name[]`), and the object (`""`)."""
    elements = {f"{name}[]": _element_of(field) for name, field in fields.items() if field.kind == "array"}
    return {
        name: [quirk for quirk in QUIRKS if quirk.concerns(schema, name, field)]
        for name, field in {**fields, **elements, "": Field("object", schema, False)}.items()
    }


_QUIRKS_OF: Final = {schema: _quirks_of(schema, fields) for schema, fields in FIELDS.items()}
# The service may send new undocumented fields forever.
_MOST_FIELDS: Final = 100
_CONTAINERS: Final = {"object": dict, "array": list}
_TYPES: Final = {"string": str, "boolean": bool, "integer": int, "number": float, "object": dict}


QuirksSeen = defaultdict[str, set[str]]
"""Fields, as `Schema.name`, by the quirk they showed."""


class WrongShape(Exception):
    """The JSON does not match the spec, and no known quirk explains it."""

    def __init__(self, place: str, value: object, kind: str) -> None:
        super().__init__(f"{place} is {_json_type(value)} instead of {'an object' if kind == 'object' else 'a list'}")


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
        left_out: Names of list elements that were left out, because they have no id.
        needs_exact_json: Whether the result contains raw JSON, or a number that a faster decoder may have rounded.
    """

    def __init__(self) -> None:
        self.quirks: QuirksSeen = defaultdict(set)
        self.failed_reads: list[FailedRead] = []
        self.left_out: list[str | None] = []
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
            found = quirk.reader(content, Field("object", schema, False), content)
            if found is not NOT_MINE:
                self.quirks[quirk.name].add(schema)
                return found
        return content

    def object(self, schema: str, source: Any, fields: Sequence[str], extra: dict[str, Any]) -> Mapping[str, Any]:
        if _QUIRKS_OF[schema][""]:
            found = self._explained(schema, "", Field("object", schema, False), source, {})
            source = source if found is NOT_MINE else found
        if not isinstance(source, dict):
            raise WrongShape("the response", source, "object")
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
        place = f"links.{name}" if schema == "Links" else name
        found = value
        if value.__class__ is not _CONTAINERS.get(field.kind):
            found = self._explained(schema, name, field, value, source)
            if found is NOT_MINE:
                raise WrongShape(place, value, field.kind)
        elif field.schema is None and field.element is None:
            self.needs_exact_json = True
            return value
        unread = found is RAW
        if isinstance(found, list) and (field.schema or field.element):
            elements = self._elements(schema, name, place, found)
            found = [element for element in elements if element is not RAW]
            unread = len(found) < len(elements)
        if unread:
            self.needs_exact_json = True
            id = source.get("id")
            self.failed_reads.append(FailedRead(id if isinstance(id, str) else None, f"{schema}.{name}"))
            extra[name] = value
            return None if found is RAW else found
        if found is None:
            self._empty.add((schema, name, value))
        return found

    def leave_out(self, item: Any) -> None:
        if isinstance(item.get("id"), list | dict):
            self.failed_reads.pop()  # The warning about what is left out covers it.
        name = item.get("name")
        self.left_out.append(name if isinstance(name, str) else None)

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

    def _elements(self, schema: str, name: str, place: str, values: list[Any]) -> list[Any]:
        """Return the elements of a list without nulls, and `RAW` for each that can't be read."""
        field = _element_of(FIELDS[schema][name])
        found = []
        for number, value in enumerate(values):
            if value is None:
                self.quirks["null-values"].add("an element of a list")
                continue
            if type(value) is not _TYPES[field.kind]:
                read = self._explained(schema, f"{name}[]", field, value, {})
                if read is NOT_MINE:
                    raise WrongShape(f"{place}[{number}]", value, field.kind)
                value = read
            found.append(value)
        return found


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
    return read(normalizer.unwrap(document, schema), normalizer), normalizer
