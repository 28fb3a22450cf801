"""The operations on connections as calls: checked arguments, the generated request, the generated reader."""

from __future__ import annotations

from collections.abc import Mapping

from qlik_automation_connections_api.api.automation_connections import (
    automation_connection_change_owner,
    automation_connection_change_space,
    check_automation_connection,
    create_automation_connection,
    delete_automation_connection,
    get_automation_connection,
    get_automation_connections,
    update_automation_connection,
)
from qlik_automation_connections_api.models.change_owner import ChangeOwner
from qlik_automation_connections_api.models.change_space import ChangeSpace
from qlik_automation_connections_api.models.check_result import CheckResult
from qlik_automation_connections_api.models.connection import Connection
from qlik_automation_connections_api.models.connection_summary import ConnectionSummary
from qlik_automation_connections_api.models.create_connection import CreateConnection
from qlik_automation_connections_api.models.create_param import CreateParam
from qlik_automation_connections_api.models.sort import Sort
from qlik_automation_connections_api.models.update_connection import UpdateConnection
from qlik_automation_connections_api.models.update_param import UpdateParam
from qlik_automation_connections_api.types import UNSET

from . import arguments
from .call import Call
from .concealed import Concealed
from .errors import ConfigurationError
from .listing import Listing, listing


def list_pages(
    *,
    filter: str | None,
    name: str | None,
    owner_id: str | None,
    space_id: str | None,
    connector_id: str | None,
    sort: str | None,
    list_all: bool,
    limit: int | None,
) -> Listing[ConnectionSummary]:
    module = get_automation_connections
    return listing(
        "getAutomationConnections",
        module.request_arguments,
        module.read_result,
        filter=filter,
        fields={"name": name, "ownerId": owner_id, "spaceId": space_id, "connectorId": connector_id},
        sort=sort,
        sorts=Sort,
        list_all=list_all,
        limit=limit,
    )


def create(
    *, connector_id: str, name: str | None, params: Concealed[arguments.CreateParams | None], space_id: str | None
) -> Call[Connection]:
    body = CreateConnection(connector_id=arguments.identifier("connector_id", connector_id))
    if name is not None:
        body.name = arguments.text("name", name)
    if params.reveal() is not None:
        body.params = [CreateParam(name=key, value=value) for key, value in arguments.params(params, "name").reveal()]
    if space_id is not None:
        body.space_id = arguments.text("space_id", space_id)
    module = create_automation_connection
    return Call("createAutomationConnection", module.request_arguments(body=body), module.read_result)


def get(id: str) -> Call[Connection]:
    id = arguments.identifier("id", id)
    module = get_automation_connection
    return Call("getAutomationConnection", module.request_arguments(id), module.read_result, id)


def _param_id(connection: Connection, name: str) -> str:
    ids = [param.id for param in connection.params if param.name == name and param.id is not None]
    if len(ids) == 1:
        return ids[0]
    if ids:
        raise ConfigurationError(
            f"Connection {connection.id!r} has {len(ids)} params called {name!r}: name them by id, as in"
            f" params=[{{'id': {ids[0]!r}, 'value': …}}]."
        )
    known = ", ".join(repr(param.name) for param in connection.params) or "none"
    raise ConfigurationError(f"Connection {connection.id!r} has no param called {name!r}; it has {known}.")


class Update:
    """A change of a connection, in which params may be called by their names.

    Attributes:
        needs: the call for the connection as it is, whose params' ids must be known first; None if none are needed.
    """

    def __init__(self, id: str, *, name: str | None, params: Concealed[arguments.UpdateParams | None]) -> None:
        self._id = arguments.identifier("id", id)
        self._name = None if name is None else arguments.text("name", name)
        self._by_name = isinstance(params.reveal(), Mapping)
        self._pairs: Concealed[list[tuple[str, str]]] = Concealed([])
        if params.reveal() is not None:
            self._pairs = arguments.params(params, "name" if self._by_name else "id")
        if name is None and not self._pairs.reveal():
            raise ConfigurationError("There is nothing to update: give name, params or both.")
        self.needs = get(id) if self._by_name and self._pairs.reveal() else None

    def call(self, connection: Connection | None) -> Call[Connection]:
        """The call that makes the change.

        Args:
            connection: what the call in `needs` returned.
        """
        body = UpdateConnection()
        if self._name is not None:
            body.name = self._name
        if self._pairs.reveal():
            # Ids first: this frame must hold no value when a name is not known.
            names = [key for key, _ in self._pairs.reveal()]
            ids = names if connection is None else [_param_id(connection, name) for name in names]
            body.params = [
                UpdateParam(id=id, value=value) for id, (_, value) in zip(ids, self._pairs.reveal(), strict=True)
            ]
        module = update_automation_connection
        return Call(
            "updateAutomationConnection", module.request_arguments(self._id, body=body), module.read_result, self._id
        )


def delete(id: str, *, forced: bool) -> Call[None]:
    id = arguments.identifier("id", id)
    module = delete_automation_connection
    forced = arguments.boolean("forced", forced)
    return Call(
        "deleteAutomationConnection", module.request_arguments(id, forced=forced or UNSET), module.read_result, id
    )


def change_owner(id: str, *, user_id: str) -> Call[None]:
    id = arguments.identifier("id", id)
    body = ChangeOwner(user_id=arguments.identifier("user_id", user_id))
    module = automation_connection_change_owner
    return Call("automationConnectionChangeOwner", module.request_arguments(id, body=body), module.read_result, id)


def change_space(id: str, *, space_id: str | None) -> Call[None]:
    id = arguments.identifier("id", id)
    # An empty id is how the service calls the owner's personal space.
    body = ChangeSpace(space_id="" if space_id is None else arguments.text("space_id", space_id))
    module = automation_connection_change_space
    return Call("automationConnectionChangeSpace", module.request_arguments(id, body=body), module.read_result, id)


def check(id: str) -> Call[CheckResult]:
    id = arguments.identifier("id", id)
    module = check_automation_connection
    return Call("checkAutomationConnection", module.request_arguments(id), module.read_result, id)
