# Written by `make generate` from ../_async/automations.py. Do not edit: change that and run it again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.automations import (
    automation_change_owner,
    automation_change_space,
    delete_automation,
    disable_automation,
    enable_automation,
    get_automation,
    get_automations,
)

from ..._arguments import Schedules, Workspace, identifier, text
from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import Pager
from ..._secrets import Secret
from .. import automation_requests as requests
from ..list_query import list_query
from ..sender import Sender

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import (
        Automation,
        AutomationSort,
        AutomationSummary,
    )


class Automations:
    """The automations visible to the caller: `tenant.automations`.

    The service shows an automation's workspace to its owner alone, and lets no one else update it, except for an OAuth
    client with the scope `admin.automations`: pass one to the tenant as `automations_auth`. For `timeout` and errors,
    see `Connections`.
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
            sorts=models.AutomationSort,
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

    def create(
        self,
        *,
        name: str,
        description: str | None = None,
        workspace: Workspace | None = None,
        schedules: Schedules | None = None,
        space_id: str | None = None,
        max_concurrent_runs: int | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Automation:
        """Create an automation, which is enabled and the caller's own.

        Sends one POST (tier 2), and never sends it again once the service may have received it. The error then has
        `may_have_been_processed` set, and its message says how to look for the automation.

        Args:
            name: Its name.
            description: Its description.
            workspace: Its blocks and variables, stored as sent: ids of connections must be those of this tenant.
            schedules: When it runs: `Schedule` objects, or dicts with `startAt`, `stopAt`, `interval` in seconds, and
                `timezone`.
            space_id: Id of its space; None for the caller's personal space.
            max_concurrent_runs: How many of its runs may overlap; 1 by default.
            timeout: See `Connections`.

        Returns:
            The new automation.
        """
        secret = None if workspace is None else Secret(workspace)
        del workspace
        definition = requests.Definition(
            name=name,
            description=description,
            workspace=secret,
            schedules=schedules,
            max_concurrent_runs=max_concurrent_runs,
        )
        return self._sender.send(requests.create(definition, space_id=space_id), timeout)

    def update(
        self,
        id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        workspace: Workspace | None = None,
        schedules: Schedules | None = None,
        max_concurrent_runs: int | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Automation:
        """Change parts of an automation's definition. Whatever is not given stays as is.

        Sends one GET (tier 1) and one PUT (tier 2): the service replaces the whole definition, so it is read, merged
        and sent. Changes that others make in between are lost.

        Args:
            id: Id of the automation.
            name: The new name.
            description: The new description.
            workspace: The new blocks and variables, in full, stored as sent.
            schedules: The new schedules, all of them, as in `create`; `[]` for none.
            max_concurrent_runs: How many of its runs may overlap.
            timeout: See `Connections`.

        Returns:
            The updated automation.

        Raises:
            ConfigurationError: There is nothing to change.
            ConflictError: The change conflicts with the automation's state.
            PermissionDeniedError, NotFoundError: The automation is not the caller's, or does not exist.
        """
        secret = None if workspace is None else Secret(workspace)
        del workspace
        update = requests.Update(
            requests.Definition(
                name=name,
                description=description,
                workspace=secret,
                schedules=schedules,
                max_concurrent_runs=max_concurrent_runs,
            )
        )
        automation = self._sender.send(call_about(get_automation, id), timeout)
        return self._sender.send(update.call(id, automation), timeout)

    def delete(self, id: str, *, timeout: TimeoutTypes | None = None) -> None:
        """Delete an automation. Its connections stay.

        Sends one DELETE (tier 2).

        Args:
            id: Id of the automation.
            timeout: See `Connections`.

        Raises:
            PermissionDeniedError: The caller is neither the owner nor an administrator.
            NotFoundError: No automation with this id is visible to the caller.
        """
        self._sender.send(call_about(delete_automation, id), timeout)

    def enable(self, id: str, *, timeout: TimeoutTypes | None = None) -> None:
        """Allow an automation to run.

        Sends one POST (tier 2).

        Args:
            id: Id of the automation.
            timeout: See `Connections`.

        Raises:
            PermissionDeniedError: The caller is neither the owner nor an administrator.
            NotFoundError: No automation with this id is visible to the caller.
        """
        self._sender.send(call_about(enable_automation, id), timeout)

    def disable(self, id: str, *, timeout: TimeoutTypes | None = None) -> None:
        """Prevent an automation from running.

        Sends one POST (tier 2).

        Args:
            id: Id of the automation.
            timeout: See `Connections`.

        Raises:
            PermissionDeniedError: The caller is neither the owner nor an administrator.
            NotFoundError: No automation with this id is visible to the caller.
        """
        self._sender.send(call_about(disable_automation, id), timeout)

    def change_owner(self, id: str, *, user_id: str, timeout: TimeoutTypes | None = None) -> None:
        """Transfer an automation to another user, without its connections.

        The service detaches them: the blocks stay, but lose the ids of their connections. It also removes the history
        of runs and changes. To keep the connections, write the workspace again with `update`.

        Sends one POST (tier 2).

        Args:
            id: Id of the automation.
            user_id: Id of the new owner.
            timeout: See `Connections`.

        Raises:
            PermissionDeniedError: The caller may not do this; administrators may.
            NotFoundError: No automation with this id is visible to the caller.
        """
        body = models.ChangeAutomationOwner(user_id=identifier("user_id", user_id))
        self._sender.send(call_about(automation_change_owner, id, body=body), timeout)

    def change_space(self, id: str, *, space_id: str | None, timeout: TimeoutTypes | None = None) -> None:
        """Move an automation to another space.

        Sends one POST (tier 2).

        Args:
            id: Id of the automation.
            space_id: Id of the new space; None for the owner's personal space.
            timeout: See `Connections`.

        Raises:
            NotFoundError: No automation with this id is visible to the caller.
        """
        # That an empty id means the personal space is inferred from connections.
        body = models.ChangeAutomationSpace(space_id="" if space_id is None else text("space_id", space_id))
        self._sender.send(call_about(automation_change_space, id, body=body), timeout)
