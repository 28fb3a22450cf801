"""Whatever bytes arrive, a success is read as models or raises UnexpectedResponseError, and nothing else."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
import warnings
from pathlib import Path
from typing import Any, Final

import attrs
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qlik_automation_connections_api
from qlik_automation_connections import (
    APIStatusError,
    Page,
    UnexpectedResponseError,
    UnreadableValueWarning,
)
from qlik_automation_connections._exchange.call import Call, call_about
from qlik_automation_connections._exchange.exceptions import parse_error, status_error
from qlik_automation_connections._exchange.response import parse_response
from qlik_automation_connections._normalizer import Normalizer
from qlik_automation_connections._raw_response import RawResponse
from qlik_automation_connections._resources import requests as calls
from qlik_automation_connections._resources.list_query import list_query
from qlik_automation_connections._secrets import Secret
from qlik_automation_connections_api.api.automation_connections import (
    check_automation_connection,
    get_automation_connection,
    get_automation_connections,
)
from qlik_automation_connections_api.api.automation_connectors import (
    get_automation_connector,
    get_automation_connectors,
)
from qlik_automation_connections_api.api.automations import get_automation, get_automations

SPEC: Final = json.loads((Path(qlik_automation_connections_api.__file__).parent / "openapi.json").read_text("utf-8"))
SCHEMAS: Final = SPEC["components"]["schemas"]
MARK: Final = "marked-secret-93ab"

CALLS: Final[list[tuple[Call[Any], str]]] = [
    *(
        (list_query(endpoint, filter=None, fields={}, sort=None, sorts=None, limit=None).at(None), schema)
        for endpoint, schema in (
            (get_automation_connections, "AutomationConnectionsList"),
            (get_automation_connectors, "AutomationConnectorsList"),
            (get_automations, "AutomationList"),
        )
    ),
    (call_about(get_automation_connector, "K1"), "AutomationConnectorDetail"),
    (call_about(get_automation, "A1"), "AutomationDetailResponseObject"),
    (call_about(get_automation_connection, "C1"), "AutomationConnectionDetailObject"),
    (call_about(check_automation_connection, "C1"), "AutomationConnectionCheckObject"),
]

_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)  # Lone surrogates included.
_TIMES = st.sampled_from(
    [
        "2025-03-04T08:15:30.000000Z",
        "2025-03-04T08:15:30",
        "2025-03-04 08:15:30+05:30",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
        "2025-02-30T00:00:00Z",
        "2025-W10-2",
        "20250304T081530Z",
        "2025-03-04T24:00:00Z",
        "2025-03-04T08:15:30.1234567890123Z",
        "",
    ]
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 2**63, -(2**70), 10**400]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["true", "False", "1", "0", "yes", "", " ", "12", "1e9", "null", "\ud800", "\x00"]),
    _TEXT,
    _TIMES,
)
_JUNK = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3), max_leaves=6
)


def _conforming(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _of(schema["$ref"].rpartition("/")[2])
    match schema.get("type"):
        case "object" if "properties" in schema:
            return _object(schema["properties"])
        case "object":
            return st.dictionaries(_TEXT, _JUNK, max_size=2)
        case "array":
            return st.lists(_mutated(schema["items"]), max_size=3)
        case "boolean":
            return st.booleans() | st.sampled_from(["true", "false", 0, 1])
        case "integer":
            return st.integers()
        case "string" if schema.get("format") == "date-time":
            return _TIMES | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
        case "string" if schema.get("format") == "password":
            # Wherever it is put, and in whatever shape, this must not be shown.
            return st.sampled_from([MARK, [MARK], {"value": MARK}, {MARK: MARK}, [[{"": MARK}]]])
        case "string":
            return _TEXT
    return _JUNK


def _mutated(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What the spec says, most of the time."""
    if schema.get("format") == "password":
        return _conforming(schema)
    right = _conforming(schema)
    return st.sampled_from([right] * 20 + [_JUNK]).flatmap(lambda chosen: chosen)


def _object(properties: dict[str, Any]) -> st.SearchStrategy[Any]:
    fields = {name: _mutated(schema) for name, schema in properties.items()}
    # Little is read of what has no id.
    ids = {name: fields.pop(name) for name, schema in properties.items() if "x-identifies" in schema}
    known = st.fixed_dictionaries(ids, optional=fields)
    # Unknown fields too, and the object wrapped as old versions of the service did.
    whole = st.builds(lambda unknown, fields: {**unknown, **fields}, st.dictionaries(_TEXT, _JUNK, max_size=1), known)
    return whole | whole.map(lambda value: {"data": value})


def _of(name: str) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: _conforming(SCHEMAS[name]))


