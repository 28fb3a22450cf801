"""What spec/openapi.yaml may hold beyond being valid OpenAPI: what the templates of the models can read.

Rules for Redocly or Spectral could refuse some of it, in a language of their own and without Node.js not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

Json = dict[str, Any]
_KINDS: Final = ("string", "integer", "number", "boolean", "object", "array")
_FORMATS: Final = (None, "date-time", "password")
_MEMBERS: Final = ("to_dict", "from_dict", "to_row", "additional_properties", "additionalProperties", "additional_keys")
_EXTENSIONS: Final = ("x-reading", "x-identifies", "x-carries-secret", "x-empty-is-none", "x-default")


def flaws(spec: Json) -> Iterator[str]:
    """Yield what a maintainer must change before anything can be generated, with its place."""
    schemas = spec.get("components", {}).get("schemas", {})
    for name, schema in schemas.items():
        if schema.get("x-reading", "lenient") != "lenient":
            yield f"{name}: x-reading can only be lenient"
        for field, part in schema.get("properties", {}).items():
            where = f"{name}.{field}"
            for key in part:
                if key.startswith("x-") and not key.startswith("x-qlik-") and key not in _EXTENSIONS:
                    yield f"{where}: {key} is not an extension that the head of the spec explains"
            if schema.get("x-reading") == "lenient":
                if field in _MEMBERS:
                    yield f"{where}: models have a member with this name; undeclared, it is an additional property"
                yield from _unreadable(where, part, schemas)
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            for status, response in operation.get("responses", {}).items() if isinstance(operation, dict) else ():
                for media in response.get("content", {}).values() if str(status).startswith("2") else ():
                    where = f"{method.upper()} {path}, response {status}"
                    if "$ref" not in media.get("schema", {}):
                        yield f"{where}: describe it as a schema of its own in components, and refer to that"
                    else:
                        yield from _unreadable(where, media["schema"], schemas)


def _unreadable(where: str, part: Json, schemas: Json) -> Iterator[str]:
    """Yield why a value can't be read as it is described."""
    kind = part.get("type")
    if "$ref" in part:
        target = str(part["$ref"]).rpartition("/")[2]
        if schemas.get(target, {}).get("x-reading") != "lenient":
            yield f"{where}: responses hold {target}, so mark that x-reading: lenient"
    elif kind not in _KINDS:
        yield f"{where}: its type must be one of {', '.join(_KINDS)}, or a $ref; null is read wherever it comes"
    elif "properties" in part:
        yield f"{where}: describe the object as a schema of its own in components, and refer to it"
    elif part.get("format") not in _FORMATS and kind == "string":
        yield f"{where}: of strings, only date-time and password are read; leave the format {part['format']} out"
    elif "const" in part or ("enum" in part and kind != "string"):
        yield f"{where}: only strings can have an enum, and nothing a const"
    elif "x-empty-is-none" in part and (kind != "string" or "format" in part):
        yield f"{where}: x-empty-is-none is for strings without a format"
    elif "x-identifies" in part and kind != "string":
        yield f"{where}: x-identifies is for strings"
    elif kind == "array" and (items := part.get("items")):
        if items.get("type") in ("array", "object") or {"format", "enum"} & items.keys():
            yield f"{where}: elements can be strings, numbers or booleans without format and enum, or a $ref"
        else:
            yield from _unreadable(f"{where}[]", items, schemas)
