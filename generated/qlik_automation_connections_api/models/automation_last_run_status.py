# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

AutomationLastRunStatus = Literal[
    "exceeded limit",
    "failed",
    "finished",
    "finished with warnings",
    "must stop",
    "not started",
    "paused",
    "running",
    "starting",
    "stopped",
]

AUTOMATION_LAST_RUN_STATUS_VALUES: set[AutomationLastRunStatus] = {
    "exceeded limit",
    "failed",
    "finished",
    "finished with warnings",
    "must stop",
    "not started",
    "paused",
    "running",
    "starting",
    "stopped",
}


def check_automation_last_run_status(value: str) -> AutomationLastRunStatus:
    if value in AUTOMATION_LAST_RUN_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AUTOMATION_LAST_RUN_STATUS_VALUES!r}")
