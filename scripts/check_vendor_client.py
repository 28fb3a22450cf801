"""Shows that Qlik's own TypeScript client works against the sandbox: `python scripts/check_vendor_client.py`.

It is this project's own: what is shown is about both. Installs the client into a temporary folder, starts a sandbox
and lets vendor_client/walk.mjs do all operations on both generations of the path. Needs Node.js with npm and access
to a package registry; says so and ends with 0 where Node.js or npm is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from qlik_automation_connections.sandbox import LedgerEntry, Sandbox
from qlik_automation_connections_api.operations import OPERATIONS

SOURCES = Path(__file__).resolve().parent / "vendor_client"
# Of every operation, the path before an id, on each generation of the API that has it.
PATHS = {
    operation.id: {path.partition("/{")[0] for path in (operation.path, operation.v1_path)}
    for operation in OPERATIONS.values()
}
GENERATIONS = 2
INSTALL_SECONDS = 300
WALK_SECONDS = 120


def install(npm: str, folder: Path) -> int:
    for name in ("package.json", "walk.mjs"):
        shutil.copy(SOURCES / name, folder)
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode:
        print(f"npm could not install the client:\n{done.stdout}{done.stderr}", file=sys.stderr)
    return done.returncode


def complaints(entries: Iterable[LedgerEntry]) -> list[str]:
    """What the ledger lacks: every operation has to have taken effect on both generations of the path."""
    processed = [entry for entry in entries if entry.processed]
    return [
        f"{operation} never took effect below {path}"
        for operation, paths in PATHS.items()
        for path in sorted(paths)
        if not any(entry.operation == operation and _on(path, entry) for entry in processed)
    ]


def _on(path: str, entry: LedgerEntry) -> bool:
    return entry.path == path or entry.path.startswith(f"{path}/")


def main() -> int:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("skipped: Node.js and npm are needed to run the vendor's client")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if code := install(npm, folder):
            return code
        with Sandbox() as sandbox:
            before = sandbox.snapshot(secrets=True)
            environment = {**os.environ, "QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}
            done = subprocess.run(
                [node, "walk.mjs"],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                timeout=WALK_SECONDS,
                check=False,
            )
            print(done.stdout, end="")
            if done.returncode:
                return done.returncode
            wrong = complaints(sandbox.ledger)
            # The walk can't know how many connections there are, so how complete its list was is told here.
            if done.stdout.count(f" {len(before)} connections on ") != GENERATIONS:
                wrong.append(f"the walk did not list all {len(before)} connections")
            if sandbox.snapshot(secrets=True) != before:
                wrong.append("the walk left the tenant's connections changed")
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"the ledger shows all {len(OPERATIONS)} operations, on each generation of the path that has them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
