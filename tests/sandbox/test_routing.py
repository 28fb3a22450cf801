"""Paths, methods, the older generation of the path, and errors that carry a trace id."""

import json
import re
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox

LIST = "/api/workflows/automation-connections"
OLDER = "/api/v1/automation-connections"


def assert_error(response: httpx.Response, status: int) -> str:
    document = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert set(document) == {"errors", "traceId"}
    assert re.fullmatch("[0-9a-f]{32}", document["traceId"])
    (error,) = document["errors"]
    assert set(error) == {"code", "title", "detail"}
    return str(error["detail"])


@pytest.mark.parametrize("path", ["/api", LIST + "/", LIST + "//", LIST + "/x/actions/unknown", "/oauth", OLDER + "/"])
def test_unknown_paths_are_not_found(admin: httpx.Client, path: str) -> None:
    assert_error(admin.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", LIST, "GET, POST"),
        ("PUT", LIST, "GET, POST"),
        ("DELETE", OLDER, "GET, POST"),
        ("POST", LIST + "/x", "DELETE, GET, PUT"),
        ("PATCH", LIST + "/x", "DELETE, GET, PUT"),
        ("GET", LIST + "/x/actions/check", "POST"),
        ("GET", "/oauth/token", "POST"),
    ],
)
def test_wrong_methods_are_refused(admin: httpx.Client, sandbox: Sandbox, method: str, path: str, allowed: str) -> None:
    response = admin.request(method, path)
    assert_error(response, 405)
    assert response.headers["allow"] == allowed
    assert len(sandbox.snapshot()) == 250


def test_head_is_not_in_the_spec(admin: httpx.Client) -> None:
    assert admin.head(LIST).status_code == 405


@pytest.mark.parametrize("segment", ["a%2Fb", "..%2F", "%2E%2E", "a%2Factions%2Fcheck", "%00", "%FF", "a%3Fb"])
@pytest.mark.parametrize("base", [LIST, OLDER])
def test_an_encoded_slash_stays_inside_the_id(admin: httpx.Client, sandbox: Sandbox, base: str, segment: str) -> None:
    for method in ("GET", "DELETE"):
        target = httpx.URL(sandbox.url).copy_with(raw_path=f"{base}/{segment}".encode())
        assert "No connection" in assert_error(admin.request(method, target), 404)
    assert {entry.operation for entry in sandbox.ledger} == {"getAutomationConnection", "deleteAutomationConnection"}
    assert len(sandbox.snapshot()) == 250


def raw_exchange(sandbox: Sandbox, target: str, method: str = "GET") -> tuple[int, dict[str, Any]]:
    host, _, port = sandbox.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {sandbox.api_key}\r\n"
        line.sendall(f"{head}Connection: close\r\n\r\n".encode())
        with line.makefile("rb") as stream:
            answer = stream.read()
    head_bytes, _, body = answer.partition(b"\r\n\r\n")
    return int(head_bytes.split()[1]), json.loads(body)


@pytest.mark.parametrize("target", [f"{LIST}/..", f"{LIST}/.", f"{LIST}/x/..", f"{LIST}/./x/actions/check"])
def test_dot_segments_are_not_resolved(sandbox: Sandbox, target: str) -> None:
    status, document = raw_exchange(sandbox, target, "DELETE")
    assert status in (404, 405)
    assert document["errors"]
    assert len(sandbox.snapshot()) == 250


def test_the_older_generation_serves_the_same_and_says_that_it_ends(
    admin: httpx.Client, sandbox: Sandbox, find: Callable[..., dict[str, Any]]
) -> None:
    identifier = find()["id"]
    new, old = admin.get(f"{LIST}/{identifier}"), admin.get(f"{OLDER}/{identifier}")
    assert old.json() == new.json()
    assert old.headers["sunset"] == "Tue, 30 Nov 2027 00:00:00 GMT"
    assert old.headers["deprecation"] == "@1790812800"
    assert old.headers["link"] == f'<{sandbox.url}{LIST}/{identifier}>; rel="successor-version"'
    assert not {"sunset", "deprecation", "link"} & set(new.headers)


def test_refusals_of_the_older_generation_say_so_too(admin: httpx.Client) -> None:
    response = admin.get(f"{OLDER}/unknown")
    assert_error(response, 404)
    assert "sunset" in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic c2FuZGJveC1hZG1pbi1rZXk="},
        {"Authorization": "sandbox-admin-key"},
    ],
)
def test_a_bearer_key_is_needed(sandbox: Sandbox, headers: dict[str, str]) -> None:
    for method, path in [("GET", LIST), ("POST", LIST), ("DELETE", f"{OLDER}/x")]:
        assert_error(httpx.request(method, sandbox.url + path, headers=headers), 401)
    assert {entry.principal for entry in sandbox.ledger} == {None}


def test_the_scheme_is_read_without_regard_to_case(sandbox: Sandbox) -> None:
    assert httpx.get(sandbox.url + LIST, headers={"Authorization": f"bearer {sandbox.api_key}"}).status_code == 200


def test_two_authorization_headers_are_refused(sandbox: Sandbox) -> None:
    key = ("Authorization", f"Bearer {sandbox.api_key}")
    assert_error(httpx.get(sandbox.url + LIST, headers=[key, key]), 401)
