"""Owners and spaces of a backup are found in another tenant by what the backup notes of them."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from qlik_automation_connections.admin import RestorePlan, backup, plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox
from qlik_automation_connections.sandbox._models import User

from .scene import Opener, Scene


@pytest.fixture
def noted(at: Opener, tmp_path: Path) -> Path:
    path = tmp_path / "noted.ndjson"
    with Sandbox(connections=12) as development:
        backup(at(development), path, list_all=True)
    return path


def _owner(tenant: Sandbox, noted: Path) -> User:
    """The counterpart of a user whom the backup notes."""
    lines = [json.loads(line) for line in noted.read_text(encoding="utf-8").splitlines()]
    address = next(line["email"] for line in lines if line["type"] == "user")
    return next(user for user in tenant.users if user.email == address)


def edited(path: Path, changes: dict[str, dict[str, str]]) -> Path:
    """The backup with other users; the checksum of its lines is not right then, and made anew."""
    import hashlib

    *lines, manifest = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    text = "".join(json.dumps({**line, **changes.get(line.get("name") or "", {})}) + "\n" for line in lines)
    manifest["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(text + json.dumps(manifest) + "\n", encoding="utf-8")
    return path


def test_connections_go_to_the_users_with_the_same_address_and_the_spaces_with_the_same_name(
    scene: Scene, noted: Path
) -> None:
    plan = scene.plan(noted)
    assert (plan.notes, plan.questions) == ([], [])
    scene.apply(plan)
    assert scene.found() == scene.wanted(12)


def test_given_mappings_come_first(scene: Scene, noted: Path) -> None:
    old, new = scene.source.users[1].id, scene.target.users[5].id
    space = scene.source.spaces[0].id
    plan = scene.plan(noted, owners={old: new}, spaces={space: None})
    plain = scene.plan(noted)
    moved = [(ours, theirs) for ours, theirs in zip(plan.steps, plain.steps, strict=True) if ours != theirs]
    assert moved
    assert all(ours.owner_id == new or ours.space_id == "" for ours, _ in moved)


def test_who_has_another_address_is_found_by_subject(scene: Scene, noted: Path) -> None:
    before = scene.plan(noted)
    user = _owner(scene.target, noted)
    moved = edited(noted, {user.name: {"email": "somebody.else@example.com"}})
    assert [step.owner_id for step in scene.plan(moved).steps] == [step.owner_id for step in before.steps]


def test_what_is_missing_is_said_before_anything_is_sent(scene: Scene, noted: Path) -> None:
    user, space = _owner(scene.target, noted), scene.target.spaces[0]
    changes = {user.name: {"email": "gone@example.com", "subject": "gone"}, space.name: {"name": "Gone"}}
    path = edited(noted, changes)
    plan = scene.plan(path)
    assert any(f"{user.name} <gone@example.com>" in note for note in plan.notes)
    assert any("Gone" in note for note in plan.notes)
    assert {step.owner_id for step in plan.steps if any("is not mapped" in note for note in step.notes)} >= {None}
    assert not [entry for entry in scene.target.ledger if entry.method != "GET"]


def test_two_that_fit_are_a_question(at: Opener, noted: Path) -> None:
    production = Sandbox(connections=0, name="production")
    first, state = _owner(production, noted), production._state
    state.users = (*state.users, attrs.evolve(first, id="second", subject="other"))
    with production:
        plan = plan_restore(at(production), noted, list_all=True)
        asked = [step for step in plan.steps if step.reason == "owner-ambiguous"]
        assert asked
        assert all(step.action == "ask" and "second" in step.sentence for step in asked)
        for step in asked:
            step.action, step.owner_id = "create", "second"
        RestorePlan.from_dict(plan.to_dict())


def test_a_tenant_that_shows_no_users_is_restored_into_without_them(scene: Scene, noted: Path) -> None:
    scene.target.fail(Fault("getUsers", kind="status", status=403))
    plan = scene.plan(noted)
    assert any("Users were not matched" in note and "owners" in note for note in plan.notes)
    assert {step.owner_id for step in plan.steps if step.action == "create"} == {None}
    assert any(step.space_id for step in plan.steps)


def test_within_one_tenant_nobody_is_looked_up(own: Scene) -> None:
    backup(own.tenant, own.folder / "backup.ndjson", list_all=True)
    own.target.ledger.clear()
    own.plan(own.folder / "backup.ndjson")
    assert not [entry for entry in own.target.ledger if "users" in entry.path or "spaces" in entry.path]
