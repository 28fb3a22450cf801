"""Reads an OpenAPI document as the same facts that the page states."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import yaml

from .errors import SpecError
from .facts import PLACES, Body, Field, Operation, Rate, Reference, Response, base_of

Json = dict[str, Any]

_METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_COMPOSED: Final = ("allOf", "anyOf", "oneOf", "not", "if", "patternProperties", "prefixItems")
_CONSTRAINTS: Final = (
    *("format", "default", "const", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
)


class Spec:
    """An OpenAPI document.

    Args:
        text: its YAML.

    Raises:
        SpecError: it is none.
    """

    def __init__(self, text: str) -> None:
        try:
            document = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise SpecError(f"the spec is no YAML: {str(error).splitlines()[0]}") from None
        if not isinstance(document, dict) or "openapi" not in document or not isinstance(document.get("paths"), dict):
            raise SpecError("the spec is no OpenAPI document")
        self.document: Json = document

    def resolved(self, node: Any) -> Json:
        """What a node is, or what it refers to."""
        seen = set()
        while isinstance(node, dict) and "$ref" in node:
            reference = str(node["$ref"])
            if reference in seen or not reference.startswith("#/"):
                raise SpecError(f"{reference} can't be followed")
            seen.add(reference)
            node = self.document
            for part in reference[2:].split("/"):
                key = part.replace("~1", "/").replace("~0", "~")
                if not isinstance(node, dict) or key not in node:
                    raise SpecError(f"{reference} leads nowhere")
                node = node[key]
        if not isinstance(node, dict):
            raise SpecError(f"an object is expected in the spec, and it is {node!r:.40}")
        return node

    def success_schema(self, operation: str) -> Json | None:
        """The schema of what an operation answers, None if it answers nothing or is not in the spec."""
        method, _, path = operation.partition(" ")
        entry = self.document["paths"].get(path, {}).get(method.lower(), {})
        for status, response in entry.get("responses", {}).items():
            if str(status).startswith("2") and (content := self.resolved(response).get("content")):
                schema: Json = next(iter(content.values())).get("schema", {})
                return schema
        return None


def read_spec(spec: Spec, bases: Collection[str] | None = None) -> Reference:
    """Reads a spec.

    Args:
        spec: the document.
        bases: base paths of the operations to read, all if None. What other pages describe may be in another form.

    Raises:
        SpecError: it has what the page's form can't say, such as composed schemas.
    """
    operations = {}
    try:
        for path, item in spec.document["paths"].items():
            for method in _METHODS:
                name = f"{method.upper()} {path}"
                if method in item and (bases is None or base_of(name) in bases):
                    operations[name] = _operation(spec, item, item[method])
        base_url = str(spec.document["servers"][0]["url"])
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise SpecError(f"the spec lacks something that the page states: {type(error).__name__}: {error}") from None
    return Reference(base_url, operations)


def _operation(spec: Spec, item: Json, operation: Json) -> Operation:
    parameters: dict[tuple[str, str], Field] = {}
    for parameter in map(spec.resolved, [*item.get("parameters", []), *operation.get("parameters", [])]):
        if parameter["in"] in PLACES:
            required = bool(parameter.get("required", False))
            parameters[parameter["in"], parameter["name"]] = _field(spec, parameter["schema"], required)
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
    return Operation(rate, replaces, parameters, body, responses)


def _content(spec: Spec, content: Json) -> tuple[str, Mapping[str, Field]]:
    (content_type, media), *others = content.items()
    if others:
        raise SpecError("a body of several content types can't be compared")
    return content_type, _properties(spec, spec.resolved(media["schema"]), ())


def _properties(spec: Spec, schema: Json, inside: tuple[int, ...]) -> Mapping[str, Field]:
    if id(schema) in inside:
        raise SpecError("a schema that holds itself can't be compared")
    required = schema.get("required", ())
    return {
        name: _field(spec, part, name in required, (*inside, id(schema)))
        for name, part in schema.get("properties", {}).items()
    }


def _field(spec: Spec, schema: Json, required: bool, inside: tuple[int, ...] = ()) -> Field:
    suffix = ""
    constraints: Json = {}
    while True:
        schema = spec.resolved(schema)
        if composed := [keyword for keyword in _COMPOSED if keyword in schema]:
            raise SpecError(f"{composed[0]} can't be compared with the page")
        constraints |= {f"{suffix}{name}": schema[name] for name in _CONSTRAINTS if name in schema}
        kinds = schema.get("type", "object" if "properties" in schema else "undefined")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "null" in kinds:
            constraints[f"{suffix}nullable"] = True
        kind = "/".join(each for each in kinds if each != "null")
        if kind != "array":
            break
        suffix += "[]"
        schema = schema.get("items", {})
    enum = tuple(str(value) for value in schema["enum"]) if "enum" in schema else None
    return Field(kind + suffix, required, enum, _properties(spec, schema, inside), constraints)
