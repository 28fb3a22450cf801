"""What is just as the spec declares it is read the short way, and means what it means the long way."""

from __future__ import annotations

import copy
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qlik_automation_connections import Tenant
from qlik_automation_connections.answer import decode_exact
from qlik_automation_connections.call import NOT_EXACT
from qlik_automation_connections.quirks import Mender
from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.fields import FIELDS, Field
from qlik_automation_connections_api.models.automation import Automation
from qlik_automation_connections_api.models.automation_list import AutomationList
from qlik_automation_connections_api.models.connection import Connection
from qlik_automation_connections_api.models.connection_list import ConnectionList
from qlik_automation_connections_api.models.connector import Connector
from qlik_automation_connections_api.models.connector_list import ConnectorList
from qlik_automation_connections_api.models.pagination_link import PaginationLink

MODELS: Final[dict[str, Any]] = {
    "AutomationConnectionsList": ConnectionList,
    "AutomationConnectionDetailObject": Connection,
    "AutomationConnectorsList": ConnectorList,
    "AutomationConnectorDetail": Connector,
    "AutomationList": AutomationList,
    "AutomationDetailResponseObject": Automation,
}
TIMES: Final = [
    "2025-03-04T08:15:30.000000Z",
    "2025-03-04t08:15:30z",
    "2025-03-04ß08:15:30+02:00",
    " 2025-03-04T08:15:30Z",
    "2025-03-04T08:15:30",
    "2025-03-04",
    "20250304T081530Z",
    "2025-W10-2T08:15:30Z",
    "2025-02-30T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "",
]
ODD: Final = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        1.0,
        0.5,
        2**53,
        2**63,
        2**64,
        10**40,
        1e16,
        "",
        "x",
        "true",
        [],
        [None],
        {},
        {"a": 1},
    ]
)


def usual(field: Field) -> st.SearchStrategy[Any]:
    """What the spec declares, as far as the short way takes it."""
    match field.kind:
        case "object" | "array" if field.schema is not None:
            whole = objects(field.schema)
            return st.none() | whole if field.kind == "object" else st.lists(whole, max_size=3)
        case "object":
            return st.sampled_from([None, {}])
        case "array":
            return st.lists(st.text(max_size=3), max_size=2) if field.element == "string" else st.just([])
        case "date-time":
            return st.none() | st.sampled_from(TIMES[:1])
        case "boolean":
            return st.none() | st.booleans()
        case "integer":
            return st.none() | st.integers(-(2**63), 2**63 - 1)
        case "number":
            return st.none() | st.floats(-1e14, 1e14)
        case "string":
            return st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


def objects(schema: str) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: st.fixed_dictionaries({name: usual(field) for name, field in FIELDS[schema].items()}))


@st.composite
def odd_objects(draw: st.DrawFn, schema: str) -> Any:
    """The same with one thing in it that may not be as declared."""
    whole = draw(objects(schema))
    place, where = whole, schema
    while True:
        name = draw(st.sampled_from(sorted(FIELDS[where])))
        field = FIELDS[where][name]
        inner = place[name][0] if field.kind == "array" and place[name] else place[name]
        if field.schema is None or not isinstance(inner, dict) or not inner:
            break
        place, where = inner, field.schema
    match draw(st.sampled_from(["gone", "unknown", "other"])):
        case "gone":
            del place[name]
            place.update(draw(st.dictionaries(st.just("unheard-of"), ODD)))
        case "unknown":
            place["unheard-of"] = draw(ODD)
        case "other":
            place[name] = draw(ODD | st.sampled_from(TIMES))
    return whole


@pytest.mark.parametrize("schema", MODELS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_the_short_way_takes_what_is_as_declared(schema: str, data: st.DataObject) -> None:
    content = data.draw(objects(schema))
    read = MODELS[schema].from_exact(content)
    assert read == MODELS[schema].from_dict(Mender().mend(copy.deepcopy(content), schema))


@pytest.mark.parametrize("schema", MODELS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_what_both_ways_take_means_the_same(schema: str, data: st.DataObject) -> None:
    content = data.draw(odd_objects(schema))
    before = copy.deepcopy(content)
    try:
        read = MODELS[schema].from_exact(content)
    except NOT_EXACT:
        return
    finally:
        assert content == before, "the long way must find it as it came"
    mender = Mender()
    assert read == MODELS[schema].from_dict(mender.mend(content, schema))
    assert not mender.unread


@pytest.mark.parametrize("content", [None, True, 12, 1.5, "x" * 12, [], ["id"] * 12, {"data": {"data": []}}])
@pytest.mark.parametrize("schema", MODELS)
def test_what_is_no_such_object_is_refused(schema: str, content: Any) -> None:
    with pytest.raises(NOT_EXACT):
        MODELS[schema].from_exact(content)


@pytest.mark.parametrize("content", [b"1" * 30, b"NaN", b"1e999", b"\xff", b"\xef\xbb\xbf{}", b"[" * 5000])
def test_what_a_faster_decoder_reads_otherwise_is_read_as_without_it(content: bytes) -> None:
    """Each is a value that no declared field takes, or is no JSON for the faster decoder."""
    try:
        found = decode_exact(b'{"href": %s}' % content)
    except ValueError:
        return
    with pytest.raises(NOT_EXACT):
        PaginationLink.from_exact(found)


def test_a_page_of_a_service_without_quirks_is_read_without_mending(monkeypatch: pytest.MonkeyPatch) -> None:
    def mend(*_: object) -> None:
        raise AssertionError("a page that is just as declared took the long way")

    monkeypatch.setattr(Mender, "mend", mend)
    with (
        Sandbox(connections=30, quirks=False) as sandbox,
        Tenant(sandbox.url, api_key=sandbox.api_key, pacing="off") as tenant,
    ):
        assert len(list(tenant.connections.list(list_all=True, limit=10))) == 30
