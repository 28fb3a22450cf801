# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

AutomationRunMode = Literal["manual", "scheduled", "triggered", "webhook"]

AUTOMATION_RUN_MODE_VALUES: set[AutomationRunMode] = {
    "manual",
    "scheduled",
    "triggered",
    "webhook",
}


def check_automation_run_mode(value: str) -> AutomationRunMode:
    if value in AUTOMATION_RUN_MODE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AUTOMATION_RUN_MODE_VALUES!r}")
