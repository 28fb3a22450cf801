# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""The fields of what the service sends, by schema and wire name."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple


class Field(NamedTuple):
    """A field as the spec declares it."""

    kind: Literal["string", "date-time", "boolean", "integer", "number", "array", "object"]
    schema: str | None
    """Schema of the object, or of the array's elements, where the spec names one."""
    filterable: bool
    """Whether the list's filter may name the field."""
    element: Literal["string", "boolean", "integer", "number"] | None = None
    """Type of the array's elements, where the spec names one that is no schema."""
    empty_is_none: bool = False
    """Whether an empty string is how the service writes that there is none."""
    secret: bool = False
    """Whether it may hold a secret."""


FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "AutomationConnectionsList": {
        "data": Field("array", "AutomationConnectionsListObject", False),
        "links": Field("object", "Links", False),
    },
    "AutomationConnectionsListObject": {
        "id": Field("string", None, False),
        "name": Field("string", None, True),
        "ownerId": Field("string", None, True),
        "spaceId": Field("string", None, True, empty_is_none=True),
        "createdAt": Field("date-time", None, False),
        "updatedAt": Field("date-time", None, False),
        "connectorId": Field("string", None, True),
        "isConnected": Field("boolean", None, False),
    },
    "AutomationConnectionDetailObject": {
        "id": Field("string", None, False),
        "name": Field("string", None, False),
        "error": Field("object", None, False),
        "params": Field("array", "AutomationConnectionParamObject", False),
        "ownerId": Field("string", None, False),
        "spaceId": Field("string", None, False, empty_is_none=True),
        "redirect": Field("string", None, False),
        "createdAt": Field("date-time", None, False),
        "updatedAt": Field("date-time", None, False),
        "connectorId": Field("string", None, False),
        "isConnected": Field("boolean", None, False),
        "oauthAccountName": Field("string", None, False),
    },
    "AutomationConnectionParamObject": {
        "id": Field("string", None, False),
        "meta": Field("array", None, False),
        "name": Field("string", None, False),
        "order": Field("integer", None, False),
        "value": Field("string", None, False, secret=True),
        "fieldType": Field("string", None, False),
        "isOptional": Field("boolean", None, False),
        "exampleValue": Field("string", None, False),
        "paramOptions": Field("array", "AutomationConnectionParamOptionObject", False),
        "documentation": Field("string", None, False),
    },
    "AutomationConnectionParamOptionObject": {
        "id": Field("string", None, False),
        "value": Field("string", None, False),
    },
    "AutomationConnectionCheckObject": {
        "connected": Field("boolean", None, False),
        "is_connected": Field("boolean", None, False),
    },
    "AutomationConnectorsList": {
        "data": Field("array", "AutomationConnectorsListObject", False),
        "links": Field("object", "Links", False),
    },
    "AutomationConnectorsListObject": {
        "id": Field("string", None, False),
        "name": Field("string", None, True),
        "billable": Field("boolean", None, False),
        "description": Field("string", None, False),
        "hasWebhooks": Field("boolean", None, False),
    },
    "AutomationConnectorDetail": {
        "id": Field("string", None, False),
        "name": Field("string", None, False),
        "params": Field("array", "AutomationConnectorParam", False),
        "billable": Field("boolean", None, False),
        "description": Field("string", None, False),
        "hasWebhooks": Field("boolean", None, False),
        "connectDocumentation": Field("string", None, False),
    },
    "AutomationConnectorParam": {
        "id": Field("string", None, False),
        "name": Field("string", None, False),
        "description": Field("string", None, False),
        "exampleValue": Field("string", None, False),
        "fieldType": Field("string", None, False),
        "optional": Field("boolean", None, False),
        "options": Field("array", None, False, "string"),
        "setting": Field("boolean", None, False),
    },
    "AutomationList": {
        "data": Field("array", "AutomationListObject", False),
        "links": Field("object", "Links", False),
    },
    "AutomationListObject": {
        "id": Field("string", None, False),
        "name": Field("string", None, True),
        "state": Field("string", None, False),
        "ownerId": Field("string", None, True),
        "runMode": Field("string", None, True),
        "spaceId": Field("string", None, True, empty_is_none=True),
        "createdAt": Field("date-time", None, False),
        "lastRunAt": Field("date-time", None, False),
        "updatedAt": Field("date-time", None, False),
        "description": Field("string", None, False),
        "connectorIds": Field("array", None, False, "string"),
        "lastRunStatus": Field("string", None, True),
        "executionToken": Field("string", None, False, secret=True),
        "maxConcurrentRuns": Field("integer", None, False),
    },
    "AutomationDetailResponseObject": {
        "id": Field("string", None, False),
        "name": Field("string", None, False),
        "state": Field("string", None, False),
        "ownerId": Field("string", None, False),
        "runMode": Field("string", None, False),
        "spaceId": Field("string", None, False, empty_is_none=True),
        "createdAt": Field("date-time", None, False),
        "lastRunAt": Field("date-time", None, False),
        "schedules": Field("array", "ScheduleResponseObject", False),
        "updatedAt": Field("date-time", None, False),
        "workspace": Field("object", None, False),
        "description": Field("string", None, False),
        "connectorIds": Field("array", None, False, "string"),
        "lastRunStatus": Field("string", None, False),
        "executionToken": Field("string", None, False, secret=True),
        "maxConcurrentRuns": Field("integer", None, False),
    },
    "ScheduleResponseObject": {
        "id": Field("string", None, False),
        "stopAt": Field("string", None, False),
        "startAt": Field("string", None, False),
        "interval": Field("integer", None, False),
        "timezone": Field("string", None, False),
        "lastStartedAt": Field("date-time", None, False),
    },
    "Users": {
        "data": Field("array", "User", False),
        "links": Field("object", "Links", False),
    },
    "User": {
        "id": Field("string", None, True),
        "name": Field("string", None, True),
        "email": Field("string", None, True),
        "subject": Field("string", None, True),
        "status": Field("string", None, True),
        "assignedRoles": Field("array", "AssignedRole", False),
        "createdAt": Field("date-time", None, False),
        "lastUpdatedAt": Field("date-time", None, False),
    },
    "AssignedRole": {
        "id": Field("string", None, False),
        "name": Field("string", None, False),
        "type": Field("string", None, False),
        "level": Field("string", None, False),
    },
    "Spaces": {
        "data": Field("array", "Space", False),
        "links": Field("object", "Links", False),
    },
    "Space": {
        "id": Field("string", None, False),
        "name": Field("string", None, False),
        "type": Field("string", None, False),
        "ownerId": Field("string", None, False),
        "description": Field("string", None, False),
        "createdAt": Field("date-time", None, False),
        "updatedAt": Field("date-time", None, False),
    },
    "Links": {
        "next": Field("object", "PaginationLink", False),
        "prev": Field("object", "PaginationLink", False),
    },
    "PaginationLink": {
        "href": Field("string", None, False),
    },
    "ErrorResponse": {
        "errors": Field("array", "Error", False),
        "traceId": Field("string", None, False),
    },
    "Error": {
        "code": Field("string", None, False),
        "title": Field("string", None, False),
        "detail": Field("string", None, False),
    },
}
