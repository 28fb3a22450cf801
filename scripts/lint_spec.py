"""Validates the spec, and lints it with Redocly's and Spectral's own rules: `python scripts/lint_spec.py`.

They are kept tools; this installs them in one version, outside the checkout. They come from npm; without Node.js that
part is skipped with a message.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import yaml
from openapi_spec_validator import validate

from steps import ROOT, StepError, run

SPEC = ROOT / "spec" / "openapi.yaml"
LINTERS = {"@redocly/cli": "2.77.0", "@stoplight/spectral-cli": "6.16.3"}


def lint(npm: str) -> None:
    """Run both linters from a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder, packages = Path(name), [f"{package}@{version}" for package, version in LINTERS.items()]
        run(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *packages)
        (folder / "spectral.yaml").write_text("extends: ['spectral:oas']\n", encoding="utf-8")
        # The success of getMe is a redirect. That each operation has one success is seen when the code is generated.
        skipped = "--skip-rule=operation-2xx-response"
        redocly = ("lint", "--extends=recommended-strict", "--max-problems=50", skipped)
        tools = folder / "node_modules/.bin"
        run(tools / "redocly", *redocly, SPEC, REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true")
        run(tools / "spectral", "lint", "--fail-severity=warn", "--ruleset", "spectral.yaml", SPEC, folder=folder)


if __name__ == "__main__":
    validate(yaml.safe_load(SPEC.read_text(encoding="utf-8")))
    print(f"{SPEC.name}: valid OpenAPI")
    npm = shutil.which("npm")
    try:
        lint(npm) if npm else print("skipped: Redocly's and Spectral's rules (no npm here)")
    except StepError as error:
        sys.exit(str(error))
