"""Source text of the tables that the overlay and the sandbox read instead of repeating what the spec says.

openapi-python-client has no template for a table of operations: each of its templates sees one operation or model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class SpecError(Exception):
    """The spec lacks something that the tables need."""


def _schema_name(schema: Json) -> str | None:
    reference = schema.get("$ref")
    return None if reference is None else str(reference).rsplit("/", 1)[-1]


def _each_operation(spec: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method.upper(), item[method]


def _predecessor(operation: Json, method: str, path: str) -> str:
    """The path of the v1 operation, as this spec writes it (the vendor leaves `/api` out); its own if there is none."""
    if operation.get("x-qlik-replaces") == []:
        return path
    for replaced in operation.get("x-qlik-replaces", []):
        match = re.fullmatch(rf"{method}:(/v1/.+)", replaced["uniqueIdentifier"])
        if match:
            return f"/api{match[1]}"
    raise SpecError(f"{method} {path} has no x-qlik-replaces that names a v1 operation, or none with an empty list")


def _bounds(operation: Json) -> dict[str, tuple[int, int]]:
    found = {}
    for parameter in operation.get("parameters", []):
        schema = parameter.get("schema", {})
        if "minimum" in schema and "maximum" in schema:
            found[parameter["name"]] = (schema["minimum"], schema["maximum"])
    return found


def _success(operation: Json, name: str) -> tuple[int, str | None]:
    statuses = [status for status in operation["responses"] if status.startswith("2")]
    if len(statuses) != 1:
        raise SpecError(f"{name} must list exactly one 2xx response, it lists {len(statuses)}")
    content = operation["responses"][statuses[0]].get("content", {})
    return int(statuses[0]), _schema_name(content["application/json"]["schema"]) if content else None


def _nouns(spec: Json) -> dict[str, str]:
    """What one thing is called, by tag."""
    for tag in spec["tags"]:
        if "x-noun" not in tag:
            raise SpecError(f"the tag {tag['name']} has no x-noun")
    return {tag["name"]: tag["x-noun"] for tag in spec["tags"]}


def operations(spec: Json) -> str:
    rows = []
    nouns = _nouns(spec)
    for path, method, operation in _each_operation(spec):
        name = operation.get("operationId")
        if name is None:
            raise SpecError(f"{method} {path} has no operationId")
        if "x-qlik-tier" not in operation:
            raise SpecError(f"{name} has no x-qlik-tier")
        status, result = _success(operation, name)
        rows.append(
            f"{name!r}: Operation(id={name!r}, summary={operation['summary']!r}, method={method!r}, path={path!r},"
            f" v1_path={_predecessor(operation, method, path)!r}, tier={int(operation['x-qlik-tier']['tier'])},"
            f" repeatable={method != 'POST' or bool(operation.get('x-repeatable'))},"
            f" requests_per_minute={operation['x-qlik-tier']['limit']}, success={status}, result={result!r},"
            f" bounds={_bounds(operation)!r}, noun={nouns[operation['tags'][0]]!r}),"
        )
    table = "\n    ".join(rows)
    return f'''"""The operations of the spec, by operationId."""

from collections.abc import Mapping
from typing import Final, NamedTuple

V1_ENDS: Final = {spec["info"]["x-v1-ends"]!r}
"""The day on which the operations of v1 may stop, year-month-day."""


class Operation(NamedTuple):
    """One operation of the service."""

    id: str
    summary: str
    method: str
    path: str
    v1_path: str
    """Path of the operation that this one replaces; its own if it replaces none."""
    tier: int
    repeatable: bool
    """Whether doing it twice has the effect of doing it once."""
    requests_per_minute: int
    """What the rate tier allows one user."""
    success: int
    """Status of a success."""
    result: str | None
    """Schema of what a success returns; None if it has no content."""
    bounds: Mapping[str, tuple[int, int]]
    """Smallest and largest value of query parameters that have both."""
    noun: str
    """What messages call a thing that it is about."""


OPERATIONS: Final[Mapping[str, Operation]] = {{
    {table}
}}


def operation_at(method: str, path: str) -> Operation:
    """The operation with this method, in lower case, at this path."""
    (found,) = [each for each in OPERATIONS.values() if (each.method.lower(), each.path) == (method, path)]
    return found
'''


def _kind(schema: Json) -> str:
    if "$ref" in schema or schema.get("type") == "object":
        return "object"
    if schema.get("format") == "date-time":
        return "date-time"
    return str(schema["type"])


def fields(spec: Json) -> str:
    rows = []
    for name, schema in spec["components"]["schemas"].items():
        if schema.get("x-reading") != "lenient":
            continue
        columns = []
        for field, part in schema["properties"].items():
            inner = _schema_name(part) or _schema_name(part.get("items", {}))
            filterable = bool(part.get("x-qlik-filterable"))
            element = part.get("items", {}).get("type") if inner is None else None
            more = f", {element!r}" if element else ""
            more += ", empty_is_none=True" if part.get("x-empty-is-none") else ""
            more += ", secret=True" if part.get("format") == "password" else ""
            columns.append(f"{field!r}: Field({_kind(part)!r}, {inner!r}, {filterable!r}{more}),")
        rows.append(f"{name!r}: {{{' '.join(columns)}}},")
    table = "\n    ".join(rows)
    return f'''"""The fields of what the service sends, by schema and wire name."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple


class Field(NamedTuple):
    """A field as the spec declares it."""

    kind: Literal["string", "date-time", "boolean", "integer", "number", "array", "object"]
    schema: str | None
    """Schema of the object, or of the array's elements, where the spec names one."""
    filterable: bool
    """Whether the list's filter may name the field."""
    element: Literal["string", "boolean", "integer", "number"] | None = None
    """Type of the array's elements, where the spec names one that is no schema."""
    empty_is_none: bool = False
    """Whether an empty string is how the service writes that there is none."""
    secret: bool = False
    """Whether it may hold a secret."""


FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {{
    {table}
}}
'''
