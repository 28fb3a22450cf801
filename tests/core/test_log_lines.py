"""The log: nothing unless it is set up, and no secret in it."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from core.scripted import KEY, KINDS, Kind, Reply, Script, ask, reply
from qlik_automation_connections import RetryPolicy

TRACE = "5f3c0b6d9a174e2b8c1d7e6f5a4b3c2d"
FAILED = {"errors": [{"code": "A", "title": "t"}], "traceId": TRACE}
AT_ONCE = RetryPolicy(retries=1, backoff=0)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "qlik_automation_connections"]


@pytest.mark.parametrize("kind", KINDS)
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
