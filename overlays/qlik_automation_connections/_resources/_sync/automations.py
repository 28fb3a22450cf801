# Written by `make generate` from ../_async/automations.py. Do not edit: change that and run it again.

from __future__ import annotations

from typing import Any

from qlik_automation_connections_api.api.automations import (
    get_automation,
    get_automations,
)
from qlik_automation_connections_api.models.automation import Automation
from qlik_automation_connections_api.models.automation_sort import AutomationSort
from qlik_automation_connections_api.models.automation_summary import AutomationSummary

from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import Pager
from ..list_query import list_query
from ..sender import Sender


class Automations:
    """The automations that the caller may see, to be read: `tenant.automations`.

    The methods take `timeout` and raise errors as those of `Connections` do.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def __repr__(self) -> str:
        return f"<automations of {self._sender!r}>"

    def list(
        self,
        *,
        filter: str | None = None,
        name: str | None = None,
        owner_id: str | None = None,
        space_id: str | None = None,
        run_mode: str | None = None,
        last_run_status: str | None = None,
        sort: AutomationSort | None = None,
        list_all: bool = False,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Pager[AutomationSummary]:
        """Lists automations, page by page, as they are iterated.

        Args:
            filter: SCIM expression over name, ownerId, spaceId, runMode and lastRunStatus, such as
                `runMode eq "scheduled"`.
            name: only automations with exactly this name.
            owner_id: only those of this user.
            space_id: only those in this space.
            run_mode: only those that start so: `manual`, `scheduled`, `triggered` or `webhook`.
            last_run_status: only those whose last run stands so, such as `failed`.
            sort: `id`, `name`, `runMode`, `state`, `createdAt`, `updatedAt`, `lastRunAt`, `lastRunStatus` or
                `maxConcurrentRuns`, with `-` before it for the reverse.
            list_all: everybody's automations; for tenant and analytics administrators.
            limit: automations a page, 1 or more; as many as the service chooses if none is given.
            cursor: where to go on, from `Page.next_cursor` of the same list.
            timeout: see `Connections`.

        Returns:
            A pager: iterate it for `AutomationSummary` items (they have no workspace), or its `pages()`.

        Sends one GET a page (tier 1) while it is iterated, and nothing before.
        """
        query = list_query(
            get_automations,
            filter=filter,
            fields={
                "name": name,
                "ownerId": owner_id,
                "spaceId": space_id,
                "runMode": run_mode,
                "lastRunStatus": last_run_status,
            },
            sort=sort,
            sorts=AutomationSort,
            list_all=list_all,
            limit=limit,
        )
        return query.pager(lambda call: self._sender.send(call, timeout), cursor)

    def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Automation:
        """Returns one automation with its workspace.

        Args:
            id: the automation.
            timeout: see `Connections`.

        Returns:
            The automation. Its `execution_token` is a secret, and so is what its workspace may hold; neither is in a
            repr.

        Raises:
            PermissionDeniedError, NotFoundError: it is not the caller's, or there is none with this id.

        Sends one GET (tier 1).
        """
        return self._sender.send(call_about(get_automation, id), timeout)

    def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        """Returns one automation as the JSON that came, quirks and all.

        Args:
            id: the automation.
            timeout: see `Connections`.

        Returns:
            The JSON object. It holds the execution token in clear: take it out of whatever is kept.

        Raises:
            PermissionDeniedError, NotFoundError: it is not the caller's, or there is none with this id.

        Sends one GET (tier 1).
        """
        return self._sender.send(call_about(get_automation, id).as_json(), timeout)
