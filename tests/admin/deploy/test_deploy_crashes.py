"""A deployment that is killed at any request, and run again, ends as one that nobody disturbed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from admin.crash.killing import POSSIBLE, At, Ended, Killing, points
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.sandbox import Sandbox
from sampling import sampled_and_whole

from .scene import backed_up, development_tenant, state

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")

DEPLOY = "admin.deploy.crashing:deploy"
UNDO = "admin.deploy.crashing:undo_all"
CREATING = ("createAutomation", "createAutomationConnection")


def _production() -> Sandbox:
    return Sandbox(connections=4, name="production")


@define
class Undisturbed:
    """What a deployment comes to that nobody disturbs."""

    requests: int
    state: list[dict[str, Any]]
    id_map: dict[str, str]
    created: int
    journal: Path


def run(killing: Killing, source: Path, sandbox: Sandbox, journal: Path, at: At | None = None) -> Ended:
    arguments = {
        "url": sandbox.url, "key": sandbox.api_key, "secret": sandbox.client_secret, "source": str(source),
        "journal": str(journal), "only": ["Tidy up Slack 3", "Report on [HS]*"],
    }  # fmt: skip
    return killing.run(DEPLOY, arguments, at=at)


def id_map(journal: Path) -> dict[str, str]:
    return read_id_map(journal.with_name(f"{journal.name}.id-map.json"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup with an automation that the target has already, and some that it lacks."""
    with development_tenant() as development:
        return backed_up(development, tmp_path_factory.mktemp("source") / "backup.ndjson")


@pytest.fixture(scope="module")
def killing() -> Iterator[Killing]:
    with Killing("admin.deploy.crashing", "qlik_automation_connections.admin._deploy.applying") as running:
        yield running


@pytest.fixture(scope="module")
def undisturbed(source: Path, killing: Killing, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    journal = tmp_path_factory.mktemp("undisturbed") / "journal"
    with _production() as sandbox:
        ended = run(killing, source, sandbox, journal)
        assert ended.error is None
        made = Counter(entry.operation for entry in sandbox.ledger if entry.operation in CREATING)
        assert made["createAutomation"] > 2
        assert ended.result["summary"]["updated"] == 1
        assert ended.result["summary"]["created"] == made["createAutomation"]
        return Undisturbed(ended.requests, state(sandbox), id_map(journal), made.total(), journal)


@sampled_and_whole
def test_killed_at_any_request_and_run_again_it_ends_the_same(
    source: Path, killing: Killing, undisturbed: Undisturbed, tmp_path: Path, step: int
) -> None:
    for number, point in enumerate(points(undisturbed.requests, step)):
        journal = tmp_path / f"journal-{number}"
        with _production() as sandbox:
            assert run(killing, source, sandbox, journal, point).killed, point
            ended = run(killing, source, sandbox, journal)
            assert ended.error is None, point
            assert ended.result["is_complete"], point
            assert state(sandbox) == undisturbed.state, point
            assert id_map(journal) == undisturbed.id_map, point
            made = [entry for entry in sandbox.ledger if entry.operation in CREATING]
            assert len(made) == undisturbed.created, point


@sampled_and_whole
def test_an_undo_that_is_killed_and_run_again_ends_as_before(
    source: Path, killing: Killing, tmp_path: Path, step: int
) -> None:
    with _production() as sandbox:
        before = state(sandbox)
        signed_in = {"url": sandbox.url, "key": sandbox.api_key, "secret": sandbox.client_secret}
        requests = 0
        for number, point in enumerate([None, *points(60, 3 * step)]):
            journal = tmp_path / f"journal-{number}"
            assert run(killing, source, sandbox, journal).error is None
            undo = {**signed_in, "file": f"{journal}.undo.ndjson"}
            ended = killing.run(UNDO, undo, at=point)
            requests = requests or ended.requests
            if ended.killed:
                ended = killing.run(UNDO, undo)
            assert ended.error is None
            assert ended.result["is_complete"], ended.result
            assert state(sandbox) == before, point
            if point is not None and point.number >= requests:
                break
