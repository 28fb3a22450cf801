"""A page of our own in the form of the vendor's, and the spec that says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reference_page.comparison import NOTHING
from reference_page.departures import Departure

FOLDER: Final = Path(__file__).parent
PAGE: Final = (FOLDER / "page.md").read_text(encoding="utf-8")
SPEC: Final = (FOLDER / "spec.yaml").read_text(encoding="utf-8")
BASE: Final = "/api/workflows/kettles"
DEPARTURES: Final = (
    Departure("GET /api/workflows/kettles, query parameter limit", "minimum", NOTHING, "1", "a page has one kettle"),
)


def changed(text: str, old: str, new: str, nth: int = 1) -> str:
    """A text in which the nth occurrence of something is something else."""
    parts = text.split(old)
    assert len(parts) > nth, f"there are not {nth} of {old!r}"
    return old.join(parts[:nth]) + new + old.join(parts[nth:])
