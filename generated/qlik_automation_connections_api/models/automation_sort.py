# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from typing import Literal

AutomationSort = Literal[
    "+createdAt",
    "+id",
    "+lastRunAt",
    "+lastRunStatus",
    "+maxConcurrentRuns",
    "+name",
    "+runMode",
    "+state",
    "+updatedAt",
    "-createdAt",
    "-id",
    "-lastRunAt",
    "-lastRunStatus",
    "-maxConcurrentRuns",
    "-name",
    "-runMode",
    "-state",
    "-updatedAt",
    "createdAt",
    "id",
    "lastRunAt",
    "lastRunStatus",
    "maxConcurrentRuns",
    "name",
    "runMode",
    "state",
    "updatedAt",
]

AUTOMATION_SORT_VALUES: set[AutomationSort] = {
    "+createdAt",
    "+id",
    "+lastRunAt",
    "+lastRunStatus",
    "+maxConcurrentRuns",
    "+name",
    "+runMode",
    "+state",
    "+updatedAt",
    "-createdAt",
    "-id",
    "-lastRunAt",
    "-lastRunStatus",
    "-maxConcurrentRuns",
    "-name",
    "-runMode",
    "-state",
    "-updatedAt",
    "createdAt",
    "id",
    "lastRunAt",
    "lastRunStatus",
    "maxConcurrentRuns",
    "name",
    "runMode",
    "state",
    "updatedAt",
}


def check_automation_sort(value: str) -> AutomationSort:
    if value in AUTOMATION_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AUTOMATION_SORT_VALUES!r}")
