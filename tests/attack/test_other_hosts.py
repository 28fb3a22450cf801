"""Nothing goes to another host, whether a redirect or a next page points there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from qlik_automation_connections import UnexpectedResponseError

from .measure import FLAVOURS, Flavour
from .server import HostileServer, answers, answers_json
from .targets import SUMMARY, TARGETS, Target, call_once


@pytest.fixture
def stranger() -> Iterator[HostileServer]:
    with HostileServer(answers_json(200, {"data": []})) as server:
        yield server


def call(server: HostileServer, target: Target, kind: Flavour) -> Any:
    return call_once(server.url, target, kind, retries=1, timeout=10.0)


@pytest.mark.parametrize("kind", FLAVOURS)
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_redirect_is_not_followed(stranger: HostileServer, target: Target, kind: Flavour) -> None:
    location = {"Location": f"{stranger.url}/api/workflows/automation-connections"}
    for status in (301, 302, 303, 307, 308):
        with HostileServer(answers(status, b"", location)) as server:
            with pytest.raises(UnexpectedResponseError, match="redirects") as caught:
                call(server, target, kind)
            assert len(server.requests) == 1, status
        assert caught.value.status_code == status
        assert caught.value.may_have_been_processed is False, status
    assert stranger.connections == 0


@pytest.mark.parametrize("kind", FLAVOURS)
@pytest.mark.parametrize(
    "location",
    [
        "https://[oops",
        "//",
        "http://user:pass@",
        "https://host:99999/",
        "http://xn--zzzzzz99999/",
        "data:,x",
        "\\\\x",
    ],
)
def test_a_redirect_to_what_is_no_address_is_a_redirect(location: str, kind: Flavour) -> None:
    with HostileServer(answers(302, b"", {"Location": location})) as server:
        with pytest.raises(UnexpectedResponseError):
            call(server, TARGETS["get"], kind)
        assert len(server.requests) == 1


def page(href: object, number: int = 1) -> Any:
    return answers_json(200, {"data": [{**SUMMARY, "id": f"C{number}"}], "links": {"next": {"href": href}}})


@pytest.mark.parametrize("kind", FLAVOURS)
def test_of_a_foreign_next_page_only_the_cursor_is_taken(stranger: HostileServer, kind: Flavour) -> None:
    with HostileServer(page(f"{stranger.url}/elsewhere?cursor=a%2Bb&limit=1"), page(None, 2)) as server:
        assert [item.id for item in call(server, TARGETS["list"], kind)] == ["C1", "C2"]
        second = urlsplit(server.requests[1].target)
    assert second.path == "/api/workflows/automation-connections"
    assert parse_qs(second.query) == {"limit": ["200"], "cursor": ["a+b"]}
    assert stranger.connections == 0


@pytest.mark.parametrize("kind", FLAVOURS)
@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"], ["a", "b", "b"]])
def test_a_repeated_cursor_ends_the_list_with_an_error(cursors: list[str], kind: Flavour) -> None:
    with HostileServer(*(page(f"?cursor={cursor}") for cursor in cursors)) as server:
        with pytest.raises(UnexpectedResponseError, match="already read"):
            call(server, TARGETS["list"], kind)
        assert len(server.requests) == len(cursors)


@pytest.mark.parametrize("kind", FLAVOURS)
@pytest.mark.parametrize(
    "href",
    [
        "/next",
        "?cursor=",
        "?cursor=a&cursor=b",
        "http://[oops?cursor=a",
        ["?cursor=a"],
        {"cursor": "a"},
        "?cursor=" + "x" * 100_000,
        "?cursor=\ud800",
        "?cursor=%00",
    ],
    ids=lambda href: str(href)[:20].encode("ascii", "backslashreplace").decode(),
)
def test_an_odd_cursor_gives_an_error_of_the_package(href: object, kind: Flavour) -> None:
    with HostileServer(page(href), page(None, 2)) as server:
        with pytest.raises(UnexpectedResponseError):
            call(server, TARGETS["list"], kind)
        assert len(server.requests) == 1
