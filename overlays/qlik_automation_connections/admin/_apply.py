"""Carries out plans of jobs: that of a restore, and that of a handover."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, overload

from .. import Tenant
from ..errors import ConfigurationError
from ._progress import OnProgress, ignore
from ._restore.plan import RestorePlan

if TYPE_CHECKING:
    from ._handover.plan import HandoverPlan
    from ._handover.report import HandoverReport
    from ._restore.param_values import Values
    from ._restore.report import RestoreReport


@overload
def apply(
    tenant: Tenant,
    plan: RestorePlan,
    *,
    journal: str | Path,
    values: Values | None = None,
    id_map_path: str | Path | None = None,
    check: bool = True,
    on_progress: OnProgress | None = None,
    on_wait: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
) -> RestoreReport: ...


@overload
def apply(
    tenant: Tenant,
    plan: HandoverPlan,
    *,
    journal: str | Path,
    undo: str | Path | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> HandoverReport: ...


def apply(
    tenant: Tenant,
    plan: RestorePlan | HandoverPlan,
    *,
    journal: str | Path,
    values: Values | None = None,
    id_map_path: str | Path | None = None,
    check: bool = True,
    undo: str | Path | None = None,
    on_progress: OnProgress | None = None,
    on_wait: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
) -> RestoreReport | HandoverReport:
    """Carries out a plan, one step after the other, so that it can be stopped anywhere and gone on with.

    Each change is noted in the journal before and after it is made. A step that fails does not stop the others; run
    again with the same journal, what failed is tried again, and nothing that was done is done again. A journal whose
    run did not end well is finished first, by the plan in it; the given plan is not used then, for one that was made
    after a crash takes half-made connections for strangers. To follow another plan, finish this one first: no step may
    be left, and none may be failed of which it is not known whether it created anything. Then give another journal, and
    give the id map of this one to the plan.

    Before each creation the journal gets what matches it already, by name and connector. If no answer says what became
    of it, exactly one new match is it, and is adopted. Without one, this run looks some times and lets the step fail.
    The next one looks again, and as the creation may still be on its way, waits until a minute and the tenant's
    time-out have passed since nobody waits for its answer; only then does it create it. More than one new match is a
    question for a person. What was made over to its owner, and is out of the caller's sight, is not created again.

    Args:
        tenant: the plan's tenant.
        plan: what to do: a `RestorePlan`, edited or not, or a `HandoverPlan`.
        journal: its file, of this plan's archive and tenant, or of this handover; made if it is not there.
        values: of a restore, the values of params, as `read_values` gives them, or by pairs of the archived id and the
            param's name. Of each connection those are set that its step names in `params`; of one that a run
            with this journal made or updated before, those that were not given then.
        id_map_path: of a restore, the file that gets new ids by old ones, also of connections that existed. What it
            holds of others stays. If None, the journal's name with `.id-map.json` after it.
        check: of a restore, whether what was restored is checked at the end.
        undo: of a handover, the undo file; if None, the journal's name with `.undo.json` after it.
        on_progress: told after each step.
        on_wait: of a restore, told in words for what it waits, and until when.
        cancel: ends it between two steps, or where it waits, when set. A restore's report says then what is left.

    Returns:
        What came of each step, and what is left to people.

    Raises:
        ConfigurationError: an argument is wrong, or the plan is of another tenant; nothing was sent.
        JobError: the plan contradicts itself, the journal is of another archive or tenant, or a file can't be written.
            If that can be seen before the first change, nothing was sent.
        JobCancelled: a handover was cancelled.
        AuthenticationError: the sign-in was refused; run again with the same journal to go on.
        APIConnectionError: nobody answers any longer; likewise.

    Sends for each connection to create two GETs or more (tier 1) and one POST (tier 2), to update one or two GETs and
    one PUT (tier 2); for each owner and space that is to change one POST (tier 2) and one GET; for each check one POST
    (tier 2). They go out one after the other, but for the checks.
    """
    if isinstance(plan, RestorePlan):
        from ._restore.applying import apply_restore

        if undo is not None:
            raise ConfigurationError("undo belongs to a handover; a restore has none.")
        return apply_restore(
            tenant,
            plan,
            journal=journal,
            values=values,
            id_map_path=id_map_path,
            check=check,
            on_progress=on_progress,
            on_wait=on_wait,
            cancel=cancel,
        )
    from ._handover.applying import apply_handover
    from ._handover.plan import HandoverPlan

    if not isinstance(plan, HandoverPlan):
        raise ConfigurationError(f"plan must be that of a restore or a handover, not a {type(plan).__name__}.")
    if values is not None or id_map_path is not None or not check or on_wait is not None:
        raise ConfigurationError("values, id_map_path, check and on_wait belong to a restore.")
    return apply_handover(tenant, plan, journal=journal, undo=undo, on_progress=on_progress or ignore, cancel=cancel)
