"""The table in the docs is what comes of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from .table import table

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
def test_the_table_in_the_docs_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), "run scripts/fault_table.py"
