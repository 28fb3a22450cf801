"""Read an OpenAPI document, ours or the vendor's, as the same facts that the page states."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import yaml
from attrs import evolve

from .errors import PageError, SpecError, UnreadableError
from .facts import METHODS, PLACES, Body, Field, Operation, Rate, Reference, Response, base_of, shape_of

Json = dict[str, Any]

_COMPOSED: Final = ("allOf", "anyOf", "oneOf", "not", "if", "patternProperties", "prefixItems")
_CONSTRAINTS: Final = (
    *("format", "default", "const", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    *("deprecated", "x-qlik-filterable"),
)
# Statements of an operation, and the value that says nothing.
_NOTES: Final = {
    "deprecated": ("Deprecated", False),
    "x-qlik-deprecated": ("Deprecated", False),
    "x-qlik-stability": ("Stability", "stable"),
    "x-qlik-visibility": ("Visibility", "public"),
}


class Spec:
    """An OpenAPI document.

    Args:
        text: Its YAML or JSON.
        is_vendors: Whether it is the vendor's. Parts that can't be compared then become fields of a type that ours
            never has, instead of being refused.

    Raises:
        UnreadableError: It isn't an OpenAPI document: PageError for the vendor's, SpecError for ours.
    """

    def __init__(self, text: str, *, is_vendors: bool = False) -> None:
        self.is_vendors = is_vendors
        try:
            document = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, Loader=yaml.CSafeLoader)
        except (ValueError, yaml.YAMLError) as error:
            raise self.error(f"it is not YAML or JSON: {str(error).splitlines()[0]}") from None
        if not isinstance(document, dict) or "openapi" not in document or not isinstance(document.get("paths"), dict):
            raise self.error("it is not an OpenAPI document")
        self.document: Json = document

    def error(self, reason: str) -> UnreadableError:
        """Return the error of a document that can't be compared."""
        return (PageError if self.is_vendors else SpecError)(reason)

    def resolved(self, node: Any) -> Json:
        """Return a node, or what it refers to."""
        seen = set()
        while isinstance(node, dict) and "$ref" in node:
            reference = str(node["$ref"])
            if reference in seen or not reference.startswith("#/"):
                raise self.error(f"{reference} can't be followed")
            seen.add(reference)
            node = self.document
            for part in reference[2:].split("/"):
                key = part.replace("~1", "/").replace("~0", "~")
                if not isinstance(node, dict) or key not in node:
                    raise self.error(f"{reference} leads nowhere")
                node = node[key]
        if not isinstance(node, dict):
            raise self.error(f"an object is expected, and there is {node!r:.40}")
        return node

    def success_schema(self, operation: str) -> Json | None:
        """Return the schema of an operation's successful response; None if it has no content, or isn't in the spec."""
        method, _, path = operation.partition(" ")
        entry = self.document["paths"].get(path, {}).get(method.lower(), {})
        for status, response in entry.get("responses", {}).items():
            if str(status).startswith("2") and (content := self.resolved(response).get("content")):
                schema: Json = next(iter(content.values())).get("schema", {})
                return schema
        return None


def read_spec(spec: Spec, bases: Collection[str] | None = None, known: Collection[str] | None = None) -> Reference:
    """Read a spec.

    Args:
        spec: The document.
        bases: Base paths of the operations to read; None for all. What other pages describe may be in another form.
        known: Operations, as method and path, to read in full; None for all. Of the others only the names are read.

    Raises:
        UnreadableError: It has something that the page's form can't express, such as composed schemas.
    """
    operations = {}
    whole = None if known is None else {shape_of(name) for name in known}
    try:
        for path, item in spec.document["paths"].items():
            for method in METHODS:
                name, described = f"{method} {path}", item.get(method.lower())
                if described is not None and (bases is None or base_of(name) in bases):
                    is_whole = whole is None or shape_of(name) in whole
                    operations[name] = _operation(spec, item, described) if is_whole else Operation()
        base_url = str(spec.document["servers"][0]["url"])
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise spec.error(f"it lacks something that the page states: {type(error).__name__}: {error}") from None
    return Reference(base_url, operations)


