"""Validate example responses against the spec's schemas; a quirk must name each contradiction."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from qlik_automation_connections._normalizer import Normalizer, WrongShape
from qlik_automation_connections_api import api
from qlik_automation_connections_api.fields import FIELDS

from .comparison import NOTHING, Difference
from .facts import Operation
from .spec import Spec

_URN = "urn:spec"
# The comparison itself must report an unknown field, and a value that callers can't read.
_NO_EXCUSE = ("unknown-field", "unreadable-value")
_FORMATS = FormatChecker(formats=["date-time"])


def _closed(node: Any) -> Any:
    """Return the schema without room for undeclared fields, so that an example with one is reported."""
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


def compare_examples(name: str, operation: Operation, spec: Spec) -> Iterator[Difference]:
    """Validate the examples of an operation, and yield a difference for each contradiction that no quirk names."""
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
    root = reference.rpartition("/")[2]
    known = _explained(example, root)
    found = {}
    for error in validator.iter_errors(example):
        field = _pointed(error)
        if error.validator == "additionalProperties":
            for undeclared in sorted(set(error.instance) - set(error.schema["properties"])):
                path = undeclared if field == "the answer" else f"{field}.{undeclared}"
                found[path] = Difference(f"{where}, {path}", "field", "that it exists", NOTHING, False)
        elif _declared(root, error) not in known:
            shown = f"a value of type {_type(error.instance)}"
            wanted = f"{error.validator} {error.validator_value!r}"
            found[field] = Difference(f"{where}, {field}", "value", shown, wanted, True)
    yield from found.values()


def _explained(example: Any, schema: str) -> set[str]:
    """Return the fields, as `Schema.name`, that a quirk explains when the client reads the example."""
    normalizer = Normalizer()
    for found in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        module = importlib.import_module(found.name)
        if hasattr(module, "OPERATION") and module.OPERATION.result == schema:
            # An example that can't be read is explained as far as reading got.
            with suppress(WrongShape):
                module.read_result(json.loads(json.dumps(example)), normalizer)
            break
    quirks = {quirk: fields for quirk, fields in normalizer.quirks.items() if quirk not in _NO_EXCUSE}
    return {field for fields in quirks.values() for field in fields}


def _declared(schema: str | None, error: ValidationError) -> str:
    """Return the field that an error is about, as `Schema.name`."""
    found = ""
    for part in error.absolute_path:
        if isinstance(part, str) and part in FIELDS.get(schema or "", {}):
            found, schema = f"{schema}.{part}", FIELDS[schema or ""][part].schema
    return found


def _type(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return names.get(type(value), "null")
