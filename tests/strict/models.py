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


class AutomationConnectorsListObject(BaseModel):
    """
    A connector as it stands in lists, without its params.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connector.")
    name: StrictStr | None = Field(None, description="Name of the connector.")
    billable: StrictBool | None = Field(None, description="Whether its use is charged for.")
    description: StrictStr | None = Field(None, description="What the connector is for.")
    hasWebhooks: StrictBool | None = Field(None, description="Whether the connector can start automations by webhook.")


class AutomationConnectorParam(BaseModel):
    """
    One setting that a connector asks its connections for.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the param.")
    name: StrictStr | None = Field(None, description="Name of the param.")
    description: StrictStr | None = Field(None, description="What the param is for.")
    exampleValue: StrictStr | None = Field(None, description="A value as an example.")
    fieldType: StrictStr | None = Field(None, description="Kind of field that a person fills in.")
    optional: StrictBool | None = Field(None, description="Whether the param may be left out.")
    options: list[StrictStr] | None = Field(None, description="The values to choose from.")
    setting: StrictBool | None = Field(None, description="Whether the param is a setting.")


class AutomationListObject(BaseModel):
    """
    An automation as it stands in lists.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the automation.")
    name: StrictStr | None = Field(None, description="Name of the automation.")
    state: StrictStr | None = Field(
        None,
        description="Whether it can run, one of available, unavailable and disabled.",
    )
    ownerId: StrictStr | None = Field(None, description="Identifier of the user who owns the automation.")
    runMode: StrictStr | None = Field(
        None,
        description="What starts it, one of manual, scheduled, triggered and webhook.",
    )
    spaceId: StrictStr | None = Field(None, description="Identifier of the space that holds the automation.")
    createdAt: AwareDatetime | None = Field(None, description="When the automation was created.")
    lastRunAt: AwareDatetime | None = Field(None, description="When its last run ended.")
    updatedAt: AwareDatetime | None = Field(None, description="When the automation was last changed.")
    description: StrictStr | None = Field(None, description="What the owner says about the automation.")
    connectorIds: list[StrictStr] | None = Field(
        None,
        description="Identifiers of the connectors that stand in the workspace, in no order.",
    )
    lastRunStatus: StrictStr | None = Field(
        None,
        description="How its last run stands, such as finished, failed or running.",
    )
    executionToken: StrictStr | None = Field(
        None,
        description="What lets somebody run the automation. A secret, sent in clear.",
    )
    maxConcurrentRuns: StrictInt | None = Field(None, description="How many of its runs may take place at a time.")


class AutomationDetailResponseObject(BaseModel):
    """
    An automation with its workspace.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the automation.")
    name: StrictStr | None = Field(None, description="Name of the automation.")
    state: StrictStr | None = Field(
        None,
        description="Whether it can run, one of available, unavailable and disabled.",
    )
    ownerId: StrictStr | None = Field(None, description="Identifier of the user who owns the automation.")
    runMode: StrictStr | None = Field(
        None,
        description="What starts it, one of manual, scheduled, triggered and webhook.",
    )
    spaceId: StrictStr | None = Field(None, description="Identifier of the space that holds the automation.")
    createdAt: AwareDatetime | None = Field(None, description="When the automation was created.")
    lastRunAt: AwareDatetime | None = Field(None, description="When its last run ended.")
    updatedAt: AwareDatetime | None = Field(None, description="When the automation was last changed.")
    workspace: dict[str, Any] | None = Field(
        None,
        description="The blocks and variables of the automation, as its editor keeps them. A block names its connection in its settings.",
    )
    description: StrictStr | None = Field(None, description="What the owner says about the automation.")
    connectorIds: list[StrictStr] | None = Field(
        None,
        description="Identifiers of the connectors that stand in the workspace, in no order.",
    )
    lastRunStatus: StrictStr | None = Field(
        None,
        description="How its last run stands, such as finished, failed or running.",
    )
    executionToken: StrictStr | None = Field(
        None,
        description="What lets somebody run the automation. A secret, sent in clear.",
    )
    maxConcurrentRuns: StrictInt | None = Field(None, description="How many of its runs may take place at a time.")


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


class AutomationConnectorDetail(BaseModel):
    """
    A connector with the params that its connections take.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connector.")
    name: StrictStr | None = Field(None, description="Name of the connector.")
    params: list[AutomationConnectorParam] | None = Field(
        None, description="What a connection of this connector asks for."
    )
    billable: StrictBool | None = Field(None, description="Whether its use is charged for.")
    description: StrictStr | None = Field(None, description="What the connector is for.")
    hasWebhooks: StrictBool | None = Field(None, description="Whether the connector can start automations by webhook.")
    connectDocumentation: StrictStr | None = Field(None, description="How a connection of this connector is set up.")


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


class AutomationConnectorsList(BaseModel):
    """
    One page of connectors.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    data: list[AutomationConnectorsListObject] | None = Field(None, description="The connectors of this page.")
    links: Links | None = None


class AutomationList(BaseModel):
    """
    One page of automations.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    data: list[AutomationListObject] | None = Field(None, description="The automations of this page.")
    links: Links | None = None
