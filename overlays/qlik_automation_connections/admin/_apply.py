"""Apply the plan of a restore, a deployment or a handover."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from .. import Tenant
from ..errors import ConfigurationError
from ._progress import OnProgress
from ._restore.plan import RestorePlan

if TYPE_CHECKING:
    from ._deploy.plan import DeployPlan
    from ._deploy.report import DeployReport
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
    plan: DeployPlan,
    *,
    journal: str | Path,
    values: Values | None = None,
    id_map_path: str | Path | None = None,
    check: bool = True,
    undo: str | Path | None = None,
    on_progress: OnProgress | None = None,
    on_wait: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
) -> DeployReport: ...


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
    plan: RestorePlan | DeployPlan | HandoverPlan,
    *,
    journal: str | Path,
    values: Values | None = None,
    id_map_path: str | Path | None = None,
    check: bool = True,
    undo: str | Path | None = None,
    on_progress: OnProgress | None = None,
    on_wait: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
) -> RestoreReport | DeployReport | HandoverReport:
    """Apply a plan step by step. It can be stopped at any point and resumed.

    The journal records each change before and after it is made. A failed step does not stop the others. Run again with
    the same journal to retry failed steps; completed steps are not repeated. If the journal holds an unfinished run,
    that run is resumed with its own plan and `plan` is ignored: a plan made after a crash would mistake half-made
    connections for foreign ones. To apply a different plan, finish this one first, until no step is left and no step
    failed with an unknown outcome. Then use another journal, and make the new plan with the id map of this one.

    Before each creation, a restore records which connections already have the same name and connector. If the creation
    gets no response and exactly one new match appears, the restore adopts it. Otherwise it looks a few times, then
    fails the step. The next run looks again. Because the creation may still be in progress, it creates the connection
    only once a minute plus the tenant's timeout has passed since the client stopped waiting for the response. If there
    are several new matches, a person must decide. A connection that was given to its owner and is no longer visible to
    the caller is not created again.

    A deployment carries out the steps of connections like a restore, then those of automations. A new automation is
    created empty and disabled, placed in its space, given to its owner, and only then gets its workspace, with the new
    ids of connections. One whose connections have no id yet waits. Before the first change, it writes what it updates
    to its undo file, for `undo_deploy`.

    A handover writes its undo file before the first change: a plan that restores owners and spaces, however far the
    handover got. Run again, it looks at each connection and moves those that were moved back in the meantime.

    Args:
        tenant: The plan's tenant.
        plan: A `RestorePlan` or a `DeployPlan`, edited or not, or a `HandoverPlan`. A deployment reads its source
            again, from the path in its plan.
        journal: Journal file of this handover, or of this plan's archive and tenant; created if absent.
        values: Not for handovers. Values of params, from `read_values` or keyed by pairs of archived id and param name.
            Only params that a step names in `params` are set; for connections that an earlier run with this journal
            created or updated, only those not given then.
        id_map_path: Not for handovers. File for new ids by old ones, also of connections that already existed;
            other entries are kept. None for the journal's name plus `.id-map.json`.
        check: Not for handovers. Check the restored connections at the end.
        undo: Not for restores. The undo file; None for the journal's name plus `.undo.json`, or, for a deployment,
            `.undo.ndjson`.
        on_progress: Called after each step.
        on_wait: Not for handovers. Called with a sentence that describes what it waits for, and until when.
        cancel: Stops between two steps, or during a wait, when set. The report of a restore or a
            deployment then lists what is left.

    Returns:
        The outcome of each step, and what people still have to do.

    Raises:
        ConfigurationError: An argument is invalid, or the plan is for another tenant; nothing was sent.
        JobError: The plan can't be applied; the journal, undo file or id map belongs to something else; or a file
            can't be written. If this is detected before the first change, nothing was sent.
        JobCancelled: A handover was cancelled.
        AuthenticationError: Signing in failed; run again with the same journal to resume.
        APIConnectionError: The tenant can no longer be reached; run again with the same journal to resume.

    Sends, per connection created, two or more GETs (tier 1) and one POST (tier 2); per update, one or two GETs and one
    PUT (tier 2); per change of owner or space, one POST (tier 2) and one GET; per check, one POST (tier 2). Requests
    are sent one at a time, except checks.
    """
    how: dict[str, Any] = {"journal": journal, "on_progress": on_progress, "cancel": cancel}
    restoring: dict[str, Any] = {"values": values, "id_map_path": id_map_path, "check": check, "on_wait": on_wait}
    if isinstance(plan, RestorePlan):
        from ._restore.applying import apply_restore

        if undo is not None:
            raise ConfigurationError("undo is for handovers and deployments, not for restores.")
        return apply_restore(tenant, plan, **how, **restoring)
    from ._deploy.plan import DeployPlan

    if isinstance(plan, DeployPlan):
        from ._deploy.applying import apply_deploy

        return apply_deploy(tenant, plan, undo=undo, **how, **restoring)
    from ._handover.applying import apply_handover
    from ._handover.plan import HandoverPlan

    if not isinstance(plan, HandoverPlan):
        raise ConfigurationError(
            f"plan must be a RestorePlan, a DeployPlan or a HandoverPlan, not a {type(plan).__name__}."
        )
    if values is not None or id_map_path is not None or not check or on_wait is not None:
        raise ConfigurationError("values, id_map_path, check and on_wait are for restores, not for handovers.")
    return apply_handover(tenant, plan, undo=undo, **how)
