"""`get_json`: a connection as it came, with nothing mended and nothing left out."""

from __future__ import annotations

import copy
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scripted import KEY, PATHS, Kind, Reply, Script, ask, reply
from looping import for_each, in_turn
from qlik_automation_connections import (
    NotFoundError,
    PermissionDeniedError,
    Tenant,
    UnexpectedResponseError,
)
from qlik_automation_connections._quirks import ERROR_WORDS
from qlik_automation_connections.sandbox import QUIRKS, Sandbox

ID = "7"
QUIRKY: dict[str, Any] = {
    "id": 7,
    "name": None,
    "createdAt": "0000-00-00T00:00:00Z",
    "spaceId": "",
    "isConnected": "yes",
    "error": [],
    "unheard": {"of": [1, 2.5, None, 2**70, "é\ud800"]},
    "params": [{"id": "p-1", "name": "password", "value": "hunter2", "isOptional": "false", "meta": {}}, None],
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@for_each("document", [QUIRKY, {"data": QUIRKY}, {}, {"data": None}, {"data": []}])
@in_turn
def test_it_comes_as_it_was_sent(kind: Kind, document: dict[str, Any]) -> None:
    script = Script(reply(200, document))
    found = ask(kind, script, lambda connections: connections.get_json(ID))
    assert found == document
    assert list(found) == list(document)
    assert [(request.method, request.url.path) for request in script.requests] == [
        ("GET", f"{PATHS['workflows']}/{ID}")
    ]


@given(
    st.dictionaries(
        st.text(max_size=5).filter(lambda name: name not in ("errors", "id", *ERROR_WORDS)), json_values, max_size=4
    )
)
def test_whatever_object_comes_is_returned(document: dict[str, Any]) -> None:
    assert ask("sync", Script(reply(200, document)), lambda connections: connections.get_json(ID)) == document


def test_numbers_keep_their_kind() -> None:
    body = b'{"whole": 1, "broken": 1.0, "big": 123456789012345678901234567890, "yes": true}'
    found = ask("sync", Script(Reply(200, body)), lambda connections: connections.get_json(ID))
    assert json.dumps(found).encode() == body


@for_each(
    ("answer", "error"),
    [
        (reply(404, {}), NotFoundError),
        (reply(403, {}), PermissionDeniedError),
        (reply(200, []), UnexpectedResponseError),
        (reply(200, None), UnexpectedResponseError),
        (reply(200, "text"), UnexpectedResponseError),
        (reply(200, {"errors": [{"code": "x"}]}), UnexpectedResponseError),
        (Reply(200, b"<html>", {"content-type": "text/html"}), UnexpectedResponseError),
        (Reply(200, b'{"id": NaN}'), UnexpectedResponseError),
        (Reply(204), UnexpectedResponseError),
    ],
)
@in_turn
def test_what_is_no_connection_is_an_error(kind: Kind, answer: Reply, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(kind, Script(answer), lambda connections: connections.get_json(ID))


@pytest.mark.filterwarnings("ignore:The v1 paths:DeprecationWarning")
def test_the_older_path_and_a_timeout() -> None:
    script = Script(reply(200, {"id": "a/b"}))
    ask("sync", script, lambda connections: connections.get_json("a/b", timeout=7), api_version="v1")
    assert script.raw_paths == [PATHS["v1"] + "/a%2Fb"]
    assert script.requests[0].extensions["timeout"]["read"] == 7


def test_values_are_in_the_result_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask("sync", Script(reply(200, QUIRKY)), lambda connections: connections.get_json(ID))
    with pytest.raises(UnexpectedResponseError) as caught:
        ask("sync", Script(reply(200, [QUIRKY])), lambda connections: connections.get_json(ID))
    assert "GET" in caplog.text
    for text in (caplog.text, str(caught.value), repr(caught.value.__dict__)):
        assert "hunter2" not in text
        assert KEY not in text


def test_a_change_of_the_result_changes_nothing_else() -> None:
    script = Script(reply(200, QUIRKY))
    before = copy.deepcopy(QUIRKY)
    found = ask("sync", script, lambda connections: connections.get_json(ID))
    found["params"].clear()
    assert ask("sync", script, lambda connections: connections.get_json(ID)) == before


def test_all_the_quirks_of_a_tenant_are_left_in() -> None:
    with Sandbox(5, quirks=list(QUIRKS)) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        raw = {there["id"]: tenant.connections.get_json(there["id"]) for there in sandbox.snapshot()}
    assert {tuple(document) for document in raw.values()} == {("data",)}
    assert [document["data"]["id"] for document in raw.values()] == list(raw)
    # By number, in an object: that is a quirk, too.
    params = [param for document in raw.values() for param in dict(document["data"]["params"]).values()]
    assert {param["isOptional"] for param in params} == {"true", "false"}
    assert sum(document["data"]["createdAt"].startswith("0000") for document in raw.values()) == 1
