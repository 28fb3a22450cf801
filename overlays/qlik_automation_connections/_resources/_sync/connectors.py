# Written by `make generate` from ../_async/connectors.py. Do not edit: change that and run it again.

from __future__ import annotations

from qlik_automation_connections_api.api.automation_connectors import (
    get_automation_connector,
    get_automation_connectors,
)
from qlik_automation_connections_api.models.connector import Connector
from qlik_automation_connections_api.models.connector_sort import ConnectorSort
from qlik_automation_connections_api.models.connector_summary import ConnectorSummary

from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import Pager
from ..list_query import list_query
from ..sender import Sender


class Connectors:
    """The automation connectors of the tenant, to be read: `tenant.connectors`.

    The methods take `timeout` and raise errors as those of `Connections` do.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def __repr__(self) -> str:
        return f"<connectors of {self._sender!r}>"

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
        query = list_query(
            get_automation_connectors,
            filter=filter,
            fields={"name": name},
            sort=sort,
            sorts=ConnectorSort,
            limit=limit,
        )
        return query.pager(lambda call: self._sender.send(call, timeout), cursor)

    def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connector:
        """Returns one connector with the params that its connections take.

        Args:
            id: the connector.
            timeout: see `Connections`.

        Raises:
            NotFoundError: the caller can see no connector with this id.

        Sends one GET (tier 1), on the present path with `api_version="v1"` too: v1 is not known to have its own.
        """
        return self._sender.send(call_about(get_automation_connector, id), timeout)
