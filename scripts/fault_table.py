"""Writes docs/faults.md from a run of the attacks; with --check, says whether it would differ."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "faults.md"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the page is out of date")
    check = parser.parse_args(arguments).check

    # The attacks are tests and no installed package.
    sys.path.insert(0, str(ROOT / "tests"))
    from attack.table import table

    page = table()
    if not check:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is out of date: run scripts/fault_table.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
