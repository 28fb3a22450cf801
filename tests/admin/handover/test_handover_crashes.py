"""Processes that are killed at every request: run again, all ends as if nothing had happened; undone, as it began."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from admin.crash.killing import POSSIBLE, At, Ended, Killing, points
from admin.handover.scene import CHANGES, CONNECTIONS, State, state
from qlik_automation_connections.sandbox import Sandbox
from sampling import sampled_and_whole

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="a process can't be forked here")


@frozen
class Stage:
    """A tenant, a folder, and what kills processes.

    Attributes:
        before: what the tenant was like at first.
    """

    killing: Killing
    sandbox: Sandbox
    folder: Path
    before: State = field()

    @before.default
    def _now(self) -> State:
        return state(self.sandbox)

    @property
    def undo_file(self) -> Path:
        """The undo file."""
        return self.folder / "handover.undo.json"

    def hand_over(self, at: At | None = None) -> Ended:
        """Hands five connections over, which are in spaces of every kind."""
        old, new = self.sandbox.users[8].id, self.sandbox.users[5].id
        space = next(item["spaceId"] for item in self.before if item["ownerId"] == old and item["spaceId"])
        return self._run("admin.handover.crashing:hand_over", at, old=old, new=new, space=space)

    def undo(self, at: At | None = None) -> Ended:
        """Applies the undo file."""
        return self._run("admin.handover.crashing:undo", at)

    def _run(self, work: str, at: At | None, **people: str) -> Ended:
        arguments: dict[str, Any] = {"url": self.sandbox.url, "key": self.sandbox.api_key, "folder": str(self.folder)}
        return self.killing.run(work, {**arguments, **people}, at=at)

    def is_as_at_first(self) -> bool:
        """Whether the tenant is what it was."""
        return state(self.sandbox) == self.before


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all: what a test leaves behind is what it began with, or the test fails."""
    with Sandbox(connections=CONNECTIONS) as running:
        yield running


@pytest.fixture(scope="module")
def killing() -> Iterator[Killing]:
    with Killing("admin.handover.crashing") as running:
        yield running


@frozen
class Undisturbed:
    """How it goes when nobody is killed."""

    after: State
    hand_over: Ended
    undo: Ended


@pytest.fixture(scope="module")
def undisturbed(killing: Killing, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    stage = Stage(killing, sandbox, tmp_path_factory.mktemp("undisturbed"))
    handed = stage.hand_over()
    after = state(sandbox)
    undone = stage.undo()
    assert handed.result["summary"] == undone.result["summary"] == {"moved": 5, "already": 0, "skipped": 0, "failed": 0}
    assert after != stage.before
    assert stage.is_as_at_first()
    assert handed.requests > 15
    return Undisturbed(after, handed, undone)


@pytest.fixture
def stages(killing: Killing, sandbox: Sandbox, undisturbed: Undisturbed, tmp_path: Path) -> Iterator[Iterator[Stage]]:
    """Folders without end, before a tenant that is as at first each time."""
    first = state(sandbox)

    def one_after_the_other() -> Iterator[Stage]:
        for number in range(10_000):
            folder = tmp_path / str(number)
            folder.mkdir()
            stage = Stage(killing, sandbox, folder)
            assert stage.before == first
            yield stage

    yield one_after_the_other()
    assert state(sandbox) == first


@sampled_and_whole
def test_killed_at_every_request_and_run_again_it_ends_as_undisturbed(
    stages: Iterator[Stage], undisturbed: Undisturbed, step: int
) -> None:
    for at, stage in zip(points(undisturbed.hand_over.requests, step), stages, strict=False):
        assert stage.hand_over(at).killed, at
        again = stage.hand_over()
        assert again.error is None, at
        # The old owner's list has fewer of them by then, and none may be lost.
        assert (again.result["is_complete"], again.result["summary"]["moved"]) == (True, 5), at
        assert state(stage.sandbox) == undisturbed.after, at
        assert stage.undo().error is None, at
        assert stage.is_as_at_first(), at


@sampled_and_whole
def test_killed_at_every_request_and_undone_it_ends_as_it_began(
    stages: Iterator[Stage], undisturbed: Undisturbed, step: int
) -> None:
    for at, stage in zip(points(undisturbed.hand_over.requests, step), stages, strict=False):
        asked = len(stage.sandbox.ledger)
        assert stage.hand_over(at).killed, at
        if stage.undo_file.exists():
            undone = stage.undo()
            assert undone.error is None, at
            assert undone.result["is_complete"], at
        else:
            sent = {entry.operation for entry in list(stage.sandbox.ledger)[asked:]}
            assert sent.isdisjoint(CHANGES), "nothing is changed before the undo file is there"
        assert stage.is_as_at_first(), at


@sampled_and_whole
def test_killed_at_every_request_of_the_undo_and_run_again_it_ends_as_it_began(
    stages: Iterator[Stage], undisturbed: Undisturbed, step: int
) -> None:
    for at, stage in zip(points(undisturbed.undo.requests, step), stages, strict=False):
        assert stage.hand_over().error is None
        assert state(stage.sandbox) == undisturbed.after
        assert stage.undo(at).killed, at
        again = stage.undo()
        assert again.error is None, at
        assert (again.result["is_complete"], again.result["summary"]["moved"]) == (True, 5), at
        assert stage.is_as_at_first(), at


@pytest.mark.exhaustive
def test_killed_again_and_again_it_still_ends_as_undisturbed(stages: Iterator[Stage], undisturbed: Undisturbed) -> None:
    stage = next(stages)
    # Each run lists both owners' connections first; what comes after that reaches one request further each time.
    deaths = 0
    for number in range(3, 100):
        if not stage.hand_over(At(number, "after")).killed:
            break
        deaths += 1
    assert deaths > 5
    assert state(stage.sandbox) == undisturbed.after
    assert stage.undo().result["summary"]["moved"] == 5
    assert stage.is_as_at_first()
