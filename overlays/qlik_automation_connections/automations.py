"""The automations of a tenant, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qlik_automation_connections_api.api.automations import get_automation, get_automations
from qlik_automation_connections_api.models.automation import Automation
from qlik_automation_connections_api.models.automation_sort import AutomationSort
from qlik_automation_connections_api.models.automation_summary import AutomationSummary

from . import arguments
from .call import Call
from .docstrings import documented_by
from .listing import Listing, listing
from .pagination import AsyncPager, Pager

if TYPE_CHECKING:
    from .options import TimeoutTypes
    from .tenant import AsyncTenant, Tenant


def _list(
    *,
    filter: str | None,
    name: str | None,
    owner_id: str | None,
    space_id: str | None,
    run_mode: str | None,
    last_run_status: str | None,
    sort: object,
    list_all: bool,
    limit: int | None,
) -> Listing[AutomationSummary]:
    module = get_automations
    return listing(
        "getAutomations",
        module.request_arguments,
        module.read_result,
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
        limit=limit,
        list_all=list_all,
    )


def _get(id: str) -> Call[Automation]:
    id = arguments.identifier("id", id)
    module = get_automation
    return Call("getAutomation", module.request_arguments(id), module.read_result, id)


class Automations:
    """The automations that the caller may see, to be read: `tenant.automations`.

    The methods take `timeout` and raise errors as those of `Connections` do.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<automations of {self._tenant!r}>"

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
        listed = _list(
            filter=filter,
            name=name,
            owner_id=owner_id,
            space_id=space_id,
            run_mode=run_mode,
            last_run_status=last_run_status,
            sort=sort,
            list_all=list_all,
            limit=limit,
        )
        return listed.pager(lambda call: self._tenant.send(call, timeout), cursor)

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
        return self._tenant.send(_get(id), timeout)

    def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        """Returns one automation as the JSON that came, with nothing mended and nothing left out.

        Args:
            id: the automation.
            timeout: see `Connections`.

        Returns:
            The JSON object. It holds the execution token in clear: take it out of whatever is kept.

        Raises:
            PermissionDeniedError, NotFoundError: it is not the caller's, or there is none with this id.

        Sends one GET (tier 1).
        """
        return self._tenant.send(_get(id).as_json(), timeout)


class AsyncAutomations:
    """The automations that the caller may see, to be read: `tenant.automations` of an `AsyncTenant`.

    The methods are those of `Automations`, to be awaited; `list` is iterated with `async for`.
    """

    def __init__(self, tenant: AsyncTenant) -> None:
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<automations of {self._tenant!r}>"

    @documented_by(Automations.list)
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
    ) -> AsyncPager[AutomationSummary]:
        listed = _list(
            filter=filter,
            name=name,
            owner_id=owner_id,
            space_id=space_id,
            run_mode=run_mode,
            last_run_status=last_run_status,
            sort=sort,
            list_all=list_all,
            limit=limit,
        )
        return listed.async_pager(lambda call: self._tenant.send(call, timeout), cursor)

    @documented_by(Automations.get)
    async def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Automation:
        return await self._tenant.send(_get(id), timeout)

    @documented_by(Automations.get_json)
    async def get_json(self, id: str, *, timeout: TimeoutTypes | None = None) -> dict[str, Any]:
        return await self._tenant.send(_get(id).as_json(), timeout)
