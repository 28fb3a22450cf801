# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from typing import Any, Literal

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
    A connection in a list, without its params.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connection.")
    name: StrictStr | None = Field(None, description="Name of the connection.")
    ownerId: StrictStr | None = Field(None, description="Identifier of the connection's owner.")
    spaceId: StrictStr | None = Field(None, description="Identifier of the connection's space.")
    createdAt: AwareDatetime | None = Field(None, description="When the connection was created.")
    updatedAt: AwareDatetime | None = Field(None, description="When the connection was last changed.")
    connectorId: StrictStr | None = Field(None, description="Identifier of the connection's connector.")
    isConnected: StrictBool | None = Field(None, description="Whether the connection is connected.")


class AutomationConnectionParamOptionObject(BaseModel):
    """
    An allowed value of a param.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the option.")
    value: StrictStr | None = Field(None, description="The value.")


class AutomationConnectionCheckObject(BaseModel):
    """
    The result of a check, in two spellings.
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
    value: StrictStr | None = Field(None, description="Value of the param.")


class AutomationConnectionParamPutObject(BaseModel):
    """
    A setting to change.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the param.")
    value: StrictStr | None = Field(None, description="Value of the param.")


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
        description="Identifier of the space. An empty string means the owner's personal space.",
    )


class AutomationConnectorsListObject(BaseModel):
    """
    A connector in a list, without its params.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connector.")
    name: StrictStr | None = Field(None, description="Name of the connector.")
    billable: StrictBool | None = Field(None, description="Whether use of the connector is charged for.")
    description: StrictStr | None = Field(None, description="Description of the connector.")
    hasWebhooks: StrictBool | None = Field(None, description="Whether the connector can start automations by webhook.")


class AutomationConnectorParam(BaseModel):
    """
    A setting of a connector's connections.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the param.")
    name: StrictStr | None = Field(None, description="Name of the param.")
    description: StrictStr | None = Field(None, description="Description of the param.")
    exampleValue: StrictStr | None = Field(None, description="Example of a value.")
    fieldType: StrictStr | None = Field(None, description="Type of the field in the form.")
    optional: StrictBool | None = Field(None, description="Whether the param is optional.")
    options: list[StrictStr] | None = Field(None, description="Allowed values.")
    setting: StrictBool | None = Field(None, description="Whether the param is a setting.")


class AutomationListObject(BaseModel):
    """
    An automation in a list.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the automation.")
    name: StrictStr | None = Field(None, description="Name of the automation.")
    state: Literal["available", "unavailable", "disabled"] | None = Field(None, description="State of the automation.")
    ownerId: StrictStr | None = Field(None, description="Identifier of the automation's owner.")
    runMode: Literal["manual", "scheduled", "triggered", "webhook"] | None = Field(
        None, description="How the automation is started."
    )
    spaceId: StrictStr | None = Field(None, description="Identifier of the automation's space.")
    createdAt: AwareDatetime | None = Field(None, description="When the automation was created.")
    lastRunAt: AwareDatetime | None = Field(None, description="When the last run ended.")
    updatedAt: AwareDatetime | None = Field(None, description="When the automation was last changed.")
    description: StrictStr | None = Field(None, description="Description of the automation.")
    connectorIds: list[StrictStr] | None = Field(
        None,
        description="Identifiers of the connectors in the workspace, in no particular order.",
    )
    lastRunStatus: (
        Literal[
            "failed",
            "finished",
            "finished with warnings",
            "must stop",
            "not started",
            "paused",
            "running",
            "starting",
            "stopped",
            "exceeded limit",
        ]
        | None
    ) = Field(None, description="Status of the last run.")
    executionToken: StrictStr | None = Field(
        None,
        description="Token that allows running the automation. A secret, sent in clear text.",
    )
    maxConcurrentRuns: StrictInt | None = Field(None, description="Maximum number of concurrent runs.")


class ScheduleResponseObject(BaseModel):
    """
    A schedule of an automation.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the schedule.")
    stopAt: StrictStr | None = Field(
        None,
        description="When the schedule ends, as a local time like 2025-03-05 02:00:00.",
    )
    startAt: StrictStr | None = Field(
        None,
        description="When the schedule begins, as a local time like 2025-03-05 02:00:00.",
    )
    interval: StrictInt | None = Field(None, description="Seconds between two runs.")
    timezone: StrictStr | None = Field(None, description="Time zone of the local times, such as Europe/Oslo.")
    lastStartedAt: AwareDatetime | None = Field(None, description="When the schedule last started a run.")


class ScheduleRequestObject(BaseModel):
    """
    A schedule to set.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    stopAt: StrictStr | None = Field(
        None,
        description="When the schedule ends, as a local time like 2025-03-05 02:00:00.",
    )
    startAt: StrictStr | None = Field(
        None,
        description="When the schedule begins, as a local time like 2025-03-05 02:00:00.",
    )
    interval: StrictInt | None = Field(None, description="Seconds between two runs, a multiple of 60.")
    timezone: StrictStr | None = Field(None, description="Time zone of the local times, such as Europe/Oslo.")


