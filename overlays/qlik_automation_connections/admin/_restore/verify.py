"""What is left to people after a restore: what was restored is checked, and what does not work yet is told."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from attrs import frozen

from ... import Tenant
from ...errors import APIError
from .._parallel import Done, run_concurrently
from .._progress import OnProgress, Progress
from .param_values import ParamValues
from .plan import RestoreStep
from .report import RestoredConnection, RestoreReport


@frozen
class _Found:
    connected: bool | None
    link: str | None


def _looked_at(tenant: Tenant, id: str) -> _Found:
    connected = tenant.connections.check(id).connected
    # A connection that works needs nobody.
    return _Found(connected, None if connected else tenant.connections.get(id).redirect)


def follow_up(
    tenant: Tenant,
    report: RestoreReport,
    values: ParamValues,
    on_progress: OnProgress,
    cancel: threading.Event | None,
) -> None:
    """Checks what was restored, side by side, and notes in the report what came of it.

    Sends one POST for each connection that was created, adopted or updated, or that failed after it was created (tier
    2), and one GET for each that is not connected (tier 1).
    """
    restored = [
        step
        for step in report.steps
        if step.new_id is not None and step.outcome in ("created", "adopted", "updated", "failed")
    ]
    done = failed = 0

    def take(result: Done[RestoredConnection, _Found]) -> None:
        nonlocal done, failed
        done += 1
        if result.result is not None:
            result.item.connected, result.item.link = result.result.connected, result.result.link
        else:
            failed += 1
            result.item.notes.append(f"It could not be checked: {values.scrub(str(result.error))}")
        on_progress(Progress("check", done, len(restored), failed))

    try:
        run_concurrently(lambda step: _looked_at(tenant, step.new_id or ""), restored, take, cancel=cancel)
    except APIError as error:
        report.unchecked = values.scrub(str(error))
    if cancel is not None and cancel.is_set():
        report.unchecked = "It was cancelled before all was checked."


def say_what_is_left(report: RestoreReport, steps: Mapping[str, RestoreStep], values: ParamValues) -> None:
    """Says of each connection what a person must do yet."""
    for restored in report.steps:
        given, step = values.names(restored.id), steps[restored.id]
        # One that existed may have values that nobody sees.
        missing = [name for name in step.without_value if name not in given] if step.action == "create" else []
        restored.to_do = _to_do(restored, missing)


def _to_do(restored: RestoredConnection, missing: list[str]) -> str | None:
    if restored.outcome == "asked":
        return "Decide what it is: set target_id and the action update or skip in the plan, or the action create."
    if restored.outcome == "left" or restored.new_id is None:
        return None
    if restored.link is not None:
        return (
            "Open its link in a browser, signed in as its owner, and give consent with the account that it is to use."
        )
    if restored.connected is True or restored.outcome == "skipped":
        return None
    if missing:
        return f"Enter what it needs: {', '.join(missing)}."
    if restored.connected is False:
        return "It does not work yet: look at its params."
    return None
