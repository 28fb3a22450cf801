"""Plan a restore, without changing anything."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from ... import Connection, Tenant
from ..._text import counted
from ...errors import ConfigurationError
from .._backup.archive import Archive
from .._backup.records import ArchivedConnection
from .._cancellation import cancellable, check_cancelled
from .._connectors import connector_details, connector_names
from .._parallel import Done, run_concurrently
from .._people import Person, Place
from .._progress import OnProgress, Progress, ignore
from .desired_state import Correspondence, DesiredState, chosen, correspondence, desired_state, manifest
from .matching import UNIDENTIFIED, Match, Target, items_of, match_all, targets_of
from .param_values import ParamValues, Values
from .plan import RestorePlan, RestoreStep
from .steps import StepMaker

_JOB: Final = "restore plan"
_TELL_EVERY: Final = 500


def plan_restore(
    tenant: Tenant,
    path: str | Path,
    *,
    list_all: bool = False,
    id_map: Mapping[str, str] | None = None,
    owners: Mapping[str, str] | None = None,
    spaces: Mapping[str, str | None] | None = None,
    values: Values | None = None,
    connectors: Collection[str] | None = None,
    existing: Literal["update", "skip"] = "update",
    ids: Collection[str] | None = None,
    same_tenant: bool = False,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> RestorePlan:
    """Plan a restore. Nothing is changed.

    An archived connection is looked up in the target by the id map; within one tenant, by its id; then by its mapped
    name, connector, owner and space. If the match is uncertain, the step asks; it never guesses.

    Args:
        tenant: The target.
        path: The archive that a backup wrote.
        list_all: Whether to search all users' connections, for administrators, or only the caller's.
        id_map: Ids in the target by archived ids, from an earlier restore. Finish an interrupted restore first:
            connections that only its journal knows would look foreign. Ids that are gone are ignored; without
            `list_all`, they may belong to another user by now, and the step asks unless something else matches.
        owners: Users of the target by archived users. Others stay within one tenant; in another one, they are found by
            e-mail address, then by subject, if the backup notes them. The caller keeps the connections of users who are
            not found, and the step notes it; if several fit, it asks.
        spaces: Spaces of the target by archived spaces; None or an empty id for a personal space. Others stay within
            one tenant; in another one, they are found by name and type, if the backup notes them. Connections of spaces
            that are not found go into a personal space, and the step notes it; if several fit, it asks.
        values: Values of params, from `read_values` or by pairs (archived id, param's name). The plan names the params
            but holds no values.
        connectors: Ids of the target's connectors; None to ask the target.
        existing: `update` connections that exist and differ in name, owner, space, or params with a given value; or
            `skip` them.
        ids: Archived connections to restore; None for all.
        same_tenant: Whether the target has the ids of the backup's tenant although its address differs: the tenant has
            another address by now, or the target is a sandbox filled from the backup.
        on_progress: Called with the number of archived connections read.
        cancel: Event that cancels the job when set.

    Returns:
        The plan; may be edited before `apply` carries it out.

    Raises:
        ConfigurationError: An argument is invalid, or the archive lacks one of `ids`.
        JobError: The archive can't be read, or is damaged.
        JobCancelled: `cancel` was set.
        APIError: The connections can't be listed.

    Sends one GET for each page of 200 connections; one for each connection in the target that has given values or may
    wait for consent; one for each page of connectors; one for each connector of a connection to create, to check the
    params in advance; and in another tenant one for each 50 owners, and one for each page of spaces (all tier 1).
    """
    given = ParamValues(values)
    del values
    archive = Archive(path)
    mapping = correspondence(archive.header.tenant, tenant.url, owners, spaces, same_tenant=same_tenant)
    return plan_connections(
        tenant,
        archive,
        mapping,
        list_all=list_all,
        id_map=id_map,
        given=given,
        connectors=connectors,
        existing=existing,
        ids=ids,
        on_progress=on_progress,
        cancel=cancel,
    )[0]


def plan_connections(
    tenant: Tenant,
    archive: Archive,
    mapping: Correspondence,
    *,
    list_all: bool,
    id_map: Mapping[str, str] | None,
    given: ParamValues,
    sent: Mapping[str, Collection[str]] | None = None,
    connectors: Collection[str] | None = None,
    existing: Literal["update", "skip"] = "update",
    ids: Collection[str] | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> tuple[RestorePlan, dict[str, Target]]:
    """Plan a restore, and return the target's connections too, by id; see `plan_restore`."""
    if existing not in ("update", "skip"):
        raise ConfigurationError(f"existing must be 'update' or 'skip', not {existing!r}.")
    for name, collection in (("ids", ids), ("connectors", connectors)):
        if isinstance(collection, str):
            raise ConfigurationError(f"{name} must be a collection of ids, not one string.")
    told = on_progress or ignore
    items: list[DesiredState] = []
    noted: list[Person | Place] = []
    kept: dict[Any, Any] = {}
    with cancellable(cancel, _JOB):
        for record in chosen(archive, None if ids is None else frozenset(ids)):
            if not isinstance(record, ArchivedConnection):
                noted.append(record)
                continue
            items.append(desired_state(record, kept))
            if len(items) % _TELL_EVERY == 0:
                told(Progress(_JOB, len(items)))
                check_cancelled(cancel, _JOB)
        left_out: set[str | None] = set()
        found = targets_of(items_of(tenant.connections.list(list_all=list_all).pages(), left_out))
        if noted and not mapping.notes:
            used = {id for item in items for id in (item.archived_owner, item.archived_space)}
            mapping = mapping.completed(tenant, noted, used, cancel)
    for item in items:
        item.place(mapping)
    last = manifest(archive)
    matches = match_all(
        _distinct(items, archive), found, id_map or {}, same_tenant=mapping.same_tenant, sees_all=list_all
    )
    with cancellable(cancel, _JOB):
        there = frozenset(connectors) if connectors is not None else _connectors(tenant)
        new = {item.connector_id for item in items if matches[item.id].target is None and item.connector_id}
        asked = connector_details(tenant, new if there is None else new & there, cancel)
    maker = StepMaker(mapping.same_tenant, there, existing, given, asked, sent or {})
    details = _details(tenant, maker, items, matches, given, cancel)
    check_cancelled(cancel, _JOB)
    notes = list(mapping.notes)
    foreign = given.ids() - matches.keys()
    if foreign and ids is None:
        notes.append(f"Values are given for {counted(len(foreign))} not in the archive.")
    if archive.header.selection.get("list_all") and not list_all:
        notes.append(
            "The backup has all users' connections, but only the caller's were searched: what others own may be created"
            " although it exists. Administrators can search all connections."
        )
    unreadable = sum(item.unreadable is not None for item in items)
    if unreadable:
        notes.append(f"The backup's data of {counted(unreadable)} can't be understood and is not restored.")
    if last.unread:
        notes.append(f"Not in this plan: {counted(last.unread)} that the backup could not read.")
    # What a step was made from is let go at once: of 100,000 connections, it is as large as the plan.
    items.reverse()
    steps: list[RestoreStep] = []
    while items:
        item = items.pop()
        step = maker.step(item, matches.pop(item.id), details.pop(item.id, None))
        if step.action == "create" and left_out & {step.name, None}:
            step.action, step.reason, step.sentence = "ask", "ambiguous", UNIDENTIFIED
        steps.append(step)
    told(Progress(_JOB, len(steps), len(steps)))
    plan = RestorePlan(tenant.url, archive.header.tenant, last.sha256, list_all, steps, unread=last.unread, notes=notes)
    return plan, found


def _connectors(tenant: Tenant) -> frozenset[str] | None:
    """Return the ids of the tenant's connectors, or None if unknown or empty."""
    names = connector_names(tenant)
    return frozenset(names) if names else None


def _distinct(items: list[DesiredState], archive: Archive) -> list[DesiredState]:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ConfigurationError(f"The archive {archive.path} contains {item.id} twice.")
        seen.add(item.id)
    return items


def _details(
    tenant: Tenant,
    maker: StepMaker,
    items: list[DesiredState],
    matches: Mapping[str, Match],
    given: ParamValues,
    cancel: threading.Event | None,
) -> dict[str, Connection]:
    """Read the target's connections that need a closer look, by archived id."""
    details: dict[str, Connection] = {}

    def read(item: DesiredState) -> Connection:
        found = matches[item.id].target
        assert found is not None, "only matched ones are read"
        return tenant.connections.get(found.id)

    def take(done: Done[DesiredState, Connection]) -> None:
        if done.result is not None:
            details[done.item.id] = done.result
        else:
            why = given.scrub(str(done.error))
            match = matches[done.item.id]
            match.notes = [*match.notes, f"The connection in the target can't be read: {why}"]

    run_concurrently(read, (item for item in items if maker.wants_detail(item, matches[item.id])), take, cancel=cancel)
    return details