class AutomationDetailRequestObject(BaseModel):
    """
    An automation to create.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: StrictStr = Field(..., description="Name of the new automation.")
    spaceId: StrictStr | None = Field(None, description="Identifier of the automation's space.")
    schedules: list[ScheduleRequestObject] | None = Field(None, description="When the automation runs.")
    workspace: dict[str, Any] | None = Field(None, description="Blocks and variables, as the editor writes them.")
    description: StrictStr | None = Field(None, description="Description of the automation.")
    maxConcurrentRuns: StrictInt | None = Field(
        None,
        description="Maximum number of concurrent runs. The tenant's settings limit it.",
        ge=1,
    )


class AutomationDetailUpdateRequestObject(BaseModel):
    """
    The definition of an automation. Whether omitted fields stay the same is not documented.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: StrictStr | None = Field(None, description="New name of the automation.")
    schedules: list[ScheduleRequestObject] | None = Field(None, description="When the automation runs.")
    workspace: dict[str, Any] | None = Field(None, description="Blocks and variables, as the editor writes them.")
    description: StrictStr | None = Field(None, description="Description of the automation.")
    maxConcurrentRuns: StrictInt | None = Field(
        None,
        description="Maximum number of concurrent runs. The tenant's settings limit it.",
        ge=1,
    )


class AutomationChangeOwnerObject(BaseModel):
    """
    The new owner of an automation.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    userId: StrictStr = Field(..., description="Identifier of the user.")


class AutomationChangeSpaceObject(BaseModel):
    """
    The new space of an automation.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    spaceId: StrictStr = Field(..., description="Identifier of the space.")


class AssignedRole(BaseModel):
    """
    A role of a user.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the role.")
    name: StrictStr | None = Field(None, description="Name of the role.")
    type: StrictStr | None = Field(None, description="Type of the role, such as default or custom.")
    level: StrictStr | None = Field(None, description="Level of the role, such as admin or user.")


class Space(BaseModel):
    """
    A space that users share.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the space.")
    name: StrictStr | None = Field(None, description="Name of the space.")
    type: StrictStr | None = Field(None, description="Type of the space, such as shared, managed or data.")
    ownerId: StrictStr | None = Field(None, description="Identifier of the user who owns the space.")
    description: StrictStr | None = Field(None, description="Description of the space.")
    createdAt: AwareDatetime | None = Field(None, description="When the space was created.")
    updatedAt: AwareDatetime | None = Field(None, description="When the space was last changed.")


class PaginationLink(BaseModel):
    """
    A link to a page.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    href: StrictStr | None = Field(None, description="URL of the page.")


class Error(BaseModel):
    """
    An error.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    code: StrictStr = Field(..., description="Code of the error.")
    title: StrictStr = Field(..., description="Summary of the error.")
    detail: StrictStr | None = Field(None, description="Details of the error.")


class AutomationConnectionParamObject(BaseModel):
    """
    A setting of a connection.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the param.")
    meta: list[Any] | None = Field(None, description="Further information about the param.")
    name: StrictStr | None = Field(None, description="Name of the param.")
    order: StrictInt | None = Field(None, description="Position of the param in the form.")
    value: StrictStr | None = Field(None, description="Value of the param. May be a secret.")
    fieldType: StrictStr | None = Field(None, description="Type of the field in the form.")
    isOptional: StrictBool | None = Field(None, description="Whether the param is optional.")
    exampleValue: StrictStr | None = Field(None, description="Example of a value.")
    paramOptions: list[AutomationConnectionParamOptionObject] | None = Field(None, description="Allowed values.")
    documentation: StrictStr | None = Field(None, description="Documentation of the param.")


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
    spaceId: StrictStr | None = Field(None, description="Identifier of the connection's space.")
    connectorId: StrictStr = Field(..., description="Identifier of the connection's connector.")


class AutomationConnectionPutRequestObject(BaseModel):
    """
    Changes to a connection. Omitted fields stay the same.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: StrictStr | None = Field(None, description="New name of the connection.")
    params: list[AutomationConnectionParamPutObject] | None = Field(None, description="Settings to change.")


