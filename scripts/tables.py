"""The tables that the overlay and the sandbox read instead of repeating what the spec says.

openapi-python-client has no template for a table of operations: each of its templates sees one operation or model.
These have templates of their own in spec/templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, FileSystemLoader

from steps import ROOT, StepError

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_LOADER = FileSystemLoader(ROOT / "spec" / "templates")
_TEMPLATES = Environment(loader=_LOADER, trim_blocks=True, keep_trailing_newline=True)  # noqa: S701 - not HTML


def _needed(holder: Json, name: str, what: str) -> Any:
    if name not in holder:
        raise StepError(f"{what} has no {name}")
    return holder[name]


def _schema_name(schema: Json) -> str | None:
    return str(schema["$ref"]).rsplit("/", 1)[-1] if "$ref" in schema else None


def _predecessor(operation: Json, method: str, path: str) -> str:
    """Return the path of the v1 operation, as this spec writes it (the vendor leaves `/api` out), or its own."""
    if operation.get("x-qlik-replaces") == []:
        return path
    for replaced in operation.get("x-qlik-replaces", []):
        if match := re.fullmatch(rf"{method}:(/v1/.+)", replaced["uniqueIdentifier"]):
            return f"/api{match[1]}"
    raise StepError(f"{method} {path} has no x-qlik-replaces that names a v1 operation, or none with an empty list")


def _operation_rows(spec: Json) -> Iterator[str]:
    nouns = {tag["name"]: _needed(tag, "x-noun", f"the tag {tag['name']}") for tag in spec["tags"]}
    each = (
        (path, method, item[method]) for path, item in spec["paths"].items() for method in METHODS if method in item
    )
    for path, method, operation in each:
        name = _needed(operation, "operationId", f"{method.upper()} {path}")
        tier = _needed(operation, "x-qlik-tier", name)
        statuses = [status for status in operation["responses"] if status.startswith(("2", "3"))]
        if len(statuses) != 1:
            raise StepError(f"{name} must list exactly one 2xx or 3xx response, it lists {len(statuses)}")
        content = operation["responses"][statuses[0]].get("content")
        shared = spec.get("components", {}).get("parameters", {})
        parameters = [shared.get(_schema_name(each), each) for each in operation.get("parameters", [])]
        schemas = {each["name"]: each.get("schema", {}) for each in parameters}
        columns = {
            "id": name,
            "summary": _needed(operation, "summary", name),
            "method": method.upper(),
            "path": path,
            "v1_path": _predecessor(operation, method.upper(), path),
            "tier": int(tier["tier"]),
            "repeatable": method != "post" or bool(operation.get("x-repeatable")),
            "requests_per_minute": _needed(tier, "limit", f"the x-qlik-tier of {name}"),
            "success": int(statuses[0]),
            "result": _schema_name(content["application/json"]["schema"]) if content else None,
            "bounds": {
                n: (s["minimum"], s["maximum"]) for n, s in schemas.items() if {"minimum", "maximum"} <= s.keys()
            },
            "noun": _needed(nouns, _needed(operation, "tags", name)[0], "the list of tags"),
            "lists_all": bool(schemas.get("listAll", {}).get("x-default")),
            "cursor": next((each for each in ("cursor", "next") if each in schemas), ""),
        }
        yield f"{name!r}: Operation({', '.join(f'{column}={value!r}' for column, value in columns.items())}),"


def operations(spec: Json) -> str:
    """Return the module with the table of operations."""
    template = _TEMPLATES.get_template("operations.py.jinja")
    info = spec["info"]
    return template.render(
        rows=list(_operation_rows(spec)), api_release=info["x-api-release"], v1_ends=info["x-v1-ends"]
    )


def _field(part: Json) -> str:
    is_object = "$ref" in part or part.get("type") == "object"
    kind = "object" if is_object else "date-time" if part.get("format") == "date-time" else str(part["type"])
    items = part.get("items", {})
    inner = _schema_name(part) or _schema_name(items)
    more = f", {items['type']!r}" if inner is None and "type" in items else ""
    more += ", empty_is_none=True" if part.get("x-empty-is-none") else ""
    more += ", secret=True" if part.get("format") == "password" else ""
    return f"Field({kind!r}, {inner!r}, {bool(part.get('x-qlik-filterable'))!r}{more})"


def fields(spec: Json) -> str:
    """Return the module with the table of fields."""
    rows = [
        f"{name!r}: {{{' '.join(f'{field!r}: {_field(part)},' for field, part in schema['properties'].items())}}},"
        for name, schema in spec["components"]["schemas"].items()
        if schema.get("x-reading") == "lenient"
    ]
    return _TEMPLATES.get_template("fields.py.jinja").render(rows=rows)
