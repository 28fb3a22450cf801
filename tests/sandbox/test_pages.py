"""The pages that are served beside the tenant: static, escaped, and no part of it."""

import html
import itertools
import logging
import re
import shlex
import shutil
import subprocess

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import client

LIST = "/api/workflows/automation-connections"
PAGES = ("/", "/docs", "/requests")


def curl_lines(text: str) -> list[list[str]]:
    """The commands on a page, as words of a shell."""
    return [shlex.split(html.unescape(line)) for line in re.findall(r"<pre>(curl .*?)</pre>", text)]


def sent(words: list[str]) -> httpx.Response:
    """The response to a command for curl."""
    options = list(itertools.pairwise(words))
    headers = [tuple(value.split(": ", 1)) for option, value in options if option == "-H"]
    method, content = (next((value for option, value in options if option == each), None) for each in ("-X", "-d"))
    with httpx.Client(headers=[(name, value) for name, value in headers], trust_env=False, verify=False) as program:
        return program.request(method or "GET", words[-1], content=content, follow_redirects="--location" in words)


def test_pages_are_no_part_of_the_tenant() -> None:
    with Sandbox(0, limits=True) as sandbox, client(sandbox, "") as stranger:
        for path in (*PAGES, "/openapi.json"):
            response = stranger.get(path)
            assert response.status_code == 200
            assert response.headers["cache-control"] == "no-store"
            head = stranger.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert stranger.post(path).status_code == 405
        assert stranger.get("/favicon.ico").status_code == 204
        assert stranger.get("/docs/").status_code == 404
        assert [entry.path for entry in sandbox.ledger] == ["/docs/"]


def test_every_operation_has_a_line_for_curl_that_works() -> None:
    with Sandbox() as sandbox, client(sandbox) as admin:
        page, spec = admin.get("/docs").text, admin.get("/openapi.json").json()
        successes = [sent(words).is_success for words in curl_lines(page)]
    operations = {
        entry["operationId"] for item in spec["paths"].values() for entry in item.values() if isinstance(entry, dict)
    }
    assert successes == [True] * len(operations)
    assert {entry.operation for entry in sandbox.ledger} == operations == set(re.findall(r'<h2 id="(\w+)"', page))
    assert spec["servers"] == [{"url": sandbox.url, "description": "A sandbox tenant."}]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_line_works_in_a_shell(admin: httpx.Client, sandbox: Sandbox) -> None:
    page = admin.get("/docs").text
    line = next(line for line in re.findall(r"<pre>(curl .*?)</pre>", page) if "POST" in line)
    subprocess.run(f"{html.unescape(line)} --silent --fail", shell=True, check=True, capture_output=True)
    assert sandbox.ledger[0].operation == "createAutomationConnection"


def test_requests_are_listed_newest_first_without_keys_and_values(admin: httpx.Client, sandbox: Sandbox) -> None:
    admin.get(LIST, params={"limit": "3", "filter": 'name eq "<b>"'})
    admin.get(f"{LIST}/<script>", params={"key": "marked-key"})
    params = [{"name": "password", "value": "marked-value"}]
    admin.post(LIST, json={"connectorId": sandbox.connectors[0].id, "params": params})
    text = admin.get("/requests").text
    rows = re.findall(r"<small>(\d+), after ", text)
    assert rows == ["3", "2", "1"]
    assert f"{LIST}?limit=3&amp;filter=name" in text
    assert "key=…" in text
    assert sandbox.users[0].name in text
    assert "<script" not in text
    for secret in ("marked-key", "marked-value", sandbox.api_key, sandbox.client_secret):
        assert secret not in text


def test_a_line_a_request_is_logged_without_keys_and_values(
    admin: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "qlik_automation_connections"):
        admin.get(LIST)
    assert not [each for each in caplog.records if each.name.endswith("sandbox.requests")]
    with caplog.at_level(logging.INFO, "qlik_automation_connections.sandbox.requests"):
        admin.get(LIST, params={"limit": "2"})
        admin.get("/api", params={"key": "marked-key"})
        admin.get("/requests")
    lines = [each.getMessage() for each in caplog.records if each.name.endswith("sandbox.requests")]
    assert [re.sub(r"\d+ ms", "N ms", line) for line in lines] == [
        f"GET {LIST}?limit=2 200 in N ms",
        "GET /api?key=… 404 in N ms",
    ]


def test_a_ledger_keeps_the_latest_or_all(sandbox: Sandbox) -> None:
    with Sandbox(1, ledger_limit=3) as short, client(short, "") as stranger:
        for number in range(5):
            for url in (short.url, sandbox.url):
                stranger.get(url + LIST, params={"limit": str(number)})
        assert [entry.number for entry in short.ledger] == [3, 4, 5]
        assert short.ledger[0].query == "limit=2"
        assert "The latest 3 of 5" in stranger.get("/requests").text
    assert len(sandbox.ledger) == 5
    with pytest.raises(ValueError, match="ledger_limit"):
        Sandbox(ledger_limit=0)
