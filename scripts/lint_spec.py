"""Validates the spec, and lints it with Redocly's and Spectral's own rules: `python scripts/lint_spec.py`.

They are kept tools; this installs them in one version, outside the checkout. They come from npm; without Node.js that
part is skipped with a word.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from openapi_spec_validator import validate

SPEC = Path(__file__).resolve().parent.parent / "spec" / "openapi.yaml"
LINTERS = {"@redocly/cli": "2.77.0", "@stoplight/spectral-cli": "6.16.3"}


def lint(npm: str) -> int:
    """Runs both linters from a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        packages = [f"{name}@{version}" for name, version in LINTERS.items()]
        environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *packages], check=True
        )
        ruleset = Path(folder) / "spectral.yaml"
        ruleset.write_text("extends: ['spectral:oas']\n", encoding="utf-8")
        tools = Path(folder) / "node_modules" / ".bin"
        commands = (
            [str(tools / "redocly"), "lint", "--extends=recommended-strict", "--max-problems=50", str(SPEC)],
            [str(tools / "spectral"), "lint", "--fail-severity=warn", "--ruleset", str(ruleset), str(SPEC)],
        )
        return max(subprocess.run(command, cwd=folder, env=environment, check=False).returncode for command in commands)


def main() -> int:
    validate(yaml.safe_load(SPEC.read_text(encoding="utf-8")))
    print(f"{SPEC.name}: valid OpenAPI")
    npm = shutil.which("npm")
    if npm is None:
        print("skipped: Redocly's and Spectral's rules (no npm here)")
        return 0
    return lint(npm)


if __name__ == "__main__":
    sys.exit(main())
