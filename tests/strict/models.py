# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from typing import Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
)


class AutomationConnectionsListObject(BaseModel):
    """
    A connection as it stands in lists, without its params.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connection.")
    name: StrictStr | None = Field(None, description="Name of the connection.")
    ownerId: StrictStr | None = Field(None, description="Identifier of the user who owns the connection.")
    spaceId: StrictStr | None = Field(None, description="Identifier of the space that holds the connection.")
    createdAt: AwareDatetime | None = Field(None, description="When the connection was created.")
    updatedAt: AwareDatetime | None = Field(None, description="When the connection was last changed.")
    connectorId: StrictStr | None = Field(
        None, description="Identifier of the connector that the connection belongs to."
    )
    isConnected: StrictBool | None = Field(None, description="Whether the connection is connected.")


class AutomationConnectionParamOptionObject(BaseModel):
    """
    One of the values that a param can be set to.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the option.")
    value: StrictStr | None = Field(None, description="The value.")


class AutomationConnectionCheckObject(BaseModel):
    """
    What a check found, in two spellings.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    connected: StrictBool | None = Field(None, description="Whether the connection works.")
    is_connected: StrictBool | None = Field(None, description="Whether the connection works.")


class AutomationConnectionParamCreateObject(BaseModel):
    """
    A setting of a connection to create.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: StrictStr | None = Field(None, description="Name of the param.")
    value: StrictStr | None = Field(None, description="What to set it to.")


class AutomationConnectionParamPutObject(BaseModel):
    """
    A setting to change.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the param.")
    value: StrictStr | None = Field(None, description="What to set it to.")


class AutomationConnectionChangeOwnerObject(BaseModel):
    """
    The new owner of a connection.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    userId: StrictStr | None = Field(None, description="Identifier of the user.")


class AutomationConnectionChangeSpaceObject(BaseModel):
    """
    The new space of a connection.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    spaceId: StrictStr | None = Field(
        None,
        description="Identifier of the space. An empty one is the personal space of the owner.",
    )


class PaginationLink(BaseModel):
    """
    Where one neighbouring page is.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    href: StrictStr | None = Field(None, description="Address of the page.")


class Error(BaseModel):
    """
    One reason why a request was not served.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    code: StrictStr = Field(..., description="Identifies the kind of error.")
    title: StrictStr = Field(..., description="What went wrong, in short.")
    detail: StrictStr | None = Field(None, description="What went wrong, in full.")


class AutomationConnectionParamObject(BaseModel):
    """
    One setting of a connection.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the param.")
    meta: list[Any] | None = Field(None, description="What else the connector says about the param.")
    name: StrictStr | None = Field(None, description="Name of the param.")
    order: StrictInt | None = Field(
        None,
        description="Position of the param among the fields that a person fills in.",
    )
    value: StrictStr | None = Field(None, description="What the param is set to. May be a secret.")
    fieldType: StrictStr | None = Field(None, description="Kind of field that a person fills in.")
    isOptional: StrictBool | None = Field(None, description="Whether the param may be left out.")
    exampleValue: StrictStr | None = Field(None, description="A value as an example.")
    paramOptions: list[AutomationConnectionParamOptionObject] | None = Field(
        None, description="The values to choose from."
    )
    documentation: StrictStr | None = Field(None, description="What the connector's author says about the param.")


class AutomationConnectionCreationObject(BaseModel):
    """
    A connection to create.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: StrictStr | None = Field(None, description="Name of the new connection.")
    params: list[AutomationConnectionParamCreateObject] | None = Field(
        None, description="Settings of the new connection."
    )
    spaceId: StrictStr | None = Field(None, description="Identifier of the space that gets the connection.")
    connectorId: StrictStr = Field(..., description="Identifier of the connector that the connection belongs to.")


class AutomationConnectionPutRequestObject(BaseModel):
    """
    What to change in a connection. What is left out stays.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: StrictStr | None = Field(None, description="New name of the connection.")
    params: list[AutomationConnectionParamPutObject] | None = Field(None, description="Settings to change.")


class Links(BaseModel):
    """
    Where the neighbouring pages are.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    next: PaginationLink | None = None
    prev: PaginationLink | None = None


class ErrorResponse(BaseModel):
    """
    Why a request was not served.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    errors: list[Error] | None = Field(None, description="What went wrong.")
    traceId: StrictStr | None = Field(None, description="Identifies the request in the service's own records.")


class AutomationConnectionsList(BaseModel):
    """
    One page of connections.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    data: list[AutomationConnectionsListObject] | None = Field(None, description="The connections of this page.")
    links: Links | None = None


class AutomationConnectionDetailObject(BaseModel):
    """
    A connection with its params.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connection.")
    name: StrictStr | None = Field(None, description="Name of the connection.")
    error: dict[str, Any] | None = Field(None, description="What went wrong while the connection was created.")
    params: list[AutomationConnectionParamObject] | None = Field(
        None, description="The settings that the connector asks for."
    )
    ownerId: StrictStr | None = Field(None, description="Identifier of the user who owns the connection.")
    spaceId: StrictStr | None = Field(None, description="Identifier of the space that holds the connection.")
    redirect: StrictStr | None = Field(None, description="Address where a person gives an OAuth account's consent.")
    createdAt: AwareDatetime | None = Field(None, description="When the connection was created.")
    updatedAt: AwareDatetime | None = Field(None, description="When the connection was last changed.")
    connectorId: StrictStr | None = Field(
        None, description="Identifier of the connector that the connection belongs to."
    )
    isConnected: StrictBool | None = Field(None, description="Whether the connection is connected.")
    oauthAccountName: StrictStr | None = Field(None, description="Name of the OAuth account that the connection uses.")
