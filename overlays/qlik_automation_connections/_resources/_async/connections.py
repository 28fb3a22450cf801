"""The automation connections of a tenant: `make generate` makes the sync ones from these."""

from __future__ import annotations

from typing import Any

from qlik_automation_connections_api.api.automation_connections import (
    automation_connection_change_owner,
    automation_connection_change_space,
    check_automation_connection,
    delete_automation_connection,
    get_automation_connection,
    get_automation_connections,
)
from qlik_automation_connections_api.models.change_owner import ChangeOwner
from qlik_automation_connections_api.models.change_space import ChangeSpace
from qlik_automation_connections_api.models.check_result import CheckResult
from qlik_automation_connections_api.models.connection import Connection
from qlik_automation_connections_api.models.connection_summary import ConnectionSummary
from qlik_automation_connections_api.models.sort import Sort
from qlik_automation_connections_api.types import UNSET

from ..._arguments import CreateParams, UpdateParams, boolean, identifier, text
from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import AsyncPager
from ..._secrets import Secret
from .. import requests
from ..list_query import list_query
from ..sender import AsyncSender


class AsyncConnections:
    """The automation connections that the caller may see: `tenant.connections`.

    Every method takes `timeout`, in seconds or as an `httpx.Timeout`, in place of the tenant's for that call. Every
    method raises `ConfigurationError` for arguments that can't be sent, before anything is sent; `APIStatusError` or
    one of its kinds where the service refuses; `APITimeoutError` or `APIConnectionError` where no answer comes; and
    `UnexpectedResponseError` where an answer is none of those that the API describes. What is tried again and when
    stands in `RetryPolicy`. Reference: https://qlik.dev/apis/rest/workflows/automation-connections
    """

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def __repr__(self) -> str:
        return f"<connections of {self._sender!r}>"

    def list(
        self,
        *,
        filter: str | None = None,
        name: str | None = None,
        owner_id: str | None = None,
        space_id: str | None = None,
        connector_id: str | None = None,
        sort: Sort | None = None,
        list_all: bool = False,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> AsyncPager[ConnectionSummary]:
        """Lists connections, page by page, as they are iterated.

        Args:
            filter: SCIM expression over name, ownerId, spaceId and connectorId, such as `name eq "SMTP"`.
            name: only connections with exactly this name.
            owner_id: only those of this user.
            space_id: only those in this space.
            connector_id: only those of this connector.
            sort: `id` (the service's default), `name`, `createdAt` or `updatedAt`, with `-` before it for the reverse.
            list_all: everybody's connections; for tenant and analytics administrators.
            limit: connections a page, 1 to 200; 200 if none is given.
            cursor: where to go on, from `Page.next_cursor` of the same list.
            timeout: see the class.

        Returns:
            A pager: iterate it for `ConnectionSummary` items (they have no params), or its `pages()`.

        Sends one GET a page (tier 1) while it is iterated, and nothing before.
        """
        query = list_query(
            get_automation_connections,
            filter=filter,
            fields={"name": name, "ownerId": owner_id, "spaceId": space_id, "connectorId": connector_id},
            sort=sort,
            sorts=Sort,
            list_all=list_all,
            limit=limit,
        )
        return query.async_pager(lambda call: self._sender.send(call, timeout), cursor)

    async def create(
        self,
        *,
        connector_id: str,
        name: str | None = None,
        params: CreateParams | None = None,
        space_id: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Connection:
        """Creates a connection.

        Args:
            connector_id: the connector that it belongs to.
            name: what to call it.
            params: values by the names of the connector's params, or a sequence of `{"name": …, "value": …}`.
            space_id: the space that gets it; None for the caller's personal space.
            timeout: see the class.

        Returns:
            The new connection. `error` is not empty if the service created it with an issue; `is_connected` stays
            false for an OAuth connector until a person opens `redirect` in a browser.

        Sends one POST (tier 2). It is never sent again once the service may have received it: the error then has
        `may_have_been_processed`, and says how to look for the connection.
        """
        secret = Secret(params)
        del params
        call = requests.create(connector_id=connector_id, name=name, params=secret, space_id=space_id)
        return requests.log_creation_error(call, await self._sender.send(call, timeout))

    async def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connection:
        """Returns one connection with its params.

        Args:
            id: the connection.
            timeout: see the class.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one GET (tier 1).
        """
        return await self._sender.send(call_about(get_automation_connection, id), timeout)

    async def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        """Returns one connection as the JSON that came, quirks and all.

        Args:
            id: the connection.
            timeout: see the class.

        Returns:
            The JSON object. It holds the values of params, as far as the service reads them back.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one GET (tier 1).
        """
        return await self._sender.send(call_about(get_automation_connection, id).as_json(), timeout)

    async def update(
        self,
        id: str,
        *,
        name: str | None = None,
        params: UpdateParams | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Connection:
        """Changes the name or the params of a connection; what is not given stays as it is.

        Args:
            id: the connection.
            name: its new name.
            params: new values by the names of params, or a sequence of `{"id": …, "value": …}`.
            timeout: see the class.

        Returns:
            The connection as it is now.

        Raises:
            ConfigurationError: there is nothing to change, or the connection has no such param.
            ConflictError: the change contradicts the connection's state.
            NotFoundError: the caller can see no connection with this id.

        Sends one PUT (tier 2), and one GET (tier 1) before it where params are called by name.
        """
        secret = Secret(params)
        del params
        change = requests.Update(id, name=name, params=secret)
        connection = None
        if change.needs is not None:
            connection = await self._sender.send(change.needs, timeout)
        return await self._sender.send(change.call(connection), timeout)

    async def delete(self, id: str, *, forced: bool = False, timeout: TimeoutTypes | None = None) -> None:
        """Deletes a connection.

        Args:
            id: the connection.
            forced: delete it even where automations use it.
            timeout: see the class.

        Raises:
            BadRequestError, PermissionDeniedError: it is in use, or the caller may not.
            NotFoundError: the caller can see no connection with this id.

        Sends one DELETE (tier 2).
        """
        forced = boolean("forced", forced)
        await self._sender.send(call_about(delete_automation_connection, id, forced=forced or UNSET), timeout)

    async def change_owner(self, id: str, *, user_id: str, timeout: TimeoutTypes | None = None) -> None:
        """Hands a connection to another user.

        Args:
            id: the connection.
            user_id: its new owner.
            timeout: see the class.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one POST (tier 2).
        """
        body = ChangeOwner(user_id=identifier("user_id", user_id))
        await self._sender.send(call_about(automation_connection_change_owner, id, body=body), timeout)

    async def change_space(self, id: str, *, space_id: str | None, timeout: TimeoutTypes | None = None) -> None:
        """Moves a connection into another space.

        Args:
            id: the connection.
            space_id: its new space; None for the owner's personal space.
            timeout: see the class.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one POST (tier 2).
        """
        # An empty id is how the service calls the owner's personal space.
        body = ChangeSpace(space_id="" if space_id is None else text("space_id", space_id))
        await self._sender.send(call_about(automation_connection_change_space, id, body=body), timeout)

    async def check(self, id: str, *, timeout: TimeoutTypes | None = None) -> CheckResult:
        """Asks the service to try a connection.

        Args:
            id: the connection.
            timeout: see the class.

        Returns:
            The result: `connected` says whether the connection works.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one POST (tier 2).
        """
        return await self._sender.send(call_about(check_automation_connection, id), timeout)
