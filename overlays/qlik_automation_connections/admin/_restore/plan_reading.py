"""Reads the plan of a restore from JSON, which people may have edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from .._errors import JobError
from .plan import (
    ACTIONS,
    CHANGES,
    FORMAT,
    REASONS,
    VERSION,
    Action,
    Candidate,
    Change,
    Reason,
    RestorePlan,
    RestoreStep,
)

T = TypeVar("T")


class _Fields:
    """The fields of one JSON object; what is wrong with one is said with where it stands."""

    def __init__(self, document: object, where: str) -> None:
        if not isinstance(document, Mapping):
            raise JobError(f"{where} must be a JSON object.")
        self._document = document
        self._where = where
        self._taken: set[str] = set()

    def refuse_others(self, *known: str) -> None:
        """Raises if there are fields that were not asked for: a slip of the pen, for which nobody would look."""
        others = sorted(map(str, self._document.keys() - self._taken - set(known)))
        if others:
            raise JobError(f"{self._where} has an unknown field: {others[0]}.")

    def _take(self, name: str, fits: Callable[[object], bool], what: str, default: object = ...) -> Any:
        self._taken.add(name)
        value = self._document.get(name, default)
        if value is ...:
            raise JobError(f"{self._where} lacks {name}.")
        if not fits(value):
            raise JobError(f"{self._where}: {name} must be {what}.")
        return value

    def text(self, name: str) -> str:
        return str(self._take(name, lambda value: isinstance(value, str), "a string"))

    def identifier(self, name: str) -> str:
        fits = lambda value: isinstance(value, str) and bool(value.strip())  # noqa: E731 - beside the others
        return str(self._take(name, fits, "a string that is not empty"))

    def optional(self, name: str, *, empty: bool = True) -> str | None:
        def fits(value: object) -> bool:
            return value is None or (isinstance(value, str) and (empty or bool(value.strip())))

        kind = "a string or null" if empty else "a string that is not empty, or null"
        return cast("str | None", self._take(name, fits, kind, None))

    def one_of(self, name: str, allowed: Iterable[T]) -> T:
        known = list(allowed)
        return cast(T, self._take(name, lambda value: value in known, f"one of {', '.join(map(str, known))}"))

    def flag(self, name: str) -> bool:
        return bool(self._take(name, lambda value: isinstance(value, bool), "true or false"))

    def count(self, name: str) -> int:
        def fits(value: object) -> bool:
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0

        return int(self._take(name, fits, "a whole number, 0 or more", 0))

    def texts(self, name: str) -> list[str]:
        def fits(value: object) -> bool:
            return isinstance(value, list) and all(isinstance(element, str) for element in value)

        return list(self._take(name, fits, "a list of strings", []))

    def some_of(self, name: str, allowed: tuple[T, ...]) -> list[T]:
        def fits(value: object) -> bool:
            return isinstance(value, list) and all(element in allowed for element in value)

        return list(self._take(name, fits, f"a list of {', '.join(map(str, allowed))}", []))

    def objects(self, name: str, default: object = ...) -> list[Any]:
        return list(self._take(name, lambda value: isinstance(value, list), "a list", default))


def _candidate(document: object, where: str) -> Candidate:
    fields = _Fields(document, where)
    candidate = Candidate(
        fields.identifier("id"), fields.optional("name"), fields.optional("owner_id"), fields.optional("space_id")
    )
    fields.refuse_others()
    return candidate


def _step(document: object, number: int) -> RestoreStep:
    where = f"Step {number} of the plan"
    fields = _Fields(document, where)
    action: Action = fields.one_of("action", ACTIONS)
    reason: Reason = fields.one_of("reason", REASONS)
    changes: list[Change] = fields.some_of("changes", CHANGES)
    step = RestoreStep(
        id=fields.identifier("id"),
        name=fields.optional("name"),
        connector_id=fields.text("connector_id"),
        action=action,
        reason=reason,
        sentence=fields.text("sentence"),
        target_id=fields.optional("target_id", empty=False),
        owner_id=fields.optional("owner_id", empty=False),
        space_id=fields.optional("space_id"),
        changes=changes,
        params=fields.texts("params"),
        without_value=fields.texts("without_value"),
        candidates=[_candidate(one, f"{where}, a candidate") for one in fields.objects("candidates", [])],
        link=fields.optional("link"),
        notes=fields.texts("notes"),
    )
    fields.refuse_others()
    return step


def read_plan(document: Mapping[str, Any]) -> RestorePlan:
    """Reads a plan from JSON.

    Args:
        document: what `RestorePlan.to_dict` wrote, edited or not.

    Raises:
        JobError: it is none, or can't be carried out.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise JobError("This is no plan of a restore.")
    if document.get("version") != VERSION:
        raise JobError(f"The plan is of version {document.get('version')!r}, and this program knows {VERSION} alone.")
    fields = _Fields(document, "The plan")
    plan = RestorePlan(
        tenant=fields.identifier("tenant"),
        source=fields.text("source"),
        archive=fields.identifier("archive"),
        list_all=fields.flag("list_all"),
        steps=[_step(step, number) for number, step in enumerate(fields.objects("steps"), start=1)],
        unread=fields.count("unread"),
        notes=fields.texts("notes"),
    )
    fields.refuse_others("format", "version", "counts")
    check_plan(plan)
    return plan


def check_plan(plan: RestorePlan) -> None:
    """Refuses a plan that contradicts itself.

    Raises:
        JobError: an archived connection stands in it twice, an update has no target, one target is meant for two, or
            one is to be created that the service creates itself or that has no connector.
    """
    seen: set[str] = set()
    targets: dict[str, int] = {}
    for number, step in enumerate(plan.steps, start=1):
        where = f"Step {number} of the plan ({step.label})"
        if step.id in seen:
            raise JobError(f"{where}: another step is about the same archived connection.")
        seen.add(step.id)
        if step.action == "create" and not step.connector_id.strip():
            raise JobError(f"{where}: without a connector it can't be created.")
        if step.action == "create" and step.reason == "managed":
            raise JobError(f"{where}: the service manages it itself, so it can't be created.")
        if step.action == "update" and step.target_id is None:
            raise JobError(f"{where}: to update, target_id must name a connection of the target.")
        if step.target_id is not None and step.action in ("update", "skip"):
            other = targets.setdefault(step.target_id, number)
            if other != number:
                raise JobError(f"{where}: step {other} has the same target_id {step.target_id!r}.")
