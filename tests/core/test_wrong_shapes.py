"""What is said of an answer that is not as declared: where it differs, what is there, and what belongs there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from core.scripted import Kind, Of, Script, ask, reply, tenant
from looping import for_each, in_turn
from qlik_automation_connections import UnexpectedResponseError, UnreadableValueWarning
from qlik_automation_connections import _normalizer as normalizers
from qlik_automation_connections._normalizer import FailedRead, Normalizer
from qlik_automation_connections_api.fields import FIELDS, Field

Use = Callable[[Any], Any]
GET: Use = lambda connections: connections.get("x")  # noqa: E731
LIST: Use = lambda connections: connections.list()  # noqa: E731
CHECK: Use = lambda connections: connections.check("x")  # noqa: E731
AUTOMATION = Of("automations", lambda automations: automations.get("x"))
NO_REST = ", so the rest of the list can't be fetched"

SAID: list[tuple[Use, Any, str]] = [
    (GET, None, "the response is null instead of an object"),
    (GET, [], "the response is a list instead of an object"),
    (GET, "x", "the response is a string instead of an object"),
    (GET, True, "the response is a boolean instead of an object"),
    (GET, 5, "the response is a number instead of an object"),
    (GET, 0.5, "the response is a number instead of an object"),
    (GET, {"id": "x", "params": 5}, "params is a number instead of a list"),
    (GET, {"id": "x", "params": "x"}, "params is a string instead of a list"),
    (GET, {"id": "x", "params": False}, "params is a boolean instead of a list"),
    (GET, {"id": "x", "params": {"a": 1}}, "params is an object instead of a list"),
    (GET, {"id": "x", "params": [{"id": "p"}, [1]]}, "params[1] is a list instead of an object"),
    (GET, {"id": "x", "params": [None, {"paramOptions": "x"}, 5]}, "params[2] is a number instead of an object"),
    (GET, {"data": {"id": "x", "params": 5}}, "params is a number instead of a list"),
    (LIST, [{"id": "a"}], "the response is a list instead of an object"),
    (LIST, None, "the response is null instead of an object"),
    (CHECK, [], "the response is a list instead of an object"),
    (CHECK, None, "the response is null instead of an object"),
    (LIST, {"data": {"a": 1}}, "data is an object instead of a list"),
    (LIST, {"data": [{"id": "a"}, None, "x"]}, "data[2] is a string instead of an object"),
    (LIST, {"links": 5}, "links is a number instead of an object"),
    (LIST, {"links": {"next": "x"}}, "links.next is a string instead of an object"),
    (LIST, {"links": {"next": {"href": "?limit=5"}}}, f"links.next.href has no usable cursor{NO_REST}"),
    (LIST, {"links": {"next": {"href": ["?cursor=2"]}}}, f"links.next.href is not a URL{NO_REST}"),
    (AUTOMATION, {"id": "x", "workspace": 5}, "workspace is a number instead of an object"),
    (AUTOMATION, {"id": "x", "workspace": ["x"]}, "workspace is a list instead of an object"),
]


@for_each(("use", "sent", "words"), SAID)
@in_turn
def test_the_error_says_what_is_where(kind: Kind, use: Use, sent: Any, words: str) -> None:
    with pytest.raises(UnexpectedResponseError) as caught:
        ask(kind, Script(reply(200, sent)), use)
    assert f"unexpected response (200): {words}. " in caught.value.message


@for_each("id", [7, True])
def test_a_warning_names_no_id_that_is_none(id: Any) -> None:
    with pytest.warns(UnreadableValueWarning) as caught:
        list(tenant(Script(reply(200, {"data": [{"createdAt": "never", "id": id}]}))).connections.list())
    (warning,) = caught
    assert "can't be read" in str(warning.message)
    assert " of " not in str(warning.message)


def _read(monkeypatch: pytest.MonkeyPatch, fields: Mapping[str, Field], sent: Any) -> tuple[Any, list[FailedRead]]:
    """What is made of an object of a schema of our own, and what of it could not be read."""
    monkeypatch.setitem(cast(Any, FIELDS), "Measured", fields)
    monkeypatch.setitem(cast(Any, normalizers._QUIRKS_OF), "Measured", normalizers._quirks_of("Measured", fields))
    normalizer = Normalizer()
    extra: dict[str, Any] = {}
    return {name: normalizer.field("Measured", sent, name, extra) for name in sent} | extra, normalizer.failed_reads


AMOUNT = {"amount": Field("number", None, False), "amounts": Field("array", None, False, "number")}


@for_each(
    ("sent", "wanted"),
    [
        (5, 5.0),
        ("5", 5.0),
        (" -5 ", -5.0),
        ("2.0", 2.0),
        (2**53 - 1, 2.0**53 - 1),
        (1 - 2**53, 1 - 2.0**53),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_read_in_the_forms_that_services_send(
    monkeypatch: pytest.MonkeyPatch, sent: Any, wanted: float | None
) -> None:
    """No field of the spec is a number today; one that becomes one is read like the others."""
    read, failed = _read(monkeypatch, AMOUNT, {"amount": sent})
    assert (repr(read), failed) == (repr({"amount": wanted}), [])
    read, failed = _read(monkeypatch, AMOUNT, {"amounts": [sent, 1.5]})
    assert (repr(read), failed) == (repr({"amounts": [wanted, 1.5] if sent is not None else [1.5]}), [])


@for_each("sent", [2**53, -(2**53), "x", "1.5", "9" * 40, [], [1], {"a": 1}])
def test_what_is_no_number_is_left_as_it_came(monkeypatch: pytest.MonkeyPatch, sent: Any) -> None:
    """An integer that a float can't hold is kept whole."""
    assert _read(monkeypatch, AMOUNT, {"amount": sent}) == ({"amount": sent}, [FailedRead(None, "Measured.amount")])


def test_a_field_that_may_be_empty_and_one_of_its_own_kind_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"emptiable": Field("string", None, False, empty_is_none=True), "free": Field("object", None, False)}
    sent = {"emptiable": "", "free": []}
    assert _read(monkeypatch, fields, sent) == ({"emptiable": None, "free": {}}, [])


@for_each("sent", ["x", 5, True, [1], [["x"]], ["x", {"href": "y"}]])
def test_what_is_declared_below_an_item_loses_no_answer(monkeypatch: pytest.MonkeyPatch, sent: Any) -> None:
    """No object of the spec stands there today; one that is declared tomorrow, such as the last run, may be odd."""
    fields = {"lastRun": Field("object", "PaginationLink", False), "runs": Field("array", "PaginationLink", False)}
    for name in fields:
        monkeypatch.setitem(cast(Any, FIELDS), "Measured", fields)
        monkeypatch.setitem(cast(Any, normalizers._QUIRKS_OF), "Measured", normalizers._quirks_of("Measured", fields))
        normalizer = Normalizer()
        extra: dict[str, Any] = {}
        read = normalizer.field("Measured", {name: sent}, name, extra)
        readable = isinstance(sent, list) and name == "runs"
        assert read == ([element for element in sent if isinstance(element, dict)] if readable else None)
        assert (extra, normalizer.failed_reads) == ({name: sent}, [FailedRead(None, f"Measured.{name}")])
