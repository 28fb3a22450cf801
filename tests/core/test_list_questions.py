"""What the list asks for: filters written for the user, sort, scope and page size."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scripted import KINDS, Kind, Script, ask, reply, tenant
from qlik_automation_connections.sandbox._scim import parse

WIRE_NAMES = {"name": "name", "owner_id": "ownerId", "space_id": "spaceId", "connector_id": "connectorId"}
Item = dict[str, str]


def reader(field: str) -> Callable[[Item], str]:
    return lambda item: item.get(field, "")


FIELDS = {field: reader(field) for field in WIRE_NAMES.values()}


def filter_sent(**arguments: Any) -> str:
    script = Script(reply(200, {}))
    list(tenant(script).connections.list(**arguments))
    (found,) = script.requests[0].url.params.get_list("filter")
    return str(found)


values = (
    st.text()
    | st.text("\"\\ ()'\n\t\x7f\u2028+&=%")
    | st.sampled_from(['" or name pr or name eq "', "\\", '\\"', "a+b"])
)


@pytest.mark.parametrize("argument", WIRE_NAMES)
@given(value=values, other=values)
def test_a_value_arrives_as_it_was_given(argument: str, value: str, other: str) -> None:
    sent = filter_sent(**{argument: value})
    match = re.fullmatch(rf'{WIRE_NAMES[argument]} eq ("(?:[^"\\]|\\.)*")', sent, re.DOTALL)
    assert match is not None
    assert json.loads(match[1]) == value
    meets = parse(sent, FIELDS)
    assert meets({WIRE_NAMES[argument]: value})
    assert meets({WIRE_NAMES[argument]: other}) == (other == value)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(WIRE_NAMES, values)).filter(bool))
def test_all_keywords_must_be_met(arguments: dict[str, str]) -> None:
    meets = parse(filter_sent(**arguments), FIELDS)
    item = {WIRE_NAMES[name]: value for name, value in arguments.items()}
    assert meets(item)
    for field in item:
        assert not meets({**item, field: f"{item[field]}x"})


def test_an_own_filter_is_sent_as_it_is() -> None:
    assert filter_sent(filter='name sw "a" or name ew "b+c"') == 'name sw "a" or name ew "b+c"'


def test_an_own_filter_and_keywords_must_both_be_met() -> None:
    meets = parse(filter_sent(filter='name eq "a" or name eq "b"', owner_id="me"), FIELDS)
    assert meets({"name": "a", "ownerId": "me"})
    assert meets({"name": "b", "ownerId": "me"})
    assert not meets({"name": "a", "ownerId": "you"})
    assert not meets({"name": "b", "ownerId": "you"})
    assert not meets({"name": "c", "ownerId": "me"})


def test_a_plus_is_encoded_in_the_query() -> None:
    script = Script(reply(200, {}))
    list(tenant(script).connections.list(sort="+name", name="a+b", cursor="c+d"))
    query = script.requests[0].url.query.decode("ascii")
    assert "sort=%2Bname" in query
    assert "cursor=c%2Bd" in query
    assert "a%2Bb" in query


@pytest.mark.parametrize(
    ("arguments", "params"),
    [
        ({}, {"limit": "200"}),
        ({"limit": 1}, {"limit": "1"}),
        ({"limit": 200}, {"limit": "200"}),
        ({"sort": "-updatedAt"}, {"limit": "200", "sort": "-updatedAt"}),
        ({"list_all": True}, {"limit": "200", "listAll": "true"}),
        ({"list_all": False}, {"limit": "200"}),
        ({"cursor": "abc"}, {"limit": "200", "cursor": "abc"}),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_asked_for_is_sent(kind: Kind, arguments: dict[str, Any], params: dict[str, str]) -> None:
    script = Script(reply(200, {}))
    ask(kind, script, lambda connections: connections.list(**arguments))
    assert dict(script.requests[0].url.params.multi_items()) == params
