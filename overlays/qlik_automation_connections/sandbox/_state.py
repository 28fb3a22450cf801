"""The connections that the fake tenant holds."""

import re
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

import attrs

from ._catalog import Connector, ParamDefinition
from ._paging import Key

Item = TypeVar("Item")

NAMESPACE = uuid.UUID("4b0d7a66-0c0e-5f0b-9d0a-5a1d0b0c0e01")
ERROR_WORD = "sandbox-error"

_SECRET_NAME = re.compile(r"pass|secret|token|api_?key", re.IGNORECASE)


@attrs.frozen
class User:
    """One user of the tenant."""

    id: str
    name: str
    subject: str
    admin: bool = False


@attrs.frozen
class Space:
    """One shared space of the tenant."""

    id: str
    name: str


@attrs.define(eq=False)
class Connection:
    """One connection.

    Attributes:
        id: Identifier.
        name: Name.
        connector: What it connects to.
        owner_id: The user who owns it.
        space_id: The space that holds it, "" for the owner's personal space.
        created_at: Timestamp with six fractional digits and Z.
        updated_at: The same, of the last change.
        values: Value of each param, in the params' order.
        account: OAuth account that gave its consent, None if none did.
    """

    id: str
    name: str
    connector: Connector
    owner_id: str
    space_id: str
    created_at: str
    updated_at: str
    values: dict[str, str]
    account: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a param holds the word that stands for a setting that the other side refuses."""
        return ERROR_WORD in self.values.values()

    @property
    def is_connected(self) -> bool:
        """Whether the connection works."""
        if self.failed:
            return False
        if self.connector.oauth:
            return self.account is not None
        return all(param.optional or self.values.get(param.name) for param in self.connector.params)

    @property
    def redirect(self) -> str | None:
        """Where a person gives consent, None if none is needed."""
        if not self.connector.oauth or self.account is not None:
            return None
        return f"https://consent.example.com/oauth/authorize?state={self.id}"

    def definition(self, name: str) -> ParamDefinition:
        """Return what is known of a param; those that the connector does not know are optional."""
        kind = "password" if _SECRET_NAME.search(name) else "string"
        return self.connector.param(name) or ParamDefinition(name, kind, optional=True)

    def param_id(self, name: str) -> str:
        """Return the identifier of a param."""
        return str(uuid.uuid5(NAMESPACE, f"param/{self.id}/{name}"))

    def touch(self) -> None:
        """Set the time of the last change."""
        self.updated_at = timestamp(datetime.now(UTC))


# How each field that can be sorted or filtered by is read.
FIELDS: Mapping[str, Callable[[Connection], str]] = {
    "id": attrgetter("id"),
    "name": attrgetter("name"),
    "ownerId": attrgetter("owner_id"),
    "spaceId": attrgetter("space_id"),
    "connectorId": attrgetter("connector.id"),
    "createdAt": attrgetter("created_at"),
    "updatedAt": attrgetter("updated_at"),
}


@attrs.frozen
class Order(Generic[Item]):
    """All of a kind by one field, ascending, the id as tie-breaker."""

    keys: list[Key]
    items: list[Item]

    @classmethod
    def by(cls, read: Callable[[Item], str], identify: Callable[[Item], str], items: Iterable[Item]) -> "Order[Item]":
        """Sort items by what is read of each."""
        pairs = sorted((((read(item), identify(item)), item) for item in items), key=lambda pair: pair[0])
        return cls([key for key, _ in pairs], [item for _, item in pairs])


class ConnectionStore:
    """Connections by id and in order. Hold `lock` over what must not be torn apart.

    Args:
        connections: What it holds at first.
        in_use: Identifiers of the connections that automations use, whether they are there or not.
        tenant: Name of the tenant, for the identifiers of new connections.
    """

    def __init__(self, connections: Iterable[Connection], in_use: Iterable[str], tenant: str = "") -> None:
        self._tenant = tenant
        self.lock = threading.RLock()
        self._by_id = {connection.id: connection for connection in connections}
        self._used = frozenset(in_use)
        self._orders: dict[str, Order[Connection]] = {}
        self._made = 0

    def get(self, identifier: str) -> Connection | None:
        """Return one connection, None if there is none."""
        return self._by_id.get(identifier)

    def new_id(self) -> str:
        """Return an identifier for a new connection: the same sequence in every run."""
        self._made += 1
        return str(uuid.uuid5(NAMESPACE, f"{self._tenant}made/{self._made}"))

    def add(self, connection: Connection) -> None:
        """Take in one connection."""
        self._by_id[connection.id] = connection
        self._orders.clear()

    def remove(self, connection: Connection) -> None:
        """Drop one connection."""
        del self._by_id[connection.id]
        self._orders.clear()

    def changed(self, connection: Connection) -> None:
        """Note that a connection's fields were changed."""
        connection.touch()
        # The order by id and by time of creation outlives a change.
        self._orders.pop("name", None)
        self._orders.pop("updatedAt", None)

    def is_in_use(self, identifier: str) -> bool:
        """Whether automations use a connection that is there."""
        return identifier in self._used and identifier in self._by_id

    def in_use(self) -> list[str]:
        """Return the identifiers of all connections that automations use, sorted."""
        return sorted(self._used & self._by_id.keys())

    def order(self, field: str) -> Order[Connection]:
        """Return all connections by one field."""
        known = self._orders.get(field)
        if known is None:
            known = self._orders[field] = Order.by(FIELDS[field], FIELDS["id"], self._by_id.values())
        return known

    def __len__(self) -> int:
        return len(self._by_id)


def timestamp(moment: datetime) -> str:
    """Write a moment as the service does: UTC, six fractional digits, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def summary(connection: Connection) -> dict[str, Any]:
    """Write a connection as it stands in lists, as the spec has it."""
    return {
        "id": connection.id,
        "name": connection.name,
        "ownerId": connection.owner_id,
        "spaceId": connection.space_id,
        "createdAt": connection.created_at,
        "updatedAt": connection.updated_at,
        "connectorId": connection.connector.id,
        "isConnected": connection.is_connected,
    }


def detail(connection: Connection, *, secrets: bool = False) -> dict[str, Any]:
    """Write a connection with its params, as the spec has it.

    Args:
        connection: The connection.
        secrets: Whether the values of fields of type "password" are written; they are blank otherwise.

    Returns:
        JSON. What the connection does not have is left out.
    """
    document: dict[str, Any] = {
        **summary(connection),
        "error": {"message": "The other side refused the settings."} if connection.failed else {},
        "params": [
            _param(connection, name, order, value, secrets)
            for order, (name, value) in enumerate(connection.values.items(), start=1)
        ],
    }
    if connection.redirect is not None:
        document["redirect"] = connection.redirect
    if connection.account is not None:
        document["oauthAccountName"] = connection.account
    return document


def _param(connection: Connection, name: str, order: int, value: str, secrets: bool) -> dict[str, Any]:
    definition = connection.definition(name)
    identifier = connection.param_id(name)
    return {
        "id": identifier,
        "meta": [],
        "name": name,
        "order": order,
        "value": "" if definition.field_type == "password" and not secrets else value,
        "fieldType": definition.field_type,
        "isOptional": definition.optional,
        "exampleValue": definition.example,
        "paramOptions": [
            {"id": str(uuid.uuid5(NAMESPACE, f"option/{connection.connector.id}/{name}/{option}")), "value": option}
            for option in definition.options
        ],
        "documentation": definition.documentation,
    }
