"""Validates the spec, and lints it with Redocly's and Spectral's own rules: `python scripts/lint_spec.py`.

They are kept tools from npm; this keeps one version of them beside the environment's Python packages, as `make install`
does with `--install`. Without Node.js that part is skipped with a message.
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
FOLDER = Path(sys.prefix, "share", "spec-linters-" + "-".join(LINTERS.values()))


def install(npm: str) -> None:
    """Install both linters, unless they are there."""
    if not FOLDER.exists():
        FOLDER.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
            packages = [f"{package}@{version}" for package, version in LINTERS.items()]
            folder = Path(name, "whole")
            run(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *packages)
            (folder / "spectral.yaml").write_text("extends: ['spectral:oas']\n", encoding="utf-8")
            folder.rename(FOLDER)


def lint() -> None:
    """Run both linters."""
    # The success of getMe is a redirect. That each operation has one success is seen when the code is generated.
    redocly = ("lint", "--extends=recommended-strict", "--max-problems=50", "--skip-rule=operation-2xx-response")
    tools = FOLDER / "node_modules/.bin"
    run(tools / "redocly", *redocly, SPEC, REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true")
    run(tools / "spectral", "lint", "--fail-severity=warn", "--ruleset", "spectral.yaml", SPEC, folder=FOLDER)


def main(*, only_install: bool) -> None:
    """Validate and lint the spec, or only get ready to."""
    if not only_install:
        validate(yaml.load(SPEC.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        print(f"{SPEC.name}: valid OpenAPI")
    npm = shutil.which("npm")
    if npm is None:
        print("skipped: Redocly's and Spectral's rules (no npm here)")
        return
    install(npm)
    if not only_install:
        lint()


if __name__ == "__main__":
    try:
        main(only_install="--install" in sys.argv[1:])
    except StepError as error:
        sys.exit(str(error))
