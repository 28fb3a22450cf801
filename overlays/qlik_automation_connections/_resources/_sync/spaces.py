# Written by `make generate` from ../_async/spaces.py. Do not edit: change that and run it again.

from __future__ import annotations

from typing import TYPE_CHECKING

from qlik_automation_connections_api import models
from qlik_automation_connections_api.api.spaces import get_space_by_id, get_spaces

from ..._exchange.call import call_about
from ..._options import TimeoutTypes
from ..._pagination import Pager
from ..list_query import list_query
from ..sender import Sender

if TYPE_CHECKING:
    from qlik_automation_connections_api.models import Space, SpaceSort


class Spaces:
    """The spaces that the caller may see, except personal ones, read-only: `tenant.spaces`.

    For `timeout` and errors, see `Connections`.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def __repr__(self) -> str:
        return f"<spaces of {self._sender!r}>"

    def list(
        self,
        *,
        name: str | None = None,
        owner_id: str | None = None,
        type: str | None = None,
        sort: SpaceSort | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: TimeoutTypes | None = None,
    ) -> Pager[Space]:
        """List spaces, fetched page by page while iterated.

        Sends one GET per page (tier 1), and nothing before iteration starts.

        Args:
            name: Only spaces whose name contains this text, whatever its letter case.
            owner_id: Only those owned by this user.
            type: Only those of this type: `shared`, `managed` or `data`, or several, separated by commas.
            sort: `name`, `type` or `createdAt`; prefix with `-` to reverse.
            limit: Spaces per page, 1 to 100; 100 by default.
            cursor: Where to resume, from `Page.next_cursor` of the same list.
            timeout: See `Connections`.

        Returns:
            A pager. Iterate over it for `Space` items, or over `pages()` for pages.
        """
        query = list_query(
            get_spaces,
            sort=sort,
            sorts=models.SpaceSort,
            limit=limit,
            query={"name": name, "owner_id": owner_id, "type_": type},
        )
        return query.pager(lambda call: self._sender.send(call, timeout), cursor)

    def get(self, id: str, *, timeout: TimeoutTypes | None = None) -> Space:
        """Return a space.

        Sends one GET (tier 1).

        Args:
            id: Id of the space.
            timeout: See `Connections`.

        Raises:
            NotFoundError: No space with this id is visible to the caller.
        """
        return self._sender.send(call_about(get_space_by_id, id), timeout)
