"""Undo a deployment: delete what it created, and put back what it updated."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

from attrs import define, evolve, field, frozen

from ... import APIError, Automation, Connection, NotFoundError, Tenant
from ...errors import ConfigurationError
from .._backup.records import read_automation
from .._backup.scrubbing import automation_without_secrets
from .._cancellation import cancellable, check_cancelled
from .._document import Document, Id, Part, read
from .._errors import JobError
from .._journal import Journal, JournalHeader, header_of
from .._parallel import Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .._record import Record, StepState
from .._restore.plan import RestoreStep
from .._table import Table
from .definition import Definition
from .plan import DeployPlan, DeployStep

JOB: Final = "deploy"
_UNDO: Final = "undo"
Kind = Literal["automation", "connection"]


@frozen
class DeployUndo(Document):
    """The first line of an undo file; the others are entries.

    Attributes:
        tenant: Address of the target.
        archive: Checksum of the source.
        journal: The journal, which knows what was created; looked for beside the undo file first.
    """

    FORMAT = "deploy-undo"
    TITLE = "undo file of a deployment"
    tenant: Id
    archive: Id
    journal: str = field(eq=False)


@frozen
class UndoEntry(Part):
    """Something that a deployment updates, as it was before.

    Attributes:
        kind: `automation` or `connection`.
        id: Its id in the target.
        step: The step that updates it.
        name: Its name.
        owner_id: Its owner.
        space_id: Its space; None for its owner's personal space.
        state: The automation's state.
        document: The automation's JSON, without tokens.
    """

    kind: Kind
    id: Id
    step: Id
    name: str | None = None
    owner_id: str | None = None
    space_id: str | None = None
    state: str | None = None
    document: dict[str, Any] | None = field(default=None, repr=False)


@frozen
class UndoneItem(Part):
    """What was undone.

    Attributes:
        kind: `automation` or `connection`.
        id: Its id in the target.
        name: Its name.
        outcome: `deleted`, `put-back`, `gone` (it was gone already, or this sign-in can't see it), or `failed`.
        sentence: What happened, as a sentence.
    """

    kind: Kind
    id: str
    name: str | None
    outcome: Literal["deleted", "put-back", "gone", "failed"]
    sentence: str


@define(repr=False)
class UndoReport(Table):
    """The outcome of undoing a deployment.

    Attributes:
        tenant: Address of the tenant.
        steps: What was undone, in this order.
    """

    FORMAT = "deploy-undo-report"
    TITLE = "report of an undone deployment"
    ROWS = "steps"
    DERIVED = ("is_complete", "summary")
    tenant: str
    steps: list[UndoneItem] = field(factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether everything was undone."""
        return not any(step.outcome == "failed" for step in self.steps)

    @property
    def summary(self) -> dict[str, int]:
        """Number of connections and automations by outcome."""
        return dict(Counter(step.outcome for step in self.steps))


def note_what_is_there(
    tenant: Tenant, plan: DeployPlan, path: Path, record: Record[DeployPlan], cancel: threading.Event | None
) -> None:
    """Write what a plan updates to its undo file, as it is now; what an earlier run changed stays as it was before it.

    Sends a GET (tier 1) for each update.

    Raises:
        JobError: The file can't be written, or belongs to something else.
        APIError: Something to update can't be read.
    """
    known: dict[str, UndoEntry] = {}
    header = DeployUndo(plan.tenant, plan.connections.archive, str(record.path))
    with Journal(path, header, lambda entry: _take_in(known, entry)) as file:

        def look(step: RestoreStep | DeployStep) -> UndoEntry:
            id = step.target_id or ""
            if isinstance(step, RestoreStep):
                found = tenant.connections.get(id)
                return UndoEntry("connection", id, step.id, found.name, found.owner_id, found.space_id)
            document = automation_without_secrets(tenant.automations.get_json(id)).document
            automation = read_automation(document, f"The automation {id!r}")
            who, where = automation.owner_id, automation.space_id
            return UndoEntry("automation", id, step.id, automation.name, who, where, automation.state, document)

        def take(done: Done[RestoreStep | DeployStep, UndoEntry]) -> None:
            if done.result is not None:
                file.note(done.result.to_dict(), sync=False)
            elif done.error is not None and not isinstance(done.error, NotFoundError):
                raise done.error

        there = {id for id, entry in known.items() if record.state(entry.step).touched}
        steps = [step for step in plan.all_steps if step.action == "update" and step.target_id not in there]
        run_concurrently(look, steps, take, cancel=cancel)
        check_cancelled(cancel, JOB)
        file.sync()


def _take_in(known: dict[str, UndoEntry], entry: dict[str, Any]) -> None:
    found = read(UndoEntry, entry, "entry")
    known[found.id] = found


def undo_deploy(
    tenant: Tenant, path: str | Path, *, on_progress: OnProgress | None = None, cancel: threading.Event | None = None
) -> UndoReport:
    """Undo everything that was deployed with an undo file's journal.

    Automations that were updated get their earlier owner, space, definition and state back, and created ones are
    deleted. Then connections get their earlier name, owner and space back, and created ones are deleted unless other
    automations use them. Values of params, histories and tokens don't come back.

    Args:
        tenant: The tenant, signed in as for the deployment.
        path: The undo file.
        on_progress: Called after each of them.
        cancel: Stops the job when set; run it again to resume.

    Returns:
        The outcome of each. Run again to retry what failed or was not seen.

    Raises:
        ConfigurationError: The file is for another tenant.
        JobError: The file or the journal can't be read, or creations in it have an unknown outcome.
        JobCancelled: `cancel` was set.

    Sends, per update, up to two GETs (tier 1), one PUT and three POSTs; per creation one DELETE (all tier 2).
    """
    entries: dict[str, UndoEntry] = {}
    header = header_of(path, DeployUndo)
    if header is None:
        raise JobError(f"{path} is not an undo file of a deployment.")
    if header.tenant != tenant.url:
        raise ConfigurationError(f"The undo file {path} is for the tenant {header.tenant}, not for {tenant.url}.")
    with Journal(path, header, lambda entry: _take_in(entries, entry)):
        pass
    subject = JournalHeader(JOB, header.tenant, {"archive": header.archive})
    beside = Path(path).with_name(Path(header.journal).name)
    journal = beside if beside.exists() else Path(header.journal)
    if not journal.exists():
        raise JobError(f"The journal {journal}, which knows what was created, is missing: put it beside {path}.")
    with Record(journal, subject, DeployPlan) as record:
        created = record.created()
        if any(state.before is not None for state in created.values()):
            raise JobError(f"The journal {journal} has creations of unknown outcome: first deploy again with it.")
        todo: list[tuple[UndoEntry, bool]] = []
        for kind in get_args(Kind):
            changed = (entry for entry in entries.values() if record.state(entry.step).touched)
            todo += [(entry, False) for entry in changed if entry.kind == kind]
            todo += [(entry, True) for entry in _created(created) if entry.kind == kind]
        report = UndoReport(tenant.url)
        for number, (entry, is_new) in enumerate(todo, start=1):
            with cancellable(cancel, _UNDO):
                report.steps.append(_undone(tenant, entry, is_new=is_new))
            if report.steps[-1].outcome in ("deleted", "put-back"):
                record.note("undone", entry.step)
            failed = sum(step.outcome == "failed" for step in report.steps)
            (on_progress or ignore)(Progress(_UNDO, number, len(todo), failed))
        if not report.summary.keys() & {"failed", "gone"}:
            record.note("undone")
    return report


def _created(states: Mapping[str, StepState]) -> Iterator[UndoEntry]:
    for step, state in states.items():
        name, connector = state.key or (None, None)
        yield UndoEntry("connection" if connector else "automation", state.new_id or "", step, name)


def _undone(tenant: Tenant, entry: UndoEntry, *, is_new: bool) -> UndoneItem:
    """Delete what was created, or put back what was updated."""
    item = UndoneItem(entry.kind, entry.id, entry.name, "deleted", "It was deleted.")
    items = tenant.automations if entry.kind == "automation" else tenant.connections
    found: Automation | Connection | None = None
    try:
        if is_new:
            items.delete(entry.id)
            return item
        found = items.get(entry.id)
        _put_back(tenant, entry, found)
        return evolve(item, outcome="put-back", sentence="It is as it was before.")
    except APIError as error:
        if isinstance(error, NotFoundError) and found is None:
            return evolve(item, outcome="gone", sentence="It was gone already, or this sign-in can't see it.")
        return evolve(item, outcome="failed", sentence=str(error))


def _put_back(tenant: Tenant, entry: UndoEntry, found: Automation | Connection) -> None:
    automations, items = tenant.automations, tenant.automations if entry.kind == "automation" else tenant.connections
    if entry.space_id != found.space_id:
        items.change_space(entry.id, space_id=entry.space_id)
    if entry.owner_id is not None and entry.owner_id != found.owner_id:
        items.change_owner(entry.id, user_id=entry.owner_id)
    if isinstance(found, Connection):
        if entry.name is not None and entry.name != found.name:
            tenant.connections.update(entry.id, name=entry.name)
        return
    was = Definition.of(read_automation(entry.document or {}, f"The automation {entry.id!r}"))
    if was.differences(Definition.of(automations.get(entry.id))):
        was.write(automations, entry.id)
    if entry.state == "available" != found.state:
        automations.enable(entry.id)
    elif entry.state == "disabled" != found.state:
        automations.disable(entry.id)
