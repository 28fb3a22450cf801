"""Responses without the id that the spec marks."""

from __future__ import annotations

import pytest

from core.scripted import Script, ask, reply
from qlik_automation_connections import UnexpectedResponseError, UnreadableValueWarning

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


@pytest.mark.parametrize("sent", [{"name": "x"}, {"id": None}, {"id": " "}])
def test_a_connection_without_an_id_is_unexpected(sent: object) -> None:
    with pytest.raises(UnexpectedResponseError, match="the connection has no id"):
        ask("sync", Script(reply(200, sent)), lambda connections: connections.get("a"))
    with pytest.raises(UnexpectedResponseError, match="the connection has no id") as caught:
        ask("sync", Script(reply(201, sent)), lambda connections: connections.create(connector_id="k"))
    assert caught.value.may_have_been_processed
