"""A backup keeps what the spec knows to be no secret, and says what else it left out."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.admin._backup.scrubbing import without_secrets

MARK = "MARKED4711"

marks = st.recursive(
    st.sampled_from([MARK, f" {MARK}\t", f"https://{MARK}/?a=b", 4711]),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.just("x"), inner, min_size=1),
    max_leaves=4,
)
harmless: st.SearchStrategy[Any] = st.sampled_from([None, True, False, "", [], {}])
unknown_names = st.sampled_from(["currentValue", "content", "meta", "secret", "future", "a b", f"{MARK}-named"])
params = st.builds(
    lambda name, value, more: {"id": f"id-{name}", **more, "name": name, "value": value, "fieldType": "password"},
    st.sampled_from(["password", "user name"]),
    marks | harmless,
    st.dictionaries(unknown_names, marks, max_size=2),
)
holders = st.one_of(
    st.lists(params, max_size=3),
    st.lists(params, max_size=3).map(lambda found: {str(number): param for number, param in enumerate(found)}),
    st.lists(params, max_size=2).map(lambda found: {str(param["name"]): param for param in found}),
    st.lists(params, max_size=2).map(lambda found: {"data": found}),
    st.dictionaries(st.sampled_from(["password", "name", "host"]), marks, max_size=2),
    st.lists(marks, max_size=2),
    marks,
    harmless,
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": "c1",
        "error": draw(marks | harmless),
        "name": "mail",
        "redirect": f"https://consent.example.com/start?state={MARK}#{MARK}",
        "isConnected": draw(st.sampled_from([True, "false", MARK])),
        "createdAt": draw(st.sampled_from(["0000-00-00 00:00:00", MARK, None])),
        "params": draw(holders),
        **draw(st.dictionaries(unknown_names, marks | holders, max_size=2)),
    }
    return {"data": document} if draw(st.booleans()) else document


@given(documents())
def test_no_secret_is_left_in_whatever_shape_nor_in_what_is_said_of_it(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    kept = without_secrets(document)
    assert "4711" not in json.dumps([kept.document, kept.dropped])
    assert document == before


@given(documents())
def test_what_is_declared_stays_in_its_order_and_the_rest_is_named(document: dict[str, Any]) -> None:
    scrubbed = without_secrets(document)
    kept, was = scrubbed.document, document
    if "id" not in document:
        kept, was = kept["data"], document["data"]
    assert [name for name in was if name in kept] == list(kept)
    assert (kept["id"], kept["name"], kept["redirect"]) == ("c1", "mail", "https://consent.example.com/start")
    missing = {name for name in was if name not in kept}
    assert all(name in scrubbed.dropped or "…" in scrubbed.dropped for name in missing)


def test_the_values_of_params_alone_are_not_named() -> None:
    param = {
        "id": "1",
        "meta": [],
        "name": "password",
        "order": 1,
        "value": MARK,
        "fieldType": "password",
        "isOptional": "false",
        "exampleValue": "hunter2",
        "paramOptions": [{"id": "1", "value": "a"}],
        "documentation": "What to sign in with.",
    }
    scrubbed = without_secrets({"params": [param], "error": {}})
    del param["value"]
    assert scrubbed.document == {"params": [param], "error": {}}
    assert scrubbed.dropped == []


def test_what_is_left_out_is_named() -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"revision": 5}, ["revision"]),
        ({"params": [{"name": "a", "content": "x"}, {"name": "b", "content": "y"}]}, ["params[].content"]),
        ({"params": ["x", {"name": "a"}]}, ["params[]"]),
        ({"params": {"password": "x"}}, ["params"]),
        ({"params": {"group": {"name": "x", "order": "y"}}}, ["params"]),
        ({"params": [{"paramOptions": [{"id": "1", "note": "x"}]}]}, ["params[].paramOptions[].note"]),
        ({"error": {"message": "x"}}, ["error"]),
        ({"name": ["x"]}, ["name"]),
        ({"data": {"id": "a", "future": 1}}, ["future"]),
        ({"id": "a", "data": {"id": "b"}}, ["data"]),
        ({"x" * 50: 1, "not a word": 2}, ["…"]),
    ]
    for document, dropped in cases:
        assert without_secrets(document).dropped == dropped, dropped


def test_params_by_number_and_by_name_stay_as_they_came() -> None:
    by_number = {"0": {"name": "host", "value": MARK}, "2": {"name": "port", "strange": MARK}}
    assert without_secrets({"params": by_number}).document == {"params": {"0": {"name": "host"}, "2": {"name": "port"}}}
    by_name = {"host": {"id": "h", "value": MARK, "fieldType": "string"}}
    assert without_secrets({"params": by_name}).document == {"params": {"host": {"id": "h", "fieldType": "string"}}}
