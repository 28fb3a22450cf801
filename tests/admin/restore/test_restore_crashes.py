"""A restore that is killed at any request, and run again, ends as one that nobody disturbed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from admin.crash.killing import POSSIBLE, At, Ended, Killing, points
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.sandbox import Sandbox
from sampling import few, sampled_and_whole

from .archives import owners, spaces, values_of, write_archive
from .state import state

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")

WORK = "admin.restore.crashing:restore"
MODULES = ("admin.restore.crashing", "qlik_automation_connections.admin._restore.applying")


def _production() -> Sandbox:
    return Sandbox(connections=3, name="production")


@define
class Scene:
    """An archive of twins with a stranger's name, one that asks for consent, and one that exists and differs."""

    archive: Path
    arguments: dict[str, Any]

    def run(self, killing: Killing, sandbox: Sandbox, journal: Path, at: At | None = None) -> Ended:
        arguments = {"url": sandbox.url, "key": sandbox.api_key, "journal": str(journal), **self.arguments}
        return killing.run(WORK, arguments, at=at)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    source = Sandbox(connections=20)
    target = _production()
    items = {item["name"]: item for item in source.snapshot()}
    mail = next(item for item in items.values() if item["connectorId"] == source.connectors[0].id and item["spaceId"])
    consent = next(item for item in items.values() if item["connectorId"] == source.connectors[2].id)
    http = next(item for item in items.values() if item["connectorId"] == source.connectors[4].id)
    existing, stranger = (item for item in target.snapshot() if item["connectorId"] == mail["connectorId"])
    elsewhere = {"spaceId": source.spaces[4].id, "ownerId": source.users[5].id}
    twins = [{**mail, **elsewhere, "id": f"twin-{number}", "name": stranger["name"]} for number in (1, 2)]
    params = [{**param, "id": f"archived-{param['name']}"} for param in existing["params"]]
    renamed = {
        **http, "id": "renamed", "name": "Another name", "connectorId": existing["connectorId"], "params": params,
        "spaceId": source.spaces[1].id, "ownerId": source.users[3].id,
    }  # fmt: skip
    archive = write_archive(
        tmp_path_factory.mktemp("archive") / "backup.ndjson",
        [twins[0], {**consent, "name": "Consent"}, renamed, twins[1], {**http, "name": "Plain"}],
    )
    values = [(id, param, value) for (id, param), value in values_of(source).items() if id == http["id"]]
    values += [(f"twin-{number}", "password", f"a twin's secret {number}") for number in (1, 2)]
    values += [("renamed", param["name"], f"new {param['name']}") for param in params]
    arguments = {
        "archive": str(archive),
        "values": values,
        "id_map": {"renamed": existing["id"]},
        "owners": owners(source, target),
        "spaces": spaces(source, target),
    }
    return Scene(archive, arguments)


@pytest.fixture(scope="module")
def killing() -> Iterator[Killing]:
    with Killing(*MODULES) as running:
        yield running


@define
class Undisturbed:
    """What a restore comes to that nobody disturbs."""

    requests: int
    state: list[dict[str, Any]]
    id_map: dict[str, str]


@pytest.fixture(scope="module")
def undisturbed(scene: Scene, killing: Killing, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    journal = tmp_path_factory.mktemp("undisturbed") / "journal"
    with _production() as sandbox:
        before = state(sandbox)
        ended = scene.run(killing, sandbox, journal)
        after = state(sandbox)
    assert ended.error is None
    assert ended.result["summary"] == {
        "created": 4, "adopted": 0, "updated": 1, "skipped": 0, "asked": 0, "failed": 0, "left": 0,
    }  # fmt: skip
    assert len(after) == len(before) + 4
    assert sum(item in after for item in before) == len(before) - 1
    return Undisturbed(ended.requests, after, _id_map(journal))


def _id_map(journal: Path) -> dict[str, str]:
    found = read_id_map(journal.with_name(f"{journal.name}.id-map.json"))
    assert isinstance(found, dict)
    return found


def _same(sandbox: Sandbox, ended: Ended, journal: Path, undisturbed: Undisturbed) -> None:
    assert ended.error is None
    assert ended.result["is_complete"]
    assert state(sandbox) == undisturbed.state
    assert _id_map(journal) == undisturbed.id_map
    made = Counter(entry.connection_id for entry in sandbox.ledger.select(operation="createAutomationConnection"))
    assert len(made) == 4


@sampled_and_whole
def test_killed_at_any_request_and_run_again_it_ends_the_same(
    scene: Scene, killing: Killing, undisturbed: Undisturbed, tmp_path: Path, step: int
) -> None:
    for number, point in enumerate(points(undisturbed.requests, step)):
        journal = tmp_path / f"journal-{number}"
        with _production() as sandbox:
            assert scene.run(killing, sandbox, journal, point).killed, point
            _same(sandbox, scene.run(killing, sandbox, journal), journal, undisturbed)


@pytest.mark.parametrize("seed", few(range(16)))
def test_killed_twice_and_run_again_it_ends_the_same(
    scene: Scene, killing: Killing, undisturbed: Undisturbed, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    journal = tmp_path / "journal"
    with _production() as sandbox:
        for _ in range(2):
            point = At(chance.randint(1, undisturbed.requests), chance.choice(["before", "after"]))
            # A run that goes on has fewer requests left, and may be done before it is to be killed.
            ended = scene.run(killing, sandbox, journal, point)
            assert ended.killed or ended.error is None
        _same(sandbox, scene.run(killing, sandbox, journal), journal, undisturbed)
