"""A page and an OpenAPI file of our own in the forms of the vendor's, and specs that say the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from reference_page.comparison import NOTHING
from reference_page.departures import Departure

FOLDER: Final = Path(__file__).parent
REFERENCE_FOLDER: Final = Path(os.environ.get("REFERENCE_FOLDER") or FOLDER.parents[3] / "shared" / "reference")
"""The vendor's own files, which are no part of this project: its page, and its OpenAPI in the folder vendor-openapi."""
PAGE: Final = (FOLDER / "page.md").read_text(encoding="utf-8")
SPEC: Final = (FOLDER / "spec.yaml").read_text(encoding="utf-8")
OPENAPI: Final = (FOLDER / "vendor.json").read_text(encoding="utf-8")
BASE: Final = "/api/workflows/kettles"
DEPARTURES: Final = (
    Departure("GET /api/workflows/kettles, query parameter limit", "minimum", NOTHING, "1", "a page has one kettle"),
)

OPENAPI_DEPARTURES: Final = (
    Departure(
        "DELETE /api/workflows/kettles/{id}",
        "path",
        "DELETE /api/workflows/kettles/{kettleId}",
        "DELETE /api/workflows/kettles/{id}",
        "the name is not sent",
    ),
    Departure("GET /api/workflows/kettles, response 200, links.*", "nullable", "True", NOTHING, "read as None"),
    Departure(
        "GET /api/workflows/kettles, response 200, data[].lid",
        "field",
        "that it exists (oneOf, optional)",
        NOTHING,
        "nobody looks at lids",
    ),
    Departure(
        "POST /api/workflows/kettles/{kettleId}/actions/whistle",
        "operation",
        "that it exists",
        NOTHING,
        "it would wake the neighbours",
    ),
)


def changed(text: str, old: str, new: str, nth: int = 1) -> str:
    """A text in which the nth occurrence of something is something else."""
    parts = text.split(old)
    assert len(parts) > nth, f"there are not {nth} of {old!r}"
    return old.join(parts[:nth]) + new + old.join(parts[nth:])


OPENAPI_SPEC: Final = changed(SPEC, "minimum: 1}", "minimum: 1, maximum: 50, x-default: 10}")
"""The spec with what only OpenAPI has a place for."""
