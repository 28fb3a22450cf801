"""Differences between the service and its documentation: one table for the client, the sandbox and the docs.

Each quirk is an entry of `QUIRKS` with the function that reads it. For a field that differs from the spec,
`_normalizer` calls these functions and records which quirk explains the value.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Set
from typing import TYPE_CHECKING, Any, Final, Literal

from attrs import field, frozen

if TYPE_CHECKING:  # the sandbox imports this module without the client
    from qlik_automation_connections_api.fields import Field

NOT_MINE: Final = object()
"""Returned by a reader for a value that its quirk does not explain."""
RAW: Final = object()
"""Returned by a reader for a value to keep in `additional_properties` unchanged."""

_EXACT: Final = 2**53
"""Every smaller integer has an exact float."""
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "1", "yes", "y", "t", "on"), True),
    **dict.fromkeys(("false", "0", "no", "n", "f", "off"), False),
}
_INTEGER: Final = re.compile(r"([+-]?[0-9]{1,18})(\.0+)?")
_SCALARS: Final = ("string", "boolean", "integer", "number", "date-time")
_CHECK_NAMES: Final = ("connected", "is_connected")
_OLD_CHECK_NAME: Final = "isConnected"
# A list without them would seem to be complete, and a connection without its params to have none.
_NEVER_RAW: Final = ("data", "params", "links", "next", "prev")
ERROR_WORDS: Final = ("title", "error", "message", "msg", "detail", "error_description")
"""Where errors of all kinds have their words."""


@frozen
class Quirk:
    """One difference between the documentation and the wire.

    Attributes:
        name: Identifies the quirk, and enables it in the sandbox.
        sent: What the service sends.
        read: What users read.
        origin: How the quirk is known.
        response: Kind of response that `sample` is part of.
        sample: JSON from a response that shows the quirk.
        reader: Takes a value, its field and the containing object. Returns what users read, `NOT_MINE` or `RAW`.
        concerns: Takes a schema name, a field name ("" for the object itself) and the field. Returns whether the quirk
            may concern it.
    """

    name: str
    sent: str
    read: str
    origin: str
    response: Literal["list", "connection", "check", "error"]
    sample: str
    reader: Callable[[Any, Field, Mapping[str, Any]], Any] = field(repr=False)
    concerns: Callable[[str, str, Field], bool] = field(repr=False)


def _kinds(*kinds: str) -> Callable[[str, str, Field], bool]:
    return lambda schema, name, field: bool(name) and field.kind in kinds


def _names(*names: str) -> Callable[[str, str, Field], bool]:
    return lambda schema, name, field: name in names or f"{schema}.{name}" in names


def _read_boolean(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip().lower(), NOT_MINE)
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else NOT_MINE


def _read_check(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if field.kind == "object":
        said = isinstance(value, dict) and any(value.get(name) is not None for name in _CHECK_NAMES)
        if said or not isinstance(value, dict) or _OLD_CHECK_NAME not in value:
            return NOT_MINE
        rest = {name: part for name, part in value.items() if name != _OLD_CHECK_NAME}
        return {**rest, "connected": value[_OLD_CHECK_NAME]}
    other = next((source[name] for name in _CHECK_NAMES if source[name] is not None), None)
    if value is not None or other is None:
        return NOT_MINE
    return _read_boolean(other, field, source)


def _read_null(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    is_blank = isinstance(value, str) and not value.strip() and field.kind in _SCALARS[1:]
    return None if value is None or is_blank else NOT_MINE


def _read_scalar(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    whole = _INTEGER.fullmatch(value.strip()) if isinstance(value, str) else None
    if field.kind == "string" and isinstance(value, int | float):
        return ("false", "true")[value] if isinstance(value, bool) else str(value)
    if field.kind == "integer":
        if whole or isinstance(value, bool):
            return int(whole[1] if whole else value)
        return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else NOT_MINE
    if field.kind == "number" and (
        whole or isinstance(value, float) or (isinstance(value, int) and abs(value) < _EXACT)
    ):
        return float(value)
    return NOT_MINE


def _read_timestamp(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    try:
        # RFC 3339 allows a lowercase z.
        moment = datetime.datetime.fromisoformat(re.sub("z$", "Z", value.strip()))
    except (AttributeError, ValueError):
        return NOT_MINE
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)


def _read_empty(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if field.kind == "array":
        return [] if value == {} else NOT_MINE
    return {} if value in ([], "") else NOT_MINE


def _read_params(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict) or not all(isinstance(param, dict) for param in value.values()):
        return NOT_MINE
    return [param if name.isdecimal() else {"name": name, **param} for name, param in value.items()]


def _read_options(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if field.kind == "array":
        if not isinstance(value, dict) or not value:
            return NOT_MINE
        if "id" in value or "value" in value:
            return [value]
        pairs = ((name, part if isinstance(part, dict) else {"value": part}) for name, part in value.items())
        return [part if name.isdecimal() else {"id": name, **part} for name, part in pairs]
    if field.kind == "object":
        return {"value": value} if isinstance(value, str | int | float) else NOT_MINE
    text = value.get("value") if isinstance(value, dict) else None
    return text if isinstance(text, str) else _read_scalar(text, field, source)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _listed(errors: Any) -> list[Any]:
    """Return errors as a list, from a list, a single one, or texts by field."""
    if isinstance(errors, list):
        return errors
    is_one = isinstance(errors, dict) and any(isinstance(errors.get(name), str) for name in ("code", *ERROR_WORDS))
    if is_one or isinstance(errors, str):
        return [errors]
    fields = errors.items() if isinstance(errors, dict) else ()
    return [{"title": name, "detail": text} for name, part in fields for text in _texts(part)]


def _read_errors(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if field.kind == "array":
        return _listed(value)
    # An unreadable error must not hide the others.
    return {"title": value} if isinstance(value, str) else {}


def _read_words(value: Any, field: Field, source: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict):
        return NOT_MINE
    words = {name: text for name in ERROR_WORDS if isinstance(text := value.get(name), str) and text.strip()}
    rest = {name: part for name, part in value.items() if name not in words}
    if field.schema == "ErrorResponse":
        inner = [each for name in ("errors", "error", "detail") if name in rest for each in _listed(rest.pop(name))]
        if words and "code" in rest:
            words["code"] = rest.pop("code")
        whole = [words] * bool(words)
        # The service's own errors, which have codes, come first.
        errors = inner + whole if isinstance(value.get("errors"), list) else whole + inner
        return {**rest, "errors": errors} if value.keys() & ERROR_WORDS else NOT_MINE
    if words.keys() <= {"title", "detail"}:
        return NOT_MINE
    if "error_description" in words and "error" in words:
        rest.setdefault("code", words.pop("error"))
    title = next((words.pop(name) for name in ("title", "error", "message", "msg") if name in words), None)
    detail = next((words.pop(name) for name in ("detail", "error_description", "message") if name in words), None)
    return {**rest, "title": title, "detail": detail}


def is_error(document: Mapping[str, Any], fields: Set[str]) -> bool:
    """Return whether an object is an error, rather than the resource with these fields, which it lacks."""
    others = document.keys() - fields
    words = "errors" in others or (not others.isdisjoint(ERROR_WORDS) and others.isdisjoint(("data", _OLD_CHECK_NAME)))
    # A connection, a user and a space have fields of these names too.
    return words and document.keys() & fields <= {"error", "status", "type"}


QUIRKS: Final = (
    Quirk(
        "boolean-spelling",
        "a boolean as a string or a number, most often isOptional as 'false'",
        "a bool, from true, false, yes, no, on, off, 1 or 0 in any case; an empty string reads None",
        'the reference page has an example with isOptional: "false"',
        "connection",
        '{"params": [{"isOptional": "false"}]}',
        _read_boolean,
        _kinds("boolean"),
    ),
    Quirk(
        "check-spelling",
        "a check result has connected, is_connected, or both; or isConnected",
        "both attributes, each filled from what was sent",
        "the reference page declares the first two; it declared isConnected until February 2026",
        "check",
        '{"is_connected": true}',
        _read_check,
        lambda schema, name, field: schema == "AutomationConnectionCheckObject" and name in ("", *_CHECK_NAMES),
    ),
    Quirk(
        "empty-space-id",
        "spaceId is an empty string for the personal space",
        "None",
        "samples of the service",
        "connection",
        '{"spaceId": ""}',
        lambda value, field, source: None if value == "" else NOT_MINE,
        lambda schema, name, field: field.empty_is_none,
    ),
    Quirk(
        "link-without-page",
        "links, next or href missing, null or empty on the last page; href absolute or relative",
        "the end of the list; only the cursor of an href is used",
        "the vendor's client treats each link as optional",
        "list",
        '{"links": {"next": null}}',
        lambda value, field, source: None if value in (None, "") else NOT_MINE,
        _names("links", "Links.next", "Links.prev", "PaginationLink.href"),
    ),
    Quirk(
        "null-values",
        "null or a missing field where a value is declared",
        "None, or an empty list where a list is declared; null elements of a list are skipped",
        "samples have null for oauthAccountName and redirect; every field is optional",
        "connection",
        '{"redirect": null, "oauthAccountName": null}',
        _read_null,
        lambda schema, name, field: bool(name),
    ),
    Quirk(
        "trace-id-number",
        "the traceId of an error as a number",
        "a string",
        "inferred",
        "error",
        '{"traceId": 8151623}',
        lambda value, field, source: str(value) if type(value) is int else RAW,
        _names("ErrorResponse.traceId"),
    ),
    Quirk(
        "other-scalar",
        "a string where a number is declared, or vice versa",
        "the declared type",
        "inferred from similar services",
        "connection",
        '{"params": [{"order": "1"}]}',
        _read_scalar,
        _kinds("string", "integer", "number"),
    ),
    Quirk(
        "timestamp-without-zone",
        "a timestamp without a time zone, with surrounding spaces, or with a lowercase z",
        "the time, taken as UTC if it has no time zone",
        "inferred",
        "connection",
        '{"createdAt": "2025-03-04T08:15:30.000000"}',
        _read_timestamp,
        _kinds("date-time"),
    ),
    Quirk(
        "error-not-an-object",
        "a connection's error is a string, a number or a list",
        '{"value": the value as sent}; an empty string or list reads {}',
        "declared an object; inferred",
        "connection",
        '{"error": "The other side refused the settings."}',
        lambda value, field, source: NOT_MINE if value == [] else {"value": value} if value != "" else {},
        _names("error"),
    ),
    Quirk(
        "empty-object-as-list",
        "[] for an empty object, {} for an empty list",
        "the declared type, empty",
        "inferred: common in services written in PHP",
        "connection",
        '{"error": []}',
        _read_empty,
        lambda schema, name, field: name.isidentifier() and field.kind in ("array", "object"),
    ),
    Quirk(
        "meta-not-a-list",
        "a param's meta is not a list",
        "a list with that value as its only element",
        "declared an array of anything; inferred",
        "connection",
        '{"params": [{"meta": {"hint": "made up"}}]}',
        lambda value, field, source: [value],
        _names("meta"),
    ),
    Quirk(
        "params-as-mapping",
        "params as an object with numbers or names as keys, instead of a list",
        "a list; a key that is a name becomes the param's name unless it has one",
        "inferred: services written in PHP send lists with gaps this way",
        "connection",
        '{"params": {"0": {"name": "made up"}}}',
        _read_params,
        _names("params"),
    ),
    Quirk(
        "option-spelling",
        "the options of a param as texts or numbers, as one object, or as an object with ids as keys; those of a"
        " connector's param as objects",
        "a list of ParamOption, a text or a number being its value; for a connector, a list of those values",
        "seen: strings, objects and lists",
        "connection",
        '{"params": [{"paramOptions": ["made up"]}]}',
        _read_options,
        _names("paramOptions", "paramOptions[]", "options", "options[]"),
    ),
    Quirk(
        "errors-not-a-list",
        "the errors of an error response as one object or string, as texts by field, or with strings in the list",
        "a list of ErrorDetail; a string becomes its title, or its detail if the title is a field",
        "inferred from API gateways and Laravel",
        "error",
        '{"errors": {"name": ["made up"]}}',
        _read_errors,
        _names("ErrorResponse.errors", "ErrorResponse.errors[]"),
    ),
    Quirk(
        "error-in-other-words",
        "an error's words in message, in error and error_description, or beside errors instead of in it",
        "an ErrorDetail with code, title and detail",
        "inferred from Laravel, RFC 9457 and OAuth",
        "error",
        '{"message": "made up"}',
        _read_words,
        _names("ErrorResponse.", "Error."),
    ),
    Quirk(
        "unreadable-value",
        "a value that can't be read as the declared type, such as the timestamp 0000-00-00",
        "None, or the readable elements of a list; additional_properties has the raw value under its wire name; one"
        " warning per response",
        "inferred",
        "connection",
        '{"createdAt": "0000-00-00T00:00:00.000000Z"}',
        lambda value, field, source: RAW,
        lambda schema, name, field: (
            field.kind in _SCALARS
            or field.element is not None
            or (field.schema is not None and name.removesuffix("[]") not in ("", *_NEVER_RAW))
        ),
    ),
    Quirk(
        "unknown-field",
        "undocumented fields",
        "additional_properties",
        "services add fields over time",
        "connection",
        '{"labels": ["made up"]}',
        lambda value, field, source: RAW,
        lambda schema, name, field: False,
    ),
    Quirk(
        "wrapped-in-data",
        'a single resource as {"data": {...}}',
        "the resource",
        "the service did this until mid-2024",
        "connection",
        '{"data": {"name": "mail"}}',
        lambda value, field, source: value["data"] if isinstance(value.get("data"), dict) else NOT_MINE,
        lambda schema, name, field: False,
    ),
)