def _operation(spec: Spec, item: Json, operation: Json) -> Operation:
    parameters: dict[tuple[str, str], Field] = {}
    for parameter in map(spec.resolved, [*item.get("parameters", []), *operation.get("parameters", [])]):
        if parameter["in"] in PLACES:
            required = bool(parameter.get("required", False))
            found = _field(spec, parameter["schema"], required)
            if parameter.get("deprecated"):
                found = evolve(found, constraints={**found.constraints, "deprecated": True})
            parameters[parameter["in"], parameter["name"]] = found
    body = None
    if "requestBody" in operation:
        request = spec.resolved(operation["requestBody"])
        content_type, fields = _content(spec, request["content"])
        body = Body(bool(request.get("required", False)), content_type, fields)
    responses = {}
    for status, each in operation["responses"].items():
        content = spec.resolved(each).get("content")
        responses[str(status)] = Response(*_content(spec, content)) if content else Response()
    tier = operation.get("x-qlik-tier")
    rate = Rate(int(tier["tier"]), int(tier["limit"])) if tier else None
    replaces = frozenset(each["uniqueIdentifier"] for each in operation.get("x-qlik-replaces", []))
    notes = {label: str(operation[key]) for key, (label, usual) in _NOTES.items() if operation.get(key, usual) != usual}
    return Operation(rate, replaces, parameters, body, responses, notes=notes, id=operation.get("operationId"))


def _content(spec: Spec, content: Json) -> tuple[str, Mapping[str, Field]]:
    (content_type, media), *others = content.items()
    if others:
        raise spec.error("a body of several content types can't be compared")
    return content_type, _properties(spec, spec.resolved(media["schema"]), ())


def _properties(spec: Spec, schema: Json, inside: tuple[int, ...]) -> Mapping[str, Field]:
    if id(schema) in inside:
        if spec.is_vendors:
            return {}
        raise spec.error("a schema that holds itself can't be compared")
    if spec.is_vendors and "allOf" in schema:
        parts = [_properties(spec, spec.resolved(part), (*inside, id(schema))) for part in schema["allOf"]]
        return {name: field for part in parts for name, field in part.items()}
    required = schema.get("required", ())
    return {
        name: _field(spec, part, name in required, (*inside, id(schema)))
        for name, part in schema.get("properties", {}).items()
    }


def _says(name: str, schema: Json) -> bool:
    # A false says as much as nothing, except as a default.
    return schema.get(name) is not None and (name == "default" or schema[name] is not False)


def _field(spec: Spec, schema: Json, required: bool, inside: tuple[int, ...] = ()) -> Field:
    suffix = ""
    constraints: Json = {}
    while True:
        schema = spec.resolved(schema)
        if composed := [keyword for keyword in _COMPOSED if keyword in schema]:
            if spec.is_vendors:
                return Field(composed[0] + suffix, required, constraints=constraints)
            raise spec.error(f"{composed[0]} can't be compared with the page")
        constraints |= {f"{suffix}{name}": schema[name] for name in _CONSTRAINTS if _says(name, schema)}
        if "x-default" in schema:
            constraints[f"{suffix}default"] = schema["x-default"]
        kinds = schema.get("type", "object" if "properties" in schema else "undefined")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "null" in kinds or schema.get("nullable"):
            constraints[f"{suffix}nullable"] = True
        kind = "/".join(each for each in kinds if each != "null")
        if kind != "array":
            break
        suffix += "[]"
        schema = schema.get("items", {})
    enum = tuple(str(value) for value in schema["enum"]) if "enum" in schema else None
    return Field(kind + suffix, required, enum, _properties(spec, schema, inside), constraints)
