"""Carry out the steps of a deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve

from ... import Automation, AutomationSummary, Tenant
from ...errors import NotFoundError
from .._record import Record
from .._remap.id_finder import IdFinder
from .._restore.creating import Creator, OnWait
from .._restore.desired_state import PERSONAL
from .._restore.executor import RestoreRunner
from .._restore.plan import RestoreStep
from .._run import Placer, Result, StepFailed
from .definition import Definition
from .plan import DeployPlan, DeployStep

_DONE: Final = ("created", "adopted", "updated")


class _AutomationCreation:
    """How to create automations: empty, so that none of them runs before it is finished."""

    noun = "automation"

    def __init__(self, tenant: Tenant, *, list_all: bool) -> None:
        self._automations = tenant.automations
        self._list_all = list_all
        self.get = tenant.automations.get

    def listed(self, step: DeployStep) -> Iterable[AutomationSummary]:
        """Return the visible automations with a step's name."""
        return self._automations.list(name=step.name, list_all=self._list_all)

    def params(self, step: DeployStep) -> list[str]:  # noqa: ARG002 - automations have none
        """Return nothing."""
        return []

    def send(self, step: DeployStep) -> Automation:
        """Create the automation."""
        return self._automations.create(name=step.name or "", space_id=step.space_id or None)


