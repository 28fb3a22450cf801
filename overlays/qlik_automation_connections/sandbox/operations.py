"""The eight operations, on the store.

What the service's documentation leaves open is settled here: deleting a connection in use without `forced` is a 400, a
name that the owner already uses for the same connector is a 409 when renaming, and connections that the service manages
itself are a 403 for every change. Without `listAll` a caller lists its own connections alone, so that a machine, which
owns none, lists none. Both generations of the path behave alike.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import attrs

from . import paging, scim
from .answers import Answer, Refusal
from .catalog import CONNECTORS
from .oauth import Principal
from .seed import Population
from .state import FIELDS, Connection, Order, detail, summary, timestamp
from .wire import Kind, Quirk, send_form

DEFAULT_LIMIT = 100
DEFAULT_SORT = "id"

_CONNECTORS = {connector.id: connector for connector in CONNECTORS}


@attrs.frozen
class Call:
    """One checked request for an operation.

    Attributes:
        principal: Who asks.
        url: Address of the resource without its query, as the client wrote it.
        id: The connection's identifier, "" where the path has none.
        query: Query parameters.
        body: JSON body, empty where the operation takes none.
    """

    principal: Principal
    url: str
    id: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]


@attrs.frozen
class Outcome:
    """What an operation answers, and the connection that it was about."""

    answer: Answer
    connection_id: str | None = None


class Operations:
    """Carries out the operations.

    Args:
        population: The connections, and who and what they may belong to.
        filterable: Fields that the filter may name.
        quirks: Quirks that are on.
    """

    def __init__(self, population: Population, filterable: tuple[str, ...], quirks: tuple[Quirk, ...]) -> None:
        self._store = population.store
        self._user_ids = frozenset(user.id for user in population.users)
        self._space_ids = frozenset(space.id for space in population.spaces)
        self._quirks = quirks
        self._filterable = {name: FIELDS[name] for name in filterable}
        self.by_id: Mapping[str, Callable[[Call], Outcome]] = {
            "getAutomationConnections": self.list,
            "createAutomationConnection": self.create,
            "getAutomationConnection": self.get,
            "updateAutomationConnection": self.update,
            "deleteAutomationConnection": self.delete,
            "automationConnectionChangeOwner": self.change_owner,
            "automationConnectionChangeSpace": self.change_space,
            "checkAutomationConnection": self.check,
        }

    def list(self, call: Call) -> Outcome:
        """Answer one page of the connections that the caller sees."""
        everybody = call.query.get("listAll", False)
        if everybody and not call.principal.sees_all:
            raise Refusal(403, "Only administrators may list the connections of everybody.")
        limit = call.query.get("limit", DEFAULT_LIMIT)
        sort = call.query.get("sort", DEFAULT_SORT)
        field, descending = sort.lstrip("+-"), sort.startswith("-")
        text = call.query.get("filter")
        shown = self._shown(text, None if everybody else call.principal.user_id, everybody)
        listing = paging.fingerprint(text, field, descending, everybody, limit)
        try:
            position = paging.decode(call.query["cursor"], listing) if "cursor" in call.query else None
        except paging.CursorError as error:
            raise Refusal(400, str(error)) from None
        order: Order = self._store.order(field)
        page = paging.page(order.keys, order.items, shown, descending=descending, limit=limit, position=position)
        links = {
            name: {} if target is None else {"href": _href(call, paging.encode(target, listing))}
            for name, target in (("next", page.next), ("prev", page.prev))
        }
        document = {"data": [summary(connection) for connection in page.items], "links": links}
        return Outcome(self._answer(200, "list", document))

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

    def _answer(self, status: int, kind: Kind, document: dict[str, Any]) -> Answer:
        return Answer.of_json(status, send_form(kind, document, self._quirks))

    def _shown(self, text: str | None, owner_id: str | None, everybody: bool) -> Callable[[Connection], bool]:
        if text is None:
            return lambda connection: everybody or connection.owner_id == owner_id
        try:
            matches: scim.Predicate[Connection] = scim.parse(text, self._filterable)
        except scim.FilterError as error:
            raise Refusal(400, f"The filter can't be read: {error}.") from None
        return lambda connection: (everybody or connection.owner_id == owner_id) and matches(connection)

    def _visible(self, call: Call) -> Connection:
        connection = self._store.get(call.id)
        if connection is None or not (call.principal.sees_all or connection.owner_id == call.principal.user_id):
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


def _href(call: Call, cursor: str) -> str:
    kept = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in call.query.items()
        if name != "cursor"
    }
    return f"{call.url}?{urlencode({**kept, 'cursor': cursor}, quote_via=quote)}"
