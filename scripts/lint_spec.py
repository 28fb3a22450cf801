"""Validates the spec, and lints it with Redocly's and Spectral's own rules: `python scripts/lint_spec.py`.

They are kept tools from npm, of which npx keeps one version once it was fetched, as `make install` does with
`--install`. Without Node.js that part is skipped with a message.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml
from openapi_spec_validator import validate

from steps import SPEC, npx, run


def main(*, only_install: bool) -> None:
    """Validate and lint the spec, or only get ready to."""
    if not only_install:
        validate(yaml.load(SPEC.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        print(f"{SPEC.name}: valid OpenAPI")
    tools = npx("@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3")
    if tools is None:
        print("skipped: Redocly's and Spectral's rules (no npm here)")
        return
    if only_install:
        run(*tools, "spectral", "--version", capture=True)
        return
    # The success of getMe is a redirect. That each operation has one success is seen when the code is generated.
    redocly = ("lint", "--extends=recommended-strict", "--max-problems=50", "--skip-rule=operation-2xx-response")
    run(*tools, "redocly", *redocly, SPEC, REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true")
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "spectral.yaml")
        rules.write_text("extends: ['spectral:oas']\n", encoding="utf-8")
        run(*tools, "spectral", "lint", "--fail-severity=warn", "--ruleset", rules, SPEC)


if __name__ == "__main__":
    main(only_install="--install" in sys.argv[1:])
