"""Write docs/faults.md from a run of tests/attack: `python scripts/fault_table.py`.

The attacks are the project's own, so no existing tool does this. `tests/attack/test_table.py` compares the page with a
run.
"""

from __future__ import annotations

import sys

from steps import ROOT

if __name__ == "__main__":
    # The attacks are tests, not an installed package.
    sys.path.insert(0, str(ROOT / "tests"))
    from attack.table import table

    (ROOT / "docs" / "faults.md").write_text(table(), encoding="utf-8")
