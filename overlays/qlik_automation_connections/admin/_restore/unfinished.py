"""Looks into the journal of a restore, without beginning anything."""

from __future__ import annotations

import json
from pathlib import Path

from attrs import frozen

from .._errors import JobError
from .._files import reason
from .._journal import FORMAT, Journal
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


def unfinished_run(journal: Path, tenant: str, archive: str) -> Unfinished | None:
    """The run that a journal has to be gone on with; None if there is none.

    Args:
        journal: its file, which need not be there.
        tenant: address of the tenant that it must be of.
        archive: checksum of the archive that it must be of.

    Raises:
        JobError: it can't be read, is the journal of something else, or another process works with it.
    """
    if not journal.exists():
        return None
    with Journal(journal, JOB) as opened:
        record = Record(opened)
        record.check(tenant, archive)
        if record.plan is None or record.finished:
            return None
        done = (step.id for step in record.plan.steps if record.known(step.id).outcome is not None)
        return Unfinished(record.plan, frozenset(done))


def _is_journal(path: Path) -> bool:
    begin = json.dumps({"format": FORMAT}).removesuffix("}").encode()
    try:
        with path.open("rb") as file:
            return file.read(len(begin)) == begin
    except FileNotFoundError:
        return False
    except OSError as error:
        raise JobError(f"The journal {path} can't be read: {reason(error)}.") from None


def cut_off_run(journal: Path) -> RestorePlan | None:
    """The plan of a journal by which connections may have been made that its id map does not hold; None if none is.

    That is so where a creation is open, or where the run ended before its last step: it must be gone on with before
    anything is planned anew.

    Args:
        journal: its file, which need not be there, nor be a journal.

    Raises:
        JobError: it can't be read, is the journal of another job, or another process works with it.
    """
    if not _is_journal(journal):
        return None
    with Journal(journal, JOB) as opened:
        record = Record(opened)
        if record.plan is None or record.finished:
            return None
        for step in record.plan.steps:
            known = record.known(step.id)
            left = step.action in ("create", "update") and known.outcome is None and known.failed is None
            if left or known.before is not None:
                return record.plan
        return None


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
