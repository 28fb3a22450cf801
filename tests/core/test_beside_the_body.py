"""What an answer says besides its body: its headers, its trace id, and that an operation is going to end."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Iterator

import anyio
import pytest

from attack.server import HostileServer, answers_json
from cli.invoking import QAC, environment
from core.scripted import ADDRESS, KEY, KINDS, Kind, Reply, Script, ask, async_tenant, reply
from looping import for_each
from qlik_automation_connections import (
    ConflictError,
    NotFoundError,
    OAuthClient,
    Tenant,
    UnexpectedResponseError,
    capture_responses,
)
from qlik_automation_connections.errors import SIGN_IN_OPERATION
from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.operations import API_RELEASE
from sampling import few

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
TRACE = "463ac35c9f6413ad48485a3953bb6124"
RATES = {"Ratelimit-Limit": "1000", "Ratelimit-Remaining": "998", "RateLimit-Reset": "59"}
SAID = {"X-B3-Traceid": TRACE, **RATES, "Set-Cookie": "session=hidden", "content-type": "application/json"}
FOUND = b'{"id": "x"}'
NEXT = b'{"data": [{"id": "a"}], "links": {"next": {"href": "?cursor=2"}}}'
CODED = "deprecated since 2026-10-01 and may stop working on 2027-11-30. See https://qlik.dev/changelog."
NOTICE = {
    "Deprecation": "@1790812800",
    "Sunset": "Tue, 30 Nov 2027 00:00:00 GMT",
    "Link": '<https://qlik.dev/next>; rel="next", <https://qlik.dev/changelog>; title="x"; rel="deprecation"',
}


@pytest.fixture
def unannounced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has announced nothing yet."""
    monkeypatch.setattr("qlik_automation_connections._headers._announced", set())


def announced(headers: dict[str, str]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask("sync", Script(Reply(200, FOUND, headers)), lambda connections: connections.get("x"))
    assert all(issubclass(each.category, DeprecationWarning) for each in caught)
    return [str(each.message) for each in caught]


@ALL_KINDS
def test_the_release_is_sent_that_the_spec_was_written_by(kind: Kind) -> None:
    for options, sent in (
        ({}, API_RELEASE),
        ({"api_release": "2026-11"}, "2026-11"),
        ({"api_release": None}, None),
    ):
        script = Script(Reply(200, FOUND))
        ask(kind, script, lambda connections: connections.get("x"), **options)
        assert script.requests[0].headers.get("qlik-api-version") == sent


def test_a_copy_and_the_generated_client_send_the_release_too() -> None:
    with HostileServer(answers_json(200, {"id": "x"})) as server, Tenant(server.url, api_key=KEY) as whole:
        whole.with_options(timeout=5).connections.get("x")
        whole.raw.get_httpx_client().get("/api/v1/items")
        assert [seen.headers["qlik-api-version"] for seen in server.requests] == [API_RELEASE, API_RELEASE]


@ALL_KINDS
def test_what_a_success_said_can_be_read(kind: Kind) -> None:
    with capture_responses() as responses:
        ask(kind, Script(Reply(204, b"", SAID)), lambda connections: connections.delete("x"))
    (said,) = responses
    assert (said.operation, said.status_code, said.trace_id) == ("deleteAutomationConnection", 204, TRACE)
    assert said.headers["x-b3-traceid"] == TRACE
    assert said.headers["ratelimit-remaining"] == said.headers["RateLimit-Remaining"] == "998"
    assert "set-cookie" not in said.headers
    assert said.seconds >= 0


@ALL_KINDS
def test_each_try_is_captured_and_each_page_has_what_came_with_it(kind: Kind) -> None:
    busy = Reply(503, b"{}", {"retry-after": "0", "x-b3-traceid": "busy"})
    script = Script(busy, Reply(200, NEXT, SAID), reply(200, {}))
    with capture_responses() as outer, capture_responses() as inner:
        first, second = ask(kind, script, lambda connections: connections.list().pages(), retries=1)
    assert first.response.trace_id == TRACE
    assert first.response.headers["ratelimit-limit"] == "1000"
    assert second.response.trace_id is None
    assert [said.status_code for said in outer] == [503, 200, 200]
    assert [said.trace_id for said in inner] == ["busy", TRACE, None]
    assert outer == inner
    assert pickle.loads(pickle.dumps(first)) == first


def test_a_capture_ends_with_its_block_and_holds_what_its_tasks_got() -> None:
    async def run() -> None:
        async with async_tenant(Script(Reply(200, FOUND, SAID))) as whole:
            with capture_responses() as responses:
                async with anyio.create_task_group() as group:
                    group.start_soon(whole.connections.get, "x")
                    group.start_soon(whole.connections.get, "x")
            await whole.connections.get("x")
            assert [said.trace_id for said in responses] == [TRACE, TRACE]

    anyio.run(run)


@ALL_KINDS
def test_an_error_has_the_trace_id_of_the_header_where_its_body_has_none(kind: Kind) -> None:
    script = Script(Reply(404, b"<html>gone</html>", {"x-b3-traceid": TRACE}))
    with pytest.raises(NotFoundError, match=TRACE) as caught:
        ask(kind, script, lambda connections: connections.get("x"))
    assert caught.value.trace_id == TRACE
    own = Script(Reply(409, b'{"errors": [], "traceId": "own"}', SAID))
    with pytest.raises(ConflictError) as conflict, capture_responses() as responses:
        ask(kind, own, lambda connections: connections.get("x"))
    assert conflict.value.trace_id == responses[0].trace_id == "own"
    assert conflict.value.response.headers["ratelimit-remaining"] == "998"
    with pytest.raises(UnexpectedResponseError, match=TRACE):
        ask(kind, Script(Reply(200, b"[]", SAID)), lambda connections: connections.get("x"))


@for_each("value", ["", "lots", "-1", "1000;w=60, 5000;w=300", "9" * 3000, "1\t2"])
def test_rates_of_any_form_are_logged_and_do_no_harm(value: str, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"RateLimit-Remaining": value, "X-RateLimit-Reset": value, "x-b3-traceid": TRACE}
    answer = Reply(200, FOUND, headers)
    with caplog.at_level(logging.INFO, logger="qlik_automation_connections"):
        assert ask("sync", Script(answer), lambda connections: connections.get("x")).id == "x"
    (line,) = (record.getMessage() for record in caplog.records)
    caplog.clear()
    assert f"ratelimit-remaining {value[:20] if value.isprintable() else ''}" in line
    assert f"trace id {TRACE}" in line
    assert line.isprintable()


@ALL_KINDS
def test_an_end_is_announced_once_per_operation_also_by_a_success(unannounced: None, kind: Kind) -> None:
    script = Script(Reply(200, FOUND, NOTICE))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            ask(kind, script, lambda connections: connections.get("x"))
        ask(kind, script, lambda connections: connections.list())
    first, second = (str(each.message) for each in caught)
    path = "/api/workflows/automation-connections"
    assert first.startswith(f"getAutomationConnection: the service announces that GET {path}/x is {CODED}")
    assert second.startswith(f"getAutomationConnections: the service announces that GET {path} is {CODED}")
    # It points at whoever called, not into the package.
    assert not [each.filename for each in caught if "qlik_automation_connections" in each.filename]


def test_a_process_warns_once_whatever_its_filters_and_threads() -> None:
    program = f"""
import threading, warnings
from core.scripted import Reply, Script, tenant
warnings.simplefilter("always")
whole = tenant(Script(Reply(200, {FOUND!r}, {NOTICE!r})))
threads = [threading.Thread(target=whole.connections.get, args=("x",)) for _ in range(20)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
"""
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True, env=variables
    )
    assert done.stderr.count("DeprecationWarning") == 1


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"deprecation": "true"}, "is deprecated. Look"),
        ({"deprecation": "@nonsense"}, "is deprecated. Look"),
        ({"deprecation": f"@{'9' * 12}"}, "is deprecated. Look"),
        ({"deprecation": f"@{'9' * 40}", "sunset": "soon"}, "is deprecated. Look"),
        ({"deprecation": "Thu, 01 Oct 2026 00:00:00 GMT"}, "is deprecated since 2026-10-01. Look"),
        ({"sunset": "Tue, 30 Nov 2027 00:00:00 GMT"}, "is deprecated and may stop working on 2027-11-30. Look"),
        ({"deprecation": "@0", "link": '</v2/x>; rel="successor-version"'}, f"See {ADDRESS}/v2/x. Look"),
        ({"deprecation": "@0", "link": "<https://[broken>; rel=sunset"}, "since 1970-01-01. Look"),
        ({"deprecation": "@0", "link": "nonsense, <>;;; rel"}, "since 1970-01-01. Look"),
        ({"deprecation": "@0", "link": "<b>; rel=sunset, <a>; rel=deprecation"}, "/automation-connections/a. Look"),
    ],
)
def test_notices_of_any_form_are_announced(unannounced: None, headers: dict[str, str], says: str) -> None:
    (message,) = announced(headers)
    assert says in message


