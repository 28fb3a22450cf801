"""What is in the cassettes, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from looping import for_each
from recorded.clients import KINDS
from recorded.leaks import leaks
from recorded.recording import MAX_INTERACTIONS
from recorded.refusals import REFUSALS
from recorded.scenarios import SCENARIOS

TITLES = [*SCENARIOS, *REFUSALS]
PATHS = sorted((Path(__file__).parent / "cassettes").rglob("*.yaml"))


@pytest.fixture(autouse=True)
def _only_when_replaying(is_recording: bool) -> None:
    if is_recording:
        pytest.skip("looks at what was recorded before")


def test_every_cassette_belongs_to_a_test(cassette_path: Callable[[str, str], Path]) -> None:
    assert set(PATHS) == {cassette_path(kind, title) for kind in KINDS for title in TITLES}


@for_each("path", PATHS)
def test_cassette_is_clean_and_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert leaks(text) == []
    assert 0 < len(yaml.load(text, Loader=yaml.CSafeLoader)["interactions"]) < MAX_INTERACTIONS


@for_each("title", TITLES)
def test_sync_and_async_send_the_same(title: str, cassette_path: Callable[[str, str], Path]) -> None:
    sync, asynchronous = (
        [
            entry["request"]
            for entry in yaml.load(cassette_path(kind, title).read_text("utf-8"), Loader=yaml.CSafeLoader)[
                "interactions"
            ]
        ]
        for kind in ("sync", "asyncio")
    )
    assert sync == asynchronous


def _cassette() -> dict[str, Any]:
    body = {
        "id": "00000000-0000-4000-8000-000000000001",
        "name": "name 1",
        "params": [{"id": "00000000-0000-4000-8000-000000000002", "name": "param", "value": "value 1"}],
    }
    return {
        "version": 1,
        "interactions": [
            {
                "request": {
                    "method": "GET",
                    "uri": "https://tenant.example.com/api/workflows/automation-connections/"
                    "00000000-0000-4000-8000-000000000001",
                    "headers": {"accept": ["application/json"]},
                    "body": "",
                },
                "response": {
                    "status": {"code": 200, "message": "OK"},
                    "headers": {"content-type": ["application/json"]},
                    "body": {"string": json.dumps(body)},
                },
            }
        ],
    }


def test_a_clean_cassette_passes() -> None:
    assert leaks(yaml.safe_dump(_cassette())) == []


_LISTED = "https://tenant.example.com/api/workflows/automation-connections"


@for_each(
    ("side", "header"),
    [
        ("request", "authorization"),
        ("request", "user-agent"),
        ("request", "cookie"),
        ("response", "set-cookie"),
        ("response", "server"),
        ("response", "link"),
    ],
)
def test_a_header_that_is_not_allowed_is_found(side: str, header: str) -> None:
    cassette = _cassette()
    cassette["interactions"][0][side]["headers"][header] = ["x"]
    assert leaks(yaml.safe_dump(cassette))


@for_each(
    "uri",
    [
        "https://acme.eu.qlikcloud.com/api/workflows/automation-connections",
        "http://127.0.0.1:8080/api/workflows/automation-connections",
        "https://tenant.example.com.evil.org/api/workflows/automation-connections",
        f"{_LISTED}/6b1f4c3a-20d7-4e51-9c55-0d2a7e1b9f10",
        f"{_LISTED}/x/actions/check",
        "https://tenant.example.com/api/workflows/automations/6b1f4c3a-20d7-4e51-9c55-0d2a7e1b9f10",
        "https://tenant.example.com/api/workflows/automation-connectors/7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61",
        f"{_LISTED}?cursor=WyJhIl0",
        f"{_LISTED}?filter=name%20eq%20%22Salaries%22",
    ],
)
def test_an_address_that_tells_is_found(uri: str) -> None:
    cassette = _cassette()
    cassette["interactions"][0]["request"]["uri"] = uri
    assert leaks(yaml.safe_dump(cassette))


@for_each(
    "body",
    [
        {"id": "6b1f4c3a-20d7-4e51-9c55-0d2a7e1b9f10"},
        {"ownerId": "64c0f1a2b3d4e5f601234567"},
        {"spaceId": "x"},
        {"name": "Salaries"},
        {"params": [{"value": "hunter2"}]},
        {"params": [{"value": 4711}]},
        {"params": [{"exampleValue": "smtp.acme.example"}]},
        {"params": [{"paramOptions": [{"value": "Share of Ada"}]}]},
        {"params": [{"options": ["Share of Ada"]}]},
        {"connectorIds": ["7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61"]},
        {"executionToken": "hunter2"},
        {"data": [{"executionToken": "hunter2"}]},
        {"workspace": {"blocks": [{"settings": [{"id": "datasource", "value": "hunter2"}]}]}},
        {"workspace": {"variables": ["Ada"]}},
        {"oauthAccountName": "Ada"},
        {"redirect": "https://consent.example.com/authorize?state=1"},
        {"redirect": "https://tenant.example.com/authorize?state=1"},
        {"traceId": "5f3c0b6d9a174e2b8c1d7e6f5a4b3c2d"},
        {"error": {"message": "The password hunter2 is wrong."}},
        {"unheardOf": "Ada"},
        {"unheardOf": 4711},
        {"errors": [{"detail": "No connection 6b1f4c3a-20d7-4e51-9c55-0d2a7e1b9f10."}]},
        {"errors": [{"detail": "The token eyJhbGciOi is old."}]},
        {"errors": [{"detail": "Ask ada@acme.example."}]},
        {"links": {"next": {"href": f"{_LISTED}?cursor=WyJhIl0"}}},
        {"links": {"next": {"href": "/api/workflows/automation-connections?cursor=cursor-1"}}},
    ],
)
def test_a_body_that_tells_is_found(body: dict[str, Any]) -> None:
    cassette = _cassette()
    cassette["interactions"][0]["response"]["body"]["string"] = json.dumps(body)
    assert leaks(yaml.safe_dump(cassette))


def test_a_body_that_is_not_json_is_found() -> None:
    cassette = _cassette()
    cassette["interactions"][0]["response"]["body"]["string"] = "<html>acme</html>"
    assert leaks(yaml.safe_dump(cassette))
