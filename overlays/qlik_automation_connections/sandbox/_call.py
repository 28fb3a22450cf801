"""A request to the fake tenant, once it is known to be well formed."""

from collections.abc import Mapping
from typing import Any

import attrs

from ._oauth import Principal
from ._responses import HTTPError
from ._spec import Operation


@attrs.define
class Call:
    """One validated request.

    Attributes:
        operation: The operation requested.
        principal: The caller.
        url: URL of the resource without its query, as the client wrote it.
        id: Identifier in the path, "" if absent. A creation sets it to that of what it creates.
        query: Query parameters.
        body: JSON body, empty if the operation takes none.
    """

    operation: Operation
    principal: Principal
    url: str
    id: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]

    def require(self, allowed: bool, who: str) -> None:
        """Refuse what the caller may not do.

        Raises:
            HTTPError: With status 403, if it is not allowed.
        """
        if not allowed:
            raise HTTPError(403, f"Only {who} may do this.")


def checked_name(name: str) -> str:
    """Return a name that an item can have.

    Raises:
        HTTPError: With status 400, if it is blank.
    """
    if not name.strip():
        raise HTTPError(400, "The field 'name' must not be empty.")
    return name
