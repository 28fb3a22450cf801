"""The users of a tenant. `make generate` derives the sync version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.users import get_user_by_id, get_users

from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import AsyncPager
from ..list_query import list_query
from ..requests import find_me
from ..sender import AsyncSender

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import User, UserSort


class AsyncUsers:
    """The users of the tenant, read-only: `tenant.users`.

    Administrators see all fields of all users; others may see few, or none. For `timeout` and errors, see
    `Connections`.
    """

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def __repr__(self) -> str:
        return f"<users of {self._sender!r}>"

    def list(
        self,
        *,
        filter: str | None = None,
        name: str | None = None,
        email: str | None = None,
        subject: str | None = None,
        status: str | None = None,
        sort: UserSort | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> AsyncPager[User]:
        """List users, fetched page by page while iterated.

        Sends one GET per page (tier 1), and nothing before iteration starts. The service ignores letter case in
        filters.

        Args:
            filter: SCIM expression on id, name, email, subject and status, such as `name co "ada"`.
            name: Only users with this name.
            email: Only users with this e-mail address.
            subject: Only users with this id at the identity provider.
            status: Only users with this status: `active`, `invited`, `disabled`, `deleted` or `provisioned`.
            sort: `id`, `name`, `email`, `subject`, `status` or `createdAt`; prefix with `-` to reverse.
            limit: Users per page, 1 to 100; 100 by default.
            cursor: Where to resume, from `Page.next_cursor` of the same list.
            timeout: See `Connections`.

        Returns:
            A pager. Iterate over it for `User` items, or over `pages()` for pages.
        """
        query = list_query(
            get_users,
            filter=filter,
            fields={"name": name, "email": email, "subject": subject, "status": status},
            sort=sort,
            sorts=models.UserSort,
            limit=limit,
        )
        return query.async_pager(lambda call: self._sender.send(call, timeout), cursor)

    async def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> User:
        """Return a user.

        Sends one GET (tier 1).

        Args:
            id: Id of the user.
            timeout: See `Connections`.

        Raises:
            NotFoundError: No user with this id is visible to the caller.
        """
        return await self._sender.send(call_about(get_user_by_id, id), timeout)

    async def me(self, *, timeout: TimeoutTypes | None = None) -> User:
        """Return the user who is calling.

        Sends two GETs (tier 1): one for the id, and one for the user.

        Args:
            timeout: See `Connections`.

        Raises:
            PermissionDeniedError: The caller is not a user, but an OAuth client, say, or may not see users.
        """
        return await self.get(await self._sender.send(find_me(), timeout), timeout=timeout)
