"""The automation connectors of a tenant, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qlik_automation_connections_api.api.automation_connectors import (
    get_automation_connector,
    get_automation_connectors,
)
from qlik_automation_connections_api.models.connector import Connector
from qlik_automation_connections_api.models.connector_sort import ConnectorSort
from qlik_automation_connections_api.models.connector_summary import ConnectorSummary

from . import arguments
from .call import Call
from .docstrings import documented_by
from .listing import Listing, listing
from .pagination import AsyncPager, Pager

if TYPE_CHECKING:
    from .options import TimeoutTypes
    from .tenant import AsyncTenant, Tenant


def _list(filter: str | None, name: str | None, sort: object, limit: int | None) -> Listing[ConnectorSummary]:
    module = get_automation_connectors
    return listing(
        "getAutomationConnectors",
        module.request_arguments,
        module.read_result,
        filter=filter,
        fields={"name": name},
        sort=sort,
        sorts=ConnectorSort,
        limit=limit,
    )


def _get(id: str) -> Call[Connector]:
    id = arguments.identifier("id", id)
    module = get_automation_connector
    return Call("getAutomationConnector", module.request_arguments(id), module.read_result, id)


class Connectors:
    """The automation connectors of the tenant, to be read: `tenant.connectors`.

    The methods take `timeout` and raise errors as those of `Connections` do.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<connectors of {self._tenant!r}>"

    def list(
        self,
        *,
        filter: str | None = None,
        name: str | None = None,
        sort: ConnectorSort | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Pager[ConnectorSummary]:
        """Lists connectors, page by page, as they are iterated.

        Args:
            filter: SCIM expression over name, such as `name eq "Slack"`.
            name: only connectors with exactly this name.
            sort: `id` or `name`, with `-` before it for the reverse.
            limit: connectors a page, 1 or more; as many as the service chooses if none is given.
            cursor: where to go on, from `Page.next_cursor` of the same list.
            timeout: see `Connections`.

        Returns:
            A pager: iterate it for `ConnectorSummary` items (they have no params), or its `pages()`.

        Sends one GET a page (tier 1) while it is iterated, and nothing before.
        """
        return _list(filter, name, sort, limit).pager(lambda call: self._tenant.send(call, timeout), cursor)

    def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connector:
        """Returns one connector with the params that its connections take.

        Args:
            id: the connector.
            timeout: see `Connections`.

        Raises:
            NotFoundError: the caller can see no connector with this id.

        Sends one GET (tier 1), on the present path with `api_version="v1"` too: v1 is not known to have its own.
        """
        return self._tenant.send(_get(id), timeout)


class AsyncConnectors:
    """The automation connectors of the tenant, to be read: `tenant.connectors` of an `AsyncTenant`.

    The methods are those of `Connectors`, to be awaited; `list` is iterated with `async for`.
    """

    def __init__(self, tenant: AsyncTenant) -> None:
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<connectors of {self._tenant!r}>"

    @documented_by(Connectors.list)
    def list(
        self,
        *,
        filter: str | None = None,
        name: str | None = None,
        sort: ConnectorSort | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> AsyncPager[ConnectorSummary]:
        return _list(filter, name, sort, limit).async_pager(lambda call: self._tenant.send(call, timeout), cursor)

    @documented_by(Connectors.get)
    async def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connector:
        return await self._tenant.send(_get(id), timeout)
