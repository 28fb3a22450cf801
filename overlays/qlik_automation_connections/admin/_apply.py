"""Carries out the plan of a restore or of a handover."""

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
    """Carry out a plan step by step, so that it can be stopped anywhere and resumed.

    Each change is noted in the journal before and after it is made. A failed step does not stop the others. Run again
    with the same journal, it retries what failed and repeats nothing that was done. If a journal holds a run that did
    not finish, that run is finished first, by its own plan, and the given plan is not used: one that was made after a
    crash would take half-made connections for foreign ones. To follow another plan, finish this one first: no step may
    be left, and none may have failed without it being known whether it created anything. Then use another journal, and
    give the id map of this one to the plan.

    A restore notes before each creation which connections match it already, by name and connector. If no response says
    what became of the creation and there is exactly one new match, that is adopted. Without one, this run looks a few
    times and lets the step fail. The next run looks again; as the creation may still be on its way, it waits until a
    minute and the tenant's time-out have passed since nobody waits for its response, and creates it only then. More
    than one new match is a question for a person. What was given to its owner and is not visible to the caller any
    longer is not created again.

    A handover writes its undo file before the first change: the plan that brings owners and spaces back, however much
    was done. Run again, it looks at each connection, and moves what was moved back meanwhile.

    Args:
        tenant: the plan's tenant.
        plan: what to do: a `RestorePlan`, edited or not, or a `HandoverPlan`.
        journal: its file, of this plan's archive and tenant, or of this handover; made if absent.
        values: of a restore, the values of params, as `read_values` gives them, or by pairs of the archived id and the
            param's name. Those are set that a connection's step names in `params`; of a connection that a run
            with this journal made or updated before, those that were not given then.
        id_map_path: of a restore, the file that gets new ids by old ones, also of connections that existed; entries
            for others stay. None for the journal's name with `.id-map.json` after it.
        check: of a restore, whether to check at the end what was restored.
        undo: of a handover, the undo file; None for the journal's name with `.undo.json` after it.
        on_progress: called after each step.
        on_wait: of a restore, called with a sentence on what it waits for, and until when.
        cancel: ends it between two steps, or where it waits, when set. A restore's report then says what is left.

    Returns:
        The outcome of each step, and what is left to people.

    Raises:
        ConfigurationError: an argument is wrong, or the plan is of another tenant; nothing was sent.
        JobError: the plan can't be carried out, the journal, undo file or id map belongs to something else, or a file
            can't be written. If that can be seen before the first change, nothing was sent.
        JobCancelled: a handover was cancelled.
        AuthenticationError: the sign-in was refused; run again with the same journal to resume.
        APIConnectionError: the tenant can't be reached any longer; likewise.

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