@ALL_KINDS
def test_the_end_of_signing_in_is_announced_too(unannounced: None, kind: Kind) -> None:
    token = Reply(200, b'{"access_token": "a-token-of-some-length"}', NOTICE)
    auth = OAuthClient("id", "the-secret")
    with pytest.warns(DeprecationWarning, match=f"^{SIGN_IN_OPERATION}: .* is {CODED}"):
        ask(kind, Script(token, Reply(200, FOUND)), lambda connections: connections.get("x"), auth=auth, api_key=None)


def test_a_link_alone_announces_nothing(unannounced: None) -> None:
    assert announced({"link": NOTICE["Link"]}) == []


@pytest.mark.filterwarnings("ignore:The v1 paths:DeprecationWarning")
def test_the_sandbox_announces_the_end_of_v1(unannounced: None) -> None:
    with Sandbox(connections=1) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, api_version="v1") as old:
        with pytest.warns(DeprecationWarning, match="since 2026-10-01 and may stop working on 2027-11-30") as caught:
            list(old.connections.list())
        assert f"See {sandbox.url}/api/workflows/automation-connections. " in str(caught[0].message)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            list(old.with_options(api_version="workflows").connectors.list())


@pytest.fixture
def announcing() -> Iterator[HostileServer]:
    with HostileServer(answers_json(200, {"id": "x", "data": []}, NOTICE)) as server:
        yield server


@pytest.mark.parametrize("arguments", few([["get", "x", "--json"], ["get", "x"], ["list"]]))
def test_the_command_line_says_it_in_one_line(announcing: HostileServer, arguments: list[str]) -> None:
    variables = environment(QLIK_TENANT_URL=announcing.url, QLIK_API_KEY=KEY)
    done = subprocess.run([*QAC, *arguments], capture_output=True, text=True, timeout=60, env=variables, check=True)
    (line,) = [line for line in done.stderr.splitlines() if "deprecat" in line.lower()]
    assert line.startswith("Warning: getAutomationConnection")
    assert CODED in line
    assert "deprecat" not in done.stdout
