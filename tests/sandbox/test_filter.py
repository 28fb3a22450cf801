"""The list's filter: its language, and that the service's answers obey it."""

import contextlib
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections.sandbox import _scim as scim
from sandbox.conftest import listed

LIST = "/api/workflows/automation-connections"

FIELDS = {name: (lambda item, name=name: item[name]) for name in ("name", "ownerId")}


def meets(text: str, **item: str) -> bool:
    return scim.parse(text, FIELDS)({"name": "", "ownerId": "", **item})


@given(st.text(), st.text())
def test_any_quoted_string_is_compared_exactly(value: str, other: str) -> None:
    for quoted in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
        assert meets(f"name eq {quoted}", name=value)
        assert meets(f"name eq {quoted}", name=other) == (other == value)
        assert meets(f"name ne {quoted}", name=other) == (other != value)
        assert meets(f"name co {quoted}", name=other) == (value in other)
        assert meets(f"name sw {quoted}", name=value + other)
        assert meets(f"name ew {quoted}", name=other + value)


def test_the_language() -> None:
    for text, expected in [
        ('name eq "Mail"', True),
        ('name eq "mail"', False),
        ('NAME EQ "Mail"', True),
        ('  name   eq   "Mail"  ', True),
        ("name pr", True),
        ('name co "ai"', True),
        ('name co "AI"', False),
        ('not (name eq "Mail")', False),
        ('NOT(name eq "x")', True),
        ('((name eq "Mail"))', True),
        ('name eq "Mail" and ownerId eq "u"', True),
        ('name eq "Mail" and ownerId eq "v"', False),
        # `and` binds closer than `or`.
        ('name eq "Mail" or name eq "x" and ownerId eq "v"', True),
        ('(name eq "Mail" or name eq "x") and ownerId eq "v"', False),
        ('ownerId eq "v" and name eq "x" or name eq "Mail"', True),
        ('not (name eq "x") and not (ownerId eq "u" or name pr)', False),
        ('name eq "\\u004dail"', True),
    ]:
        assert meets(text, name="Mail", ownerId="u") == expected, text
    # An empty string is not present.
    assert not meets("name pr", name="")
    assert meets('name eq ""', name="")


def test_anything_else_is_refused_with_the_reason() -> None:
    for text, said in [
        ("", "empty"),
        ("   ", "empty"),
        ("name", "operator is missing"),
        ("name eq", "value is missing"),
        ("name eq Mail", "double quotes"),
        ("name eq 'Mail'", "double quotes"),
        ("name eq true", "double quotes"),
        ("name eq null", "double quotes"),
        ('name eq "Mail', "unterminated string"),
        ('name eq "a"b"', "space is missing"),
        ('name eq "a" "b"', "unexpected text at position 12"),
        ('name eq"a"', "space is missing"),
        ('name eq "a"and name pr', "space is missing"),
        ('name eq "\\x"', "invalid escape"),
        ('name eq "a\nb"', "unterminated string"),
        ('name gt "a"', "must be one of eq, ne, co, sw, ew, pr"),
        ('size eq "a"', "must be one of name, ownerId"),
        ('isConnected eq "true"', "must be one of name, ownerId"),
        ('not name eq "a"', "must be followed by a parenthesis"),
        ('(name eq "a"', "closing parenthesis"),
        ('name eq "a")', "unexpected text"),
        ("()", "must be one of name"),
        ("and", "must be one of name"),
        ('name eq "a" and', "attribute is missing"),
        ('name eq "a" or or name pr', "must be one of name"),
        ('name[type eq "a"]', "space is missing"),
        ("name[type] pr", "must be one of name"),
        ('name\teq "a"', "invalid character"),
        ("(" * 60 + "name pr" + ")" * 60, "levels"),
        ("(" * 20_000, "levels"),
    ]:
        with pytest.raises(scim.FilterError, match=said):
            meets(text)


@given(st.text('name eqco"\\()andotpr ', max_size=40) | st.text(max_size=20))
def test_whatever_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(scim.FilterError):
        assert meets(text) in (True, False)


def shown(client: httpx.Client, text: str) -> list[dict[str, Any]]:
    response = client.get(LIST, params={"filter": text, "listAll": "true", "limit": "200"})
    assert response.status_code == 200, response.text
    return list(response.json()["data"])


def test_every_filterable_field_filters_and_others_are_refused(admin: httpx.Client, sandbox: Sandbox) -> None:
    items = sandbox.snapshot()
    for field in ("name", "connectorId", "ownerId", "spaceId"):
        for value in sorted({item[field] for item in items})[:5]:
            expected = [item["id"] for item in items if item[field] == value]
            found = shown(admin, f"{field} eq {json.dumps(value, ensure_ascii=False)}")
            assert [item["id"] for item in found] == expected, field
    for field in ("id", "createdAt", "isConnected"):
        response = admin.get(LIST, params={"filter": f'{field} eq "x"'})
        assert response.status_code == 400, field
        assert "connectorId, name, ownerId, spaceId" in response.json()["errors"][0]["detail"], field


def test_a_filter_shows_nobody_elses_connections(user: httpx.Client, sandbox: Sandbox) -> None:
    response = user.get(LIST, params={"filter": f'ownerId eq "{sandbox.users[0].id}" or name pr'})
    assert {item["ownerId"] for item in response.json()["data"]} == {sandbox.users[1].id}


def test_a_filtered_walk_crosses_pages(admin: httpx.Client, sandbox: Sandbox) -> None:
    owner = sandbox.users[3].id
    query = {"filter": f'ownerId eq "{owner}"', "listAll": "true", "limit": "4", "sort": "-name"}
    found = listed(admin, LIST, **query)
    expected = [item for item in sandbox.snapshot() if item["ownerId"] == owner]
    expected.sort(key=lambda item: (item["name"], item["id"]), reverse=True)
    assert [item["id"] for item in found] == [item["id"] for item in expected]
