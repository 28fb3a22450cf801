"""Plan a handover, without changing anything."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from attrs import define, field

from ... import ConnectionSummary, NotFoundError, Tenant
from ...errors import ConfigurationError
from .._cancellation import cancellable, check_cancelled
from .._parallel import Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .._usage.job import NOT_TOLD, usage
from .._usage.report import UsingAutomation
from .decide import Aim, step_of, unreadable
from .plan import HandoverPlan, HandoverStep, SpaceChoice

_JOB = "handover plan"


def plan_handover(
    tenant: Tenant,
    from_owner: str,
    to_owner: str,
    *,
    space_id: str | None = None,
    personal: bool = False,
    ids: Iterable[str] | None = None,
    filter: str | None = None,
    look_for_usage: bool = False,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> HandoverPlan:
    """Plan to hand over one owner's connections to another. Nothing is changed.

    Without `space_id` or `personal`, each connection stays in its space, and those in the old owner's personal space
    move to the new owner's.

    Args:
        tenant: The tenant; the caller must be an administrator.
        from_owner: Id of the user whose connections are handed over.
        to_owner: Id of the user who gets them.
        space_id: Id of the space to move all of them into.
        personal: Whether to move all of them into the new owner's personal space.
        ids: Only these connections. Those of other users are skipped, with the reason in the step; those that the new
            owner already has are moved if their space isn't right.
        filter: Only connections that match this SCIM expression over name, connectorId and spaceId.
        look_for_usage: Whether to note which automations of any user use each connection.
        on_progress: Called with the number of connections read.
        cancel: Event that cancels the job when set.

    Returns:
        The plan, for `apply`.

    Raises:
        ConfigurationError: An argument is missing, invalid, or contradicts another one.
        JobCancelled: `cancel` was set.
        APIError: The connections can't be listed.

    Sends one GET for each 200 connections of both owners, and one for each of `ids` that the old owner doesn't have
    (tier 1); with `look_for_usage`, also the requests of `usage`.
    """
    aim = Aim(*_people(from_owner, to_owner), *_space(space_id, personal))
    wanted = None if ids is None else _ids(ids)
    planning = _Planning(tenant, aim, filter, on_progress or ignore, cancel)
    with cancellable(cancel, _JOB):
        steps = planning.steps(wanted)
        taken = planning.names_of_the_new_owner() if any(step.action == "move" for step in steps) else {}
    check_cancelled(cancel, _JOB)
    for step in steps:
        _warn(step, taken)
    notes, losing = planning.notes(), list[UsingAutomation]()
    if look_for_usage:
        more, losing = _note_usage(tenant, [step for step in steps if step.action == "move"], cancel)
        notes += more
    return HandoverPlan(tenant.url, from_owner, to_owner, aim.space, aim.space_id, steps, notes, losing=losing)


def _note_usage(
    tenant: Tenant, moving: list[HandoverStep], cancel: threading.Event | None
) -> tuple[list[str], list[UsingAutomation]]:
    """Note whether automations use each connection that moves, and which.

    Returns:
        Notes on what is not known and what to do; and the automations of others than the new owner that use
        connections which go to a personal space.
    """
    try:
        found = usage(tenant, [step.id for step in moving], list_all=True, cancel=cancel)
    except NOT_TOLD as error:
        for step in moving:
            step.usage = "unknown"
        return [f"Not known whether automations use them: {error.message}"], []
    for step in moving:
        step.usage = found.answer(step.id)
        if step.usage == "used":
            step.note = " ".join(filter(None, (step.note, found.sentence(step.id))))
    private = [step for step in moving if step.to_space is None]
    losing = {
        user.id: user for step in private for user in found.users.get(step.id, ()) if user.owner_id != step.to_owner
    }
    if not losing:
        return found.conclusions(), []
    named = ", ".join(f"{user.name} ({user.id})" for user in losing.values())
    advice = (
        f"These automations will lose connections, which go to a personal space of another owner: {named}. Pass"
        " space_id= (--space) to hand the connections over into a space that both owners can use; or give the"
        " automations to the new owner too and set their connections again; or connect them to others."
    )
    return [*found.conclusions(), advice], list(losing.values())


def _people(from_owner: object, to_owner: object) -> tuple[str, str]:
    for name, value in (("from_owner", from_owner), ("to_owner", to_owner)):
        if not isinstance(value, str) or not value.strip():
            raise ConfigurationError(f"{name} must be the id of a user, not {value!r}.")
    if from_owner == to_owner:
        raise ConfigurationError("The old and the new owner are the same user: there is nothing to hand over.")
    return str(from_owner), str(to_owner)


def _space(space_id: object, personal: object) -> tuple[SpaceChoice, str | None]:
    if not isinstance(personal, bool):
        raise ConfigurationError(f"personal must be True or False, not {personal!r}.")
    if space_id is None:
        return ("personal" if personal else "keep"), None
    if personal:
        raise ConfigurationError("Give space_id or personal, not both.")
    if not isinstance(space_id, str) or not space_id.strip():
        raise ConfigurationError(
            "space_id must be the id of a space; personal=True (--personal) is for the personal space."
        )
    return "into", space_id


def _ids(ids: Iterable[str]) -> list[str]:
    found = [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))
    for id in found:
        if not isinstance(id, str) or not id.strip():
            raise ConfigurationError(f"ids must be connection ids, not {id!r}.")
    return found


def _warn(step: HandoverStep, taken: dict[tuple[str | None, str | None], str]) -> None:
    other = taken.get((step.connector_id, step.name))
    if step.action == "move" and other is not None and other != step.id:
        step.note = f"The new owner already has a connection with this name and connector: {other}."


@define
class _Planning:
    """Reads the connections for a plan."""

    _tenant: Tenant
    _aim: Aim
    _filter: str | None
    _on_progress: OnProgress
    _cancel: threading.Event | None
    _looked_at: int = 0
    _without_id: int = 0
    _seen: set[str] = field(factory=set)

    def steps(self, wanted: list[str] | None) -> list[HandoverStep]:
        """Return a step for each wanted connection, or for all of the old owner's."""
        chosen = None if wanted is None else set(wanted)
        by_id: dict[str, HandoverStep] = {}
        for item in self._of_the_old_owner():
            if chosen is None or item.id in chosen:
                by_id[item.id] = step_of(self._aim, item, item.id)
        if wanted is None:
            return list(by_id.values())
        self._read([id for id in wanted if id not in by_id], by_id)
        return [by_id[id] for id in wanted if id in by_id]

    def names_of_the_new_owner(self) -> dict[tuple[str | None, str | None], str]:
        """Return the ids of the new owner's connections by connector and name."""
        found: dict[tuple[str | None, str | None], str] = {}
        for item in self._tenant.connections.list(owner_id=self._aim.to_owner, list_all=True):
            check_cancelled(self._cancel, _JOB)
            if item.owner_id in (self._aim.to_owner, None):
                found.setdefault((item.connector_id, item.name), item.id)
        return found

    def notes(self) -> list[str]:
        """Return remarks on the whole plan."""
        if not self._without_id:
            return []
        return [f"Connections that can't be handed over because they have no id in the list: {self._without_id}."]

    def _of_the_old_owner(self) -> Iterator[ConnectionSummary]:
        listed = self._tenant.connections.list(owner_id=self._aim.from_owner, filter=self._filter, list_all=True)
        for page in listed.pages():
            self._without_id += len(page.left_out)
            for item in page.items:
                check_cancelled(self._cancel, _JOB)
                if item.id not in self._seen:  # changes during listing may cause duplicates
                    self._seen.add(item.id)
                    yield item
                    self._tell()

    def _read(self, ids: list[str], by_id: dict[str, HandoverStep]) -> None:
        """Read connections that are not in the old owner's list, to find out why."""

        def look(id: str) -> ConnectionSummary | None:
            try:
                found = self._tenant.connections.get(id)
            except NotFoundError:
                return None
            return ConnectionSummary(
                id=id,
                name=found.name,
                owner_id=found.owner_id,
                space_id=found.space_id,
                connector_id=found.connector_id,
            )

        def take(done: Done[str, ConnectionSummary | None]) -> None:
            if done.error is not None:
                by_id[done.item] = unreadable(self._aim, done.item, "unreadable", done.error.message)
            elif done.result is None:
                by_id[done.item] = unreadable(
                    self._aim, done.item, "not-found", "No connection with this id is visible to the caller."
                )
            else:
                by_id[done.item] = step_of(self._aim, done.result, done.item, listed=False, filter=self._filter)
            self._tell()

        run_concurrently(look, ids, take, cancel=self._cancel)
        check_cancelled(self._cancel, _JOB)

    def _tell(self) -> None:
        self._looked_at += 1
        self._on_progress(Progress(_JOB, self._looked_at))
