"""Writes docs/faults.md from a run of tests/attack, which no tool knows: `python scripts/fault_table.py`.

`tests/attack/test_table.py` holds the page against a run.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    # The attacks are tests and not an installed package.
    sys.path.insert(0, str(ROOT / "tests"))
    from attack.table import table

    (ROOT / "docs" / "faults.md").write_text(table(), encoding="utf-8")