class DeployRunner:
    """Carries out steps of both kinds, noting each change in the journal before and after it.

    Args:
        tenant: The target.
        record: Progress so far, from the journal.
        plan: The plan.
        connections: Runs the steps of connections.
        load: Reads an automation of the source.
        new_ids: Returns the ids of connections in the target by those in the source; None for none.
        sees_all: Whether the sign-in for automations may read and write everybody's.
        on_wait: Called with a message that says what is waited for, and until when.

    Attributes:
        disabled: Why automations stay disabled, by step.
    """

    def __init__(
        self,
        tenant: Tenant,
        record: Record[DeployPlan],
        plan: DeployPlan,
        connections: RestoreRunner,
        load: Callable[[str], Automation],
        new_ids: Callable[[], Mapping[str, str | None]],
        *,
        sees_all: bool,
        on_wait: OnWait | None = None,
    ) -> None:
        self.disabled: dict[str, str] = {}
        self._tenant = tenant
        self._record = record
        self._connections = connections
        self._load = load
        self._new_ids = new_ids
        self._names = {step.id: step.label for step in plan.connections.steps}
        self._placer = Placer(tenant.automations, record, sees_all=sees_all, noun="automation")
        creation = _AutomationCreation(tenant, list_all=sees_all or plan.connections.list_all)
        self._creator = Creator(creation, record, tenant, on_wait)
        self._sees_all = sees_all
        self._works: dict[str, bool] = {}

    def known_result(self, step: RestoreStep | DeployStep) -> Result | None:
        """Return the result of a step with nothing left to do, or None."""
        if isinstance(step, RestoreStep):
            return self._connections.known_result(step)
        if step.action in ("skip", "ask"):
            return Result("skipped" if step.action == "skip" else "asked", step.sentence)
        state = self._record.state(step.id)
        return Result(state.outcome, state.sentence) if state.outcome in _DONE else None

    def run(self, step: RestoreStep | DeployStep) -> Result:
        """Create or update a connection or an automation.

        Raises:
            StepFailed, APIError, ConfigurationError: The step failed; others can continue.
            JobError: The journal can't be written, or the source can't be read.

        For an automation, sends GETs of lists (tier 1) and a POST (tier 2) to create it, and up to five more for its
        state, space, owner, definition and state again, each with a GET; and one POST per connection that is checked.
        """
        if isinstance(step, RestoreStep):
            return self._connections.run(step)
        wanted = evolve(Definition.of(self._load(step.id)), name=step.name or "")
        new_ids = self._new_ids()
        uses = list(wanted.uses())
        missing = [use.id for use in uses if not use.managed and use.id not in new_ids]
        # What the source lacks too is nothing to wait for.
        awaited = dict.fromkeys(id for id in missing if id in self._names or id in step.waits_for)
        if awaited:
            names = ", ".join(self._names.get(id, id) for id in awaited)
            return Result("waiting", f"It waits for connections that have no id yet: {names}.")
        wanted = wanted.with_connections(new_ids)
        self._bring_about(step, self._found(step), wanted)
        if step.enable:
            # A connection that the source lacks, too, keeps its id, and is checked like the others.
            used = {new_ids.get(use.id, use.id): self._names.get(use.id, use.id) for use in uses if not use.managed}
            old = wanted.mentions(IdFinder(id for id, new in new_ids.items() if new != id))
            self._enable(step, {id: name for id, name in used.items() if id is not None}, old)
        if step.action == "update":
            return Result("updated", "It was updated to match the source.")
        state = self._record.state(step.id)
        if state.adopted and state.in_this_run:
            return Result("adopted", "It had been created, although no response confirmed it.")
        return Result("created", "It was created." if state.in_this_run else "An earlier run created it.")

    def _found(self, step: DeployStep) -> Automation:
        """Return the automation of a step, created if necessary."""
        if step.action == "update":
            return self._tenant.automations.get(step.target_id or "")
        state = self._record.state(step.id)
        if state.new_id is not None:
            try:
                return self._tenant.automations.get(state.new_id)
            except NotFoundError as error:
                # A plan made since has looked for it in vain, except among others' automations.
                may_be_hidden = not self._sees_all and (state.in_this_run or state.given_away)
                if may_be_hidden or self._creator.is_listed(step, state.new_id):
                    raise StepFailed(
                        f"It was created as {state.new_id}, which can't be read now. Sign in for automations as"
                        " then, or try again later. If somebody deleted it, deploy with another journal.",
                        "not-found",
                        error,
                    ) from error
                self._record.note("gone", step.id)
        return self._creator.create(step)

    def _bring_about(self, step: DeployStep, found: Automation, wanted: Definition) -> None:
        """Disable a new automation, place it, and write its definition: a change of owner would detach connections."""
        id = found.id
        automations, state = self._tenant.automations, self._record.state(step.id)
        if step.action == "create" and "workspace" not in state.changes and found.state != "disabled":
            self._note(step, "state", lambda: automations.disable(id))
        if step.space_id is not None and (found.space_id or PERSONAL) != step.space_id:
            found = self._placer.place(step.id, id, "space", step.space_id or None) or found
        if step.owner_id is not None and found.owner_id != step.owner_id:
            found = self._placer.place(step.id, id, "owner", step.owner_id) or found
        if wanted.differences(Definition.of(found)):
            self._note(step, "workspace", lambda: wanted.write(automations, id))

    def _note(self, step: DeployStep, change: str, send: Callable[[], None]) -> None:
        self._record.note("changing", step.id, change=change)
        send()
        self._record.note("changed", step.id, change=change)

    def _enable(self, step: DeployStep, used: Mapping[str, str], old: Sequence[str]) -> None:
        id = (step.target_id if step.action == "update" else self._record.state(step.id).new_id) or ""
        broken = [name for each, name in used.items() if not self._is_working(each)]
        if broken:
            self.disabled[step.id] = f"Enable it (or deploy again) once its connections work: {', '.join(broken)}."
        elif old:
            names = ", ".join(self._names.get(each, each) for each in old)
            self.disabled[step.id] = f"Texts in it have the source's ids of {names}. Correct them, and enable it."
        elif self._tenant.automations.get(id).state != "available":
            self._note(step, "state", lambda: self._tenant.automations.enable(id))

    def _is_working(self, id: str) -> bool:
        if id not in self._works:
            try:
                self._works[id] = self._tenant.connections.check(id).connected is True
            except NotFoundError:
                self._works[id] = False
        return self._works[id]
