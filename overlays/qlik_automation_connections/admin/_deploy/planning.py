"""Plan a deployment, without changing anything."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, cast

from attrs import define, field

from ... import APIError, Automation, AutomationSummary, Tenant
from .._backup.reasons import why
from .._cancellation import cancellable, check_cancelled
from .._identity import sign_in_of
from .._parallel import WORKERS, Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .._remap.id_finder import IdFinder
from .._restore.desired_state import PERSONAL, Correspondence, correspondence
from .._restore.matching import UNIDENTIFIED, Target, items_of, targets_of
from .._restore.param_values import ParamValues, Values
from .._restore.plan import Action, Candidate, RestorePlan, RestoreStep
from .._restore.planning import plan_connections
from .applying import values_sent
from .choice import Choice
from .definition import Definition, changed_blocks, workspace_diff
from .plan import Change, DeployPlan, DeployStep, Reason
from .sources import Deployable, Source, open_source

_JOB: Final = "deploy plan"
_ALONE: Final = (
    "Automations are read and written by their owner alone, or by an OAuth client with the scope admin.automations:"
    " only the caller's own are deployed, and stay the caller's. For everybody's, sign in with a client too:"
    " automations_auth= (--automations-context), or QLIK_AUTOMATIONS_OAUTH_CLIENT_ID and"
    " QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET."
)


def plan_deploy(
    tenant: Tenant,
    source: str | Path,
    *,
    list_all: bool = False,
    only: Iterable[str] = (),
    exclude: Iterable[str] = (),
    id_map: Mapping[str, str] | None = None,
    owners: Mapping[str, str] | None = None,
    spaces: Mapping[str, str | None] | None = None,
    values: Values | None = None,
    journal: str | Path | None = None,
    enable: bool = False,
    same_tenant: bool = False,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> DeployPlan:
    """Plan to deploy automations and their connections into a tenant. Nothing is changed.

    Connections are planned as by `plan_restore`. An automation is looked up in the target by the id map; within one
    tenant, by its id; then by name in its space, or among its owner's personal ones. If the match is uncertain, the
    step asks. What is only in the target is listed, and stays.

    Args:
        tenant: The target. Give it an OAuth client with the scope `admin.automations` as `automations_auth`: without,
            only the caller's own automations are deployed, and they stay the caller's.
        source: A backup with automations, or a folder of exported automations, as `remap` takes. For a folder, `id_map`
            has the ids of connections.
        list_all: Whether to search all users' connections and automations, for administrators.
        only: Automations to deploy, with their connections: patterns for their names, such as `Send *`, or for their
            spaces or owners, such as `space=Finance` and `owner=*@example.com`. One of them must match.
        exclude: Automations to leave out, by the same patterns.
        id_map: Ids in the target by those in the source, of both kinds, from an earlier deployment.
        owners: As for `plan_restore`.
        spaces: As for `plan_restore`.
        values: Values of connections' params, as for `plan_restore`.
        journal: The journal of an earlier deployment of the same source: secret values that were set with it can't be
            compared, and are not set again. It may be missing.
        enable: Whether automations that were enabled are enabled, once their connections work. Otherwise new ones stay
            disabled, and others as they are.
        same_tenant: As for `plan_restore`.
        on_progress: Called with the number of automations compared.
        cancel: Stops the job when set.

    Returns:
        The plan; may be edited before `apply` carries it out.

    Raises:
        ConfigurationError: An argument is invalid.
        JobError: The source can't be read, or is damaged.
        JobCancelled: `cancel` was set.
        APIError: Connections or automations can't be listed.

    Sends, besides the requests of `plan_restore`, one GET for the caller, one for each page of automations, and one for
    each automation in the target that is compared (tier 1).
    """
    given = ParamValues(values)
    del values
    choice = Choice(only, exclude)
    found = open_source(source)
    mapping = correspondence(found.tenant, tenant.url, owners, spaces, same_tenant=same_tenant)
    with cancellable(cancel, _JOB):
        mapping = mapping.completed(tenant, found.people, {each.id for each in found.people}, cancel)
        items = choice.of(found)
        ids = id_map or {}
        wanted = None if choice.is_everything else {use.id for each in items for use in each.uses} & found.connections
        if found.archive is not None:
            connections, there = plan_connections(
                tenant,
                found.archive,
                mapping,
                list_all=list_all,
                id_map=ids,
                given=given,
                sent={} if journal is None else values_sent(Path(journal), tenant.url, found.sha256),
                ids=wanted,
                cancel=cancel,
            )
            connections.notes = [note for note in connections.notes if note not in mapping.notes]
        else:
            connections = RestorePlan(tenant.url, "", found.sha256, list_all, [])
            there = targets_of(tenant.connections.list(list_all=list_all))
        planning = _Planning(tenant, found, mapping, connections, there, ids, enable, on_progress or ignore, cancel)
        steps = planning.steps(items, list_all=list_all)
    left_over = planning.left_over() if choice.is_everything else []
    matched = {step.target_id for step in connections.steps}
    others = [one.candidate() for id, one in there.items() if id not in matched] if choice.is_everything else []
    notes = [*found.notes, *mapping.notes, *planning.notes]
    return DeployPlan(tenant.url, str(source), connections, steps, left_over, others, notes)


@define
class _Planning:
    """Matches automations, compares them with the target's, and makes their steps."""

    _tenant: Tenant
    _source: Source
    _mapping: Correspondence
    _connections: RestorePlan
    _targets: Mapping[str, Target]
    _id_map: Mapping[str, str]
    _enable: bool
    _on_progress: OnProgress
    _cancel: threading.Event | None
    notes: list[str] = field(factory=list)
    _is_machine: bool = field(init=False)
    _caller: str | None = field(init=False, default=None)
    _there: dict[str, AutomationSummary] = field(init=False, factory=dict)
    _taken: set[str] = field(init=False, factory=set)
    _items: dict[str, Deployable] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self._is_machine = sign_in_of(self._tenant.automations_auth) == "OAuth client"
        try:
            self._caller = self._tenant.users.me().id
        except APIError as error:
            self.notes.append(f"Not known who the caller is: {error}")

    def steps(self, items: list[Deployable], *, list_all: bool) -> list[DeployStep]:
        """Return the step of each automation."""
        if not self._is_machine:
            self.notes.append(_ALONE)
        left_out: set[str | None] = set()
        listed = self._tenant.automations.list(list_all=list_all or self._is_machine)
        for each in items_of(listed.pages(), left_out):
            check_cancelled(self._cancel, _JOB)
            self._there[each.id] = each
        self._items = {item.id: item for item in items}
        steps = [self._first(item) for item in items]
        self._match(steps)
        for step in steps:
            if step.action == "create" and left_out & {step.name, None}:
                _decide(step, "ask", "ambiguous", UNIDENTIFIED)
        self._compare([step for step in steps if step.action == "update"])
        known, planned = self._new_ids(), {each.id: each for each in self._connections.steps}
        finder = IdFinder(id for id in planned if known.get(id) != id)
        for step in steps:
            if step.action in ("create", "update", "ask"):
                self._look_at_connections(step, known, planned)
                mentioned = Definition.of(self._source.load(step.id)).mentions(finder)
                if mentioned:
                    step.notes.append(f"Texts in it mention connections, which stay: {', '.join(mentioned)}.")
        return steps

    def left_over(self) -> list[Candidate]:
        """Return the target's automations that match none of the source."""
        return [_candidate(each) for id, each in self._there.items() if id not in self._taken]

    def _first(self, item: Deployable) -> DeployStep:
        """Return the step of an automation, as far as it is known before it is looked up in the target."""
        owner, space = self._mapping.owner(item.owner_id), self._mapping.space(item.space_id)
        step = DeployStep(item.id, item.name, "create", "missing", "It doesn't exist in the target.")
        step.run_mode, step.space_id = item.run_mode, space
        step.enable = self._enable and item.state == "available"
        if owner is None and item.owner_id is not None:
            step.notes.append(f"Its owner {item.owner_id} is not mapped: the caller keeps a new one.")
        if space is None:
            step.notes.append(f"Its space {item.space_id} is not mapped: a new one goes into a personal space.")
        if self._is_machine:
            step.owner_id = owner or self._caller
        doubt = self._mapping.doubt(item.owner_id, item.space_id)
        if item.problem is not None:
            _decide(step, "skip", "incomplete", item.problem)
        elif not item.name:
            _decide(step, "skip", "incomplete", "The source has no name for it.")
        elif not self._is_machine and owner not in (None, self._caller) and self._caller is not None:
            _decide(step, "skip", "not-owned", f"It belongs to {owner}, and the caller may only write their own.")
        elif doubt is not None:
            _decide(step, "ask", cast(Reason, doubt.reason), doubt.sentence)
        return step

    def _match(self, steps: list[DeployStep]) -> None:
        """Find the target's automation of each step: by id, then by name in a space, or among an owner's personal."""
        groups: dict[tuple[str | None, ...], list[DeployStep]] = defaultdict(list)
        pool: dict[tuple[str | None, ...], list[AutomationSummary]] = defaultdict(list)
        for step in steps:
            if step.reason == "incomplete":
                continue
            id = self._id_map.get(step.id, step.id if self._mapping.same_tenant else "")
            if id in self._there and id not in self._taken:
                self._found(step, self._there[id])
            elif step.action == "create":
                owner = None if step.space_id else step.owner_id or self._caller
                groups[step.name, step.space_id or PERSONAL, owner].append(step)
        for each in self._there.values():
            if each.id not in self._taken:
                owner = None if each.space_id else each.owner_id
                pool[each.name, each.space_id or PERSONAL, owner].append(each)
        for key, group in groups.items():
            candidates = pool.get(key, [])
            if len(group) == len(candidates) == 1:
                self._found(group[0], candidates[0])
            elif candidates:
                for step in group:
                    _decide(step, "ask", *_question(candidates, group))
                    step.candidates = [_candidate(each) for each in candidates]
                    self._taken |= {each.id for each in candidates}

    def _found(self, step: DeployStep, found: AutomationSummary) -> None:
        step.target_id = found.id
        self._taken.add(found.id)
        if step.action == "skip":
            return
        _decide(step, "update", "differs", "")
        if step.owner_id is not None and self._mapping.owner(self._items[step.id].owner_id) is None:
            # Nobody is named as its owner, so the present one stays.
            step.owner_id = None
        if not self._is_machine and self._caller is not None and found.owner_id not in (None, self._caller):
            sentence = f"It exists, but belongs to {found.owner_id}: the caller may neither read nor write it."
            _decide(step, "skip", "unreadable", sentence)

    def _new_ids(self) -> dict[str, str | None]:
        """Return ids of connections in the target by those in the source, as far as they are known.

        Those to be created have a description instead, and those that the service has not created have None.
        """
        known: dict[str, str | None] = {}
        if self._mapping.same_tenant or self._source.archive is None:
            known.update({id: id for id in self._targets})
        known.update({} if self._source.archive else self._id_map)
        for step in self._connections.steps:
            if step.action in ("update", "skip") and step.target_id is not None:
                known[step.id] = step.target_id
            elif step.action == "create":
                known[step.id] = f"the new connection {step.name}"
            elif step.reason == "managed":
                known[step.id] = None
        return known

    def _compare(self, steps: list[DeployStep]) -> None:
        """Read the automations of steps and their counterparts, and note what differs."""
        new_ids = self._new_ids()

        def read(step: DeployStep) -> tuple[Definition, Automation]:
            wanted = Definition.of(self._source.load(step.id)).with_connections(new_ids)
            return wanted, self._tenant.automations.get(step.target_id or "")

        compared = 0

        def take(done: Done[DeployStep, tuple[Definition, Automation]]) -> None:
            nonlocal compared
            compared += 1
            if done.result is not None:
                _note_differences(done.item, *done.result)
                self._wait_for_consent(done.item, new_ids)
            elif isinstance(done.error, APIError):
                _decide(done.item, "skip", "unreadable", f"It exists, but can't be read: {why(done.error)}")
            self._on_progress(Progress(_JOB, compared, len(steps)))

        run_concurrently(read, steps, take, workers=WORKERS, cancel=self._cancel, ordered=True)
        check_cancelled(self._cancel, _JOB)

    def _wait_for_consent(self, step: DeployStep, new_ids: Mapping[str, str | None]) -> None:
        """Leave an automation disabled that would only be enabled, but uses connections that don't work."""
        used = [self._targets.get(new_ids.get(use.id) or "") for use in self._items[step.id].uses if not use.managed]
        broken = dict.fromkeys(each.id for each in used if each is not None and each.is_connected is False)
        if step.changes == ["state"] and broken:
            sentence = f"It stays disabled, as these connections don't work yet: {', '.join(broken)}."
            _decide(step, "skip", "exists", sentence)

    def _look_at_connections(
        self, step: DeployStep, known: Mapping[str, str | None], planned: Mapping[str, RestoreStep]
    ) -> None:
        """Note for which connections a step waits, and which its owner could not use."""
        found = self._there.get(step.target_id or "")
        owner = step.owner_id or (found.owner_id if found is not None else self._caller)
        for use in self._items[step.id].uses:
            connection, new = planned.get(use.id), known.get(use.id)
            if new is None and (use.managed or use.id in known):
                step.notes.append(f"{use.block} gets no connection: the service has created none for its owner.")
            elif new is None and (connection or use.id in self._source.unread or not self._source.archive):
                step.waits_for += [use.id] * (use.id not in step.waits_for)
            elif new is None:
                step.notes.append(f"{use.block} names the connection {use.id}, which the source lacks: it stays.")
            elif not use.managed and (holder := self._holder(connection, new)) not in (None, owner) and owner:
                step.notes.append(
                    f"{use.block} uses a connection of {holder} that is in no shared space: {owner}, who owns the"
                    " automation, can't use it."
                )
        if step.waits_for:
            step.notes.append(f"It waits for connections without an id in the target: {', '.join(step.waits_for)}.")

    def _holder(self, connection: RestoreStep | None, new: str) -> str | None:
        """Return the owner of a connection in a personal space, who alone can use it; None for another space."""
        there = self._targets.get(new)
        space = connection.space_id if connection is not None else None
        space = space if space is not None else there.space_id if there is not None else PERSONAL
        if space != PERSONAL:
            return None
        return (connection and connection.owner_id) or (there.owner_id if there is not None else self._caller)


