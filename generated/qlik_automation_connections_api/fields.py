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


FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "AutomationConnectionsList": {
        "data": Field("array", "AutomationConnectionsListObject", False),
        "links": Field("object", "Links", False),
    },
    "AutomationConnectionsListObject": {
        "id": Field("string", None, False),
        "name": Field("string", None, True),
        "ownerId": Field("string", None, True),
        "spaceId": Field("string", None, True),
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
        "spaceId": Field("string", None, False),
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
        "value": Field("string", None, False),
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
