# Written by `make generate` from ../_async/connectors.py. Do not edit: change that and run it again.

from __future__ import annotations

from typing import TYPE_CHECKING

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.automation_connectors import (
    get_automation_connector,
    get_automation_connectors,
)

from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import Pager
from ..list_query import list_query
from ..sender import Sender

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import (
        Connector,
        ConnectorSort,
        ConnectorSummary,
    )


class Connectors:
    """The automation connectors of the tenant, read-only: `tenant.connectors`.

    For `timeout` and errors, see `Connections`.
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
        """List connectors, fetched page by page while iterated.

        Sends one GET per page (tier 1), and nothing before iteration starts.

        Args:
            filter: SCIM expression on name, such as `name eq "Slack"`.
            name: Only connectors with exactly this name.
            sort: `id` or `name`; prefix with `-` to reverse.
            limit: Connectors per page, 1 to 200; 200 by default.
            cursor: Where to resume, from `Page.next_cursor` of the same list.
            timeout: See `Connections`.

        Returns:
            A pager. Iterate over it for `ConnectorSummary` items, without params, or over `pages()` for pages.
        """
        query = list_query(
            get_automation_connectors,
            filter=filter,
            fields={"name": name},
            sort=sort,
            sorts=models.ConnectorSort,
            limit=limit,
        )
        return query.pager(lambda call: self._sender.send(call, timeout), cursor)

    def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Connector:
        """Return a connector with the params that its connections take.

        Sends one GET (tier 1). With `api_version="v1"` it uses the current path too, since v1 has none.

        Args:
            id: Id of the connector.
            timeout: See `Connections`.

        Raises:
            NotFoundError: No connector with this id is visible to the caller.
        """
        return self._sender.send(call_about(get_automation_connector, id), timeout)
