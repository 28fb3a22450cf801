"""The operations, on what the fake tenant holds.

What the service's documentation leaves open is settled here: deleting a connection in use without `forced` is a 400, a
name that the owner already uses for the same connector is a 409 when renaming, and connections that the service manages
itself are a 403 for every change. Without `listAll` a caller lists its own connections alone, so that a machine, which
owns none, lists none. Both generations of the path behave alike. An administrator may read everybody's automations.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import attrs

from . import _automations as automations
from . import _connectors as connectors
from . import _neighbour_wire as neighbour_wire
from ._answers import Answer, Refusal, error_document
from ._automations import Automation
from ._catalog import CONNECTORS, Connector
from ._listing import Collection, Item
from ._oauth import Principal
from ._seed import Population
from ._state import FIELDS, Connection, Order, detail, summary, timestamp
from ._wire import Kind, Switch, send_form

_CONNECTORS = {connector.id: connector for connector in CONNECTORS}


@attrs.frozen
class Call:
    """One checked request for an operation.

    Attributes:
        principal: Who asks.
        url: Address of the resource without its query, as the client wrote it.
        id: The identifier in the path, "" where it has none.
        query: Query parameters.
        body: JSON body, empty where the operation takes none.
    """

    principal: Principal
    url: str
    id: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]


def _orders(fields: Mapping[str, Callable[[Item], str]], items: Iterable[Item]) -> Callable[[str], Order[Item]]:
    """What gives items that do not change by one field."""
    orders = {name: Order.by(read, fields["id"], items) for name, read in fields.items()}
    return orders.__getitem__


@attrs.frozen
class Outcome:
    """What an operation answers, and the connection that it was about."""

    answer: Answer
    connection_id: str | None = None


class Operations:
    """Carries out the operations.

    Args:
        population: The connections, and who and what they may belong to.
        filterable: Gives the fields that the filter of a list may name, by the schema of its items.
        quirks: Quirks that are on.
    """

    def __init__(
        self, population: Population, filterable: Callable[[str], tuple[str, ...]], quirks: tuple[Switch, ...]
    ) -> None:
        self._store = population.store
        self._user_ids = frozenset(user.id for user in population.users)
        self._space_ids = frozenset(space.id for space in population.spaces)
        self._quirks = quirks
        self._automations_by_id = {automation.id: automation for automation in population.automations}
        self._connections: Collection[Connection] = Collection(
            "connections",
            self._store.order,
            {name: FIELDS[name] for name in filterable("AutomationConnectionsListObject")},
            summary,
            attrgetter("owner_id"),
        )
        self._connectors: Collection[Connector] = Collection(
            "connectors",
            _orders(connectors.FIELDS, CONNECTORS),
            {name: connectors.FIELDS[name] for name in filterable("AutomationConnectorsListObject")},
            connectors.summary,
        )
        self._automations: Collection[Automation] = Collection(
            "automations",
            _orders(automations.FIELDS, population.automations),
            {name: automations.FIELDS[name] for name in filterable("AutomationListObject")},
            automations.summary,
            attrgetter("owner_id"),
        )
        self.by_id: Mapping[str, Callable[[Call], Outcome]] = {
            "getAutomationConnections": self.list,
            "createAutomationConnection": self.create,
            "getAutomationConnection": self.get,
            "updateAutomationConnection": self.update,
            "deleteAutomationConnection": self.delete,
            "automationConnectionChangeOwner": self.change_owner,
            "automationConnectionChangeSpace": self.change_space,
            "checkAutomationConnection": self.check,
            "getAutomationConnectors": self.list_connectors,
            "getAutomationConnector": self.get_connector,
            "getAutomations": self.list_automations,
            "getAutomation": self.get_automation,
        }

    def list(self, call: Call) -> Outcome:
        """Answer one page of the connections that the caller sees."""
        document = self._connections.page(call.principal, call.url, call.query)
        return Outcome(self._answer(200, "list", document))

    def list_connectors(self, call: Call) -> Outcome:
        """Answer one page of the connectors."""
        return self._neighbour("list", self._connectors.page(call.principal, call.url, call.query))

    def get_connector(self, call: Call) -> Outcome:
        """Answer one connector with its params."""
        connector = _CONNECTORS.get(call.id)
        if connector is None:
            raise Refusal(404, "No connector has this identifier.")
        return self._neighbour("connector", connectors.detail(connector))

    def list_automations(self, call: Call) -> Outcome:
        """Answer one page of the automations that the caller sees."""
        return self._neighbour("list", self._automations.page(call.principal, call.url, call.query))

    def get_automation(self, call: Call) -> Outcome:
        """Answer one automation with its workspace."""
        automation = self._automations_by_id.get(call.id)
        if automation is None or not self._automations.shows(call.principal, automation):
            raise Refusal(404, "No automation that the caller may see has this identifier.")
        return self._neighbour("automation", automations.detail(automation))

    def create(self, call: Call) -> Outcome:
        """Make a connection."""
        self._may_change(call)
        connector = _CONNECTORS.get(call.body["connectorId"])
        if connector is None:
            raise Refusal(400, "The field 'connectorId' names no connector of this tenant.")
        if connector.managed:
            raise Refusal(403, "The service makes the connections of this connector itself.")
        now = timestamp(datetime.now(UTC))
        connection = Connection(
            id=self._store.new_id(),
            name=_name(call.body.get("name", connector.name)),
            connector=connector,
            owner_id=call.principal.user_id or "",
            space_id=self._space(call.body.get("spaceId", "")),
            created_at=now,
            updated_at=now,
            values={param.name: "" for param in connector.params} | _values_by_name(call.body.get("params", [])),
        )
        self._store.add(connection)
        return Outcome(self._answer(201, "connection", detail(connection)), connection.id)

    def get(self, call: Call) -> Outcome:
        """Answer one connection with its params."""
        connection = self._visible(call)
        return Outcome(self._answer(200, "connection", detail(connection)), connection.id)

    def update(self, call: Call) -> Outcome:
        """Change the name, the params, or both."""
        connection = self._changeable(call)
        name = _name(call.body.get("name", connection.name))
        if name != connection.name and self._name_taken(connection, name):
            raise Refusal(409, "The owner has another connection of this name for this connector.")
        names = {connection.param_id(held): held for held in connection.values}
        values = {}
        for index, param in enumerate(call.body.get("params", [])):
            if param.get("id") not in names:
                raise Refusal(400, f"The field 'params[{index}].id' names no param of this connection.")
            values[names[param["id"]]] = param.get("value", "")
        connection.name = name
        connection.values.update(values)
        self._store.changed(connection)
        return Outcome(self._answer(200, "connection", detail(connection)), connection.id)

    def delete(self, call: Call) -> Outcome:
        """Remove a connection."""
        connection = self._changeable(call)
        if self._store.is_in_use(connection.id) and not call.query.get("forced", False):
            raise Refusal(400, "Automations use the connection; forced=true deletes it nevertheless.")
        self._store.remove(connection)
        return Outcome(Answer(204), connection.id)

    def change_owner(self, call: Call) -> Outcome:
        """Hand a connection to another user."""
        connection = self._changeable(call)
        user_id = call.body.get("userId")
        if user_id not in self._user_ids:
            raise Refusal(400, "The field 'userId' names no user of this tenant.")
        connection.owner_id = user_id
        self._store.changed(connection)
        return Outcome(Answer(204), connection.id)

    def change_space(self, call: Call) -> Outcome:
        """Move a connection into another space."""
        connection = self._changeable(call)
        if "spaceId" not in call.body:
            raise Refusal(400, "The field 'spaceId' is missing.")
        connection.space_id = self._space(call.body["spaceId"])
        self._store.changed(connection)
        return Outcome(Answer(204), connection.id)

    def check(self, call: Call) -> Outcome:
        """Say whether a connection works."""
        connection = self._visible(call)
        works = connection.is_connected
        return Outcome(self._answer(200, "check", {"connected": works, "is_connected": works}), connection.id)

    def _neighbour(self, kind: neighbour_wire.Kind, document: dict[str, Any]) -> Outcome:
        switches = {quirk.name for quirk in self._quirks}
        return Outcome(Answer.of_json(200, neighbour_wire.send_form(kind, document, switches)))

    def _answer(self, status: int, kind: Kind, document: dict[str, Any]) -> Answer:
        return Answer.of_json(status, send_form(kind, document, self._quirks))

    def error(self, refusal: Refusal, trace_id: str) -> Answer:
        """Write a refusal as the body of an error."""
        document = error_document(refusal.status, refusal.detail, trace_id)
        return Answer.of_json(refusal.status, send_form("error", document, self._quirks), refusal.headers)

    def _visible(self, call: Call) -> Connection:
        connection = self._store.get(call.id)
        if connection is None or not self._connections.shows(call.principal, connection):
            raise Refusal(404, "No connection that the caller may see has this identifier.")
        return connection

    def _changeable(self, call: Call) -> Connection:
        self._may_change(call)
        connection = self._visible(call)
        if connection.connector.managed:
            raise Refusal(403, "The service manages this connection itself.")
        return connection

    def _may_change(self, call: Call) -> None:
        if not call.principal.changes:
            raise Refusal(403, "A machine's token can't change connections.")

    def _space(self, space_id: str) -> str:
        if space_id and space_id not in self._space_ids:
            raise Refusal(400, "The field 'spaceId' names no space of this tenant.")
        return space_id

    def _name_taken(self, connection: Connection, name: str) -> bool:
        return any(
            other.name == name and other.owner_id == connection.owner_id and other.connector is connection.connector
            for other in self._store.order("id").items
        )


def _name(name: str) -> str:
    if not name.strip():
        raise Refusal(400, "The field 'name' must not be empty.")
    return name


def _values_by_name(params: list[dict[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for index, param in enumerate(params):
        name = param.get("name", "")
        if not name or name in values:
            raise Refusal(400, f"The field 'params[{index}].name' is missing, empty or given twice.")
        values[name] = param.get("value", "")
    return values
