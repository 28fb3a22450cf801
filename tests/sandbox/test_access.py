"""Who is answered: programs on this machine, and no page of another origin. And what is far too large."""

import httpx

from qlik_automation_connections.sandbox import Sandbox

LIST = "/api/workflows/automation-connections"
PAGES = ("/", "/docs", "/openapi.json", "/requests")


def test_loopback_names_are_answered(admin: httpx.Client) -> None:
    for host in ["localhost", "localhost:1", "127.0.0.1", "127.0.0.2:80", "[::1]", "[::1]:8080"]:
        for path in (LIST, "/"):
            assert admin.get(path, headers={"Host": host}).status_code == 200, host


def test_other_names_are_not(admin: httpx.Client, sandbox: Sandbox) -> None:
    for host in (
        "example.com",
        "localhost.example.com",
        "127.0.0.1.example.com:80",
        "192.0.2.1",
        "[::2]",
        "[::1",
        "x@y",
    ):
        sandbox.ledger.clear()
        for path in (LIST, *PAGES):
            response = admin.get(path, headers={"Host": host})
            assert response.status_code == 421, host
            assert sandbox.api_key not in response.text, host
        [entry] = sandbox.ledger
        assert (entry.status, entry.principal, entry.processed) == (421, None, False), host


def test_pages_of_other_origins_can_neither_read_nor_write(admin: httpx.Client, sandbox: Sandbox) -> None:
    before = sandbox.snapshot()
    for origin in ("https://example.com", "http://127.0.0.1:1", "http://localhost", "null", ""):
        for method, path in [("DELETE", f"{LIST}/{before[0]['id']}"), ("GET", LIST), ("GET", "/requests")]:
            response = admin.request(method, path, headers={"Origin": origin})
            assert response.status_code == 403, origin
            assert not [name for name in response.headers if name.startswith("access-control")], origin
        asked = admin.options(LIST, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
        assert asked.status_code == 403, origin
    assert sandbox.snapshot() == before
    # Its own origin is answered.
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
