"""Lists as the service gives them: filtered, sorted and cut into pages, whatever they are of."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

import attrs

from . import _paging as paging
from . import _scim as scim
from ._answers import Refusal
from ._oauth import Principal
from ._state import Order

Item = TypeVar("Item")

DEFAULT_LIMIT = 100
DEFAULT_SORT = "id"


@attrs.frozen
class Collection(Generic[Item]):
    """What can be listed.

    Attributes:
        noun: What its items are called.
        order: Gives all of them by one field.
        filterable: How each attribute that the filter may name is read.
        write: Writes an item as it stands in lists.
        owner: Reads who owns an item; None if everybody sees all.
    """

    noun: str
    order: Callable[[str], Order[Item]]
    filterable: Mapping[str, Callable[[Item], str]]
    write: Callable[[Item], dict[str, Any]]
    owner: Callable[[Item], str] | None = None

    def shows(self, principal: Principal, item: Item) -> bool:
        """Whether somebody may see an item at all."""
        return self.owner is None or principal.sees_all or self.owner(item) == principal.user_id

    def page(self, principal: Principal, url: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """Write one page of what somebody sees.

        Args:
            principal: Who asks.
            url: Address of the list without its query, as the client wrote it.
            query: Checked query parameters.

        Returns:
            The page, as the spec has it.

        Raises:
            Refusal: The caller may not list all, or the filter or the cursor can't be read.
        """
        everybody = query.get("listAll", False)
        if everybody and not principal.sees_all:
            raise Refusal(403, f"Only administrators may list the {self.noun} of everybody.")
        limit = query.get("limit", DEFAULT_LIMIT)
        sort = query.get("sort", DEFAULT_SORT)
        field, descending = sort.lstrip("+-"), sort.startswith("-")
        text = query.get("filter")
        shown = self._shown(text, None if everybody else principal.user_id, everybody)
        listing = paging.fingerprint(text, field, descending, everybody, limit)
        try:
            position = paging.decode(query["cursor"], listing) if "cursor" in query else None
        except paging.CursorError as error:
            raise Refusal(400, str(error)) from None
        order = self.order(field)
        page = paging.page(order.keys, order.items, shown, descending=descending, limit=limit, position=position)
        links = {
            name: {} if target is None else {"href": _href(url, query, paging.encode(target, listing))}
            for name, target in (("next", page.next), ("prev", page.prev))
        }
        return {"data": [self.write(item) for item in page.items], "links": links}

    def _shown(self, text: str | None, owner_id: str | None, everybody: bool) -> Callable[[Item], bool]:
        owner = None if everybody else self.owner
        if text is None:
            return lambda item: owner is None or owner(item) == owner_id
        try:
            matches: scim.Predicate[Item] = scim.parse(text, self.filterable)
        except scim.FilterError as error:
            raise Refusal(400, f"The filter can't be read: {error}.") from None
        return lambda item: (owner is None or owner(item) == owner_id) and matches(item)


def _href(url: str, query: Mapping[str, Any], cursor: str) -> str:
    kept = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
        if name != "cursor"
    }
    return f"{url}?{urlencode({**kept, 'cursor': cursor}, quote_via=quote)}"
