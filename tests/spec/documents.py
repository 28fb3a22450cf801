"""The spec, and JSON made up from its schemas."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any, Final

import yaml
from hypothesis import strategies as st

Json = dict[str, Any]

SPEC_FILE: Final = Path(__file__).resolve().parents[2] / "spec" / "openapi.yaml"
SPEC: Final[Json] = yaml.load(SPEC_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
SCHEMAS: Final[Json] = SPEC["components"]["schemas"]

# What the service sends, in contrast to what it takes.
LENIENT: Final = sorted(name for name, schema in SCHEMAS.items() if schema.get("x-reading") == "lenient")

_OFFSETS = ("Z", "+00:00", "+02:00", "-05:30", "+14:00")
_json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_timestamps = st.builds(
    lambda moment, offset: moment.isoformat(timespec="microseconds") + offset,
    st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)),
    st.sampled_from(_OFFSETS),
)
_ids = st.text(min_size=1, max_size=20).filter(str.strip)


def schema_name(part: Json) -> str | None:
    """Name of the schema that a reference leads to."""
    reference = part.get("$ref")
    return None if reference is None else str(reference).rsplit("/", 1)[-1]


def kind(part: Json) -> str:
    """Type of a field, with `date-time` as one of its own."""
    if "$ref" in part:
        return "object"
    return "date-time" if part.get("format") == "date-time" else str(part.get("type", "anything"))


def _values(part: Json) -> st.SearchStrategy[Any]:
    name = schema_name(part)
    if name is not None:
        return valid(name)
    match kind(part):
        case "string":
            return st.sampled_from(part["enum"]) if "enum" in part else st.text(max_size=20)
        case "date-time":
            return _timestamps
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(part.get("minimum", -(2**40)), 2**40)
        case "array":
            return st.lists(_values(part["items"]), max_size=3)
        case "object":
            return st.dictionaries(st.text(max_size=5), _json_values, max_size=3)
        case "anything":
            return _json_values
        case other:
            raise ValueError(f"the spec has a new type, {other}: say here what its values are")


def valid(name: str) -> st.SearchStrategy[Json]:
    """Objects that a schema allows, without fields that it does not name."""
    properties = SCHEMAS[name]["properties"]
    identifying = [field for field, part in properties.items() if part.get("x-identifies")]
    required = [*SCHEMAS[name].get("required", []), *identifying]
    values = {field: _values(part) for field, part in properties.items()} | dict.fromkeys(identifying, _ids)
    return st.fixed_dictionaries(
        {field: values[field] for field in required},
        optional={field: values[field] for field in properties if field not in required},
    )


def unfit(part: Json) -> list[Any]:
    """Values of other types than a field is declared to have."""
    values: dict[str, list[Any]] = {
        "string": [5, 1.5, True, [], ["x"], {}, {"x": 1}],
        "date-time": ["yesterday", "0000-00-00T00:00:00Z", [], {}, "2025-02-30T00:00:00Z"],
        "boolean": ["true", "false", "perhaps", 5, 1.5, [], {}],
        "integer": ["3", "three", 1.5, [], {}],
        "array": ["x", 5, True, {"x": 1}, {}, *([[5], [[]]] if part.get("items", {}).get("type") == "string" else [])],
        "object": ["x", 5, True, ["x"], []],
    }
    return values[kind(part)]


def copied(value: Json) -> Json:
    """A deep copy, made the way values travel."""
    result: Json = json.loads(json.dumps(value))
    return result


def comparable(value: Any, name: str) -> Any:
    """An object in which only meaning counts: timestamps as instants, lists of an answer there even when empty."""
    result = dict(value)
    for field, part in SCHEMAS[name]["properties"].items():
        if kind(part) == "array" and name in LENIENT:
            result.setdefault(field, [])
        if field not in result:
            continue
        inner = schema_name(part) or schema_name(part.get("items", {}))
        if kind(part) == "date-time":
            result[field] = datetime.datetime.fromisoformat(result[field])
        elif inner and kind(part) == "array":
            result[field] = [comparable(element, inner) for element in result[field]]
        elif inner:
            result[field] = comparable(result[field], inner)
    return result
