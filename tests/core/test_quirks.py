"""What the service sends differently from its documents, and what users get: a case at least for each quirk."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

from core.scripted import KINDS, Kind, Of, Script, ask, reply, tenant
from looping import for_each, in_turn
from qlik_automation_connections import QUIRKS, APIStatusError, UnreadableValueWarning

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)

Use = Callable[[Any], Any]
GET: Use = lambda connections: connections.get("x")  # noqa: E731
LIST: Use = lambda connections: connections.list()  # noqa: E731
CHECK: Use = lambda connections: connections.check("x")  # noqa: E731
CONNECTOR = Of("connectors", lambda connectors: connectors.get("x"))
AUTOMATIONS = Of("automations", lambda automations: automations.list())


@frozen
class Case:
    """What is sent for a quirk, and what users read."""

    quirk: str
    sent: Any
    read: Callable[[Any], Any]
    wanted: Any
    use: Use = GET
    warns: bool = False
    status: int = 200

    def __str__(self) -> str:
        return f"{self.quirk} {self.sent!r}"[:80]

    @property
    def content(self) -> Any:
        """What is sent, with an id for each thing that needs one, which is beside the point of most cases."""
        if self.status >= 400 or self.use is CHECK:
            return self.sent
        match self.sent:
            case {"data": list(items)}:
                return {**self.sent, "data": [item and {"id": "x", **item} for item in items]}
            case dict() if self.use not in (GET, CONNECTOR):
                return self.sent
            case {"data": dict(item)} if "id" not in self.sent:
                return {**self.sent, "data": {"id": "x", **item}}
        return {"id": "x", **self.sent}


def param(**fields: Any) -> Any:
    return {"params": [{"id": "p", **fields}]}


def of_param(name: str) -> Callable[[Any], Any]:
    return lambda connection: getattr(connection.params[0], name)


def of(name: str) -> Callable[[Any], Any]:
    return lambda result: getattr(result, name)


def names(connection: Any) -> Any:
    return [param.name for param in connection.params]


def choices(connection: Any) -> Any:
    return [(option.id, option.value) for option in connection.params[0].param_options]


def offered(connector: Any) -> Any:
    return connector.params[0].options


def both(result: Any) -> Any:
    return result.connected, result.is_connected


def spelled(sent: Any, wanted: bool | None) -> list[Case]:
    item = {"data": [{"isConnected": sent}]}
    return [
        Case("boolean-spelling", param(isOptional=sent), of_param("is_optional"), wanted),
        Case("boolean-spelling", {"isConnected": sent}, of("is_connected"), wanted),
        Case("boolean-spelling", item, lambda items: items[0].is_connected, wanted, LIST),
        Case("boolean-spelling", {"connected": sent, "is_connected": sent}, both, (wanted, wanted), CHECK),
    ]


def unreadable(field: str, attribute: str, *raws: Any, of_param: bool = False) -> list[Case]:
    def read(connection: Any) -> Any:
        thing = connection.params[0] if of_param else connection
        return getattr(thing, attribute), thing.additional_properties

    return [
        Case(
            "unreadable-value",
            param(**{field: raw}) if of_param else {field: raw},
            read,
            (None, {field: raw}),
            warns=True,
        )
        for raw in raws
    ]


def refused(quirk: str, sent: Any, read: Callable[[Any], Any], wanted: Any) -> Case:
    return Case(quirk, sent, read, wanted, status=403)


def titles(error: Any) -> Any:
    return [each.title for each in error.errors]


def details(error: Any) -> Any:
    return [each.detail for each in error.errors]


def last_run(run: Any) -> Case:
    return Case("unknown-field", {"data": [{"lastRun": run}]}, lambda items: items[0]["lastRun"], run, AUTOMATIONS)


def last_page(links: Any) -> Case:
    return Case(
        "link-without-page", {"data": [{"id": "a"}], **links}, lambda items: [item.id for item in items], ["a"], LIST
    )


TRUE = (True, "true", "TRUE", "True", " true ", "1", 1, 1.0, "yes", "y", "T", "on")
FALSE = (False, "false", "FALSE", "False", "0", 0, 0.0, "no", "N", "f", "Off")
UTC = datetime.UTC
MOMENT = datetime.datetime(2025, 3, 4, 8, 15, 30, tzinfo=UTC)
ELSEWHERE = datetime.datetime(2025, 3, 4, 10, 15, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))

CASES = [
    *(case for sent in TRUE for case in spelled(sent, True)),
    *(case for sent in FALSE for case in spelled(sent, False)),
    *(case for sent in ("", None) for case in spelled(sent, None)),
    Case("check-spelling", {"connected": True}, both, (True, True), CHECK),
    Case("check-spelling", {"is_connected": True}, both, (True, True), CHECK),
    Case("check-spelling", {"is_connected": False}, both, (False, False), CHECK),
    Case("check-spelling", {"connected": None, "is_connected": False}, both, (False, False), CHECK),
    Case("check-spelling", {"connected": "false"}, both, (False, False), CHECK),
    Case("check-spelling", {"connected": True, "is_connected": False}, both, (True, False), CHECK),
    Case("check-spelling", {}, both, (None, None), CHECK),
    Case("check-spelling", {"isConnected": True}, both, (True, True), CHECK),
    Case("check-spelling", {"isConnected": "false", "message": "made up"}, both, (False, False), CHECK),
    Case("check-spelling", {"data": {"isConnected": False}}, both, (False, False), CHECK),
    Case("check-spelling", {"connected": None, "is_connected": None, "isConnected": True}, both, (True, True), CHECK),
    Case("check-spelling", {"is_connected": False, "isConnected": True}, both, (False, False), CHECK),
    Case("check-spelling", {"isConnected": True}, of("additional_properties"), {}, CHECK),
    *(
        Case(
            "null-values",
            content,
            lambda c: (c.name, c.redirect, c.oauth_account_name, c.is_connected),
            (None,) * 4,
        )
        for content in ({}, dict.fromkeys(("name", "redirect", "oauthAccountName", "isConnected")))
    ),
    *(Case("null-values", c, lambda c: (c.created_at, c.updated_at), (None, None)) for c in ({}, {"createdAt": None})),
    *(Case("null-values", content, of("params"), []) for content in ({}, {"params": None}, {"params": [None]})),
    *(Case("null-values", param(**f), of_param("param_options"), []) for f in ({}, {"paramOptions": None})),
    Case("null-values", param(options=None), offered, [], CONNECTOR),
    *(Case("null-values", param(**f), of_param("meta"), []) for f in ({}, {"meta": None})),
    *(Case("null-values", param(**f), of_param("value"), None) for f in ({}, {"value": None})),
    *(Case("null-values", content, of("error"), None) for content in ({}, {"error": None})),
    *(Case("null-values", content, list, [], LIST) for content in ({}, {"data": None}, {"data": [None]})),
    Case("null-values", {"data": [None, {"id": "a"}]}, lambda items: [item.id for item in items], ["a"], LIST),
    Case("other-scalar", {"name": 7}, of("name"), "7"),
    Case("other-scalar", {"name": 1.5}, of("name"), "1.5"),
    Case("other-scalar", {"data": [{"id": 0}]}, lambda items: items[0].id, "0", LIST),
    Case("other-scalar", {"spaceId": 7}, of("space_id"), "7"),
    Case("other-scalar", {"spaceId": False}, of("space_id"), "false"),
    Case("other-scalar", param(value=True), of_param("value"), "true"),
    Case("other-scalar", param(value=False), of_param("value"), "false"),
    Case("other-scalar", param(order="3"), of_param("order"), 3),
    Case("other-scalar", param(order="-3"), of_param("order"), -3),
    Case("other-scalar", param(order=3.0), of_param("order"), 3),
    Case("other-scalar", param(order=""), of_param("order"), None),
    *unreadable("createdAt", "created_at", "0000-00-00T00:00:00.000000Z", "yesterday", "2025-13-01T00:00:00Z"),
    *unreadable("updatedAt", "updated_at", 1741076130, True, ["x"], {"a": 1}),
    *unreadable("isConnected", "is_connected", "perhaps", 2, -1, 0.5, [True], {}),
    *unreadable("name", "name", ["x"], {"x": 1}, [], {}),
    *unreadable("spaceId", "space_id", ["s"], {"id": "s"}, [], {}),
    *unreadable("isOptional", "is_optional", "perhaps", 2, -1, 0.5, [True], {}, of_param=True),
    *unreadable("order", "order", "first", 1.5, [1], {}, "9" * 40, of_param=True),
    *unreadable("value", "value", ["x"], {"x": 1}, of_param=True),
    *(
        Case(
            "unreadable-value",
            param(paramOptions=raw),
            lambda connection: (choices(connection), connection.params[0].additional_properties),
            (wanted, {"paramOptions": raw}),
            warns=True,
        )
        for raw, wanted in (
            ("x", []),
            (5, []),
            (False, []),
            ([["x"]], []),
            ([{"id": "a"}, [], "b", None, [{}]], [("a", None), (None, "b")]),
        )
    ),
    *(
        Case(
            "unreadable-value",
            param(options=raw),
            lambda connector: (connector.params[0].options, connector.params[0].additional_properties),
            (wanted, {"options": raw}),
            CONNECTOR,
            warns=True,
        )
        for raw, wanted in (("x", []), (5, []), (["a", {"label": "b"}, ["c"], {"value": ["d"]}], ["a"]))
    ),
    Case(
        "option-spelling", param(paramOptions=["a", 5, 0.5, None]), choices, [(None, "a"), (None, "5"), (None, "0.5")]
    ),
    Case("option-spelling", param(paramOptions={"id": "a", "value": "A"}), choices, [("a", "A")]),
    Case("option-spelling", param(paramOptions={"value": "A"}), choices, [(None, "A")]),
    Case("option-spelling", param(paramOptions={"a": "A", "b": 5}), choices, [("a", "A"), ("b", "5")]),
    Case("option-spelling", param(paramOptions={"0": "A", "2": {"id": "b"}}), choices, [(None, "A"), ("b", None)]),
    Case(
        "option-spelling",
        param(options=["a", {"value": "b"}, {"id": 1, "value": 5}]),
        offered,
        ["a", "b", "5"],
        CONNECTOR,
    ),
    Case("option-spelling", param(options={"id": "1", "value": "a"}), offered, ["a"], CONNECTOR),
    Case("option-spelling", param(options={"1": "a", "3": "b"}), offered, ["a", "b"], CONNECTOR),
    Case("option-spelling", param(options={"ssl": "SSL"}), offered, ["SSL"], CONNECTOR),
    *map(last_run, ({"error": [], "metrics": None}, [], ["x"], "x", 5)),
    Case("timestamp-without-zone", {"createdAt": "2025-03-04T08:15:30"}, of("created_at"), MOMENT),
    Case("timestamp-without-zone", {"createdAt": "2025-03-04 08:15:30.000000"}, of("created_at"), MOMENT),
    Case("timestamp-without-zone", {"createdAt": "2025-03-04T08:15:30Z"}, of("created_at"), MOMENT),
    Case("timestamp-without-zone", {"createdAt": "2025-03-04T10:15:30+02:00"}, of("created_at"), ELSEWHERE),
    Case("timestamp-without-zone", {"createdAt": "2025-03-04T08:15:30z"}, of("created_at"), MOMENT),
    Case("timestamp-without-zone", {"createdAt": " 2025-03-04T08:15:30Z "}, of("created_at"), MOMENT),
    Case("null-values", {"createdAt": " "}, of("created_at"), None),
    Case(
        "timestamp-without-zone",
        {"data": [{"updatedAt": "2025-03-04T08:15:30"}]},
        lambda i: i[0].updated_at,
        MOMENT,
        LIST,
    ),
    Case("empty-object-as-list", {"error": []}, of("error"), {}),
    Case("empty-object-as-list", {"params": {}}, of("params"), []),
    Case("empty-object-as-list", param(paramOptions={}), of_param("param_options"), []),
    Case("empty-object-as-list", param(options={}), offered, [], CONNECTOR),
    Case("empty-object-as-list", param(meta={}), of_param("meta"), []),
    Case("empty-object-as-list", {"data": {}, "links": []}, list, [], LIST),
    Case("empty-object-as-list", {"data": [], "links": {"next": []}}, list, [], LIST),
    Case("meta-not-a-list", param(meta={"a": 1}), of_param("meta"), [{"a": 1}]),
    Case("meta-not-a-list", param(meta="x"), of_param("meta"), ["x"]),
    Case("meta-not-a-list", param(meta=0), of_param("meta"), [0]),
    Case("meta-not-a-list", param(meta=False), of_param("meta"), [False]),
    Case("meta-not-a-list", param(meta=["x"]), of_param("meta"), ["x"]),
    Case("error-not-an-object", {"error": "boom"}, of("error"), {"value": "boom"}),
    Case("error-not-an-object", {"error": 7}, of("error"), {"value": 7}),
    Case("error-not-an-object", {"error": 0}, of("error"), {"value": 0}),
    Case("error-not-an-object", {"error": True}, of("error"), {"value": True}),
    Case("error-not-an-object", {"error": ["a", "b"]}, of("error"), {"value": ["a", "b"]}),
    Case("error-not-an-object", {"error": ""}, of("error"), {}),
    Case("error-not-an-object", {"error": {"message": "boom"}}, of("error"), {"message": "boom"}),
    Case("empty-space-id", {"spaceId": ""}, of("space_id"), None),
    Case("empty-space-id", {"spaceId": "s"}, of("space_id"), "s"),
    Case("empty-space-id", {"data": [{"spaceId": ""}]}, lambda items: items[0].space_id, None, LIST),
    Case("wrapped-in-data", {"data": {"id": "x", "name": "mail"}}, lambda c: (c.id, c.name), ("x", "mail")),
    Case("wrapped-in-data", {"data": {"id": "x", "createdAt": None}, "links": {}}, of("id"), "x"),
    Case("wrapped-in-data", {"data": param(isOptional="false")}, of_param("is_optional"), False),
    Case("wrapped-in-data", {"data": {"connected": "false"}}, both, (False, False), CHECK),
    Case("wrapped-in-data", {"id": "x", "data": {"id": "y"}}, of("id"), "x"),
    Case("unknown-field", {"id": "x", "colour": {"red": 1}}, of("additional_properties"), {"colour": {"red": 1}}),
    Case("unknown-field", param(unit=None), of_param("additional_properties"), {"unit": None}),
    Case("unknown-field", {"connected": True, "since": 5}, of("additional_properties"), {"since": 5}, CHECK),
    Case(
        "unknown-field",
        {"data": [{"tags": ["a"]}]},
        lambda items: items[0].additional_properties,
        {"tags": ["a"]},
        LIST,
    ),
    Case("params-as-mapping", {"params": {"3": {"name": "a"}, "7": {"name": "b"}}}, names, ["a", "b"]),
    Case("params-as-mapping", {"params": {"a": {"value": "1"}, "b": {"name": "c"}}}, names, ["a", "c"]),
    refused("trace-id-number", {"traceId": 815}, of("trace_id"), "815"),
    refused("trace-id-number", {"traceId": True}, of("trace_id"), None),
    refused("errors-not-a-list", {"errors": "boom"}, titles, ["boom"]),
    refused("errors-not-a-list", {"errors": {"title": "boom"}}, titles, ["boom"]),
    refused("errors-not-a-list", {"errors": ["boom", None, 7, {}, {"title": "bang"}]}, titles, ["boom", "bang"]),
    refused("errors-not-a-list", {"errors": 7}, titles, []),
    refused("errors-not-a-list", {"errors": {"name": ["is taken", "is odd"]}}, details, ["is taken", "is odd"]),
    refused("error-in-other-words", {"message": "boom"}, titles, ["boom"]),
    refused("error-in-other-words", {"errors": [{"message": "boom"}]}, titles, ["boom"]),
    *map(last_page, ({}, {"links": None}, {"links": {}}, {"links": {"next": None}}, {"links": {"next": {"href": ""}}})),
]


@for_each("case", CASES)
@in_turn
def test_users_get_what_the_table_says(kind: Kind, case: Case) -> None:
    script = Script(reply(case.status, case.content))
    if case.status >= 400:
        with pytest.raises(APIStatusError) as caught:
            ask(kind, script, case.use)
        result: Any = caught.value
    elif case.warns:
        with pytest.warns(UnreadableValueWarning):
            result = ask(kind, script, case.use)
    else:
        result = ask(kind, script, case.use)
    found = case.read(result)
    assert found == case.wanted
    # 1 == True, so the types are compared too.
    assert repr(found) == repr(case.wanted)


def test_each_quirk_has_a_case() -> None:
    assert {case.quirk for case in CASES} == {quirk.name for quirk in QUIRKS}
    assert len({quirk.name for quirk in QUIRKS}) == len(QUIRKS)


@for_each("quirk", QUIRKS)
def test_each_quirk_says_what_and_from_where(quirk: Any) -> None:
    assert quirk.sent.strip()
    assert quirk.read.strip()
    assert quirk.origin.strip()


@ALL_KINDS
def test_one_unreadable_timestamp_does_not_lose_a_page(kind: Kind) -> None:
    raw = "0000-00-00T00:00:00.000000Z"
    good = "2025-03-04T08:15:30.000000Z"
    items = [{"id": id, "name": id.upper(), "createdAt": good, "updatedAt": good} for id in "abc"]
    items[1]["createdAt"] = raw
    with pytest.warns(UnreadableValueWarning) as caught:
        a, b, c = ask(kind, Script(reply(200, {"data": items})), LIST)
    assert len(caught) == 1
    message = str(caught[0].message)
    assert "getAutomationConnections" in message
    assert "'b'" in message
    assert "createdAt" in message
    assert b.created_at is None
    assert b.additional_properties == {"createdAt": raw}
    assert (b.id, b.name, b.updated_at) == ("b", "B", MOMENT)
    assert [(item.id, item.created_at, item.additional_properties) for item in (a, c)] == [
        ("a", MOMENT, {}),
        ("c", MOMENT, {}),
    ]


def test_many_unreadable_values_are_one_warning_a_response() -> None:
    script = Script(reply(200, {"data": [{"id": id, "createdAt": "never", "updatedAt": "never"} for id in "abc"]}))
    with pytest.warns(UnreadableValueWarning) as caught:
        list(tenant(script).connections.list())
    assert len(caught) == 1
    assert "5 more" in str(caught[0].message)


@pytest.mark.parametrize(
    ("error", "says"),
    [({"message": "hunter2"}, True), ("hunter2", True), ({}, False), ([], False), (None, False), ("", False)],
)
@ALL_KINDS
def test_a_creation_with_an_error_says_so(kind: Kind, error: Any, says: bool, caplog: pytest.LogCaptureFixture) -> None:
    script = Script(reply(201, {"id": "x", "error": error}))
    with caplog.at_level(logging.WARNING):
        connection = ask(kind, script, lambda connections: connections.create(connector_id="c"))
    assert bool(connection.error) is says
    warned = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warned) == says
    assert all("'x'" in line and "error" in line and "hunter2" not in line for line in warned)
