"""The file with new ids by old ones, which remapping automations and later restores go by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ...errors import ConfigurationError
from .._errors import JobError
from .._files import write_text
from .._remap.id_map import read_id_map

_ENDING: Final = ".id-map.json"


def id_map_path(journal: Path) -> Path:
    """The id map of a journal, where none is named: beside it."""
    return journal.with_name(f"{journal.name}{_ENDING}")


def journal_of(id_map: Path) -> Path:
    """The journal whose id map that is by its name; itself if it is named otherwise."""
    return id_map.with_name(id_map.name.removesuffix(_ENDING))


def write_id_map(path: Path, ids: Mapping[str, str]) -> None:
    """Writes ids into an id map. What it holds of other connections stays.

    Args:
        path: its name.
        ids: new ids by old ones.

    Raises:
        JobError: it can't be written, or a file of that name is no id map; that is as it was then.
    """
    there: dict[str, str] = {}
    if path.exists():
        try:
            there = read_id_map(path)
        except ConfigurationError as error:
            raise JobError(f"{error} Name another file for the id map.") from None
    text = json.dumps({**there, **ids}, ensure_ascii=False, indent=2)
    write_text(path, f"{text}\n", overwrite=True)
