"""Standard streams as shells leave them: read in part, full, closed, or unable to show a letter."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.invoking import QAC, environment
from qlik_automation_connections import Tenant
from qlik_automation_connections.sandbox import Sandbox
from sampling import few

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it takes a POSIX shell")

NO_ROOM = "Error: Standard output: No space left on device.\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=1000) as sandbox:
        yield sandbox


def shell(sandbox: Sandbox, tmp_path: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a line of bash in which `qac` is the program."""
    program = f'qac() {{ {" ".join(QAC)} "$@"; }}; set -o pipefail; {script}'
    variables = {"XDG_CONFIG_HOME": str(tmp_path), **variables}
    return subprocess.run(
        ["bash", "-c", program],
        capture_output=True,
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
        stdin=subprocess.DEVNULL,
        env=environment(QLIK_TENANT_URL=sandbox.url, QLIK_API_KEY=sandbox.api_key, **variables),
        timeout=60,
    )


BUFFERING = ("", "1")
READERS = [
    ("list --all", "head -1"),
    ("list --all --json", "head -c 100"),
    ("list --all --csv", "head -c 100"),
    ("list --all --csv", "head -1"),
    ("audit --all --every", "head -1"),
]


@pytest.mark.parametrize("unbuffered", few(BUFFERING))
@pytest.mark.parametrize(("command", "reader"), few(READERS, 2))
def test_a_reader_that_leaves_in_the_middle_is_silent_and_never_a_success(
    sandbox: Sandbox, tmp_path: Path, command: str, reader: str, unbuffered: str
) -> None:
    ended = shell(sandbox, tmp_path, f"qac {command} | {reader}", PYTHONUNBUFFERED=unbuffered)
    assert (ended.returncode, ended.stderr) == (141, "")
    assert len(ended.stdout) == 100 if "-c" in reader else ended.stdout.count("\n") == 1


@pytest.mark.exhaustive
def test_a_reader_that_was_never_there_is_silent(sandbox: Sandbox, tmp_path: Path) -> None:
    id = sandbox.in_use[0]
    of_one = [f"get {id}", f"get {id} --json", f"check {id} --csv", f"update {id} --name x --yes 2> /dev/null"]
    commands = ["--help", "completion zsh", "list --all --ndjson", "audit --all --json", *of_one]
    # Side by side, for each is a process of its own.
    lines = "".join(f"(qac {command} | :; echo $?) & " for command in commands)
    ended = shell(sandbox, tmp_path, f"{lines} wait")
    assert ended.stdout.split() == ["141"] * len(commands)
    assert ended.stderr == ""


@pytest.mark.parametrize("command", few(["list --all --csv", "--help", "completion bash", "list --all --max 1"]))
def test_a_full_disk_is_one_line(sandbox: Sandbox, tmp_path: Path, command: str) -> None:
    ended = shell(sandbox, tmp_path, f"qac {command} > /dev/full")
    assert (ended.returncode, ended.stderr) == (1, NO_ROOM)


LIST = "list --all --pacing memory"  # the file of shared limits could not grow either
FORMS = [LIST, f"{LIST} --json", f"{LIST} --ndjson", f"{LIST} --csv", "completion zsh", "list --help"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("unbuffered", few(BUFFERING))
def test_output_that_was_cut_off_in_the_middle_is_never_a_success(
    sandbox: Sandbox, tmp_path: Path, unbuffered: str
) -> None:
    # A file that may grow to half a kilobyte takes the first part of a write, as a disk does that is nearly full.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)); "
    limit += "from qlik_automation_connections._cli import main; main()"
    cut = "".join(
        f"({sys.executable} -c '{limit}' {command} > {tmp_path}/{number}; echo $?) & "
        # The file of the shared rate limits has no room either, which is said.
        for number, command in enumerate(form.replace("--all", "--all --pacing memory") for form in FORMS)
    )
    ended = shell(sandbox, tmp_path, f"{cut} wait", PYTHONUNBUFFERED=unbuffered)
    assert ended.stdout.split() == ["1"] * len(FORMS)
    assert ended.stderr == "Error: Standard output: File too large.\n" * len(FORMS)
    assert [(tmp_path / f"{number}").stat().st_size for number in range(len(FORMS))] == [512] * len(FORMS)


@pytest.mark.parametrize(("into", "code"), [("> /dev/full", 1), ("| :", 141)])
def test_words_for_the_shell_to_complete_end_the_same(sandbox: Sandbox, tmp_path: Path, into: str, code: int) -> None:
    completing = f"{sys.executable} -c 'from qlik_automation_connections._cli import main; main()'"
    variables = {"_QAC_COMPLETE": "bash_complete", "COMP_WORDS": "qac ", "COMP_CWORD": "1"}
    ended = shell(sandbox, tmp_path, f"{completing} {into}", **variables)
    assert (ended.returncode, ended.stderr) == (code, "")


def test_what_an_unbuffered_command_prints_shows_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*QAC, "sandbox"], stdout=subprocess.PIPE, encoding="utf-8", env=environment(PYTHONUNBUFFERED="1")
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("A sandbox tenant")
        process.terminate()


@pytest.mark.exhaustive
def test_a_full_disk_loses_no_check(sandbox: Sandbox, tmp_path: Path) -> None:
    id = sandbox.in_use[0]
    sandbox.ledger.clear()
    ended = shell(sandbox, tmp_path, f"qac check {id} --json > /dev/full; qac check --resume --json")
    assert ended.stderr == NO_ROOM
    assert json.loads(ended.stdout)["summary"]["resumed"] == 1
    assert sandbox.ledger.count(operation="checkAutomationConnection") == 1


CLOSED = [(">&-", "IN_USE", 0), (">&-", "nothing", 4), ("2>&-", "nothing", 4), ("<&- >&- 2>&-", "IN_USE", 0)]


@pytest.mark.parametrize(("closed", "id", "code"), few(CLOSED))
def test_closed_streams_change_no_exit_code(sandbox: Sandbox, tmp_path: Path, closed: str, id: str, code: int) -> None:
    ended = shell(sandbox, tmp_path, f"qac get {id.replace('IN_USE', sandbox.in_use[0])} {closed}")
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr


def test_nothing_is_written_into_a_file_that_took_a_closed_streams_place(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    ended = shell(sandbox, tmp_path, f"qac check {sandbox.in_use[0]} --journal {journal} >&- 2>&-")
    assert ended.returncode in (0, 1)
    assert all(isinstance(json.loads(line), dict) for line in journal.read_text().splitlines())


def test_an_encoding_that_lacks_letters_is_no_failure_and_json_stays_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    name, id = "Zażółć 田中", sandbox.in_use[0]
    with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        tenant.connections.update(id, name=name)
    ended = shell(sandbox, tmp_path, f"qac get {id} --json", PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr, json.loads(ended.stdout)["name"]) == (0, "", name)
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = shell(sandbox, tmp_path, f"export PYTHONIOENCODING=; qac get {id}; qac list --all", **locale)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.isascii()
    assert ended.stdout.count("Za???? ??") == 2
    assert ended.stdout.endswith("\n\n1,000 connections.\n")


def test_a_warning_of_the_client_is_one_line(tmp_path: Path) -> None:
    with Sandbox(connections=1, quirks=["unreadable-value"]) as sandbox:
        ended = shell(sandbox, tmp_path, "qac list --all --csv")
    assert ended.returncode == 0
    assert ended.stderr.startswith("Warning: getAutomationConnections: ")
    assert "createdAt of " in ended.stderr
    assert ended.stderr.count("\n") == 1
