"""Calls that take more than an id: creating and updating a connection, and finding the caller's own user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.automation_connections import (
    create_automation_connection,
    get_automation_connection,
    update_automation_connection,
)
from qlik_automation_connections_api.api.users import get_me

from .._arguments import CreateParams, UpdateParams, identifier, is_identifier, param_pairs, text
from .._exchange.call import Call, UnusableResult, call_about
from .._log import logger
from .._normalizer import Normalizer
from .._secrets import Secret
from .._text import shortened
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import Connection


def create(
    *, connector_id: str, name: str | None, params: Secret[CreateParams | None], space_id: str | None
) -> Call[Connection]:
    body = models.CreateConnection(connector_id=identifier("connector_id", connector_id))
    if name is not None:
        body.name = text("name", name)
    if params.get_secret_value() is not None:
        body.params = [
            models.CreateParam(name=key, value=value) for key, value in param_pairs(params, "name").get_secret_value()
        ]
    if space_id is not None:
        body.space_id = text("space_id", space_id)
    endpoint = create_automation_connection
    return Call(endpoint.OPERATION, endpoint.request_arguments(body=body), endpoint.read_result)


def _param_id(connection: Connection, name: str) -> str:
    ids = [param.id for param in connection.params if param.name == name and param.id is not None]
    if len(ids) == 1:
        return ids[0]
    if ids:
        raise ConfigurationError(
            f"Connection {connection.id!r} has {len(ids)} params called {name!r}. Identify them by id, as in"
            f" params=[{{'id': {ids[0]!r}, 'value': …}}]."
        )
    known = shortened(", ".join(repr(param.name) for param in connection.params)) or "none"
    raise ConfigurationError(f"Connection {connection.id!r} has no param called {name!r}. Its params: {known}.")


class Update:
    """An update of a connection that may identify params by name.

    Attributes:
        needs: The call that reads the connection, to find the ids of its params; None if the ids are known.
    """

    def __init__(self, id: str, *, name: str | None, params: Secret[UpdateParams | None]) -> None:
        self._id = identifier("id", id)
        self._name = None if name is None else text("name", name)
        by_name = isinstance(params.get_secret_value(), Mapping)
        self._pairs: Secret[list[tuple[str, str]]] = Secret([])
        if params.get_secret_value() is not None:
            self._pairs = param_pairs(params, "name" if by_name else "id")
        if name is None and not self._pairs.get_secret_value():
            raise ConfigurationError("Nothing to update. Pass name, params or both.")
        self.needs = call_about(get_automation_connection, id) if by_name and self._pairs.get_secret_value() else None

    def call(self, connection: Connection | None) -> Call[Connection]:
        """Return the call that updates the connection.

        Args:
            connection: The result of `needs`; None without it.
        """
        body = models.UpdateConnection()
        if self._name is not None:
            body.name = self._name
        if self._pairs.get_secret_value():
            # Look up ids first, so that an unknown name raises while no value is in this frame.
            names = [key for key, _ in self._pairs.get_secret_value()]
            ids = names if connection is None else [_param_id(connection, name) for name in names]
            body.params = [
                models.UpdateParam(id=id, value=value)
                for id, (_, value) in zip(ids, self._pairs.get_secret_value(), strict=True)
            ]
        return call_about(update_automation_connection, self._id, body=body)


def log_creation_error(call: Call[Connection], connection: Connection) -> Connection:
    if connection.error:
        logger.warning(
            "%s: connection %r was created with an error; see its attribute `error`", call.label, connection.id
        )
    return connection


def find_me() -> Call[str]:
    """Return the call that tells the id of the user who is calling."""
    return Call(get_me.OPERATION, get_me.request_arguments(), _id_in_location)


def _id_in_location(location: Any, normalizer: Normalizer) -> str:  # noqa: ARG001 - the header is no JSON
    # Only the id is taken from it, since it could point to another host.
    try:
        id = unquote(urlsplit(location or "").path.rpartition("/")[2])
    except ValueError:
        id = ""
    if not is_identifier(id):
        raise UnusableResult("its Location header has no user's id")
    return id
