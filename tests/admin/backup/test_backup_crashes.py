"""Killed anywhere and run again, a backup ends as one that nobody disturbed, but for times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from admin.backup.archives import but_for_times, lines, names_in
from admin.crash.killing import POSSIBLE, Killing, points
from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._parallel import WORKERS
from qlik_automation_connections.sandbox import Sandbox
from sampling import sampled_and_whole

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")

WRITE = "admin.backup.crashing:write"
CONNECTIONS = 11
PAGE = 3
WHOLE = {"backup.ndjson", "backup.values.ndjson"}


@pytest.fixture(scope="module")
def killing() -> Iterator[Killing]:
    with Killing("admin.backup.crashing", "qlik_automation_connections.admin._backup.job") as killing:
        yield killing


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    with Sandbox(connections=CONNECTIONS) as sandbox:
        yield sandbox


def order(sandbox: Sandbox, path: Path, **options: Any) -> dict[str, Any]:
    return {"url": sandbox.url, "api_key": sandbox.api_key, "path": str(path), "page_size": PAGE, **options}


def undisturbed(killing: Killing, sandbox: Sandbox, folder: Path, options: dict[str, Any]) -> tuple[Path, int]:
    folder.mkdir()
    ended = killing.run(WRITE, order(sandbox, folder / "backup.ndjson", **options))
    assert ended.error is None
    return folder / "backup.ndjson", ended.requests


def same(path: Path, whole: Path) -> None:
    assert but_for_times(path) == but_for_times(whole)
    assert lines(path.with_name("backup.values.ndjson")) == lines(whole.with_name("backup.values.ndjson"))
    assert names_in(path.parent) == WHOLE
    Archive(path).verify()


@sampled_and_whole
@pytest.mark.parametrize("named", [False, True])
def test_killed_at_every_single_request(
    killing: Killing, served: Sandbox, tmp_path: Path, named: bool, step: int
) -> None:
    ids = [item["id"] for item in served.snapshot()]
    options: dict[str, Any] = {"people": False, **({"ids": ids} if named else {"list_all": True})}
    whole, requests = undisturbed(killing, served, tmp_path / "whole", options)
    pages = 0 if named else -(-CONNECTIONS // PAGE)
    assert requests == CONNECTIONS + pages
    for at in points(requests, step):
        folder = tmp_path / f"{at.number} {at.when}"
        folder.mkdir()
        path = folder / "backup.ndjson"
        served.ledger.clear()
        assert killing.run(WRITE, order(served, path, **options), at=at).killed
        assert not path.exists()
        ended = killing.run(WRITE, order(served, path, **options))
        assert (ended.error, ended.killed) == (None, False), at
        same(path, whole)
        # The list is had again; of the connections those that had been asked for and were not written yet.
        assert len(served.ledger.snapshot()) <= requests + pages + WORKERS, at


def test_killed_at_every_step_to_the_disk(killing: Killing, served: Sandbox, tmp_path: Path) -> None:
    whole, _ = undisturbed(killing, served, tmp_path / "whole", {"list_all": True})
    stepwise = "admin.backup.crashing:write_stepwise"
    counting = tmp_path / "counting"
    counting.mkdir()
    arguments = order(served, counting / "backup.ndjson", list_all=True)
    steps = killing.run(stepwise, {**arguments, "kill_at": None}).result["steps"]
    assert steps > CONNECTIONS // PAGE
    whole_at: list[int] = []
    for step in range(1, steps + 1):
        folder = tmp_path / f"step {step}"
        folder.mkdir()
        path = folder / "backup.ndjson"
        assert killing.run(stepwise, {**order(served, path, list_all=True), "kill_at": step}).killed
        is_whole = path.exists()
        ended = killing.run(WRITE, order(served, path, list_all=True))
        if is_whole:
            # All was done but to report it.
            assert "already exists" in str(ended.error), step
            whole_at.append(step)
        else:
            assert ended.error is None, step
            assert ended.result["connections"] == CONNECTIONS
        same(path, whole)
    assert len(whole_at) < 3


def run_command(sandbox: Sandbox, path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("QLIK_TENANT_URL", sandbox.url)
    monkeypatch.setenv("QLIK_API_KEY", sandbox.api_key)
    return CliRunner().invoke(qac, ["backup", str(path), "--all"])


def test_killed_at_every_step_to_the_disk_while_it_overwrites(killing: Killing, tmp_path: Path) -> None:
    stepwise = "admin.backup.crashing:write_stepwise"
    with Sandbox(connections=PAGE) as sandbox:
        whole, _ = undisturbed(killing, sandbox, tmp_path / "whole", {"list_all": True})
        step = 0
        killed = True
        while killed:
            step += 1
            folder = tmp_path / f"step {step}"
            folder.mkdir()
            for name in WHOLE:
                (folder / name).write_text("an older one", encoding="utf-8")
            arguments = order(sandbox, folder / "backup.ndjson", list_all=True, overwrite=True)
            killed = killing.run(stepwise, {**arguments, "kill_at": step}).killed
            ended = killing.run(WRITE, arguments)
            assert ended.error is None, step
            same(folder / "backup.ndjson", whole)
        assert step > 5


def test_killed_again_and_again(killing: Killing, served: Sandbox, tmp_path: Path) -> None:
    whole, _ = undisturbed(killing, served, tmp_path / "whole", {"list_all": True})
    folder = tmp_path / "again"
    folder.mkdir()
    path = folder / "backup.ndjson"
    runs = 0
    # At its tenth request each: the list was had, and a part of the connections.
    while not path.exists():
        killing.run(WRITE, order(served, path, list_all=True, workers=1), at=list(points(10))[-1 - runs % 2])
        runs += 1
        assert runs < 20
    assert runs > 1
    same(path, whole)


def test_two_processes_at_once_do_not_mix(killing: Killing, served: Sandbox, tmp_path: Path) -> None:
    path, ready, go = tmp_path / "backup.ndjson", tmp_path / "ready", tmp_path / "go"
    arguments = order(served, path, list_all=True)
    source = (
        "import httpx, json, sys; from admin.backup.crashing import write_when_told;"
        " write_when_told(httpx.Client(trust_env=False), **json.loads(sys.argv[1]))"
    )
    told = json.dumps({**arguments, "ready": str(ready), "go": str(go)})
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    first = subprocess.Popen([sys.executable, "-c", source, told], env=environment)
    try:
        while not ready.exists():
            assert first.poll() is None
            time.sleep(0.01)
        second = killing.run(WRITE, arguments)
        assert second.error is not None
        assert second.error.startswith("JobError: Another process is using")
        assert second.requests == 0
        go.touch()
        assert first.wait(timeout=30) == 0
    finally:
        first.kill()
        first.wait()
    assert Archive(path).verify().connections == CONNECTIONS
    assert names_in(tmp_path) == WHOLE | {"ready", "go"}
