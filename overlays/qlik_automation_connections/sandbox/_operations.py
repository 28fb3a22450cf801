"""The operations of the fake tenant.

Where the service's documentation is silent, the sandbox chooses: deleting a connection in use without `forced` is a
400, renaming to a name that the owner already uses for the same connector is a 409, and any change to a connection that
the service manages itself is a 403. Without `listAll` callers list only what they own, so a machine lists nothing but
the automations that it created. Both generations of the path behave alike. Administrators list everyone's automations,
also by default; `_automations` says who may do what to one. Users and spaces are shown to every user and to no machine;
others than administrators see only the id, name and subject of other users.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from . import _paging as paging
from . import _scim as scim
from ._automations import AutomationOperations, require_owner
from ._call import Call, checked_name
from ._deterministic import now
from ._documents import ERROR, Documents
from ._models import Automation, Connection, Connector, Space, User
from ._responses import HTTPError, Response, error_document
from ._spec import Spec
from ._store import Store, TenantState, field_reader, sort_key

_USER = "User"
_FIELDS_OF_OTHERS = {"id", "name", "subject"}
_CURSORS = ("cursor", "next", "prev")
_NARROWING = ("name", "ownerId", "type")
Result = Connection | Connector | Automation | Space | dict[str, Any] | None


class Operations:
    """Performs the operations.

    Args:
        state: The tenant's data.
        spec: The spec.
        documents: Writes the documents of responses.
    """

    def __init__(self, state: TenantState, spec: Spec, documents: Documents) -> None:
        self._state = state
        self._spec = spec
        self._documents = documents
        self._stores: Mapping[str, Store[Any]] = {
            "connection": state.connections,
            "connector": state.connectors,
            "automation": state.automations,
            "user": Store(state.users),
            "space": Store(state.spaces),
        }
        self._actions: Mapping[str, Callable[[Call], Result]] = {
            "createAutomationConnection": self._create,
            "updateAutomationConnection": self._update,
            "deleteAutomationConnection": self._delete,
            "automationConnectionChangeOwner": self._change_owner,
            "automationConnectionChangeSpace": self._change_space,
            "checkAutomationConnection": self._check,
            **AutomationOperations(state, self._get).actions,
        }

    def perform(self, call: Call) -> Response:
        """Perform an operation.

        Raises:
            HTTPError: The request is refused.
        """
        operation = call.operation
        schema = operation.response
        if operation.noun in ("user", "space") and call.principal.user_id is None:
            raise HTTPError(403, f"A machine's token can't read {operation.noun}s.")
        if 300 <= operation.status < 400:
            location = f"{call.url.rpartition('/')[0]}/{call.principal.user_id}"
            return Response(operation.status, headers={"location": location})
        if operation.method != "GET":
            action = self._actions[operation.id]
        else:
            action = self._get if schema is None or self._spec.item_schema(schema) is None else self._list
        with self._state.lock:
            result = action(call)
            if schema is None:
                return Response(operation.status)
            document = result if isinstance(result, dict) else self._documents.write(schema, result)
        return Response.of_json(operation.status, self._documents.apply_quirks(schema, document))

    def error(self, error: HTTPError, trace_id: str) -> Response:
        """Return the response to a refused request."""
        document = error_document(error.status, error.detail, trace_id)
        return Response.of_json(error.status, self._documents.apply_quirks(ERROR, document), error.headers)

    def _list(self, call: Call) -> Result:
        if call.query.get("listAll") and not _may_list_all(call):
            raise HTTPError(403, f"Only administrators may list everyone's {call.operation.noun}s.")
        query: dict[str, Any] = {name: declared.get("x-default") for name, declared in call.operation.query.items()}
        query |= call.query
        # By default automations are listed to administrators like this.
        list_all = query.get("listAll", False) and _may_list_all(call)
        limit, sort = query["limit"], query["sort"] or "id"
        field, descending = sort.lstrip("+-"), sort.startswith("-")
        schema = self._spec.item_schema(call.operation.response or "") or ""
        matches = self._filter(schema, query.get("filter"))
        is_among = _among(query)
        items = [
            item
            for item in self._stores[call.operation.noun].sorted_by(field)
            if (list_all or _owner(item) in (None, call.principal.owner_id)) and matches(item) and is_among(item)
        ]
        more = [query[name] for name in _NARROWING if name in query]
        listing = paging.fingerprint(query.get("filter"), field, descending, list_all, limit, *more)
        cursors = [call.query[name] for name in _CURSORS if name in call.query]
        if len(cursors) > 1:
            raise HTTPError(400, "The query parameters 'next' and 'prev' exclude each other.")
        try:
            start = paging.decode(cursors[0], listing) if cursors else None
        except paging.CursorError as error:
            raise HTTPError(400, str(error)) from None
        page = paging.page(items, sort_key(field), descending=descending, limit=limit, start=start)
        links = {
            name: {} if position is None else {"href": _href(call, name, paging.encode(position, listing))}
            for name, position in (("next", page.next), ("prev", page.prev))
        }
        return {"data": [self._shown(call, schema, item) for item in page.items], "links": links}

    def _shown(self, call: Call, schema: str, item: object) -> dict[str, Any]:
        """Return an item's document, with the fields that the caller may see and asked for."""
        document = self._documents.write(schema, item)
        kept = set(call.query["fields"].split(",")) if "fields" in call.query else set(document)
        if isinstance(item, User) and not call.principal.sees_all and item.id != call.principal.user_id:
            kept &= _FIELDS_OF_OTHERS
        return {name: value for name, value in document.items() if name in kept}

    def _filter(self, schema: str, text: str | None) -> scim.Predicate[Any]:
        if text is None:
            return lambda _: True
        fields = [field.name for field in self._spec.fields(schema) if field.filterable]
        try:
            return scim.parse(text, {name: field_reader(name) for name in fields}, ignore_case=schema == _USER)
        except scim.FilterError as error:
            raise HTTPError(400, f"The filter is invalid: {error}.") from None

    def _get(self, call: Call) -> Any:
        noun = call.operation.noun
        item = self._stores[noun].get(call.id)
        if item is None or not (call.principal.sees_all or _owner(item) in (None, call.principal.owner_id)):
            raise HTTPError(404, f"No {noun} visible to the caller has this identifier.")
        if isinstance(item, Automation) and call.operation.method == "GET":
            require_owner(call, item)
        return self._shown(call, _USER, item) if isinstance(item, User) else item

    def _create(self, call: Call) -> Result:
        self._require_changes(call)
        connector = self._state.connectors.get(call.body["connectorId"])
        if connector is None:
            raise HTTPError(400, "The field 'connectorId' matches no connector of this tenant.")
        if connector.managed:
            raise HTTPError(403, "The service creates the connections of this connector itself.")
        created = now()
        connection = Connection(
            id=self._state.new_id(),
            name=checked_name(call.body.get("name", connector.name)),
            connector=connector,
            owner_id=call.principal.user_id or "",
            space_id=self._state.checked_space(call.body.get("spaceId", "")),
            created_at=created,
            updated_at=created,
            values={param.name: "" for param in connector.params} | _values_by_name(call.body.get("params", [])),
        )
        self._state.connections.put(connection)
        call.id = connection.id
        return connection

    def _update(self, call: Call) -> Result:
        connection = self._changeable(call)
        name = checked_name(call.body.get("name", connection.name))
        if name != connection.name and self._name_taken(connection, name):
            raise HTTPError(409, "The owner has another connection with this name for this connector.")
        names = {connection.param_id(held): held for held in connection.values}
        values = {}
        for index, param in enumerate(call.body.get("params", [])):
            if param.get("id") not in names:
                raise HTTPError(400, f"The field 'params[{index}].id' matches no param of this connection.")
            values[names[param["id"]]] = param.get("value", "")
        connection.name = name
        connection.values.update(values)
        return self._changed(connection)

    def _delete(self, call: Call) -> Result:
        connection = self._changeable(call)
        if not call.query.get("forced", False) and connection.id in self._state.in_use():
            raise HTTPError(400, "Automations use the connection; forced=true deletes it anyway.")
        self._state.connections.remove(connection)
        return None

    def _change_owner(self, call: Call) -> Result:
        connection = self._changeable(call)
        connection.owner_id = self._state.checked_user(call.body.get("userId"))
        return self._changed(connection)

    def _change_space(self, call: Call) -> Result:
        connection = self._changeable(call)
        if "spaceId" not in call.body:
            raise HTTPError(400, "The field 'spaceId' is missing.")
        connection.space_id = self._state.checked_space(call.body["spaceId"])
        return self._changed(connection)

    def _check(self, call: Call) -> Result:
        works = self._get(call).is_connected
        return {"connected": works, "is_connected": works}

    def _changeable(self, call: Call) -> Connection:
        self._require_changes(call)
        connection: Connection = self._get(call)
        if connection.connector.managed:
            raise HTTPError(403, "The service manages this connection itself.")
        return connection

    def _changed(self, connection: Connection) -> Connection:
        connection.touch()
        self._state.connections.put(connection)
        return connection

    def _require_changes(self, call: Call) -> None:
        if not call.principal.may_change:
            raise HTTPError(403, "A machine's token can't change connections.")

    def _name_taken(self, connection: Connection, name: str) -> bool:
        return any(
            other.name == name and other.owner_id == connection.owner_id and other.connector is connection.connector
            for other in self._state.connections.sorted_by("id")
        )


