"""Plans a restore. Nothing is changed."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

from ... import Connection, Tenant
from ..._text import counted
from ...errors import ConfigurationError
from .._backup.archive import Archive
from .._cancellation import cancellable, check_cancelled
from .._connectors import connector_details, connector_names
from .._parallel import Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .desired_state import DesiredState, chosen, correspondence, desired_state, manifest
from .matching import Match, Target, match_all, target
from .param_values import ParamValues, Values
from .plan import RestorePlan
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
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> RestorePlan:
    """Says what a restore would do, and changes nothing.

    An archived connection is looked for in the target by the map of ids; within one tenant by its id; then by its name,
    connector, owner and space, as mapped. Where that is not clear the step is a question, never a guess.

    Args:
        tenant: the target.
        path: the archive that a backup wrote.
        list_all: look among everybody's connections, for administrators; otherwise among the caller's.
        id_map: ids in the target by ids in the archive, from an earlier restore, which must not have been cut off: what
            its journal alone knows of would be taken for a stranger. An id that is gone is passed over; without
            `list_all` it may be another's by now, and is a question unless something else fits.
        owners: users of the target by users of the archive. Within one tenant users that are not mapped stay; into
            another one the caller keeps what was theirs, and the step says so.
        spaces: spaces of the target by spaces of the archive, None or an empty id for a personal space. Within one
            tenant spaces that are not mapped stay; into another one what they held goes into a personal space, and the
            step says so.
        values: values of params, as `read_values` gives them, or by pairs of the archived id and the param's name. The
            plan names the params, and holds no value.
        connectors: ids of the connectors that the target has; None to ask it for them.
        existing: `update` what exists and differs in its name, owner, space or in params with a given value; or `skip`
            it.
        ids: which archived connections; None for all.
        on_progress: told how many archived connections were read.
        cancel: ends it when set.

    Returns:
        The plan; it may be edited before `apply` carries it out.

    Raises:
        ConfigurationError: an argument is wrong, or the archive does not hold one of `ids`.
        JobError: the archive can't be read, or is damaged.
        JobCancelled: it was cancelled.
        APIError: the list can't be had.

    Sends one GET a page of 200 connections; one for each connection of the target that must be looked at more closely,
    where values are given for its params, or where it may wait for a person's consent; and one a page of connectors,
    and one each connector of what is to be created, to check the params before anything is changed (tier 1).
    """
    given = ParamValues(values)
    del values
    if existing not in ("update", "skip"):
        raise ConfigurationError(f"existing must be 'update' or 'skip', not {existing!r}.")
    for name, collection in (("ids", ids), ("connectors", connectors)):
        if isinstance(collection, str):
            raise ConfigurationError(f"{name} must be a collection of ids, not one string.")
    archive = Archive(path)
    mapping = correspondence(archive.header.tenant, tenant.url, owners, spaces)
    told = on_progress or ignore
    items: list[DesiredState] = []
    with cancellable(cancel, _JOB), _Listing(tenant, list_all=list_all) as targets:
        for record in chosen(archive, None if ids is None else frozenset(ids)):
            items.append(desired_state(record, mapping))
            if len(items) % _TELL_EVERY == 0:
                told(Progress(_JOB, len(items)))
                check_cancelled(cancel, _JOB)
        found = targets.result()
    last = manifest(archive)
    matches = match_all(
        _distinct(items, archive), found, id_map or {}, same_tenant=mapping.same_tenant, sees_all=list_all
    )
    with cancellable(cancel, _JOB):
        there = frozenset(connectors) if connectors is not None else _connectors(tenant)
        new = {item.connector_id for item in items if matches[item.id].target is None and item.connector_id}
        asked = connector_details(tenant, new if there is None else new & there, cancel)
    maker = StepMaker(mapping.same_tenant, there, existing, given, asked)
    details = _details(tenant, maker, items, matches, given, cancel)
    check_cancelled(cancel, _JOB)
    steps = [maker.step(item, matches[item.id], details.get(item.id)) for item in items]
    told(Progress(_JOB, len(items), len(items)))
    notes = []
    foreign = given.ids() - matches.keys()
    if foreign and ids is None:
        notes.append(f"Values are given for {counted(len(foreign))} that the archive does not hold.")
    if archive.header.selection.get("list_all") and not list_all:
        notes.append(
            "The backup holds everybody's connections, and the caller's alone were looked at: what others own may exist"
            " though it is to be created. Administrators can look at all."
        )
    unreadable = sum(item.unreadable is not None for item in items)
    if unreadable:
        notes.append(f"What the backup holds of {counted(unreadable)} can't be understood, and is not restored.")
    if last.unread:
        notes.append(f"Not read by the backup, and so not in this plan: {counted(last.unread)}.")
    return RestorePlan(tenant.url, archive.header.tenant, last.sha256, list_all, steps, unread=last.unread, notes=notes)


def _connectors(tenant: Tenant) -> frozenset[str] | None:
    """Ids of the tenant's connectors; None if it does not tell, or names none."""
    names = connector_names(tenant)
    return frozenset(names) if names else None


class _Listing:
    """Reads the target's list in a thread, while the archive is read in this one."""

    def __init__(self, tenant: Tenant, *, list_all: bool) -> None:
        self._tenant = tenant
        self._list_all = list_all
        self._left = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="restore-plan")

    def _read(self) -> dict[str, Target]:
        found: dict[str, Target] = {}
        for page in self._tenant.connections.list(list_all=self._list_all).pages():
            if self._left.is_set():
                break
            for connection in page.items:
                if connection.id:
                    found[connection.id] = target(connection)
        return found

    def __enter__(self) -> Future[dict[str, Target]]:
        # The thread's waits end when those of this one do.
        return self._pool.submit(contextvars.copy_context().run, self._read)

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._pool.shutdown(wait=True)


def _distinct(items: list[DesiredState], archive: Archive) -> list[DesiredState]:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ConfigurationError(f"The archive {archive.path} holds {item.id} twice.")
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
    """The target's connections that must be looked at more closely, by the archived one's id."""
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
            matches[done.item.id].notes.append(f"The connection of the target can't be read: {why}")

    run_concurrently(read, (item for item in items if maker.wants_detail(item, matches[item.id])), take, cancel=cancel)
    return details
