"""The contents of a fake tenant: users, spaces, connectors, connections and automations.

Attributes are named after the spec's fields, in snake case, because documents are written from them.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

import attrs

from ._deterministic import digest, hex_id, now, uuid_id

# The value of a param that the connected service rejects.
ERROR_WORD = "sandbox-error"

# The first is that of an automation without a start block.
_RUN_MODES = ("manual", "scheduled", "triggered", "webhook")
_SECRET_NAME = re.compile(r"pass|secret|token|api_?key", re.IGNORECASE)


@attrs.frozen
class AssignedRole:
    """A role of a user."""

    id: str
    name: str
    level: str
    type: str = "default"


@attrs.frozen
class User:
    """A user of the tenant.

    Attributes:
        id: Identifier.
        name: Name.
        subject: Identifier at the identity provider.
        admin: Whether the user is a tenant administrator.
        email: E-mail address.
        status: "active" or "disabled".
        created_at: Timestamp with six fractional digits and Z.
    """

    id: str
    name: str
    subject: str
    admin: bool = False
    email: str = ""
    status: str = "active"
    created_at: str = ""

    @property
    def last_updated_at(self) -> str:
        """Timestamp of the last change; users never change."""
        return self.created_at

    @property
    def assigned_roles(self) -> tuple[AssignedRole, ...]:
        """The user's roles."""
        name, level = ("TenantAdmin", "admin") if self.admin else ("AutomationCreator", "user")
        return (AssignedRole(hex_id(f"role/{name}"), name, level),)


@attrs.frozen
class Space:
    """A shared space of the tenant.

    Attributes:
        id: Identifier.
        name: Name.
        owner_id: The user who owns it.
        created_at: Timestamp with six fractional digits and Z.
        type: "shared".
        description: Description.
    """

    id: str
    name: str
    owner_id: str = ""
    created_at: str = ""
    type: str = "shared"
    description: str = ""

    @property
    def updated_at(self) -> str:
        """Timestamp of the last change; spaces never change."""
        return self.created_at


@attrs.frozen
class ParamDefinition:
    """A param that a connector requires or accepts. A field of type "password" holds a secret."""

    name: str
    description: str = ""
    field_type: str = "string"
    example_value: str = ""
    options: tuple[str, ...] = ()
    optional: bool = False
    setting: bool = False
    id: str = ""


@attrs.frozen
class Connector:
    """A connector.

    Attributes:
        id: Identifier.
        name: Display name.
        params: Its params.
        oauth: Whether a person has to consent in a browser before a connection works.
        managed: Whether the service creates and manages its connections itself.
    """

    id: str
    name: str
    params: tuple[ParamDefinition, ...] = ()
    oauth: bool = False
    managed: bool = False

    @property
    def billable(self) -> bool:
        """Whether its use is charged for."""
        return not self.managed

    @property
    def description(self) -> str:
        """Purpose of the connector."""
        return f"Blocks that work with {self.name}."

    @property
    def has_webhooks(self) -> bool:
        """Whether the connector can start automations."""
        return self.oauth

    @property
    def connect_documentation(self) -> str | None:
        """Instructions for connecting, or None."""
        return "Whoever makes the connection gives consent in a browser." if self.oauth else None


