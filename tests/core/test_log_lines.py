"""What is logged of a call: enough to find it in the service's records, and no secret."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from core.scripted import KEY, KINDS, Kind, Reply, Script, ask, reply
from qlik_automation_connections import NotFoundError, RetryPolicy

TRACE = "5f3c0b6d9a174e2b8c1d7e6f5a4b3c2d"
FAILED = {"errors": [{"code": "A", "title": "t"}], "traceId": TRACE}
AT_ONCE = RetryPolicy(retries=1, backoff=0)

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "qlik_automation_connections"]


@ALL_KINDS
def test_a_call_is_a_line(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(kind, Script(reply(200, {"id": "the-id"})), lambda connections: connections.get("the-id"))
    (line,) = lines(caplog)
    for part in ("GET", "/automation-connections/the-id", "200"):
        assert part in line


@ALL_KINDS
def test_a_failed_call_is_a_line_with_the_trace_id(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(NotFoundError):
        ask(kind, Script(reply(404, FAILED)), lambda connections: connections.get("x"))
    (line,) = lines(caplog)
    assert "404" in line
    assert TRACE in line


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
@ALL_KINDS
def test_each_line_of_a_try_that_failed_has_the_trace_id(
    kind: Kind, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    script = Script(reply(500, FAILED), reply(200, {"id": "x"}))
    with caplog.at_level(level):
        ask(kind, script, lambda connections: connections.get("x"), retries=AT_ONCE)
    about_failure = [line for line in lines(caplog) if " 200 " not in line]
    assert about_failure
    assert all(TRACE in line for line in about_failure)


@ALL_KINDS
def test_no_line_shows_a_secret(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    content = {"id": "x", "params": [{"id": "p", "name": "pw", "value": "hunter2"}]}
    script = Script(reply(500, {**FAILED, "echo": KEY}), reply(200, content), Reply(200, reply(200, content).body))
    with caplog.at_level(logging.DEBUG, logger="qlik_automation_connections"):
        ask(kind, script, lambda connections: connections.update("x", params={"pw": "hunter2"}), retries=AT_ONCE)
    assert lines(caplog)
    assert not [line for line in lines(caplog) if KEY in line or "hunter2" in line]


@pytest.mark.parametrize(
    "package", ["qlik_automation_connections.sandbox", "qlik_automation_connections._exchange.send"]
)
def test_nothing_is_printed_unless_logging_is_set_up(package: str) -> None:
    program = f"import logging, {package}; logging.getLogger({package!r}).error('heard')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout + done.stderr == ""
