"""The automation connections of a tenant. `make generate` derives the sync version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.automation_connections import (
    automation_connection_change_owner,
    automation_connection_change_space,
    check_automation_connection,
    delete_automation_connection,
    get_automation_connection,
    get_automation_connections,
)
from qlik_automation_connections_api.types import UNSET

from ..._arguments import CreateParams, UpdateParams, boolean, identifier, text
from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import AsyncPager
from ..._secrets import Secret
from .. import requests
from ..list_query import list_query
from ..sender import AsyncSender

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import CheckResult, Connection, ConnectionSummary, Sort


class AsyncConnections:
    """The automation connections visible to the caller: `tenant.connections`.

    Every method takes a `timeout` that overrides the tenant's: seconds, or an `httpx.Timeout`. Every method can raise
    `ConfigurationError` for invalid arguments, before anything is sent; `APIStatusError` or a subclass if the service
    responds with an error; `APITimeoutError` or `APIConnectionError` if there is no response; and
    `UnexpectedResponseError` if the response is not one that the API documents. See `RetryPolicy` for what is retried
    and when. Reference: https://qlik.dev/apis/rest/workflows/automation-connections
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
        """List connections, fetched page by page while iterated.

        Sends one GET per page (tier 1), and nothing before iteration starts.

        Args:
            filter: SCIM expression on name, ownerId, spaceId and connectorId, such as `name eq "SMTP"`.
            name: Only connections with exactly this name.
            owner_id: Only those owned by this user.
            space_id: Only those in this space.
            connector_id: Only those of this connector.
            sort: `id` (the service's default), `name`, `createdAt` or `updatedAt`; prefix with `-` to reverse.
            list_all: List all users' connections; for tenant and analytics administrators only.
            limit: Connections per page, 1 to 200; 200 by default.
            cursor: Where to resume, from `Page.next_cursor` of the same list.
            timeout: See the class.

        Returns:
            A pager. Iterate over it for `ConnectionSummary` items, without params, or over `pages()` for pages.
        """
        query = list_query(
            get_automation_connections,
            filter=filter,
            fields={"name": name, "ownerId": owner_id, "spaceId": space_id, "connectorId": connector_id},
            sort=sort,
            sorts=models.Sort,
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
        """Create a connection.

        Sends one POST (tier 2), and never sends it again once the service may have received it. The error then has
        `may_have_been_processed` set, and its message says how to look for the connection.

        Args:
            connector_id: Id of its connector.
            name: Its name.
            params: Values by the names of the connector's params, or a sequence of `{"name": …, "value": …}`.
            space_id: Id of its space; None for the caller's personal space.
            timeout: See the class.

        Returns:
            The new connection. Its `error` is not empty if the service created it with an issue. For an OAuth
            connector, `is_connected` stays false until someone opens `redirect` in a browser.
        """
        secret = Secret(params)
        del params
        call = requests.create(connector_id=connector_id, name=name, params=secret, space_id=space_id)
        return requests.log_creation_error(call, await self._sender.send(call, timeout))

    async def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connection:
        """Return a connection with its params.

        Sends one GET (tier 1).

        Args:
            id: Id of the connection.
            timeout: See the class.

        Raises:
            NotFoundError: No connection with this id is visible to the caller.
        """
        return await self._sender.send(call_about(get_automation_connection, id), timeout)

    async def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        """Return a connection as the JSON the service sent, including quirks.

        Sends one GET (tier 1).

        Args:
            id: Id of the connection.
            timeout: See the class.

        Returns:
            The JSON object. It contains the values of params, as far as the service returns them.

        Raises:
            NotFoundError: No connection with this id is visible to the caller.
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
        """Change the name or params of a connection. Whatever is not given stays as is.

        Sends one PUT (tier 2), preceded by one GET (tier 1) if params are given by name.

        Args:
            id: Id of the connection.
            name: The new name.
            params: New values by the names of params, or a sequence of `{"id": …, "value": …}`.
            timeout: See the class.

        Returns:
            The updated connection.

        Raises:
            ConfigurationError: There is nothing to change, or the connection has no param with a given name.
            ConflictError: The change conflicts with the connection's state.
            NotFoundError: No connection with this id is visible to the caller.
        """
        secret = Secret(params)
        del params
        change = requests.Update(id, name=name, params=secret)
        connection = None
        if change.needs is not None:
            connection = await self._sender.send(change.needs, timeout)
        return await self._sender.send(change.call(connection), timeout)

    async def delete(self, id: str, *, forced: bool = False, timeout: TimeoutTypes | None = None) -> None:
        """Delete a connection.

        Sends one DELETE (tier 2).

        Args:
            id: Id of the connection.
            forced: Delete it even if automations use it.
            timeout: See the class.

        Raises:
            BadRequestError, PermissionDeniedError: The connection is in use, or the caller may not delete it.
            NotFoundError: No connection with this id is visible to the caller.
        """
        forced = boolean("forced", forced)
        await self._sender.send(call_about(delete_automation_connection, id, forced=forced or UNSET), timeout)

    async def change_owner(self, id: str, *, user_id: str, timeout: TimeoutTypes | None = None) -> None:
        """Transfer a connection to another user.

        Sends one POST (tier 2).

        Args:
            id: Id of the connection.
            user_id: Id of the new owner.
            timeout: See the class.

        Raises:
            NotFoundError: No connection with this id is visible to the caller.
        """
        body = models.ChangeOwner(user_id=identifier("user_id", user_id))
        await self._sender.send(call_about(automation_connection_change_owner, id, body=body), timeout)

    async def change_space(self, id: str, *, space_id: str | None, timeout: TimeoutTypes | None = None) -> None:
        """Move a connection to another space.

        Sends one POST (tier 2).

        Args:
            id: Id of the connection.
            space_id: Id of the new space; None for the owner's personal space.
            timeout: See the class.

        Raises:
            NotFoundError: No connection with this id is visible to the caller.
        """
        # To the service, an empty id means the owner's personal space.
        body = models.ChangeSpace(space_id="" if space_id is None else text("space_id", space_id))
        await self._sender.send(call_about(automation_connection_change_space, id, body=body), timeout)

    async def check(self, id: str, *, timeout: TimeoutTypes | None = None) -> CheckResult:
        """Ask the service to test a connection.

        Sends one POST (tier 2).

        Args:
            id: Id of the connection.
            timeout: See the class.

        Returns:
            The result; `connected` is whether the connection works.

        Raises:
            NotFoundError: No connection with this id is visible to the caller.
        """
        return await self._sender.send(call_about(check_automation_connection, id), timeout)
