"""Blocks of the service's own connector get the new owner's connection, or null, and are listed apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qlik_automation_connections import Tenant
from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.admin import apply, backup, plan_restore, read_id_map, remap
from qlik_automation_connections.admin._managed import MANAGED_CONNECTOR_ID
from qlik_automation_connections.sandbox import Sandbox

from .exports import MAP, NEW, OLD, Remap, block, dumped

OWN = "44444444-aaaa-4bbb-8ccc-000000000004"
OWN_NEW = "55555555-dddd-4eee-8fff-000000000005"

GUID = {"datasourcetype_guid": MANAGED_CONNECTOR_ID}
FORMS: list[dict[str, Any]] = [
    GUID,
    {"datasourcetype_guid": MANAGED_CONNECTOR_ID.upper()},
    {"type": "OpenFileBlock", "inputs": [{"id": "datasourcetype", "value": "Qlik Cloud Services"}]},
    {
        "type": "StartBlock",
        "inputs": [{"id": "run_mode"}, {"id": "datasourcetype_guid", "value": MANAGED_CONNECTOR_ID}],
    },
    {"inputs": {"value": [{"id": "datasourcetype", "value": "Qlik Cloud Services"}], "Count": 1}},
]


def document(value: Any, more: dict[str, Any]) -> dict[str, Any]:
    return {"id": "A1", "workspace": {"blocks": [block(OLD, id="B0"), block(value, **more)], "variables": []}}


def test_is_mapped_or_null_and_then_complete(tmp_path: Path) -> None:
    for more in FORMS:
        for new in [OWN_NEW, None]:
            path = tmp_path / "export.json"
            path.write_text(dumped(document(OWN, more)), encoding="utf-8")
            ids = MAP if new is None else {**MAP, OWN: new}
            report = remap(path, ids, in_place=True)
            (file,) = report.files
            blocks = json.loads(path.read_bytes())["workspace"]["blocks"]
            assert [each["settings"][1]["value"] for each in blocks] == [NEW, new], more
            assert [(each.old, each.new, each.block_id) for each in file.managed] == [(OWN, new, "B1")], more
            assert [each.old for each in file.replaced] == [OLD], more
            assert (file.unmapped, file.mentions, report.summary.managed) == ((), (), 1), more
            assert remap(path, ids).is_complete, more


def test_other_blocks_are_not_taken_for_one(remapped: Remap) -> None:
    others: list[dict[str, Any]] = [
        {},
        {"datasourcetype_guid": "3004e850-1985-11ee-8ce4-b7e4e4e4e4e4"},
        {"displayName": "Qlik Cloud Services"},
        {"inputs": [{"id": "datasourcetype", "value": "Dropbox"}, {"id": "text", "value": "Qlik Cloud Services"}]},
        {"inputs": "Qlik Cloud Services"},
    ]
    for more in others:
        content, report = remapped(dumped(document(OWN, more)), MAP)
        assert [each.id for each in report.unmapped] == [OWN]
        assert (OWN in content.decode(), report.managed) == (True, ())


def test_what_is_no_id_stays(remapped: Remap) -> None:
    cases: list[Any] = [None, "", "{$.x}", 7]
    for value in cases:
        content, report = remapped(dumped(document(value, GUID)), MAP)
        assert content.decode() == dumped(document(value, GUID)).replace(OLD, NEW), value
        assert report.managed == (), value


def test_the_diff_and_the_command_list_them_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.json").write_text(json.dumps({**MAP, OWN: OWN_NEW}), encoding="utf-8")
    Path("a.json").write_text(dumped(document(OWN, GUID)), encoding="utf-8")
    Path("b.json").write_text(dumped(document("gone", GUID)), encoding="utf-8")
    run = ["remap", "a.json", "b.json", "--id-map", "map.json"]
    shown = CliRunner().invoke(qac, [*run, "--diff"]).stdout
    assert '-            "value": "gone",\n+            "value": null,\n' in shown
    apart = shown[shown.index("Connections that the service manages itself:") :].split("\n")[2:4]
    assert [line.split()[1:] for line in apart] == [[OWN, OWN_NEW], ["gone", "null"]]
    assert "Left for you" not in shown
    assert CliRunner().invoke(qac, [*run, "--check"]).exit_code == 1
    assert CliRunner().invoke(qac, [*run, "--in-place", "--yes"]).exit_code == 0
    assert CliRunner().invoke(qac, [*run, "--check"]).exit_code == 0


def test_a_restore_leads_to_the_connection_that_the_new_owner_has(tmp_path: Path) -> None:
    with Sandbox(connections=2) as one, Sandbox(connections=0, name="production") as two:
        mine, theirs, other = (one.add_managed(user.id) for user in one.users[:3])
        there = two.add_managed(two.users[4].id)
        with Tenant(one.url, api_key=one.api_key) as development:
            backup(development, tmp_path / "a.ndjson", list_all=True)
        # Two users' connections become one user's; the third user has none.
        owners = {one.users[0].id: two.users[4].id, one.users[1].id: two.users[4].id, one.users[2].id: two.users[5].id}
        with Tenant(two.url, api_key=two.api_key) as production:
            plan = plan_restore(production, tmp_path / "a.ndjson", list_all=True, owners=owners)
            report = apply(production, plan, journal=tmp_path / "j")
    ids = read_id_map(report.id_map)
    assert (ids[mine], ids[theirs], other in ids) == (there, there, False)
    path = tmp_path / "export.json"
    blocks = [block(each, **GUID) for each in (mine, theirs, other)]
    path.write_text(dumped({"blocks": blocks}), encoding="utf-8")
    remap(path, ids, in_place=True)
    written = json.loads(path.read_bytes())["blocks"]
    assert [each["settings"][1]["value"] for each in written] == [there, there, None]
    assert remap(path, ids).is_complete