def _question(candidates: list[AutomationSummary], group: list[DeployStep]) -> tuple[Reason, str]:
    answer = "Set target_id and the action to update or skip, or only the action to create."
    if len(candidates) > 1:
        return "ambiguous", f"Several automations of the target have its name there. {answer}"
    return "claimed-twice", f"{len(group)} automations of the source match the same one in the target. {answer}"


def _note_differences(step: DeployStep, wanted: Definition, there: Automation) -> None:
    has = Definition.of(there)
    changes: list[Change] = wanted.differences(has)
    if step.space_id is not None and step.space_id != (there.space_id or PERSONAL):
        changes.append("space")
    if step.owner_id is not None and step.owner_id != there.owner_id:
        changes.append("owner")
        step.notes.append("A change of owner removes its history of runs and changes.")
    if step.enable and there.state != "available":
        changes.append("state")
    step.changes = changes
    if not changes:
        _decide(step, "skip", "exists", "It exists and is up to date.")
        return
    said = {"max_concurrent_runs": "maximum of concurrent runs"}
    if "workspace" in changes:
        step.diff = workspace_diff(has.workspace, wanted.workspace)
        blocks = changed_blocks(has.workspace, wanted.workspace)
        said["workspace"] = f"workspace ({', '.join(blocks)})" if blocks else "workspace"
    step.sentence = f"It exists, but differs in {', '.join(said.get(change, change) for change in changes)}."


def _decide(step: DeployStep, action: Action, reason: Reason, sentence: str) -> None:
    step.action, step.reason, step.sentence = action, reason, sentence


def _candidate(found: AutomationSummary) -> Candidate:
    return Candidate(found.id, found.name, found.owner_id, found.space_id)
