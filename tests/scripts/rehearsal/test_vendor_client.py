"""Qlik's own TypeScript client works against the sandbox: vendor_client/walk.mjs does all operations, on both paths."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.operations import OPERATIONS
from steps import ROOT, run

GENERATIONS = 2


@pytest.mark.exhaustive
@pytest.mark.skipif(not shutil.which("npm") or not shutil.which("node"), reason="Node.js and npm are not installed")
def test_every_operation_takes_effect_on_each_generation_of_its_path(tmp_path: Path) -> None:
    for name in ("package.json", "walk.mjs"):
        shutil.copy(ROOT / "scripts" / "vendor_client" / name, tmp_path)
    run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", folder=tmp_path, capture=True)
    with Sandbox() as sandbox:
        before = [sandbox.snapshot(secrets=True), sandbox.automation_snapshot(secrets=True)]
        key = sandbox.api_key
        printed = run("node", "walk.mjs", folder=tmp_path, capture=True, QLIK_TENANT_URL=sandbox.url, QLIK_API_KEY=key)
        assert [sandbox.snapshot(secrets=True), sandbox.automation_snapshot(secrets=True)] == before
        done = {(entry.operation, f"{entry.path}/") for entry in sandbox.ledger if entry.processed}
    # The walk can't know how many connections there are, so it is checked here that its list was complete.
    assert printed.count(f" {len(before[0])} connections on ") == GENERATIONS
    for operation in OPERATIONS.values():
        for path in {path.partition("/{")[0] for path in (operation.path, operation.v1_path)}:
            assert any(id == operation.id and asked.startswith(f"{path}/") for id, asked in done), (operation.id, path)
