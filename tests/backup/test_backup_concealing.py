"""No value of a param is in what a backup keeps, and all else is."""

from __future__ import annotations

import copy
import html
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.admin._backup.scrubbing import without_values

MARK = "MARKED4711"

plain = st.none() | st.booleans() | st.integers(0, 999) | st.sampled_from(["", "text", "ü ", "日本"])
secrets = st.one_of(
    st.sampled_from([MARK, f"{MARK} /+\"'<&>\\ü\n", f" {MARK}\t", f"https://{MARK}/?a=b"]),
    st.lists(st.sampled_from([MARK, None]), max_size=2),
    st.builds(lambda nested: {"user": "bot", "nested": nested}, st.sampled_from([MARK, [MARK]])),
)


def _param(name: str, value: Any, further: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"id-{name}", **further, "name": name, "value": value, "fieldType": "password"}


params = st.builds(
    _param,
    st.sampled_from(["password", "user name", "host"]),
    secrets | plain,
    st.fixed_dictionaries(
        {},
        optional={
            "meta": st.sampled_from([[], {}, None, [{"value": MARK}], {"secret": MARK}]),
            "currentValue": st.just(MARK),
            "future": st.sampled_from([1, None, [True, "x"]]),
            "isOptional": st.sampled_from(["false", True]),
            "order": st.integers(0, 9),
            "documentation": st.just("What to sign in with."),
        },
    ),
)
bare_values = st.dictionaries(st.sampled_from(["password", "host"]), secrets, max_size=2)
collections = st.one_of(
    st.lists(params, max_size=3),
    st.lists(params, max_size=3).map(lambda found: {str(number): param for number, param in enumerate(found)}),
    st.lists(params, max_size=3).map(lambda found: {"data": found}),
    st.lists(params, max_size=3).map(lambda found: [found]),
    bare_values,
    st.lists(secrets, max_size=2),
    secrets,
    plain,
)


def _repeated(form: str, word: str) -> Any:
    text = f"refused: {MARK}."
    return {
        "text": text,
        "object": {"message": text, word: [text, {text: 1}]},
        "spelt": [html.escape(text), quote(text), json.dumps(text), text.lower()],
    }[form]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    holder = draw(st.sampled_from(["params", "parameters", "settings", "connectionParams", "config", "somethingNew"]))
    # A repetition is known as one only where the value itself is a text.
    value = draw(st.sampled_from([MARK, f" {MARK} "]))
    document: dict[str, Any] = {
        "id": "c1",
        "error": draw(st.sampled_from(["text", "object", "spelt"]).map(lambda form: _repeated(form, "details"))),
        "name": "mail",
        "params": [_param("password", value, {})],
        "redirect": f"https://consent.example.com/?state={MARK}",
        "future": {"b": [1, None, "x"], "a": {"deep": [f"about {MARK}"]}},
    }
    found = draw(collections if holder != "somethingNew" else st.lists(params, max_size=3))
    if holder == "params":
        document["data"] = {"params": found}
    else:
        document[holder] = found
    return {"data": document} if draw(st.booleans()) else document


@given(documents())
def test_no_value_is_left_in_whatever_shape(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    kept = without_values(document)
    assert MARK.lower() not in json.dumps(kept).lower()
    assert document == before


@given(documents())
def test_what_is_no_value_stays_in_its_order(document: dict[str, Any]) -> None:
    kept, was = without_values(document), document
    if "error" not in document:
        kept, was = kept["data"], document["data"]
    assert [name for name in was if name in kept] == list(kept)
    assert {"id", "error", "name", "params", "redirect", "future"} <= kept.keys()
    assert kept["future"] == {"b": [1, None, "x"], "a": {"deep": ["about [concealed]"]}}
    assert kept["params"] == [{"id": "id-password", "name": "password", "fieldType": "password"}]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": None, "params": None, "error": []},
        {"params": [], "isConnected": "yes", "name": 5, "createdAt": "0000-00-00T00:00:00.000000Z"},
        {"zulu": 1, "alpha": {"x": None}, "error": {"message": "no"}, "spaceId": "", "params": [None, {"name": "a"}]},
        {"params": [{"name": "a", "future": {"x": [1]}, "isOptional": "false", "meta": {}, "order": "1"}]}
        | {"future": [1.5, True, "text"]},
    ],
)
def test_without_values_nothing_changes(document: dict[str, Any]) -> None:
    for param in document.get("params") or []:
        if param is not None and "future" in param:
            param["value"] = ""
    kept = without_values(document)
    for param in document.get("params") or []:
        if param is not None:
            param.pop("value", None)
    assert json.dumps(kept) == json.dumps(document)


def test_public_texts_stay_though_they_are_like_a_value() -> None:
    param = {
        "id": "https",
        "name": "https",
        "value": "https",
        "exampleValue": "https",
        "documentation": "https, say",
        "paramOptions": [{"id": "1", "value": "https"}],
        "fieldType": "https",
    }
    kept = without_values({"name": "https", "id": "https", "params": [param], "error": "https it was"})
    del param["value"]
    assert kept == {"name": "https", "id": "https", "params": [param], "error": "[concealed] it was"}


def test_short_values_stay_in_texts_and_numbers_are_looked_for() -> None:
    kept = without_values({"params": [{"name": "pin", "value": 471100}], "error": {"code": 471100, "other": 471}})
    assert kept == {"params": [{"name": "pin"}], "error": {"code": "[concealed]", "other": 471}}
    kept = without_values({"params": [{"name": "port", "value": "443"}], "error": "port 443"})
    assert kept == {"params": [{"name": "port"}], "error": "port 443"}


def test_a_value_under_a_name_nobody_knows_is_left_out_where_none_is_under_its_own() -> None:
    param = {"name": "password", "content": MARK, "isOptional": False, "nested": {"deep": [MARK]}}
    assert without_values({"params": [param]}) == {
        "params": [{"name": "password", "isOptional": False, "nested": {"deep": []}}]
    }


@pytest.mark.parametrize(
    "params",
    [
        {"name": "SECRET-1", "host": "SECRET-2"},
        {"name": "SECRET-1", "value": "SECRET-2"},
        {"name": "SECRET-1", "fieldType": "SECRET-2", "id": "SECRET-3"},
        {"data": {"name": "SECRET-1", "value": "SECRET-2"}},
        {"group": {"name": "SECRET-1", "order": "SECRET-2"}},
        {"group": {"data": {"id": "SECRET-1"}, "name": "SECRET-2"}},
    ],
    ids=str,
)
def test_a_mapping_to_the_values_themselves_keeps_none_whatever_the_params_are_called(params: dict[str, Any]) -> None:
    kept = json.dumps(without_values({"id": "a", "name": "mine", "params": params, "error": "it was SECRET-1"}))
    assert "SECRET" not in kept
    assert "[concealed]" in kept


def test_params_by_number_and_by_name_keep_what_is_no_value() -> None:
    by_number = {"0": {"name": "host", "value": "SECRET"}, "2": {"name": "port", "strange": "SECRET"}}
    assert without_values({"params": by_number}) == {"params": {"0": {"name": "host"}, "2": {"name": "port"}}}
    by_name = {"host": {"id": "h", "value": "SECRET", "fieldType": "string"}}
    assert without_values({"params": by_name}) == {"params": {"host": {"id": "h", "fieldType": "string"}}}
