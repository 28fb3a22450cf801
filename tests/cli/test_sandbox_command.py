"""`qac sandbox`: what it prints, how it ends, and what is said where it can't start."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from cli.invoking import QAC, environment, invoke
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import backup
from qlik_automation_connections.sandbox import Sandbox
from sampling import few

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Start:
    """Starts `qac` with arguments."""

    def start_with(*arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen([*QAC, *arguments], stdout=pipe, stderr=pipe, encoding="utf-8", env=environment())

    return start_with


@contextmanager
def printed(process: subprocess.Popen[str]) -> Iterator[str]:
    """What a started sandbox prints; it is stopped after the block, if it still runs."""
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "Ctrl-C stops it.\n":
                break
        yield "".join(lines)
    finally:
        process.kill()
        process.communicate(timeout=10)


def stderr_of_stopped(process: subprocess.Popen[str], number: signal.Signals) -> str:
    process.send_signal(number)
    assert process.wait(timeout=5) == 0
    assert process.stderr is not None
    return process.stderr.read()


def address(text: str) -> tuple[str, str]:
    """The address and the key that were printed."""
    found = re.search(r"^Address: (\S+)\nAPI key: (\S+)", text, re.MULTILINE)
    assert found is not None
    return found[1], found[2]


def curl_line(text: str) -> list[str]:
    """The words of the line for curl, as a shell reads them."""
    return shlex.split(next(line for line in text.splitlines() if line.startswith("curl ")))


@pytest.mark.parametrize("number", few([signal.SIGINT, signal.SIGTERM]))
def test_it_serves_until_it_is_told_to_stop(start: Start, number: signal.Signals) -> None:
    process = start("sandbox", "--connections", "7")
    with printed(process) as text:
        words = curl_line(text)
        assert words[:4] == ["curl", "--noproxy", "*", "-H"]
        name, _, value = words[4].partition(": ")
        assert len(words) == 6
        answer = httpx.get(words[5], headers={name: value}, trust_env=False)
        assert answer.status_code == 200
        assert len(answer.json()["data"]) == 2
        line = next(line for line in text.splitlines() if line.startswith("tenant = "))
        names: dict[str, object] = {"Tenant": Tenant}
        exec(line, names)
        tenant = names["tenant"]
        assert isinstance(tenant, Tenant)
        with tenant:
            assert len(list(tenant.connections.list(list_all=True))) == 7
        lines = stderr_of_stopped(process, number).splitlines()
    path = "/api/workflows/automation-connections"
    assert [re.sub(r"\d+", "N", line) for line in lines] == [
        f"N:N:N GET {path}?listAll=true&limit=N N in N ms",
        f"N:N:N GET {path}?limit=N&listAll=true N in N ms",
    ]


def test_it_holds_a_backup_and_quiet_writes_no_line_for_a_request(start: Start, tmp_path: Path) -> None:
    archive = tmp_path / "connections.ndjson"
    with Sandbox(12) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        backup(tenant, archive, list_all=True)
        ids = {item["id"] for item in sandbox.snapshot()}
    process = start("sandbox", "--from", str(archive), "--quiet")
    with printed(process) as text:
        assert "A sandbox tenant with 12 connections" in text
        url, key = address(text)
        with Tenant(url, api_key=key) as tenant:
            assert {connection.id for connection in tenant.connections.list(list_all=True)} == ids
            tenant.connections.delete(min(ids), forced=True)
        arguments = ["restore", str(archive), "--all", "--same-tenant", "--dry-run", "--json"]
        planned = invoke(*arguments, QLIK_TENANT_URL=url, QLIK_API_KEY=key)
        assert planned.exit_code == 0, planned.output
        assert [step["id"] for step in json.loads(planned.stdout)["steps"] if step["action"] != "skip"] == [min(ids)]
        assert stderr_of_stopped(process, signal.SIGINT) == ""


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    missing, other = tmp_path / "missing", tmp_path / "other"
    other.write_text("{}\n", encoding="utf-8")
    for file, said in ((missing, "can't be read"), (other, "is not an archive")):
        ended = invoke("sandbox", "--from", str(file))
        assert (ended.exit_code, f"{file} {said}" in ended.output) == (2, True)


def test_the_line_for_curl_works_as_it_stands_even_behind_a_proxy(start: Start) -> None:
    process = start("sandbox", "--connections", "3")
    with printed(process) as text:
        try:
            ended = subprocess.run(
                [*curl_line(text), "--silent", "--fail"],
                capture_output=True,
                text=True,
                timeout=10,
                env={"http_proxy": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin"},
            )
        except FileNotFoundError:
            pytest.skip("curl is not installed")
        assert ended.returncode == 0
        assert '"data":[{' in ended.stdout


def test_no_quirks_and_limits_reach_the_sandbox(start: Start) -> None:
    with printed(start("sandbox", "--connections", "1", "--no-quirks", "--limits", "--speed", "60")) as text:
        url, key = address(text)
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
            path = "/api/workflows/automation-connections"
            listed = client.get(path, params={"listAll": "true"}).json()["data"]
            detail = client.get(f"{path}/{listed[0]['id']}").json()
            assert {type(param["isOptional"]) for param in detail["params"]} == {bool}
            statuses: list[int] = []
            while 429 not in statuses and len(statuses) < 1000:
                # Tier 2: 100 in a minute, counted over five minutes.
                answer = client.post(f"{path}/{listed[0]['id']}/actions/check")
                statuses.append(answer.status_code)
            assert statuses[-1] == 429
            # A window of five minutes passes in five seconds at this speed.
            assert float(answer.headers["Retry-After"]) <= 5


def test_a_stop_while_it_prepares_is_clean() -> None:
    source = (
        "import sys, time\n"
        "from qlik_automation_connections._cli import main\n"
        "from qlik_automation_connections.sandbox import _sandbox as sandbox\n"
        "def populate(*arguments):\n"
        "    print('preparing', flush=True)\n"
        "    time.sleep(60)\n"
        "sandbox.populate = populate\n"
        "sys.argv = ['qac', 'sandbox']\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "preparing\n"
    process.send_signal(signal.SIGTERM)
    output, error = process.communicate(timeout=5)
    assert (process.returncode, output, error) == (0, "", "")


def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = invoke("sandbox", "--port", str(port))
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"Error: the sandbox can't listen on 127.0.0.1 port {port}: ")
    assert ended.stderr.count("\n") == 1


def test_wrong_options_exit_2() -> None:
    for arguments, said in (
        (["--port", "65536"], "--port"),
        (["--port", "http"], "--port"),
        (["--connections", "-1"], "--connections"),
        (["--host", "0.0.0.0"], "loopback"),
        (["--host", "example.org"], "loopback"),
        (["--host", ""], "loopback"),
        (["--limits", "--speed", "0"], "--speed"),
        (["--limits", "--speed", "nan"], "speed"),
        (["--limits", "--speed", "inf"], "speed"),
        (["--speed", "2"], "--limits"),
        (["--from", "connections.ndjson", "--connections", "3"], "--connections and --from"),
        (["--nonsense"], "--nonsense"),
    ):
        ended = invoke("sandbox", *arguments)
        assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_what_keeps_it_from_starting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Sandbox) -> Sandbox:
        raise RuntimeError("the sandbox's server did not start")

    monkeypatch.setattr(Sandbox, "start", refuse)
    before = signal.getsignal(signal.SIGTERM)
    ended = invoke("sandbox")
    assert (ended.exit_code, ended.output) == (1, "Error: the sandbox's server did not start.\n")
    assert signal.getsignal(signal.SIGTERM) is before
