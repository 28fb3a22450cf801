"""The automation connections of a tenant, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qlik_automation_connections_api.models.check_result import CheckResult
from qlik_automation_connections_api.models.connection import Connection
from qlik_automation_connections_api.models.connection_summary import ConnectionSummary
from qlik_automation_connections_api.models.sort import Sort

from . import calls
from .arguments import CreateParams, UpdateParams
from .concealed import Concealed
from .docstrings import documented_by
from .log import logger
from .pagination import AsyncPager, Pager

if TYPE_CHECKING:
    from .options import TimeoutTypes
    from .tenant import AsyncTenant, Tenant


def _say_error(connection: Connection) -> Connection:
    if connection.error:
        logger.warning(
            "createAutomationConnection: connection %r was created with an error: see its attribute `error`",
            connection.id,
        )
    return connection


class Connections:
    """The automation connections that the caller may see: `tenant.connections`.

    Every method takes `timeout`, in seconds or as an `httpx.Timeout`, in place of the tenant's for that call. Every
    method raises `ConfigurationError` for arguments that can't be sent, before anything is sent; `APIStatusError` or
    one of its kinds where the service refuses; `APITimeoutError` or `APIConnectionError` where no answer comes; and
    `UnexpectedResponseError` where an answer is none of those that the API describes. What is tried again and when
    stands in `RetryPolicy`. Reference: https://qlik.dev/apis/rest/workflows/automation-connections
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<connections of {self._tenant!r}>"

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
    ) -> Pager[ConnectionSummary]:
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
        listed = calls.list_pages(
            filter=filter,
            name=name,
            owner_id=owner_id,
            space_id=space_id,
            connector_id=connector_id,
            sort=sort,
            list_all=list_all,
            limit=limit,
        )
        return listed.pager(lambda call: self._tenant.send(call, timeout), cursor)

    def create(
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
        concealed = Concealed(params)
        del params
        call = calls.create(connector_id=connector_id, name=name, params=concealed, space_id=space_id)
        return _say_error(self._tenant.send(call, timeout))

    def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connection:
        """Returns one connection with its params.

        Args:
            id: the connection.
            timeout: see the class.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one GET (tier 1).
        """
        return self._tenant.send(calls.get(id), timeout)

    def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        """Returns one connection as the JSON that came, with nothing mended and nothing left out.

        Args:
            id: the connection.
            timeout: see the class.

        Returns:
            The JSON object. It holds the values of params, as far as the service reads them back.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one GET (tier 1).
        """
        return self._tenant.send(calls.get(id).as_json(), timeout)

    def update(
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
        concealed = Concealed(params)
        del params
        change = calls.Update(id, name=name, params=concealed)
        connection = None
        if change.needs is not None:
            connection = self._tenant.send(change.needs, timeout)
        return self._tenant.send(change.call(connection), timeout)

    def delete(self, id: str, *, forced: bool = False, timeout: TimeoutTypes | None = None) -> None:
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
        self._tenant.send(calls.delete(id, forced=forced), timeout)

    def change_owner(self, id: str, *, user_id: str, timeout: TimeoutTypes | None = None) -> None:
        """Hands a connection to another user.

        Args:
            id: the connection.
            user_id: its new owner.
            timeout: see the class.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one POST (tier 2).
        """
        self._tenant.send(calls.change_owner(id, user_id=user_id), timeout)

    def change_space(self, id: str, *, space_id: str | None, timeout: TimeoutTypes | None = None) -> None:
        """Moves a connection into another space.

        Args:
            id: the connection.
            space_id: its new space; None for the owner's personal space.
            timeout: see the class.

        Raises:
            NotFoundError: the caller can see no connection with this id.

        Sends one POST (tier 2).
        """
        self._tenant.send(calls.change_space(id, space_id=space_id), timeout)

    def check(self, id: str, *, timeout: TimeoutTypes | None = None) -> CheckResult:
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
        return self._tenant.send(calls.check(id), timeout)


class AsyncConnections:
    """The automation connections that the caller may see: `tenant.connections` of an `AsyncTenant`.

    The methods are those of `Connections`, to be awaited; `list` is iterated with `async for`.
    """

    def __init__(self, tenant: AsyncTenant) -> None:
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<connections of {self._tenant!r}>"

    @documented_by(Connections.list)
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
        listed = calls.list_pages(
            filter=filter,
            name=name,
            owner_id=owner_id,
            space_id=space_id,
            connector_id=connector_id,
            sort=sort,
            list_all=list_all,
            limit=limit,
        )
        return listed.async_pager(lambda call: self._tenant.send(call, timeout), cursor)

    @documented_by(Connections.create)
    async def create(
        self,
        *,
        connector_id: str,
        name: str | None = None,
        params: CreateParams | None = None,
        space_id: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Connection:
        concealed = Concealed(params)
        del params
        call = calls.create(connector_id=connector_id, name=name, params=concealed, space_id=space_id)
        connection = await self._tenant.send(call, timeout)
        return _say_error(connection)

    @documented_by(Connections.get)
    async def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connection:
        return await self._tenant.send(calls.get(id), timeout)

    @documented_by(Connections.get_json)
    async def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        return await self._tenant.send(calls.get(id).as_json(), timeout)

    @documented_by(Connections.update)
    async def update(
        self,
        id: str,
        *,
        name: str | None = None,
        params: UpdateParams | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Connection:
        concealed = Concealed(params)
        del params
        change = calls.Update(id, name=name, params=concealed)
        connection = None
        if change.needs is not None:
            connection = await self._tenant.send(change.needs, timeout)
        return await self._tenant.send(change.call(connection), timeout)

    @documented_by(Connections.delete)
    async def delete(self, id: str, *, forced: bool = False, timeout: TimeoutTypes | None = None) -> None:
        await self._tenant.send(calls.delete(id, forced=forced), timeout)

    @documented_by(Connections.change_owner)
    async def change_owner(self, id: str, *, user_id: str, timeout: TimeoutTypes | None = None) -> None:
        await self._tenant.send(calls.change_owner(id, user_id=user_id), timeout)

    @documented_by(Connections.change_space)
    async def change_space(self, id: str, *, space_id: str | None, timeout: TimeoutTypes | None = None) -> None:
        await self._tenant.send(calls.change_space(id, space_id=space_id), timeout)

    @documented_by(Connections.check)
    async def check(self, id: str, *, timeout: TimeoutTypes | None = None) -> CheckResult:
        return await self._tenant.send(calls.check(id), timeout)
