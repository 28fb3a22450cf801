"""The words of an error, in each form that services behind gateways have for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.scripted import KINDS, Kind, Of, Reply, Script, ask, reply
from core.test_status_errors import USES
from looping import for_each, in_turn
from qlik_automation_connections import APIError, APIStatusError, ConfigurationError, UnexpectedResponseError
from qlik_automation_connections_api.fields import FIELDS
from qlik_automation_connections_api.operations import OPERATIONS

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
READABLE = 2_000
GET = USES["getAutomationConnection"]

# What is sent; code, title and detail of each error; and what the message says.
FORMS: dict[str, tuple[Any, list[tuple[str | None, str | None, str | None]], str]] = {
    "the vendor's": (
        {"errors": [{"code": "AC-1", "title": "Refused", "detail": "In full."}, {"title": "Two"}], "traceId": "t"},
        [("AC-1", "Refused", "In full."), (None, "Two", None)],
        "AC-1 Refused: In full; Two. ",
    ),
    "the vendor's, with a message": (
        {"errors": [{"code": "AC-1", "title": "Refused"}], "message": "Sorry"},
        [("AC-1", "Refused", None), (None, "Sorry", None)],
        "AC-1 Refused; Sorry. ",
    ),
    "Laravel's": (
        {
            "message": "The given data was invalid.",
            "errors": {"name": ["Is taken.", "Is odd."], "spaceId": ["Is gone."]},
        },
        [
            (None, "The given data was invalid.", None),
            (None, "name", "Is taken."),
            (None, "name", "Is odd."),
            (None, "spaceId", "Is gone."),
        ],
        "The given data was invalid; name: Is taken; name: Is odd; spaceId: Is gone. ",
    ),
    "Laravel's, without fields": (
        {"message": "Unauthenticated."},
        [(None, "Unauthenticated.", None)],
        "Unauthenticated. ",
    ),
    "Laravel's, without a message": (
        {"errors": {"name": "Is taken."}},
        [(None, "name", "Is taken.")],
        "name: Is taken. ",
    ),
    "Laravel's, with a trace id": (
        {"errors": {"title": ["Is taken."], "code": []}, "traceId": "t"},
        [(None, "title", "Is taken.")],
        "title: Is taken. ",
    ),
    "Laravel's, nested": (
        {"errors": {"params": {"0": {"value": ["Is short."]}}}},
        [(None, "params", "Is short.")],
        "params: Is short. ",
    ),
    "RFC 9457's": (
        {
            "type": "about:blank",
            "title": "Out of credit",
            "status": 403,
            "detail": "30 are needed.",
            "instance": "/a/1",
        },
        [(None, "Out of credit", "30 are needed.")],
        "Out of credit: 30 are needed. ",
    ),
    "RFC 9457's, with a title": ({"title": "Forbidden"}, [(None, "Forbidden", None)], ""),
    "RFC 9457's, with a detail": ({"detail": "Not now", "status": 403}, [(None, None, "Not now")], "Not now. "),
    "RFC 9457's, with errors": (
        {"title": "Not valid", "errors": [{"detail": "must be positive", "pointer": "#/age"}]},
        [(None, None, "must be positive"), (None, "Not valid", None)],
        "must be positive; Not valid. ",
    ),
    "RFC 9457's, with errors by field": (
        {"title": "Not valid", "status": 400, "errors": {"Name": ["required"]}, "traceId": "00-1-2"},
        [(None, "Not valid", None), (None, "Name", "required")],
        "Not valid; Name: required. ",
    ),
    "OAuth's": (
        {"error": "invalid_token", "error_description": "It has expired."},
        [("invalid_token", None, "It has expired.")],
        "invalid_token: It has expired. ",
    ),
    "OAuth's, without a description": ({"error": "invalid_token"}, [(None, "invalid_token", None)], "invalid_token. "),
    "Spring's": (
        {"timestamp": 5, "status": 403, "error": "Forbidden", "message": "Not yours", "path": "/x"},
        [(None, "Forbidden", "Not yours")],
        "Not yours. ",
    ),
    "an error within": (
        {"error": {"code": 403, "message": "Not yours", "status": "DENIED"}},
        [("403", "Not yours", None)],
        "403 Not yours. ",
    ),
    "a number and a message": ({"code": 17, "message": "Not yours"}, [("17", "Not yours", None)], "17 Not yours. "),
    "FastAPI's": (
        {"detail": [{"loc": ["body"], "msg": "field required", "type": "missing"}]},
        [(None, "field required", None)],
        "field required. ",
    ),
    "a list": ([{"code": "A", "message": "Not yours"}], [("A", "Not yours", None)], "A Not yours. "),
    "a text": ("Not yours", [(None, "Not yours", None)], "Not yours. "),
}


def caught_from(kind: Kind, use: Any, answer: Reply) -> Any:
    with pytest.raises(APIError) as caught:
        ask(kind, Script(answer), use)
    return caught.value


@for_each("form", FORMS)
@in_turn
def test_the_words_are_read_in_each_form(kind: Kind, form: str) -> None:
    sent, wanted, words = FORMS[form]
    error = caught_from(kind, GET, reply(403, sent))
    assert [(each.code, each.title, each.detail) for each in error.errors] == wanted
    assert (error.code, error.title, error.detail) == wanted[0]
    said = f": {words}" if words else ". "
    assert error.message.startswith(f"Could not get connection 'the-id': 403 Forbidden{said}")
    trace = f", trace id {error.trace_id}" if error.trace_id else ""
    assert error.message.endswith(f" [getAutomationConnection{trace}]")
    assert error.response.json() == sent


# A connection has a field of the name `error`, and so may be one.
IN_SPITE = [
    (name, form)
    for name, operation in OPERATIONS.items()
    for form, (sent, *_) in FORMS.items()
    if operation.result and isinstance(sent, dict) and sent.keys() - FIELDS[operation.result].keys()
]


@for_each(("operation", "form"), IN_SPITE)
def test_so_has_an_error_in_spite_of_its_status(operation: str, form: str) -> None:
    sent, wanted, _ = FORMS[form]
    error = caught_from("sync", USES[operation], reply(OPERATIONS[operation].success, sent))
    assert isinstance(error, UnexpectedResponseError)
    assert "it is an error despite its status" in error.message
    assert (f"trace id {sent.get('traceId')}]" in error.message) is ("traceId" in sent)
    # What comes with a success may be secret.
    said = error.message.replace("list(name=", "list(")
    assert not any(text in said for text in filter(None, wanted[0]))


NO_WORDS = [
    {"errors": [{"id": 5}]},
    {"errors": [{"code": "", "title": " ", "detail": None}]},
    {"errors": {"name": []}},
    {"errors": [[], {"title": {"a": 1}}]},
    {"errors": [{"title": "."}]},
    {"message": ""},
    {"message": {"a": 1}},
    {"title": None, "detail": 5},
    {"error": {}},
    {"error": True},
    {"fault": 5},
    [""],
    " ",
]


@for_each("sent", NO_WORDS)
@in_turn
def test_an_error_without_words_says_that_there_are_none(kind: Kind, sent: Any) -> None:
    error = caught_from(kind, GET, reply(403, sent))
    size = len(json.dumps(sent))
    assert f"403 Forbidden: no documented error in the body ({size} bytes of application/json). " in error.message


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", " ", ".", "words", "\n"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "errors title detail message msg error error_description code traceId name".split()  # noqa: SIM905
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@example(sent={"errors": None, "title": None, "detail": {"errors": "."}})
@given(sent=_JSON)
def test_no_body_makes_a_message_that_says_nothing(sent: Any) -> None:
    error = caught_from("sync", GET, reply(403, sent))
    assert isinstance(error, APIStatusError)
    said = error.message.partition("403 Forbidden: ")[2].rpartition(". The caller")[0]
    assert said.strip(" .;:")
    for nothing in (": .", ": ;", "; ;", "; ."):
        assert nothing not in error.message


LONG = "long " * 10_000
LONG_BODIES: dict[str, Any] = {
    "a title": {"errors": [{"code": "A", "title": LONG}]},
    "many errors": {"errors": [{"code": f"{number}", "title": "long"} for number in range(5_000)]},
    "a message": {"message": LONG},
    "fields": {"message": "long", "errors": {f"field {number}": ["long"] for number in range(5_000)}},
    "what can't be printed": {"errors": [{"title": "long \x00" * 10_000}]},
}


@for_each("name", LONG_BODIES)
@for_each("operation", ["getAutomationConnection", "createAutomationConnection", "getAutomations"])
@in_turn
def test_an_error_is_of_a_length_to_be_read_and_its_body_whole(kind: Kind, operation: str, name: str) -> None:
    error = caught_from(kind, USES[operation], reply(500, {**LONG_BODIES[name], "traceId": "trace-1"}))
    assert 1_000 < len(error.message) <= READABLE
    assert error.message.startswith("Could not ")
    assert "long" in error.message
    # What to do comes near the end, and stays.
    assert " […] " in error.message
    hints = {"createAutomationConnection": "connections.list(connector_id='c')."}
    assert error.message.endswith(f"{hints.get(operation, 'Try again later.')} [{operation}, trace id trace-1]")
    assert error.response.json()["traceId"] == error.trace_id == "trace-1"
    assert len(error.response.content) > READABLE
    assert sum(len(each.title or "") + len(each.detail or "") for each in error.errors) > READABLE


def test_other_errors_are_as_short() -> None:
    error = caught_from("sync", GET, reply(200, {"id": LONG}))
    assert len(error.message) <= READABLE
    with pytest.raises(ConfigurationError) as caught:
        ask(
            "sync",
            Script(reply(200, {"id": "the-id", "params": [{"id": "p", "name": LONG}]})),
            lambda connections: connections.update("the-id", params={"host": "x"}),
        )
    assert len(caught.value.message) <= READABLE + 100


def test_a_part_of_a_secret_is_not_left_where_a_text_is_cut() -> None:
    secret = "s3cret-" * 50
    for length in range(1_500, 2_100, 25):
        sent = {"message": "x" * length + secret + "y" * 3_000}
        for status in (400, 201):
            error = caught_from(
                "sync", lambda c: c.create(connector_id="c", params={"pw": secret}), reply(status, sent)
            )
            assert "s3cret" not in error.message


AUTOMATIONS = Of("automations", lambda automations: automations.list())


def test_a_message_beside_a_resource_is_no_error() -> None:
    assert ask("sync", Script(reply(200, {"data": {"id": "the-id"}, "message": "ok"})), GET).id == "the-id"
    assert ask("sync", Script(reply(200, {"data": [], "message": "ok"})), AUTOMATIONS) == []
    assert ask("sync", Script(reply(200, {"isConnected": True, "message": "ok"})), lambda c: c.check("x")).connected
