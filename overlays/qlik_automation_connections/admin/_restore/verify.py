"""Check what was restored, and note what people still have to do."""

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
    # A connection that works needs no consent.
    return _Found(connected, None if connected else tenant.connections.get(id).redirect)


def follow_up(
    tenant: Tenant,
    report: RestoreReport,
    values: ParamValues,
    on_progress: OnProgress,
    cancel: threading.Event | None,
) -> None:
    """Check the restored connections concurrently, and note the results in the report.

    Sends one POST (tier 2) for each connection that was created, adopted or updated, or that failed after it was
    created, and one GET (tier 1) for each that is not connected.
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
        report.unchecked = "The restore was cancelled before everything was checked."


def say_what_is_left(report: RestoreReport, steps: Mapping[str, RestoreStep], values: ParamValues) -> None:
    """Note for each connection what a person still has to do."""
    for restored in report.steps:
        given, step = values.names(restored.id), steps[restored.id]
        # An existing connection may have secret values, which are never shown.
        missing = [name for name in step.without_value if name not in given] if step.action == "create" else []
        restored.to_do = _to_do(restored, missing)


def _to_do(restored: RestoredConnection, missing: list[str]) -> str | None:
    if restored.outcome == "asked":
        return "Decide in the plan: set target_id and the action to update or skip, or only the action to create."
    if restored.outcome == "left" or restored.new_id is None:
        return None
    if restored.link is not None:
        return (
            "Open its link in a browser, signed in as its owner, and give consent with the account that it should use."
        )
    if restored.connected is True or restored.outcome == "skipped":
        return None
    if missing:
        return f"Enter its missing params: {', '.join(missing)}."
    if restored.connected is False:
        return "It doesn't work yet. Check its params."
    return None
