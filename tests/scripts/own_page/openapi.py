"""Write facts as an OpenAPI 3.0 document, the form of the vendor's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reference_page.facts import Body, Field, Operation, Reference, Response

_NOTES = {"Deprecated": "x-qlik-deprecated", "Stability": "x-qlik-stability", "Visibility": "x-qlik-visibility"}


def document(reference: Reference) -> str:
    """Write the document that states these facts, and nothing else."""
    paths: dict[str, Any] = {}
    for name, operation in reference.operations.items():
        method, _, path = name.partition(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(operation)
    return json.dumps({"openapi": "3.0.0", "servers": [{"url": reference.base_url}], "paths": paths})


def _operation(operation: Operation) -> dict[str, Any]:
    written: dict[str, Any] = {_NOTES[label]: text for label, text in operation.notes.items()}
    if operation.id is not None:
        written["operationId"] = operation.id
    if operation.rate is not None:
        written["x-qlik-tier"] = {"tier": str(operation.rate.tier), "limit": operation.rate.per_minute}
    written["x-qlik-replaces"] = [{"namespace": "", "uniqueIdentifier": each} for each in sorted(operation.replaces)]
    written["parameters"] = [
        {"in": place, "name": name, "required": field.required, "schema": _schema(field)}
        for (place, name), field in operation.parameters.items()
    ]
    if operation.body is not None:
        written["requestBody"] = {"required": operation.body.required, "content": _content(operation.body)}
    written["responses"] = {
        status: {"description": "Says something."} | ({"content": _content(each)} if each.content_type else {})
        for status, each in operation.responses.items()
    }
    return written


def _content(part: Body | Response) -> dict[str, Any]:
    return {str(part.content_type): {"schema": _object(part.fields)}}


def _object(fields: Mapping[str, Field]) -> dict[str, Any]:
    required = [name for name, field in fields.items() if field.required]
    properties = {name: _schema(field) for name, field in fields.items()}
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _schema(field: Field) -> dict[str, Any]:
    kind = field.type.removesuffix(field.suffix)
    schema = _object(field.fields) if kind == "object" or field.fields else {}
    if kind != "undefined":
        schema["type"] = kind
    if field.enum is not None:
        schema["enum"] = list(field.enum)
    for _ in range(field.type.count("[]")):
        schema = {"type": "array", "items": schema}
    return {**schema, **field.constraints}
