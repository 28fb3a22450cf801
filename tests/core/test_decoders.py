"""A response means the same whichever JSON decoder is installed, and what is as declared needs no quirk's reader."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any, Final

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qlik_automation_connections import Tenant, UnexpectedResponseError
from qlik_automation_connections import _raw_response as raw_response
from qlik_automation_connections._exchange.call import Call, Endpoint, call_about
from qlik_automation_connections._exchange.response import parse_response
from qlik_automation_connections._normalizer import Normalizer
from qlik_automation_connections._raw_response import RawResponse
from qlik_automation_connections.sandbox import Sandbox
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
from qlik_automation_connections_api.fields import FIELDS, Field
from qlik_automation_connections_api.models.connection import Connection

ENDPOINTS: Final[dict[str, Endpoint[Any]]] = {
    module.OPERATION.id: module
    for module in (
        check_automation_connection,
        get_automation,
        get_automation_connection,
        get_automation_connections,
        get_automation_connector,
        get_automation_connectors,
        get_automations,
    )
}
TIMES: Final = [
    "2025-03-04T08:15:30.000000Z",
    "2025-03-04t08:15:30z",
    " 2025-03-04T08:15:30Z",
    "2025-03-04T08:15:30",
    "2025-W10-2T08:15:30Z",
    "2025-02-30T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "",
]
# Written as JSON, for a float that is infinite and an integer of 200 digits are none in Python's own.
ODD: Final = st.sampled_from(
    [
        *("null", "true", "0", "1", "-1", "1.0", "0.5", '""', '"x"', '"true"', '"1"', "[]", "[null]", "{}", '{"a": 1}'),
        *(str(2**53), str(2**63), str(2**64 + 1), "9" * 200, "1e16", "1e400", "-1e400", "1.5e300"),
        *(f"[{2**64 + 1}]", f'{{"a": {2**70 + 1}}}', '"\\ud800"', "NaN", "[" * 150 + "]" * 150),
        *map(json.dumps, TIMES),
    ]
)
LOADERS: Final[dict[str, Any]] = {"with orjson": orjson.loads, "without": None}


def call_for(endpoint: Endpoint[Any]) -> Call[Any]:
    return (
        call_about(endpoint, "x")
        if "{id}" in endpoint.OPERATION.path
        else Call(endpoint.OPERATION, endpoint.request_arguments(), endpoint.read_result)
    )


def declared(field: Field) -> st.SearchStrategy[str]:
    """JSON that the spec declares."""
    match field.kind:
        case "object" if field.schema is not None:
            return objects(field.schema)
        case "array" if field.schema is not None:
            return st.lists(objects(field.schema), max_size=2).map(lambda items: f"[{', '.join(items)}]")
        case "object":
            return st.just("{}")
        case "array":
            elements = st.lists(st.text(max_size=3), max_size=2) if field.element == "string" else st.just([])
            return elements.map(json.dumps)
        case "date-time":
            return st.just(f'"{TIMES[0]}"')
        case "boolean":
            return st.sampled_from(["true", "false"])
        case "integer":
            return st.integers(-(2**63), 2**63 - 1).map(str)
        case "number":
            return st.floats(-1e14, 1e14).map(repr)
        case "string":
            characters = st.characters(exclude_categories=["Cs"])
            return st.text(characters, min_size=int(field.empty_is_none), max_size=4).map(json.dumps)


def objects(schema: str, changed: str | None = None, odd: str = "") -> st.SearchStrategy[str]:
    """An object of a schema as JSON, with one of its fields changed."""
    fields = {name: declared(field) for name, field in FIELDS[schema].items()}
    if "id" in fields:
        fields["id"] = st.just('"x"')
    if changed is not None:
        fields[changed] = st.just(odd)
    return st.deferred(
        lambda: st.fixed_dictionaries(fields).map(
            lambda parts: "{" + ", ".join(f"{json.dumps(name)}: {part}" for name, part in parts.items()) + "}"
        )
    )


def outcome(call: Call[Any], content: bytes, loads: Any) -> str:
    """What a response means, with the decoder named."""
    request = httpx.Request(call.operation.method, "https://acme.example/")
    response = RawResponse(request, call.operation.success, httpx.Headers(), content, 0.0)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        patch.setattr(raw_response, "_loads", loads)
        try:
            result, normalizer = parse_response(call, response, attempts=1)
        except UnexpectedResponseError as error:
            return str(error)
    quirks = {name: sorted(fields) for name, fields in sorted(normalizer.quirks.items())}
    extra = [getattr(each, "additional_properties", None) for each in (result, *getattr(result, "params", []))]
    return repr((result, extra, quirks, [str(each.message) for each in caught]))


@pytest.mark.parametrize("operation", ENDPOINTS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_both_decoders_lead_to_the_same(operation: str, data: st.DataObject) -> None:
    call = call_for(ENDPOINTS[operation])
    schema = call.operation.result or ""
    changed = data.draw(st.sampled_from(["unheard-of", *FIELDS[schema]]))
    content = data.draw(objects(schema, changed, data.draw(ODD))).encode()
    assert outcome(call, content, LOADERS["with orjson"]) == outcome(call, content, LOADERS["without"])


@given(value=ODD)
@example("1" * 30)
def test_they_do_deep_inside_too(value: str) -> None:
    call = call_for(get_automation_connection)
    for text in ('"params": [{"value": %s}]', '"params": [{"meta": [%s]}]', '"error": {"code": %s}', '"name": %s'):
        content = ('{"id": "x", ' + text % value + "}").encode()
        assert outcome(call, content, LOADERS["with orjson"]) == outcome(call, content, LOADERS["without"])


@pytest.mark.parametrize("operation", ENDPOINTS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_as_declared_needs_no_reader(operation: str, data: st.DataObject) -> None:
    class Unneeded(Normalizer):
        def object(self, *_: Any) -> Any:
            raise AssertionError

        def field(self, *_: Any) -> Any:
            raise AssertionError

    endpoint = ENDPOINTS[operation]
    content = json.loads(data.draw(objects(endpoint.OPERATION.result or "")))
    endpoint.read_result(content, Unneeded())


@pytest.mark.parametrize("loads", LOADERS.values(), ids=LOADERS)
def test_an_integer_of_any_size_is_kept(loads: Callable[[bytes], Any] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_response, "_loads", loads)
    content = b'{"id": "x", "unheard-of": %d, "params": [{"name": "n", "value": %d}]}' % (2**70 + 1, 2**80 + 1)
    request = httpx.Request("GET", "https://acme.example/")
    response = RawResponse(request, 200, httpx.Headers(), content, 0.0)
    connection: Connection = parse_response(call_for(get_automation_connection), response, attempts=1)[0]
    assert connection.additional_properties == {"unheard-of": 2**70 + 1}
    assert connection.params[0].value == str(2**80 + 1)


def test_a_tenant_knows_which_quirks_it_has_shown() -> None:
    with (
        Sandbox(connections=30, quirks=["boolean-spelling"]) as sandbox,
        Tenant(sandbox.url, api_key=sandbox.api_key, pacing="off") as tenant,
    ):
        ids = [each.id for each in tenant.connections.list(list_all=True, limit=10)]
        assert "boolean-spelling" not in tenant.quirks_seen
        for id in ids:
            tenant.with_options(retries=0).connections.get(str(id))
        assert tenant.quirks_seen["boolean-spelling"] == {"AutomationConnectionParamObject.isOptional"}
