# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""The operations of the spec, by operationId."""

from collections.abc import Mapping
from typing import Final, NamedTuple

API_RELEASE: Final = "2026-08"
"""The release that the spec was transcribed at, year-month: what `qlik-api-version` says."""
V1_ENDS: Final = "2027-11-30"
"""The day on which the operations of v1 may stop, year-month-day."""


class Operation(NamedTuple):
    """One operation of the service."""

    id: str
    summary: str
    method: str
    path: str
    v1_path: str
    """Path of the operation that this one replaces; its own if it replaces none."""
    tier: int
    repeatable: bool
    """Whether doing it twice has the effect of doing it once."""
    requests_per_minute: int
    """What the rate tier allows one user."""
    success: int
    """Status of a success. One of 3xx tells where the thing is."""
    result: str | None
    """Schema of what a success returns; None if it has no content."""
    bounds: Mapping[str, tuple[int, int]]
    """Smallest and largest value of query parameters that have both."""
    noun: str
    """What messages call a thing that it is about."""
    lists_all: bool = False
    """Whether it lists everyone's things unless `listAll=false` is sent."""
    cursor: str = ""
    """Query parameter that takes the cursor of a page; empty if it is no list."""


OPERATIONS: Final[Mapping[str, Operation]] = {
    "getAutomationConnections": Operation(
        id="getAutomationConnections",
        summary="List connections",
        method="GET",
        path="/api/workflows/automation-connections",
        v1_path="/api/v1/automation-connections",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="AutomationConnectionsList",
        bounds={"limit": (1, 200)},
        noun="connection",
        lists_all=False,
        cursor="cursor",
    ),
    "createAutomationConnection": Operation(
        id="createAutomationConnection",
        summary="Create a connection",
        method="POST",
        path="/api/workflows/automation-connections",
        v1_path="/api/v1/automation-connections",
        tier=2,
        repeatable=False,
        requests_per_minute=100,
        success=201,
        result="AutomationConnectionDetailObject",
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "getAutomationConnection": Operation(
        id="getAutomationConnection",
        summary="Get a connection",
        method="GET",
        path="/api/workflows/automation-connections/{id}",
        v1_path="/api/v1/automation-connections/{id}",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="AutomationConnectionDetailObject",
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "updateAutomationConnection": Operation(
        id="updateAutomationConnection",
        summary="Update a connection",
        method="PUT",
        path="/api/workflows/automation-connections/{id}",
        v1_path="/api/v1/automation-connections/{id}",
        tier=2,
        repeatable=True,
        requests_per_minute=100,
        success=200,
        result="AutomationConnectionDetailObject",
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "deleteAutomationConnection": Operation(
        id="deleteAutomationConnection",
        summary="Delete a connection",
        method="DELETE",
        path="/api/workflows/automation-connections/{id}",
        v1_path="/api/v1/automation-connections/{id}",
        tier=2,
        repeatable=True,
        requests_per_minute=100,
        success=204,
        result=None,
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "automationConnectionChangeOwner": Operation(
        id="automationConnectionChangeOwner",
        summary="Change the owner",
        method="POST",
        path="/api/workflows/automation-connections/{id}/actions/change-owner",
        v1_path="/api/v1/automation-connections/{id}/actions/change-owner",
        tier=2,
        repeatable=True,
        requests_per_minute=100,
        success=204,
        result=None,
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "automationConnectionChangeSpace": Operation(
        id="automationConnectionChangeSpace",
        summary="Change the space",
        method="POST",
        path="/api/workflows/automation-connections/{id}/actions/change-space",
        v1_path="/api/v1/automation-connections/{id}/actions/change-space",
        tier=2,
        repeatable=True,
        requests_per_minute=100,
        success=204,
        result=None,
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "checkAutomationConnection": Operation(
        id="checkAutomationConnection",
        summary="Check a connection",
        method="POST",
        path="/api/workflows/automation-connections/{id}/actions/check",
        v1_path="/api/v1/automation-connections/{id}/actions/check",
        tier=2,
        repeatable=True,
        requests_per_minute=100,
        success=200,
        result="AutomationConnectionCheckObject",
        bounds={},
        noun="connection",
        lists_all=False,
        cursor="",
    ),
    "getAutomationConnectors": Operation(
        id="getAutomationConnectors",
        summary="List connectors",
        method="GET",
        path="/api/workflows/automation-connectors",
        v1_path="/api/v1/automation-connectors",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="AutomationConnectorsList",
        bounds={"limit": (1, 200)},
        noun="connector",
        lists_all=False,
        cursor="cursor",
    ),
    "getAutomationConnector": Operation(
        id="getAutomationConnector",
        summary="Get a connector",
        method="GET",
        path="/api/workflows/automation-connectors/{id}",
        v1_path="/api/workflows/automation-connectors/{id}",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="AutomationConnectorDetail",
        bounds={},
        noun="connector",
        lists_all=False,
        cursor="",
    ),
    "getAutomations": Operation(
        id="getAutomations",
        summary="List automations",
        method="GET",
        path="/api/workflows/automations",
        v1_path="/api/v1/automations",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="AutomationList",
        bounds={"limit": (1, 200)},
        noun="automation",
        lists_all=True,
        cursor="cursor",
    ),
    "getAutomation": Operation(
        id="getAutomation",
        summary="Get an automation",
        method="GET",
        path="/api/workflows/automations/{id}",
        v1_path="/api/v1/automations/{id}",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="AutomationDetailResponseObject",
        bounds={},
        noun="automation",
        lists_all=False,
        cursor="",
    ),
    "getUsers": Operation(
        id="getUsers",
        summary="List users",
        method="GET",
        path="/api/v1/users",
        v1_path="/api/v1/users",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="Users",
        bounds={"limit": (1, 100)},
        noun="user",
        lists_all=False,
        cursor="next",
    ),
    "getMe": Operation(
        id="getMe",
        summary="Find the caller's own user",
        method="GET",
        path="/api/v1/users/me",
        v1_path="/api/v1/users/me",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=301,
        result=None,
        bounds={},
        noun="user",
        lists_all=False,
        cursor="",
    ),
    "getUserById": Operation(
        id="getUserById",
        summary="Get a user",
        method="GET",
        path="/api/v1/users/{id}",
        v1_path="/api/v1/users/{id}",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="User",
        bounds={},
        noun="user",
        lists_all=False,
        cursor="",
    ),
    "getSpaces": Operation(
        id="getSpaces",
        summary="List spaces",
        method="GET",
        path="/api/v1/spaces",
        v1_path="/api/v1/spaces",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="Spaces",
        bounds={"limit": (1, 100)},
        noun="space",
        lists_all=False,
        cursor="next",
    ),
    "getSpaceById": Operation(
        id="getSpaceById",
        summary="Get a space",
        method="GET",
        path="/api/v1/spaces/{id}",
        v1_path="/api/v1/spaces/{id}",
        tier=1,
        repeatable=True,
        requests_per_minute=1000,
        success=200,
        result="Space",
        bounds={},
        noun="space",
        lists_all=False,
        cursor="",
    ),
}


def operation_at(method: str, path: str) -> Operation:
    """The operation with this method, in lower case, at this path."""
    (found,) = [each for each in OPERATIONS.values() if (each.method.lower(), each.path) == (method, path)]
    return found