@attrs.define(eq=False)
class Connection:
    """A connection.

    Attributes:
        id: Identifier.
        name: Name.
        connector: The connector it belongs to.
        owner_id: The user who owns it.
        space_id: The space that holds it, "" for the owner's personal space.
        created_at: Timestamp with six fractional digits and Z.
        updated_at: Timestamp of the last change.
        values: Values of the params by name, in order.
        oauth_account_name: OAuth account that has consented, or None.
    """

    id: str
    name: str
    connector: Connector
    owner_id: str
    space_id: str
    created_at: str
    updated_at: str
    values: dict[str, str] = attrs.field(repr=False)
    oauth_account_name: str | None = None

    @property
    def connector_id(self) -> str:
        """Identifier of the connector."""
        return self.connector.id

    @property
    def error(self) -> dict[str, str]:
        """Error of the connected service, empty if the service reports none."""
        return {"message": "The other side refused the settings."} if ERROR_WORD in self.values.values() else {}

    @property
    def is_connected(self) -> bool:
        """Whether the connection works."""
        if self.error:
            return False
        if self.connector.oauth:
            return self.oauth_account_name is not None
        return all(param.optional or self.values.get(param.name) for param in self.connector.params)

    @property
    def redirect(self) -> str | None:
        """URL where a person can consent, or None if no consent is needed."""
        if not self.connector.oauth or self.oauth_account_name is not None:
            return None
        return f"https://consent.example.com/oauth/authorize?state={self.id}"

    @property
    def params(self) -> list[dict[str, Any]]:
        """The params as the spec has them, secret values blank."""
        return self.params_with_values(secrets=False)

    def params_with_values(self, *, secrets: bool) -> list[dict[str, Any]]:
        """Return the params as the spec has them, secret values blank unless `secrets`."""
        return [
            self._param(order, name, value, secrets) for order, (name, value) in enumerate(self.values.items(), start=1)
        ]

    def param_id(self, name: str) -> str:
        """Return the identifier of a param."""
        return uuid_id(f"param/{self.id}/{name}")

    def touch(self) -> None:
        """Set the time of the last change to now."""
        self.updated_at = now()

    def _param(self, order: int, name: str, value: str, secrets: bool) -> dict[str, Any]:
        defined = next((param for param in self.connector.params if param.name == name), None)
        if defined is None:
            kind = "password" if _SECRET_NAME.search(name) else "string"
            defined = ParamDefinition(name, field_type=kind, optional=True)
        return {
            "id": self.param_id(name),
            "meta": [],
            "name": name,
            "order": order,
            "value": "" if defined.field_type == "password" and not secrets else value,
            "fieldType": defined.field_type,
            "isOptional": defined.optional,
            "exampleValue": defined.example_value,
            "paramOptions": [
                {"id": uuid_id(f"option/{self.connector.id}/{name}/{option}"), "value": option}
                for option in defined.options
            ],
            "documentation": defined.description,
        }


@attrs.frozen
class Schedule:
    """A schedule of an automation. Its times are local ones, such as "2025-03-05 02:00:00"."""

    id: str
    start_at: str | None = None
    stop_at: str | None = None
    interval: int | None = None
    timezone: str | None = None
    last_started_at: str | None = None


@attrs.define(eq=False)
class Automation:
    """An automation.

    Attributes:
        id: Identifier.
        name: Name.
        owner_id: The user who owns it, or the bot that created it.
        space_id: The space that holds it, "" for the owner's personal space.
        created_at: Timestamp with six fractional digits and Z.
        updated_at: Timestamp of the last change.
        description: Description.
        state: "available" or "disabled".
        last_run_at: Timestamp of the end of the last run, None if it has never run.
        last_run_status: How the last run ended, "not started" if it has never run.
        max_concurrent_runs: How many of its runs may overlap.
        schedules: When it runs.
        workspace: Its blocks and variables, of whatever form was sent.
    """

    id: str
    name: str
    owner_id: str
    space_id: str
    created_at: str
    updated_at: str
    description: str = ""
    state: str = "available"
    last_run_at: str | None = None
    last_run_status: str = "not started"
    max_concurrent_runs: int = 1
    schedules: tuple[Schedule, ...] = ()
    workspace: Mapping[str, Any] = attrs.field(factory=dict, repr=False)

    @property
    def run_mode(self) -> str:
        """What starts it, from its start block."""
        modes = (part["value"] for block in _blocks(self.workspace) for part in _parts(block, "inputs", "run_mode"))
        return next((mode for mode in modes if mode in _RUN_MODES), _RUN_MODES[0])

    @property
    def execution_token(self) -> str | None:
        """Secret that allows running it, None unless something else than its owner starts it."""
        return digest(f"token/{self.id}").hex() if self.run_mode in ("triggered", "webhook") else None

    @property
    def connector_ids(self) -> tuple[str, ...]:
        """Connectors in its workspace, one for each block that has one. Blocks for files have none."""
        named = (block.get("datasourcetype_guid") for block in _blocks(self.workspace))
        return tuple(each for each in named if each and isinstance(each, str))

    @property
    def connection_ids(self) -> tuple[str, ...]:
        """Connections in its workspace, including deleted ones."""
        settings = (part for block in _blocks(self.workspace) for part in _parts(block, "settings", "datasource"))
        named = (setting["value"] for setting in settings)
        return tuple(dict.fromkeys(each for each in named if each and isinstance(each, str)))


def without_connections(workspace: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a workspace whose blocks have no connections."""
    detached = copy.deepcopy(workspace)
    for block in _blocks(detached):
        for setting in _parts(block, "settings", "datasource"):
            setting["value"] = None
            if "displayValue" in setting:
                setting["displayValue"] = None
    return detached


def _blocks(workspace: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _objects(workspace.get("blocks"))


def _parts(block: Mapping[str, Any], where: str, identifier: str) -> list[dict[str, Any]]:
    """Return the inputs or settings of a block that have an identifier and a value."""
    return [part for part in _objects(block.get(where)) if part.get("id") == identifier and "value" in part]


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
