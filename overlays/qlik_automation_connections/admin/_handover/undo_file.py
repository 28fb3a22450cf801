"""The undo file: the plan that brings everything back, on disk before anything is changed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..._arguments import identifier
from ...errors import ConfigurationError
from .._errors import JobError
from .._files import reason, refuse_existing, write_text
from .plan import HandoverPlan


def undo_path(journal: Path) -> Path:
    """The undo file of a journal, where none is named: beside it."""
    return journal.with_name(f"{journal.name}.undo.json")


def read_plan(path: str | Path) -> HandoverPlan:
    """Reads a plan, such as an undo file, from a JSON file.

    Args:
        path: the file.

    Raises:
        JobError: it can't be read, or holds something else; the message says what is wrong.
    """
    try:
        document: Mapping[str, Any] = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise JobError(f"The plan {path} can't be read: {reason(error)}.") from None
    except (ValueError, RecursionError) as error:
        raise JobError(f"The plan {path} is no JSON: {error}.") from None
    try:
        plan = HandoverPlan.from_dict(document)
        for number, step in enumerate(plan.moves, start=1):
            for name, id in (("id", step.id), ("to_owner", step.to_owner), ("to_space", step.to_space)):
                if id is not None:
                    identifier(f"{name} of move {number}", id)
    except (JobError, ConfigurationError) as error:
        raise JobError(f"{path}: {error}") from None
    return plan


def write_undo(path: Path, plan: HandoverPlan) -> None:
    """Writes the undo file of a plan, unless it is there already.

    Args:
        path: its name.
        plan: what it is to undo.

    Raises:
        JobError: it can't be written, or a file of that name holds something else.
    """
    if os.path.exists(path):
        try:
            there = read_plan(path)
        except JobError:
            refuse_existing(path, overwrite=False)
            raise
        if there.is_like(plan.undo()):
            return
        raise JobError(f"{path} is the undo file of another handover: name another file for this one.")
    text = json.dumps(plan.undo().to_dict(), ensure_ascii=False, indent=2)
    write_text(path, f"{text}\n")
