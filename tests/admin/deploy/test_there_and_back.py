"""What is deployed into a fresh tenant, and from there back, is what it was: ids aside, the same workspaces."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import apply, backup, plan_deploy, read_id_map
from qlik_automation_connections.sandbox import Sandbox

from .scene import opened

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT | st.sampled_from(["{$.x}", "datasource", "used-0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
SETTING = st.fixed_dictionaries(
    {"id": st.sampled_from(["datasource", "other"]), "value": st.sampled_from(["used-0", "used-1", "{$.x}", None])},
    optional={"displayValue": JUNK},
)
BLOCK = st.fixed_dictionaries(
    {"id": TEXT, "settings": st.lists(SETTING, max_size=3)}, optional={"x": JUNK, "inputs": JUNK}
)
WORKSPACE = st.fixed_dictionaries({"blocks": st.lists(BLOCK, max_size=3)}, optional={"variables": JUNK})


@pytest.fixture(scope="module")
def one() -> Iterator[Sandbox]:
    with Sandbox(connections=6) as running:
        yield running


@pytest.fixture(scope="module")
def other() -> Iterator[Sandbox]:
    with Sandbox(connections=0, name="other") as running:
        yield running


def bound(workspace: Any, ids: dict[str, str]) -> Any:
    """The workspace with ids of connections where it uses them, and nowhere else."""
    bound = json.loads(json.dumps(workspace))
    for block in bound["blocks"]:
        for setting in block["settings"]:
            if setting["id"] == "datasource":
                setting["value"] = ids.get(setting["value"], setting["value"])
    return bound


@given(WORKSPACE)
def test_there_and_back(one: Sandbox, other: Sandbox, workspace: Any) -> None:
    used = [item["id"] for item in one.snapshot()][:2]
    with tempfile.TemporaryDirectory() as folder, opened(one) as here, opened(other) as there:
        wanted = bound(workspace, {"used-0": used[0], "used-1": used[1]})
        made = here.automations.create(name="Made up")
        here.automations.change_owner(made.id, user_id=one.users[3].id)
        here.automations.update(made.id, workspace=wanted)
        before = one.automation_snapshot()
        ids = moved(here, there, Path(folder, "there"), {})
        new = {f"used-{number}": ids[id] for number, id in enumerate(used) if id in ids}
        arrived = next(item for item in other.automation_snapshot() if item["id"] == ids[made.id])
        uses = {setting["value"] for block in workspace["blocks"] for setting in block["settings"]}
        assert arrived["workspace"] == bound(workspace, {name: new.get(name, name) for name in uses if name})
        moved(there, here, Path(folder, "back"), {new: old for old, new in ids.items()})
        assert one.automation_snapshot() == before
        here.automations.delete(made.id)
        there.automations.delete(ids[made.id])


def moved(source: Tenant, target: Tenant, path: Path, id_map: dict[str, str]) -> dict[str, str]:
    """Deploys the automation and its connections, and returns the new ids."""
    backup(source, path, list_all=True, automations=True, filter='name eq "Made up"', values_template=False)
    plan = plan_deploy(target, path, list_all=True, id_map=id_map)
    if id_map:
        assert (plan.is_in_sync, plan.to_do) == (True, 0), [step.to_dict() for step in plan.steps]
    journal = f"{path}.journal"
    assert apply(target, plan, journal=journal, check=False).is_complete
    return read_id_map(f"{journal}.id-map.json")