class AutomationConnectorDetail(BaseModel):
    """
    A connector with the params of its connections.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the connector.")
    name: StrictStr | None = Field(None, description="Name of the connector.")
    params: list[AutomationConnectorParam] | None = Field(
        None, description="The params of a connection of this connector."
    )
    billable: StrictBool | None = Field(None, description="Whether use of the connector is charged for.")
    description: StrictStr | None = Field(None, description="Description of the connector.")
    hasWebhooks: StrictBool | None = Field(None, description="Whether the connector can start automations by webhook.")
    connectDocumentation: StrictStr | None = Field(None, description="Instructions for connecting.")


class AutomationDetailResponseObject(BaseModel):
    """
    An automation with its workspace.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the automation.")
    name: StrictStr | None = Field(None, description="Name of the automation.")
    state: Literal["available", "unavailable", "disabled"] | None = Field(None, description="State of the automation.")
    ownerId: StrictStr | None = Field(None, description="Identifier of the automation's owner.")
    runMode: Literal["manual", "scheduled", "triggered", "webhook"] | None = Field(
        None, description="How the automation is started."
    )
    spaceId: StrictStr | None = Field(None, description="Identifier of the automation's space.")
    createdAt: AwareDatetime | None = Field(None, description="When the automation was created.")
    lastRunAt: AwareDatetime | None = Field(None, description="When the last run ended.")
    schedules: list[ScheduleResponseObject] | None = Field(None, description="When the automation runs.")
    updatedAt: AwareDatetime | None = Field(None, description="When the automation was last changed.")
    workspace: dict[str, Any] | None = Field(
        None,
        description="The automation's blocks and variables, as stored by the editor. A block's settings name its connection.",
    )
    description: StrictStr | None = Field(None, description="Description of the automation.")
    connectorIds: list[StrictStr] | None = Field(
        None,
        description="Identifiers of the connectors in the workspace, in no particular order.",
    )
    lastRunStatus: (
        Literal[
            "failed",
            "finished",
            "finished with warnings",
            "must stop",
            "not started",
            "paused",
            "running",
            "starting",
            "stopped",
            "exceeded limit",
        ]
        | None
    ) = Field(None, description="Status of the last run.")
    executionToken: StrictStr | None = Field(
        None,
        description="Token that allows running the automation. A secret, sent in clear text.",
    )
    maxConcurrentRuns: StrictInt | None = Field(None, description="Maximum number of concurrent runs.")


class User(BaseModel):
    """
    A user.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: StrictStr | None = Field(None, description="Identifier of the user.")
    name: StrictStr | None = Field(None, description="Name of the user.")
    email: StrictStr | None = Field(None, description="E-mail address of the user.")
    subject: StrictStr | None = Field(None, description="Identifier of the user at the identity provider.")
    status: StrictStr | None = Field(
        None,
        description="Status of the user, such as active, invited, disabled, deleted or provisioned.",
    )
    assignedRoles: list[AssignedRole] | None = Field(None, description="The roles of the user.")
    createdAt: AwareDatetime | None = Field(None, description="When the user was created.")
    lastUpdatedAt: AwareDatetime | None = Field(None, description="When the user was last changed.")


class Links(BaseModel):
    """
    Links to the next and previous pages.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    next: PaginationLink | None = None
    prev: PaginationLink | None = None


class ErrorResponse(BaseModel):
    """
    An error response.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    errors: list[Error] | None = Field(None, description="The errors.")
    traceId: StrictStr | None = Field(None, description="Identifier of the request in the service's logs.")


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
    error: dict[str, Any] | None = Field(None, description="Error that occurred while the connection was created.")
    params: list[AutomationConnectionParamObject] | None = Field(
        None, description="The settings that the connector requires or accepts."
    )
    ownerId: StrictStr | None = Field(None, description="Identifier of the connection's owner.")
    spaceId: StrictStr | None = Field(None, description="Identifier of the connection's space.")
    redirect: StrictStr | None = Field(None, description="URL where a person consents for an OAuth account.")
    createdAt: AwareDatetime | None = Field(None, description="When the connection was created.")
    updatedAt: AwareDatetime | None = Field(None, description="When the connection was last changed.")
    connectorId: StrictStr | None = Field(None, description="Identifier of the connection's connector.")
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


class Users(BaseModel):
    """
    One page of users.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    data: list[User] | None = Field(None, description="The users of this page.")
    links: Links | None = None


class Spaces(BaseModel):
    """
    One page of spaces.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    data: list[Space] | None = Field(None, description="The spaces of this page.")
    links: Links | None = None
