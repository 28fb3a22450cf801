"""Looks into the journal of a restore, without beginning anything."""

from __future__ import annotations

import json
from pathlib import Path

from attrs import frozen

from ..errors import JobError
from ..files import reason
from ..journal import Journal
from .plan import RestorePlan
from .record import JOB, Record


@frozen
class Unfinished:
    """A run that did not do all.

    Attributes:
        plan: its plan, by which `apply` goes on.
        done: the archived connections whose step is done.
    """

    plan: RestorePlan
    done: frozenset[str]


def unfinished_run(journal: Path) -> Unfinished | None:
    """The run that a journal has to be gone on with; None if there is none.

    Args:
        journal: its file, which need not be there.

    Raises:
        JobError: it can't be read, is the journal of something else, or another process works with it.
    """
    if not journal.exists():
        return None
    with Journal(journal, JOB) as opened:
        record = Record(opened)
        if record.plan is None or record.finished:
            return None
        done = (step.id for step in record.plan.steps if record.known(step.id).outcome is not None)
        return Unfinished(record.plan, frozenset(done))


def read_restore_plan(path: str | Path) -> RestorePlan:
    """Reads a plan, edited or not, from a JSON file.

    Args:
        path: the file.

    Raises:
        JobError: it can't be read, or is no plan that can be carried out; the message says where it is wrong.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise JobError(f"The plan {path} can't be read: {reason(error)}.") from None
    except (ValueError, RecursionError) as error:
        raise JobError(f"The plan {path} is no JSON: {error}.") from None
    try:
        return RestorePlan.from_dict(document)
    except JobError as error:
        raise JobError(f"{path}: {error}") from None
