# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from typing import NotRequired, TypedDict


class AutomationConnectionParamCreateObject(TypedDict):
    """
    A setting of a connection to create.
    """

    name: NotRequired[str]
    value: NotRequired[str]


class AutomationConnectionParamPutObject(TypedDict):
    """
    A setting to change.
    """

    id: NotRequired[str]
    value: NotRequired[str]


class ScheduleRequestObject(TypedDict):
    """
    A schedule to set.
    """

    stopAt: NotRequired[str]
    startAt: NotRequired[str]
    interval: NotRequired[int]
    timezone: NotRequired[str]
