"""What a maintainer does when the service's reference page changes, rehearsed in a clone that is thrown away.

A page in the vendor's form, made from the spec, gets a new optional field, a new enum value and loses a response;
`check_docs` must list exactly those. The spec is edited and the client generated; the field must be in the public
model, `check_api` must say that nothing breaks, and the built wheel must have the field.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import steps
from steps import ROOT, environment, git

BASE = "rehearsal-base"
FIELD = "lastCheckedAt"
LIST = "### GET /api/workflows/automation-connections\n"
CHECK = "### POST /api/workflows/automation-connections/{id}/actions/check\n"
ROW = "| `isConnected` | boolean | No | Something. |\n"
NEW_ROW = f"| `{FIELD}` | string | No | Something. |\n"
NEW_PROPERTY = f"""        {FIELD}:
          type: string
          description: When the service last tried the connection.
"""
USE = f"""
from qlik_automation_connections import ConnectionSummary
read = ConnectionSummary.from_dict({{"id": "a", "{FIELD}": "2026-01-02T03:04:05Z"}})
assert read.last_checked_at == "2026-01-02T03:04:05Z" and "{FIELD}" not in read.additional_properties
print("the installed wheel reads last_checked_at")
"""


PAGE = """
import sys; sys.path[:0] = ['scripts', 'tests']
from pathlib import Path
from scripts.own_page.rendering import render
from reference_page.spec import Spec, read_spec
spec = Spec(Path('spec/openapi.yaml').read_text(encoding='utf-8'))
print(render(read_spec(spec, ['/api/workflows/automation-connections'])))
"""


def run(folder: Path, *command: str | Path, code: int = 0) -> str:
    """Run Python on the packages of a clone, and return what it prints."""
    path = os.pathsep.join(str(folder / part) for part in ("overlays", "generated"))
    return steps.run(sys.executable, *command, folder=folder, capture=True, codes=(code,), PYTHONPATH=path)


def clone(folder: Path) -> None:
    """Copy the checkout, with what is not committed, into a repository with a release."""
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    write_changelog(folder, "")
    nobody = ("-c", "user.name=rehearsal", "-c", "user.email=rehearsal@example.com", "-c", "commit.gpgsign=false")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "state"), ("tag", BASE)):
        git(folder, *nobody, *command)


def changed(page: str) -> str:
    """Change a page as the vendor might: a field more, a value more, a response less."""
    at = page.index(ROW, page.index(LIST)) + len(ROW)
    page = page[:at] + NEW_ROW + page[at:]
    at = page.index('"-updatedAt" |', page.index(LIST)) + len('"-updatedAt"')
    page = page[:at] + ', "ownerId"' + page[at:]
    start = page.index("##### 503", page.index(CHECK))
    return page[:start] + page[page.index("#### Examples", start) :]


def write_changelog(folder: Path, section: str) -> None:
    """Write a changelog with a section of what is unreleased."""
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## Unreleased\n{section}", encoding="utf-8")


def edit_spec(folder: Path) -> None:
    """Write into the spec what a maintainer would."""
    path = folder / "spec" / "openapi.yaml"
    spec = path.read_text(encoding="utf-8")
    item = spec.index("    AutomationConnectionsListObject:\n")
    before = spec.index("        isConnected:\n", item)
    spec = spec[:before] + NEW_PROPERTY + spec[before:]
    sort = spec.index('              - "-updatedAt"\n') + len('              - "-updatedAt"\n')
    spec = spec[:sort] + "              - ownerId\n" + spec[sort:]
    check = spec.index("      operationId: checkAutomationConnection\n")
    line = '        "503": {$ref: "#/components/responses/ServiceUnavailable"}\n'
    gone = spec.index(line, check)
    path.write_text(spec[:gone] + spec[gone + len(line) :], encoding="utf-8")


@pytest.mark.exhaustive
def test_from_a_changed_page_to_the_field_in_an_installed_wheel(tmp_path: Path) -> None:
    folder, page = tmp_path / "checkout", tmp_path / "page.md"
    compare = ("scripts/check_docs.py", page, "--json")
    folder.mkdir()
    clone(folder)
    text = run(folder, "-c", PAGE)
    page.write_text(text, encoding="utf-8")
    assert json.loads(run(folder, *compare))["differences"] == []
    page.write_text(changed(text), encoding="utf-8")
    found = json.loads(run(folder, *compare, code=1))["differences"]
    assert sorted((each["fact"], each["breaking"]) for each in found) == [
        ("enum value", False),
        ("field", False),
        ("status", False),
    ]
    edit_spec(folder)
    run(folder, "scripts/generate.py")
    assert json.loads(run(folder, *compare))["differences"] == []
    model = folder / "generated/qlik_automation_connections_api/models/connection_summary.py"
    assert "last_checked_at: str | None = None" in model.read_text(encoding="utf-8")
    said = run(folder, "scripts/check_api.py", "--base", BASE, code=1)
    assert "no breaking change" in said
    assert "has no entry" in said
    write_changelog(folder, "\n### Added\n\n- A connection's `last_checked_at`; lists by owner.\n")
    run(folder, "scripts/check_api.py", "--base", BASE)
    run(folder, "-m", "build", "--wheel", "--outdir", tmp_path / "dist")
    python = environment(tmp_path / "venv", sys.executable, *(tmp_path / "dist").glob("*.whl"))
    assert "reads last_checked_at" in steps.run(python, "-c", USE, folder=tmp_path, capture=True)
