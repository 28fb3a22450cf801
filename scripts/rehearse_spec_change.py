"""Rehearses what a maintainer does when the service's reference page changes: `python scripts/rehearse_spec_change.py`.

Works in a clone that is thrown away. A page in the vendor's form, made from the spec, gets a new optional field, a new
enum value and loses a response; `check_docs` must list exactly those. The spec is edited and the client generated; the
field must be in the public model, `check_api` must say that nothing breaks, and the built wheel must have the field.
No tool knows that way: it is this project's own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from build_dist import environment

ROOT = Path(__file__).resolve().parent.parent
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


class RehearsalError(Exception):
    """A step did not come out as it must."""


def say(number: int, text: str) -> None:
    print(f"{number}. {text}", flush=True)


def run(folder: Path, *command: str, code: int = 0) -> str:
    """What a command prints; it must end with a code."""
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(folder / part) for part in ("overlays", "generated")),
    }
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != code:
        raise RehearsalError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def git(folder: Path, *command: str) -> None:
    run(folder, "git", "-c", "user.name=rehearsal", "-c", "user.email=rehearsal@example.com", *command)


def clone(folder: Path) -> None:
    """The checkout as it is, with what is not committed, as a repository with a release."""
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - the user's own git
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    write_changelog(folder, "")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The last release")
    git(folder, "tag", BASE)


def page_of(folder: Path) -> str:
    """A page that says what the spec says of connections, in the vendor's form."""
    source = (
        "import sys; sys.path[:0] = ['scripts', 'tests']\n"
        "from pathlib import Path\n"
        "from own_page.rendering import render\n"
        "from reference_page.spec import Spec, read_spec\n"
        "spec = Spec(Path('spec/openapi.yaml').read_text(encoding='utf-8'))\n"
        "print(render(read_spec(spec, ['/api/workflows/automation-connections'])))\n"
    )
    return run(folder, sys.executable, "-c", source)


def changed(page: str) -> str:
    """The page as the vendor might change it: a field more, a value more, a response less."""
    at = page.index(ROW, page.index(LIST)) + len(ROW)
    page = page[:at] + NEW_ROW + page[at:]
    at = page.index('"-updatedAt" |', page.index(LIST)) + len('"-updatedAt"')
    page = page[:at] + ', "ownerId"' + page[at:]
    start = page.index("##### 503", page.index(CHECK))
    return page[:start] + page[page.index("#### Examples", start) :]


def differences(folder: Path, page: Path, *, code: int) -> list[dict[str, Any]]:
    printed = run(folder, sys.executable, "scripts/check_docs.py", str(page), "--json", code=code)
    found: list[dict[str, Any]] = json.loads(printed)["differences"]
    return found


def edit_spec(folder: Path) -> None:
    """What a maintainer writes into the spec."""
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


def write_changelog(folder: Path, section: str) -> None:
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## Unreleased\n{section}", encoding="utf-8")


def change_of_the_api(folder: Path, *, code: int) -> str:
    return run(folder, sys.executable, "scripts/check_api.py", "--base", BASE, code=code)


def use_wheel(folder: Path, scratch: Path) -> str:
    run(folder, sys.executable, "-m", "build", "--wheel", "--outdir", str(scratch / "dist"))
    (wheel,) = (scratch / "dist").glob("*.whl")
    python = environment(scratch / "venv", sys.executable, wheel)
    return run(scratch, str(python), "-c", USE).strip()


def expect(what: str, came: object, expected: object) -> None:
    if came != expected:
        raise RehearsalError(f"{what}: expected {expected!r}, came {came!r}")


def rehearse(folder: Path, scratch: Path) -> None:
    page = scratch / "page.md"
    clone(folder)
    page.write_text(page_of(folder), encoding="utf-8")
    expect("differences of a page that says what the spec says", differences(folder, page, code=0), [])
    say(1, "a page in the vendor's form says what the spec says: no differences")
    page.write_text(changed(page.read_text(encoding="utf-8")), encoding="utf-8")
    found = differences(folder, page, code=1)
    expect("number of differences", len(found), 3)
    say(2, "the page changes; check_docs lists exactly what changed:")
    for each in found:
        breaking = "breaking" if each["breaking"] else "not breaking"
        print(f"   {each['where']}: {each['fact']}: {each['page']} on the page, {each['spec']} in the spec; {breaking}")
    edit_spec(folder)
    run(folder, sys.executable, "scripts/generate.py")
    expect("differences after the spec was edited", differences(folder, page, code=0), [])
    say(3, "the spec is edited and the client generated: no differences any more")
    model = (folder / "generated/qlik_automation_connections_api/models/connection_summary.py").read_text(
        encoding="utf-8"
    )
    expect("the field in the public model", "last_checked_at: str | None = None" in model, True)
    say(4, "ConnectionSummary.last_checked_at: str | None")
    said = change_of_the_api(folder, code=1)
    expect("what breaks", "no breaking change" in said, True)
    say(5, f"check_api wants an entry of the changelog: {said.strip().splitlines()[-1]}")
    write_changelog(folder, "\n### Added\n\n- A connection's `last_checked_at`; lists by owner.\n")
    change_of_the_api(folder, code=0)
    say(6, use_wheel(folder, scratch))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        folder = scratch / "checkout"
        folder.mkdir()
        try:
            rehearse(folder, scratch)
        except RehearsalError as error:
            print(f"The rehearsal failed: {error}", file=sys.stderr)
            return 1
    print("The rehearsal went well.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
