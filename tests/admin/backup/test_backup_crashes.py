"""Killed anywhere and run again, a backup ends as one that nobody disturbed, but for times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from admin.backup.archives import but_for_times, lines, names_in
from admin.crash.killing import POSSIBLE, Killing, points
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._parallel import WORKERS
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.sandbox import Sandbox
from sampling import sampled_and_whole

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")

WRITE = "admin.backup.crashing:write"
CONNECTIONS = 7
PAGE = 3
WHOLE = {"backup.ndjson", "backup.values.ndjson"}


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
    whole, _ = undisturbed(killing, served, tmp_path / "whole", {"list_all": True, "people": False})
    stepwise = "admin.backup.crashing:write_stepwise"
    counting = tmp_path / "counting"
    counting.mkdir()
    arguments = order(served, counting / "backup.ndjson", list_all=True, people=False)
    steps = killing.run(stepwise, {**arguments, "kill_at": None}).result["steps"]
    assert steps > CONNECTIONS // PAGE
    whole_at: list[int] = []
    for step in range(1, steps + 1):
        folder = tmp_path / f"step {step}"
        folder.mkdir()
        path = folder / "backup.ndjson"
        assert killing.run(stepwise, {**order(served, path, list_all=True, people=False), "kill_at": step}).killed
        is_whole = path.exists()
        ended = killing.run(WRITE, order(served, path, list_all=True, people=False))
        if is_whole:
            # All was done but to report it.
            assert "already exists" in str(ended.error), step
            whole_at.append(step)
        else:
            assert ended.error is None, step
            assert ended.result["connections"] == CONNECTIONS
        same(path, whole)
    assert len(whole_at) < 3


def test_killed_at_every_step_to_the_disk_while_it_overwrites(killing: Killing, tmp_path: Path) -> None:
    stepwise = "admin.backup.crashing:write_stepwise"
    with Sandbox(connections=PAGE) as sandbox:
        whole, _ = undisturbed(killing, sandbox, tmp_path / "whole", {"list_all": True, "people": False})
        step = 0
        killed = True
        while killed:
            step += 1
            folder = tmp_path / f"step {step}"
            folder.mkdir()
            for name in WHOLE:
                (folder / name).write_text("an older one", encoding="utf-8")
            arguments = order(sandbox, folder / "backup.ndjson", list_all=True, people=False, overwrite=True)
            killed = killing.run(stepwise, {**arguments, "kill_at": step}).killed
            ended = killing.run(WRITE, arguments)
            assert ended.error is None, step
            same(folder / "backup.ndjson", whole)
        assert step > 5


def test_killed_again_and_again(killing: Killing, served: Sandbox, tmp_path: Path) -> None:
    whole, _ = undisturbed(killing, served, tmp_path / "whole", {"list_all": True, "people": False})
    folder = tmp_path / "again"
    folder.mkdir()
    path = folder / "backup.ndjson"
    runs = 0
    # At its sixth request each: the list was had, and a part of the connections.
    while not path.exists():
        killing.run(
            WRITE, order(served, path, list_all=True, people=False, workers=1), at=list(points(6))[-1 - runs % 2]
        )
        runs += 1
        assert runs < 20
    assert runs > 1
    same(path, whole)


def test_two_at_once_do_not_mix(served: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "backup.ndjson"
    refused: list[str] = []
    served.ledger.clear()
    with (
        Tenant(served.url, api_key=served.api_key) as first,
        Tenant(served.url, api_key=served.user_api_key) as second,
    ):

        def begin_another(_: Progress) -> None:
            with pytest.raises(JobError, match="Another process is using") as caught:
                backup(second, path)
            refused.append(str(caught.value))

        backup(first, path, list_all=True, page_size=PAGE, on_progress=begin_another)
    assert len(refused) == CONNECTIONS
    # The other one asked for nothing.
    assert {entry.principal for entry in served.ledger} == {f"user:{served.users[0].id}"}
    assert Archive(path).verify().connections == CONNECTIONS
    assert names_in(tmp_path) == WHOLE
