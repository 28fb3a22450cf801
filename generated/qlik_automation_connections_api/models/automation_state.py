# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

AutomationState = Literal["available", "disabled", "unavailable"]

AUTOMATION_STATE_VALUES: set[AutomationState] = {
    "available",
    "disabled",
    "unavailable",
}


def check_automation_state(value: str) -> AutomationState:
    if value in AUTOMATION_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AUTOMATION_STATE_VALUES!r}")
