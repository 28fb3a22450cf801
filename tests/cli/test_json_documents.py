"""What --json prints of a job says its format and version, and is as its published schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.invoking import At

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
EXPORT = {"name": "Nightly", "workspace": {"blocks": [{"settings": [{"id": "datasource", "value": "old"}]}]}}


def held_to_its_schema(document: dict[str, Any]) -> str:
    """Validates a document by the schema that its format names; returns that name."""
    name = str(document["format"]).removeprefix("qlik-automation-connections/")
    assert document["version"] == 1
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    return name


def test_jobs_print_documents_and_lists_are_plain_arrays(
    at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "nightly.json").write_text(json.dumps(EXPORT), encoding="utf-8")
    (tmp_path / "ids.json").write_text('{"old": "new"}', encoding="utf-8")
    assert at("backup", "b.ndjson", "--all").exit_code == 0
    id, old, new = at.ids[0], at.sandbox.users[0].id, at.sandbox.users[1].id
    for arguments, format in (
        (["audit", "--all"], "audit"),
        (["check", "--all"], "check"),
        (["usage", id], "usage"),
        (["backup", "other.ndjson", "--all"], "backup-report"),
        (["backup", "verify", "b.ndjson"], "backup-summary"),
        (["restore", "b.ndjson", "--all", "--dry-run"], "restore-plan"),
        (["restore", "b.ndjson", "--all", "--yes"], "restore-report"),
        (["handover", "--from", old, "--to", new, "--dry-run"], "handover-plan"),
        (["handover", "--from", old, "--to", new, "--yes"], "handover-report"),
        (["remap", "exports", "--id-map", "ids.json"], "remap-report"),
        (["delete", id, "--dry-run"], "bulk-report"),
        (["change-owner", id, "--to", new, "--yes"], "bulk-report"),
    ):
        assert held_to_its_schema(json.loads(at(*arguments, "--json").stdout)) == format
    for arguments in (["list", "--all"], ["backup", "show", "b.ndjson"]):
        listed = at.json(*arguments)
        assert isinstance(listed, list)
        assert listed
        assert all("format" not in item for item in listed)
