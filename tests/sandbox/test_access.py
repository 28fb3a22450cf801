"""Who is answered: programs on this machine, and no page of another origin. And what is far too large."""

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox

LIST = "/api/workflows/automation-connections"
PAGES = ("/", "/docs", "/openapi.json", "/requests")


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "127.0.0.2:80", "[::1]", "[::1]:8080"])
def test_loopback_names_are_answered(admin: httpx.Client, host: str) -> None:
    for path in (LIST, "/"):
        assert admin.get(path, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["example.com", "localhost.example.com", "127.0.0.1.example.com:80", "192.0.2.1", "[::2]", "[::1", "x@y"]
)
def test_other_names_are_not(admin: httpx.Client, sandbox: Sandbox, host: str) -> None:
    for path in (LIST, *PAGES):
        response = admin.get(path, headers={"Host": host})
        assert response.status_code == 421
        assert sandbox.api_key not in response.text
    [entry] = sandbox.ledger
    assert (entry.status, entry.principal, entry.processed) == (421, None, False)


@pytest.mark.parametrize("origin", ["https://example.com", "http://127.0.0.1:1", "http://localhost", "null", ""])
def test_pages_of_other_origins_can_neither_read_nor_write(admin: httpx.Client, sandbox: Sandbox, origin: str) -> None:
    before = sandbox.snapshot()
    for method, path in [("DELETE", f"{LIST}/{before[0]['id']}"), ("GET", LIST), ("GET", "/requests")]:
        response = admin.request(method, path, headers={"Origin": origin})
        assert response.status_code == 403
        assert not [name for name in response.headers if name.startswith("access-control")]
    assert sandbox.snapshot() == before
    assert admin.options(LIST, headers={"Origin": origin, "Access-Control-Request-Method": "GET"}).status_code == 403


def test_its_own_origin_is_answered(admin: httpx.Client, sandbox: Sandbox) -> None:
    assert admin.get(LIST, headers={"Origin": sandbox.url}).status_code == 200


def test_a_body_that_is_too_large_is_read_to_its_end(admin: httpx.Client, sandbox: Sandbox) -> None:
    opened = 0

    def trace(event: str, _: object) -> None:
        nonlocal opened
        opened += event == "connection.connect_tcp.complete"

    for _ in range(3):
        large = admin.post(LIST, content=b" " * 8_000_000, extensions={"trace": trace})
        assert large.status_code == 413
        assert admin.get(LIST, extensions={"trace": trace}).status_code == 200
    assert opened == 1
    assert sandbox.ledger.count(operation="createAutomationConnection", status=413) == 3
