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
    """The automations visible to the caller, read-only: `tenant.automations`.

    For `timeout` and errors, see `Connections`.
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
        """List automations, fetched page by page while iterated.

        Sends one GET per page (tier 1), and nothing before iteration starts.

        Args:
            filter: SCIM expression on name, ownerId, spaceId, runMode and lastRunStatus, such as
                `runMode eq "scheduled"`.
            name: Only automations with exactly this name.
            owner_id: Only those owned by this user.
            space_id: Only those in this space.
            run_mode: Only those with this run mode: `manual`, `scheduled`, `triggered` or `webhook`.
            last_run_status: Only those whose last run has this status, such as `failed`.
            sort: `id`, `name`, `runMode`, `state`, `createdAt`, `updatedAt`, `lastRunAt`, `lastRunStatus` or
                `maxConcurrentRuns`; prefix with `-` to reverse.
            list_all: List all users' automations; for tenant and analytics administrators only, to whom the service
                would list them unless told not to.
            limit: Automations per page, 1 to 200; 200 by default.
            cursor: Where to resume, from `Page.next_cursor` of the same list.
            timeout: See `Connections`.

        Returns:
            A pager. Iterate over it for `AutomationSummary` items, without workspace, or over `pages()` for pages.
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
        """Return an automation with its workspace.

        Sends one GET (tier 1).

        Args:
            id: Id of the automation.
            timeout: See `Connections`.

        Returns:
            The automation. Its `execution_token` is secret, as its workspace may be; neither appears in a repr.

        Raises:
            PermissionDeniedError, NotFoundError: The automation is not the caller's, or does not exist.
        """
        return self._sender.send(call_about(get_automation, id), timeout)

    def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        """Return an automation as the JSON the service sent, including quirks.

        Sends one GET (tier 1).

        Args:
            id: Id of the automation.
            timeout: See `Connections`.

        Returns:
            The JSON object. It contains the execution token in plain text: remove it before storing the object.

        Raises:
            PermissionDeniedError, NotFoundError: The automation is not the caller's, or does not exist.
        """
        return self._sender.send(call_about(get_automation, id).as_json(), timeout)
