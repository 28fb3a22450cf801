"""Builds wheel and sdist, checks them, and uses the wheel in empty environments: `python scripts/build.py`.

Both are built twice, and must come out the same. The wheel is used on this Python without extras, with each extra alone
and with all of them. They are left in dist/; what the steps printed is in build/logs/.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from releasing import summary
from releasing.artefacts_steps import ArtefactSteps, this_python
from releasing.commands import Commands
from releasing.failure import ReleaseError
from releasing.steps import Steps

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
LOGS = ROOT / "build" / "logs"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        made_by = ArtefactSteps(ROOT, Path(folder), DIST, LOGS, Commands(LOGS), Steps())
        try:
            made, read = made_by.build()
            python = this_python()
            exercises, environment = made_by.with_all_extras(made, read, python)
            made_by.use(exercises, environment, [python])
        except ReleaseError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
    print(f"\n{summary.artefacts(made.both)}\n\n{summary.uses(each.row for each in made_by.uses)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
