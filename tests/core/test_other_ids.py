"""An answer about another id than the one that was asked for, as a cache or a proxy may give, or about none."""

from __future__ import annotations

from typing import Any

import pytest

from core.scripted import KEY, KINDS, Kind, Of, Script, ask, reply
from looping import for_each, in_turn
from qlik_automation_connections import UnexpectedResponseError, UnreadableValueWarning

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
ASKED = "6B1F4c3a-20d7"

USES: dict[str, Any] = {
    "getAutomationConnection": lambda c: c.get(ASKED),
    "getAutomationConnection as JSON": lambda c: c.get_json(ASKED),
    "updateAutomationConnection": lambda c: c.update(ASKED, name="x"),
    "updateAutomationConnection by name": lambda c: c.update(ASKED, params={"host": "x"}),
    "getAutomationConnector": Of("connectors", lambda c: c.get(ASKED)),
    "getAutomation": Of("automations", lambda a: a.get(ASKED)),
    "getAutomation as JSON": Of("automations", lambda a: a.get_json(ASKED)),
}


def answered(kind: Kind, use: Any, content: Any) -> tuple[Any, Script]:
    script = Script(reply(200, content))
    return ask(kind, script, use), script


@for_each("wrap", [lambda item: item, lambda item: {"data": item}])
@for_each("name", USES)
@in_turn
def test_another_id_is_an_error(kind: Kind, name: str, wrap: Any) -> None:
    script = Script(reply(200, wrap({"id": "another", "params": [{"id": "p", "name": "host"}]})))
    with pytest.raises(UnexpectedResponseError) as caught:
        ask(kind, script, USES[name])
    noun = "connector" if "Connector" in name else "connection" if "Connection" in name else "automation"
    assert f"unexpected response (200): it is about another {noun}, 'another'. " in caught.value.message
    assert repr(ASKED) in caught.value.message
    # Nothing is written after what was read of another.
    assert len(script.requests) == 1
    assert caught.value.may_have_been_processed


@for_each("id", [ASKED, ASKED.lower(), ASKED.upper(), f" {ASKED} "])
@for_each("name", [name for name in USES if "by name" not in name])
def test_letters_case_is_none(name: str, id: str) -> None:
    answered("sync", USES[name], {"id": id, "name": "mail"})


@pytest.mark.filterwarnings("error")
@for_each("sent", [{}, *({"id": id} for id in ("", " ", None, ["x"], {"x": 1}))])
@for_each("name", [name for name in USES if "by name" not in name])
def test_a_missing_id_is_an_error_unless_the_json_is_asked_for(name: str, sent: Any) -> None:
    if "JSON" in name:
        assert answered("sync", USES[name], {**sent, "name": "mail"})[0] == {**sent, "name": "mail"}
        return
    with pytest.raises(UnexpectedResponseError, match=r"unexpected response \(200\): the \w+ has no id\. "):
        answered("sync", USES[name], {**sent, "name": "mail"})


def test_a_number_is_compared_as_text() -> None:
    result, _ = answered("sync", lambda c: c.get("7"), {"id": 7})
    assert result.id == "7"
    with pytest.raises(UnexpectedResponseError, match="another connection, '8'"):
        answered("sync", lambda c: c.get("7"), {"id": 8})


def test_a_creation_and_a_check_have_none_to_compare() -> None:
    assert ask("sync", Script(reply(201, {"id": "new"})), lambda c: c.create(connector_id="c")).id == "new"
    assert answered("sync", lambda c: c.check(ASKED), {"connected": True, "id": "of the check"})[0].connected


def test_the_other_id_shows_no_secret_and_is_short() -> None:
    for id in (KEY, f"x{KEY}", "x" * 5_000, f"{'x' * 90}{KEY}"):
        with pytest.raises(UnexpectedResponseError) as caught:
            answered("sync", lambda c: c.get(ASKED), {"id": id})
        assert KEY[:12] not in caught.value.message
        assert len(caught.value.message) < 500


LISTED = {
    "data": [{"id": "a", "name": "<b>"}, {"name": "nameless"}, {"id": " "}, {"id": ["c"]}, {"id": 7}],
    "links": {"next": {}, "prev": {}},
}


def test_an_element_without_an_id_is_left_out_warned_of_and_counted() -> None:
    with pytest.warns(UnreadableValueWarning, match="left out 3 connections without an id") as caught:
        page = ask("sync", Script(reply(200, LISTED)), lambda connections: next(connections.list().pages()))
    assert [item.id for item in page.items] == ["a", "7"]
    assert page.left_out == ["nameless", None, None]
    assert len(caught) == 1


@for_each("sent", [{"name": "x"}, {"id": None}, {"id": " "}])
def test_a_creation_without_an_id_is_unexpected(sent: object) -> None:
    with pytest.raises(UnexpectedResponseError, match="the connection has no id") as caught:
        ask("sync", Script(reply(201, sent)), lambda connections: connections.create(connector_id="k"))
    assert caught.value.may_have_been_processed
