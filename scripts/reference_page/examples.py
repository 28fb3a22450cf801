"""Example answers against the spec's schemas: where one contradicts its schema, a quirk must name that."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from quirk_signs import sightings

from .comparison import NOTHING, Difference
from .facts import Operation
from .spec import Spec

_URN = "urn:spec"
# An unknown field is what the comparison is to tell, and so is one whose value callers can't read.
_NO_EXCUSE = (None, "unknown-field", "unreadable-value")
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_timestamp(value: object) -> bool:
    return not isinstance(value, str) or datetime.datetime.fromisoformat(value).tzinfo is not None


def _closed(node: Any) -> Any:
    """The same schema without room for undeclared fields: an example that shows one is worth a word."""
    if isinstance(node, list):
        return [_closed(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    copied = {name: _closed(inner) for name, inner in node.items()}
    if isinstance(node.get("properties"), dict):
        copied.setdefault("additionalProperties", False)
    return copied


def _pointed(error: ValidationError) -> str:
    path = "".join("[]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return path.lstrip(".") or "the answer"


def _undeclared(error: ValidationError) -> list[str]:
    schema: Any = error.schema
    instance: Any = error.instance
    return sorted(set(instance) - set(schema["properties"]))


def compare_examples(name: str, operation: Operation, spec: Spec) -> Iterator[Difference]:
    """Validates the examples of one operation.

    Args:
        name: the operation.
        operation: what the page says of it.
        spec: the document with the schemas.

    Returns:
        A difference for each contradiction that no quirk names.
    """
    schema = spec.success_schema(name)
    for text in operation.examples:
        where = f"{name}, example answer"
        try:
            example = json.loads(text)
        except ValueError:
            yield Difference(where, "form", "what is no JSON", "JSON", False)
            continue
        if schema is None:
            yield Difference(where, "content", "that there is some", "that a success has none", False)
            continue
        yield from _contradictions(where, example, schema, spec)


def _contradictions(where: str, example: Any, schema: Any, spec: Spec) -> Iterator[Difference]:
    registry: Registry[Any] = Registry().with_resource(_URN, DRAFT202012.create_resource(_closed(spec.document)))
    reference = str(schema.get("$ref", ""))
    rooted = {"$ref": f"{_URN}{reference}"} if reference else _closed(schema)
    validator = Draft202012Validator(rooted, registry=registry, format_checker=_FORMATS)
    seen = sightings(example, reference.rpartition("/")[2])
    known = {sighting.field for sighting in seen if sighting.quirk not in _NO_EXCUSE}
    found = {}
    for error in validator.iter_errors(example):
        field = _pointed(error)
        if error.validator == "additionalProperties":
            for undeclared in _undeclared(error):
                path = undeclared if field == "the answer" else f"{field}.{undeclared}"
                if path not in known:
                    found[path] = Difference(f"{where}, {path}", "field", "that it exists", NOTHING, False)
        elif field not in known:
            shown = f"a value of type {_type(error.instance)}"
            wanted = f"{error.validator} {error.validator_value!r}"
            found[field] = Difference(f"{where}, {field}", "value", shown, wanted, True)
    yield from found.values()


def _type(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return names.get(type(value), "null")
