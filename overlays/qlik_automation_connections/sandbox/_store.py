"""The fake tenant's data, by id and in order."""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from ._deterministic import uuid_id
from ._models import Automation, Connection, Connector, Space, User
from ._paging import Key
from ._responses import HTTPError
from ._spec import attribute_name


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=_Identified)


def field_reader(field: str) -> Callable[[Any], str]:
    """Return a function that reads a field by its JSON name, as text that sorts like the value; "" if absent."""
    attribute = attribute_name(field)

    def read(item: Any) -> str:
        value = getattr(item, attribute, None)
        return f"{value:09d}" if isinstance(value, int) else value or ""

    return read


def sort_key(field: str) -> Callable[[Any], Key]:
    """Return a function that returns an item's sort key for a field, with the id as tie-breaker."""
    read = field_reader(field)
    return lambda item: (read(item), item.id)


class Store(Generic[Item]):
    """Items of one kind.

    Args:
        items: The initial items.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._by_id = {item.id: item for item in items}
        self._sorted: dict[str, list[Item]] = {}

    def get(self, identifier: str) -> Item | None:
        """Return an item, or None if absent."""
        return self._by_id.get(identifier)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._by_id.values())

    def put(self, item: Item) -> None:
        """Add or update an item."""
        self._by_id[item.id] = item
        self._sorted.clear()

    def remove(self, item: Item) -> None:
        """Remove an item."""
        del self._by_id[item.id]
        self._sorted.clear()

    def sorted_by(self, field: str) -> list[Item]:
        """Return all items sorted ascending by a JSON field. Don't modify the list."""
        if field not in self._sorted:
            self._sorted[field] = sorted(self._by_id.values(), key=sort_key(field))
        return self._sorted[field]


class TenantState:
    """Everything in a tenant. Hold `lock` to read or change it.

    Args:
        name: Name of the tenant; identifiers depend on it.
        users: The users. The first is the administrator, the second the ordinary user.
        spaces: The shared spaces.
        connectors: The connectors.
        connections: The connections.
        automations: The automations.
    """

    def __init__(
        self,
        name: str,
        users: tuple[User, ...],
        spaces: tuple[Space, ...],
        connectors: tuple[Connector, ...],
        connections: Iterable[Connection],
        automations: Iterable[Automation],
    ) -> None:
        self.lock = threading.RLock()
        self.users = users
        self.spaces = spaces
        self.connectors = Store(connectors)
        self.connections = Store(connections)
        self.automations = Store(automations)
        self._new_ids = (uuid_id(f"{name}made/{number}") for number in itertools.count(1))

    def new_id(self) -> str:
        """Return an identifier for something new: the same sequence in every run."""
        return next(self._new_ids)

    def in_use(self) -> set[str]:
        """Return the identifiers of the connections that automations use."""
        named = (each for automation in self.automations for each in automation.connection_ids)
        return {identifier for identifier in named if self.connections.get(identifier) is not None}

    def checked_space(self, space_id: str) -> str:
        """Return the identifier of a space, or "" for a personal one.

        Raises:
            HTTPError: With status 400, if the space does not exist.
        """
        if space_id and space_id not in {space.id for space in self.spaces}:
            raise HTTPError(400, "The field 'spaceId' matches no space of this tenant.")
        return space_id

    def checked_user(self, user_id: object) -> str:
        """Return the identifier of a user.

        Raises:
            HTTPError: With status 400, if the user does not exist.
        """
        if user_id not in {user.id for user in self.users}:
            raise HTTPError(400, "The field 'userId' matches no user of this tenant.")
        return str(user_id)