def _owner(item: Any) -> str | None:
    """Return the id of an item's owner, or None if everyone may see the item."""
    return None if isinstance(item, Space) else getattr(item, "owner_id", None)


def _among(query: Mapping[str, Any]) -> scim.Predicate[Any]:
    """Return whether an item of a list without a filter has what other parameters ask for."""
    name, owner, types = (query.get(each) for each in _NARROWING)

    def is_among(item: Any) -> bool:
        return (
            (name is None or name.casefold() in item.name.casefold())
            and (owner is None or item.owner_id == owner)
            and (types is None or item.type in types.split(","))
        )

    return is_among


def _may_list_all(call: Call) -> bool:
    principal = call.principal
    is_machine = principal.user_id is None
    return principal.manages_automations if is_machine and call.operation.noun == "automation" else principal.sees_all


def _href(call: Call, link: str, cursor: str) -> str:
    query = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in call.query.items()
        if name not in _CURSORS
    }
    parameter = link if link in call.operation.query else "cursor"
    return f"{call.url}?{urlencode({**query, parameter: cursor}, quote_via=quote)}"


def _values_by_name(params: list[dict[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for index, param in enumerate(params):
        name = param.get("name", "")
        if not name or name in values:
            raise HTTPError(400, f"The field 'params[{index}].name' is missing, empty or repeated.")
        values[name] = param.get("value", "")
    return values
