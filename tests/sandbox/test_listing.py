"""Pages, cursors, sorting and query parameters."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections.sandbox import _paging as paging
from sandbox.conftest import client

LIST = "/api/workflows/automation-connections"
OLDER = "/api/v1/automation-connections"


def pages(signed_in: httpx.Client, path: str = LIST, **query: Any) -> Iterator[dict[str, Any]]:
    response = signed_in.get(path, params=query)
    while True:
        assert response.status_code == 200, response.text
        page = response.json()
        yield page
        href = page["links"]["next"]["href"]
        if href is None:
            return
        response = signed_in.get(href)


def ids(signed_in: httpx.Client, **query: Any) -> list[str]:
    return [item["id"] for page in pages(signed_in, **query) for item in page["data"]]


def test_everything_comes_once_over_several_pages(admin: httpx.Client, sandbox: Sandbox) -> None:
    found = [page["data"] for page in pages(admin, listAll="true")]
    assert [len(items) for items in found] == [100, 100, 50]
    assert [item["id"] for items in found for item in items] == [item["id"] for item in sandbox.snapshot()]
    # Without params.
    fields = {"id", "name", "ownerId", "spaceId", "createdAt", "updatedAt", "connectorId", "isConnected"}
    assert set(found[0][0]) == fields


def test_sorts_by_the_field_with_the_id_as_tie_breaker(admin: httpx.Client, sandbox: Sandbox) -> None:
    items = sandbox.snapshot()
    for field in ("id", "name", "createdAt", "updatedAt"):
        rising = [id for _, id in sorted((item[field], item["id"]) for item in items)]
        for sign in ("", "-") if field != "name" else ("", "+", "-"):
            found = ids(admin, listAll="true", sort=sign + field, limit="120")
            assert found == (rising[::-1] if sign == "-" else rising), sign + field


def test_prev_links_lead_back_over_the_same_pages(admin: httpx.Client) -> None:
    for sort in ["name", "-name"]:
        forth = list(pages(admin, listAll="true", sort=sort, limit="60"))
        back = [forth[-1]]
        while (href := back[-1]["links"]["prev"]["href"]) is not None:
            back.append(admin.get(href).json())
        assert [page["data"] for page in reversed(back)] == [page["data"] for page in forth], sort
        assert [page["links"] for page in reversed(back)] == [page["links"] for page in forth], sort


def test_links_are_absolute_and_keep_host_and_query(admin: httpx.Client, sandbox: Sandbox) -> None:
    query = {"filter": 'name co "a" and not (spaceId eq "x+y")', "sort": "+name", "listAll": "true", "limit": "3"}
    for path in (LIST, OLDER):
        href = httpx.URL(admin.get(path, params=query).json()["links"]["next"]["href"])
        assert str(href).startswith(f"{sandbox.url}{path}?")
        assert {name: value for name, value in href.params.items() if name != "cursor"} == query
        assert "+" not in href.query.decode()
    response = admin.get(LIST, params={"limit": "1"}, headers={"Host": "localhost:81"})
    assert response.json()["links"]["next"]["href"].startswith(f"http://localhost:81{LIST}?")


def test_pages_stay_right_while_connections_come_and_go() -> None:
    with Sandbox(50) as sandbox, client(sandbox) as admin:
        before = sandbox.snapshot()
        walk = pages(admin, listAll="true", sort="createdAt", limit="10")
        seen = [item["id"] for item in next(walk)["data"]]
        # What was passed goes, the anchor of the cursor goes, something new comes behind.
        for identifier in (seen[0], seen[-1]):
            assert admin.delete(f"{LIST}/{identifier}", params={"forced": "true"}).status_code == 204
        connector = sandbox.connectors[0].id
        made = admin.post(LIST, json={"connectorId": connector}).json()["id"]
        seen += [item["id"] for page in walk for item in page["data"]]
    assert len(seen) == len(set(seen))
    assert set(seen) == {item["id"] for item in before} | {made}


def test_others_are_listed_for_administrators_who_ask_for_them(
    admin: httpx.Client, user: httpx.Client, sandbox: Sandbox
) -> None:
    for caller, owner in ((admin, sandbox.users[0]), (user, sandbox.users[1])):
        own = [item["id"] for item in sandbox.snapshot() if item["ownerId"] == owner.id]
        assert ids(caller) == own != []
    assert user.get(LIST, params={"listAll": "true"}).status_code == 403
    assert user.get(LIST, params={"listAll": "false"}).status_code == 200


def test_a_query_outside_the_spec_is_refused(admin: httpx.Client, sandbox: Sandbox) -> None:
    cases = [
        "limit=0", "limit=201", "limit=-1", "limit=ten", "limit=", "limit=1.0", "limit=1e2", "limit=%C2%B2",
        "limit=99999999999999999999", "listAll=True", "listAll=1", "listAll=", "sort=size", "sort=+name", "sort=",
        "sort=%2D%2Dname", "sort=-", "limit=1&limit=1", "page=2", "Limit=1", "forced=true", "limit", "cursor=",
        "cursor=garbage", "cursor=%00", "cursor=e30", "cursor=W10", "filter=", "filter=%FF", "limit=%FF", "filter=name",
    ]  # fmt: skip
    for query in cases:
        response = admin.get(f"{LIST}?{query}")
        assert response.status_code == 400, response.text
        assert response.json()["errors"][0]["detail"], query
    assert {entry.processed for entry in sandbox.ledger} == {False}


def test_a_refusal_names_the_parameter_and_what_is_allowed(admin: httpx.Client) -> None:
    def detail(query: str) -> str:
        return str(admin.get(f"{LIST}?{query}").json()["errors"][0]["detail"])

    assert detail("limit=201") == "The query parameter 'limit' must be at most 200."
    assert detail("limit=0") == "The query parameter 'limit' must be at least 1."
    assert "'sort' must be one of id, name" in detail("sort=x")
    assert "'page' is unknown" in detail("page=1")
    assert "more than once" in detail("limit=1&limit=2")
    for limit in (1, 200):
        assert len(admin.get(LIST, params={"limit": limit, "listAll": "true"}).json()["data"]) == limit


def test_a_cursor_belongs_to_its_listing(admin: httpx.Client) -> None:
    cases: list[dict[str, str]] = [
        {"limit": "6"},
        {"sort": "-name"},
        {"listAll": "true"},
        {"filter": "name pr"},
        {"sort": "id"},
    ]
    query = {"limit": "5", "sort": "name"}
    href = httpx.URL(admin.get(LIST, params=query).json()["links"]["next"]["href"])
    cursor = href.params["cursor"]
    assert admin.get(LIST, params={**query, "cursor": cursor}).status_code == 200
    assert admin.get(LIST, params={**query, "sort": "+name", "cursor": cursor}).status_code == 200
    for other in cases:
        assert admin.get(LIST, params={**query, **other, "cursor": cursor}).status_code == 400, other


@given(st.text(), st.text(), st.booleans())
def test_cursors_read_back_as_they_were_written(value: str, identifier: str, backwards: bool) -> None:
    position = paging.Position((value, identifier), backwards)
    assert paging.decode(paging.encode(position, "listing"), "listing") == position


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.text() | json_values.map(lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode()))
def test_garbage_is_never_a_cursor(cursor: str) -> None:
    with pytest.raises(paging.CursorError):
        paging.decode(cursor, "listing")


@given(
    st.sets(st.tuples(st.sampled_from("abc"), st.text("01", max_size=4)), max_size=25),
    st.integers(1, 7),
    st.booleans(),
)
def test_pages_of_any_sequence_cover_it_both_ways(key_set: set[paging.Key], limit: int, descending: bool) -> None:
    items = sorted(key_set)

    def cut(start: paging.Position | None) -> paging.Page[paging.Key]:
        return paging.page(items, lambda item: item, descending=descending, limit=limit, start=start)

    forth = [cut(None)]
    while forth[-1].next is not None:
        forth.append(cut(forth[-1].next))
    assert [item for page in forth for item in page.items] == (items[::-1] if descending else items)
    back = [forth[-1]]
    while back[-1].prev is not None:
        back.append(cut(back[-1].prev))
    assert [page.items for page in reversed(back)] == [page.items for page in forth]
