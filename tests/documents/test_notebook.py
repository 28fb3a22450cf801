"""The notebook in the documents runs from top to bottom, and shows what is stored in it."""

from __future__ import annotations

import re
from typing import Any

import pytest

import run_notebook


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def test_the_stored_outputs_are_tables_of_no_machine() -> None:
    stored = outputs(run_notebook.read())
    assert [output.output_type for output in stored] == ["execute_result"] * 4
    html = "".join(output.data["text/html"] for output in stored if "text/html" in output.data)
    for shown in ("Pager: iterate over it", "AuditReport of http://127.0.0.1:8080: connections=250"):
        assert shown in html
    assert not re.search(r"/(home|tmp|usr|work|Users)/|site-packages", run_notebook.NOTEBOOK.read_text("utf-8"))


@pytest.mark.exhaustive
def test_a_run_shows_what_is_stored() -> None:
    assert outputs(run_notebook.run()) == outputs(run_notebook.read()), "run scripts/run_notebook.py"
