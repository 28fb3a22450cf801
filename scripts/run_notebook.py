"""Runs docs/notebook.ipynb and keeps what its cells show: `python scripts/run_notebook.py`.

nbconvert could run it, but would keep the sandbox's port and the kernel's version, which differ from run to run.
"""

from __future__ import annotations

import re
from typing import Any, Final

import nbclient
import nbformat

from steps import ROOT

NOTEBOOK: Final = ROOT / "docs" / "notebook.ipynb"


def read() -> Any:
    """Return the notebook as it is stored."""
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def run() -> Any:
    """Return the notebook with the outputs of a run."""
    notebook = read()
    metadata = dict(notebook.metadata)
    nbclient.NotebookClient(notebook, timeout=120, record_timing=False).execute()
    notebook.metadata = metadata
    written: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    text = re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8080", written)
    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    nbformat.write(run(), NOTEBOOK)  # type: ignore[no-untyped-call]
