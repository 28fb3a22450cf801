"""Paths, methods, the older generation of the path, and errors that carry a trace id."""

import json
import re
import socket
from collections.abc import Callable
from typing import Any

import httpx

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import client

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


def test_unknown_paths_are_not_found(admin: httpx.Client) -> None:
    for path in ["/api", LIST + "/", LIST + "//", LIST + "/x/actions/unknown", "/oauth", OLDER + "/"]:
        assert_error(admin.get(path), 404)


def test_wrong_methods_are_refused(admin: httpx.Client, sandbox: Sandbox) -> None:
    for method, path, allowed in [
        ("DELETE", LIST, "GET, POST"),
        ("PUT", LIST, "GET, POST"),
        ("DELETE", OLDER, "GET, POST"),
        ("POST", LIST + "/x", "DELETE, GET, PUT"),
        ("PATCH", LIST + "/x", "DELETE, GET, PUT"),
        ("GET", LIST + "/x/actions/check", "POST"),
        ("GET", "/oauth/token", "POST"),
    ]:
        response = admin.request(method, path)
        assert_error(response, 405)
        assert response.headers["allow"] == allowed, (method, path)
    assert len(sandbox.snapshot()) == 250
    # It is not in the spec.
    assert admin.head(LIST).status_code == 405


def test_an_encoded_slash_stays_inside_the_id(admin: httpx.Client, sandbox: Sandbox) -> None:
    for segment in ["a%2Fb", "..%2F", "%2E%2E", "a%2Factions%2Fcheck", "%00", "%FF", "a%3Fb"]:
        for base in [LIST, OLDER]:
            for method in ("GET", "DELETE"):
                target = httpx.URL(sandbox.url).copy_with(raw_path=f"{base}/{segment}".encode())
                assert "No connection" in assert_error(admin.request(method, target), 404), segment
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


def test_dot_segments_are_not_resolved(sandbox: Sandbox) -> None:
    for target in [f"{LIST}/..", f"{LIST}/.", f"{LIST}/x/..", f"{LIST}/./x/actions/check"]:
        status, document = raw_exchange(sandbox, target, "DELETE")
        assert status in (404, 405), target
        assert document["errors"], target
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
    refused = admin.get(f"{OLDER}/unknown")
    assert_error(refused, 404)
    assert "sunset" in refused.headers


def test_a_bearer_key_is_needed(sandbox: Sandbox) -> None:
    key = ("Authorization", f"Bearer {sandbox.api_key}")
    cases: list[dict[str, str] | list[tuple[str, str]]] = [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic c2FuZGJveC1hZG1pbi1rZXk="},
        {"Authorization": "sandbox-admin-key"},
        [key, key],
    ]
    with client(sandbox, "") as stranger:
        for headers in cases:
            for method, path in [("GET", LIST), ("POST", LIST), ("DELETE", f"{OLDER}/x")]:
                assert_error(stranger.request(method, path, headers=headers), 401)
        assert {entry.principal for entry in sandbox.ledger} == {None}
        # The scheme is read without regard to case.
        assert stranger.get(LIST, headers={"Authorization": f"bearer {sandbox.api_key}"}).status_code == 200