@st.composite
def _bytes(draw: st.DrawFn, schema: str) -> bytes:
    """JSON in one of several encodings, mostly whole."""
    content = draw(_mutated({"$ref": f"#/{schema}"}))
    text = json.dumps(content, ensure_ascii=True)
    encoding = draw(st.sampled_from(["utf-8"] * 12 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"]))
    data = text.encode(encoding)
    match draw(st.sampled_from([None] * 20 + [0, 1, 2, 3])):
        case 0:
            data = data[: draw(st.integers(0, len(data)))]
        case 1:
            place = draw(st.integers(0, len(data)))
            data = data[:place] + draw(st.binary(max_size=4)) + data[place:]
        case 2:
            data += data
        case 3:
            data = draw(st.binary(max_size=40))
    return data


def answer(call: Call[Any], data: bytes, status: int | None = None) -> RawResponse:
    request = httpx.Request(
        call.operation.method, "https://acme.example/", headers={"Authorization": "Bearer marked-token"}
    )
    headers = httpx.Headers({"content-type": "application/json"})
    return RawResponse(request, status or call.operation.success, headers, data, 0.1)


def error_of(call: Call[Any], data: bytes, status: int) -> APIStatusError:
    response = answer(call, data, status)
    return status_error(call, response, parse_error(response, Normalizer()), processed=False, attempts=1)


def assert_typed(value: Any) -> None:
    """Every attribute holds what its annotation says."""
    if isinstance(value, Page):
        assert isinstance(value.items, list)
        for item in value.items:
            assert_typed(item)
        assert value.next_cursor is None or isinstance(value.next_cursor, str)
        return
    for attribute in attrs.fields(type(value)):
        held = getattr(value, attribute.name)
        declared = str(attribute.type)
        if declared.startswith("list["):
            assert type(held) is list, attribute.name
            if declared != "list[Any]":
                for element in held:
                    assert declared == f"list[{type(element).__name__}]"
                    if not isinstance(element, str):
                        assert_typed(element)
            continue
        if declared.startswith("dict["):
            assert type(held) is dict, attribute.name
            continue
        if held is None:
            assert declared.endswith("| None"), attribute.name
            continue
        if declared == "str":
            assert type(held) is str
            assert held.strip()
            continue
        named = f"{type(held).__name__} | None"
        # A value that an enum lacks is read as it is.
        is_enum = type(held) is str and declared.startswith("Automation")
        assert is_enum or declared in (named, f"datetime.{named}"), (attribute.name, declared, held)
        if isinstance(held, datetime.datetime):
            assert held.tzinfo is not None
            assert isinstance(held.isoformat(), str)
            assert isinstance(held.timestamp(), float)
        elif attrs.has(type(held)):
            assert_typed(held)


def assert_usable(error: Exception, *, hidden: str) -> None:
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert other.__dict__.keys() == error.__dict__.keys()
    assert hidden not in f"{error!s} {error!r}"
    assert hidden.encode() not in pickle.dumps(error)
    # It can be printed and logged.
    assert str(error).encode()
    assert error.__context__ is None or not isinstance(error.__context__, ValueError)


def check(call: Call[Any], data: bytes) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value, _ = parse_response(call, answer(call, data), attempts=1)
        except UnexpectedResponseError as error:
            assert_usable(error, hidden=MARK)
        else:
            assert_typed(value)
            assert MARK not in repr(value)
            for other in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
                assert other == value
    for warning in caught:
        assert warning.category is UnreadableValueWarning
        assert MARK not in str(warning.message)


@pytest.mark.parametrize(("call", "schema"), CALLS, ids=[call.operation.id for call, _ in CALLS])
def test_any_json_is_a_result_or_an_unexpected_response(call: Call[Any], schema: str) -> None:
    @settings(suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(_bytes(schema))
    def fuzz(data: bytes) -> None:
        check(call, data)

    fuzz()


@pytest.mark.parametrize(
    "around",
    [
        b'{"id": "C1", "unknown": %s}',
        b'{"id": "C1", "error": {"value": %s}}',
        b'{"id": "C1", "params": [{"meta": [%s]}]}',
        b'{"id": "C1", "params": [{"value": %s}]}',
        b'{"id": %s}',
        b'{"data": %s}',
        b"%s",
    ],
    ids=["unknown", "error", "meta", "value", "id", "data", "whole"],
)
def test_deep_nesting(around: bytes) -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        for depth in (50, 300, 900, 200_000):
            data = around % (opening * depth + b"1" + closing * depth)
            check(call_about(get_automation_connection, "C1"), data)


def test_deep_nesting_in_an_error() -> None:
    call = call_about(get_automation_connection, "C1")
    for depth in (50, 300, 900, 5_000):
        data = b'{"errors": [{"code": "AC-1", "unknown": %s}], "traceId": "t"}' % (b"[" * depth + b"]" * depth)
        assert_usable(error_of(call, data, 500), hidden="marked-token")


def test_any_body_of_an_error_is_an_error() -> None:
    call = calls.create(connector_id="K1", name="mail", params=Secret({"password": MARK}), space_id=None)

    @settings(suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(_bytes("ErrorResponse"), st.sampled_from([400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 520, 999]))
    def fuzz(data: bytes, status: int) -> None:
        error = error_of(call, data, status)
        assert error.status_code == status
        assert error.trace_id is None or isinstance(error.trace_id, str)
        for name in ("code", "title", "detail"):
            assert getattr(error, name) is None or isinstance(getattr(error, name), str)
        assert_usable(error, hidden=MARK)

    fuzz()


def test_what_the_service_says_can_be_printed_on_one_line() -> None:
    call = call_about(get_automation_connection, "C1")
    for said in ("line\nbreak", "\x1b[31mred", "half \ud800 pair", "tab\tnull\x00", "\u202eright to left"):
        data = json.dumps({"errors": [{"code": said, "title": said, "detail": said}], "traceId": said}).encode()
        text = str(error_of(call, data, 400))
        assert text.encode()
        assert len(text.splitlines()) == 1, text
        assert not any(ord(character) < 32 or character in "\x7f\u202e" for character in text)
