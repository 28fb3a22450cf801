"""The notebook in the documents runs from top to bottom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


@pytest.mark.exhaustive
def test_the_notebook_runs_and_shows_tables() -> None:
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    nbclient.NotebookClient(notebook, timeout=120).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    html = "".join(output.data.get("text/html", "") for output in outputs if output.output_type == "execute_result")
    assert "Pager: iterate over it" in html
    assert "AuditReport of http://" in html
    assert "connections=250" in html
