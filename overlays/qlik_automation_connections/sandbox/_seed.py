"""Who and what a sandbox begins with: the same in every run of a tenant of that name."""

import uuid
from datetime import timedelta

import attrs

from ._automations import Automation, automate
from ._catalog import CONNECTORS, Connector
from ._draws import digest, hex_id, moment
from ._state import NAMESPACE, Connection, ConnectionStore, Space, User, timestamp

_PEOPLE = (
    "Ada Admin",
    "Uma User",
    "Bjørn Ås",
    "Chloé Durand",
    "Dmitri Volkov",
    "Eve O'Brien",
    "Femi Adeyemi",
    "Grace Lee",
    "Hiro 田中",
    "Inês Sousa",
    "Jörg Müller",
    "Kavya Rao",
)
_SPACES = ("Finance", "Sales", "Human resources", "Operations", "Data engineering", "Ventes à l'étranger")
_NAMES = (
    "SMTP",
    "Nightly mail",
    "Monthly report",
    "Invoices",
    "Alerts",
    "Test",
    'The "new" one',
    "O'Brien's copy",
    "back\\slash",
    "Müller & Söhne",
    "日本語の接続",
    "Zażółć gęślą jaźń",
    "100 % [draft], do not use",
)
# How often each connector of the catalogue is met; the managed one is rare.
_WEIGHTS = (5, 4, 3, 2, 4, 1)
_MIX = tuple(connector for connector, weight in zip(CONNECTORS, _WEIGHTS, strict=True) for _ in range(weight))
_LONGEST_CHANGE_MICROSECONDS = 300 * 86_400 * 1_000_000


@attrs.frozen
class Population:
    """Who and what is in a tenant at first.

    Attributes:
        users: The users; the first one is the administrator, the second one the ordinary user.
        spaces: The shared spaces.
        store: The connections.
        automations: The automations, which use some of them.
    """

    users: tuple[User, ...]
    spaces: tuple[Space, ...]
    store: ConnectionStore
    automations: tuple[Automation, ...]


def connection_id(number: int, tenant: str = "") -> str:
    """Return the identifier of the connection with a number, from 0."""
    return str(uuid.uuid5(NAMESPACE, f"{tenant}connection/{number}"))


def _draw(number: int) -> bytes:
    return digest(f"connection/{number}")


def created_at(number: int) -> str:
    """Return when the connection with a number was created, the same in tenants of any name."""
    return timestamp(moment(_draw(number)))


def populate(count: int, tenant: str = "") -> Population:
    """Make what a sandbox begins with.

    Args:
        count: How many connections, 0 or more. A larger tenant holds the connections of a smaller one.
        tenant: Name of the tenant. In another one everybody and everything has another identifier, and the same name.

    Returns:
        The users, the spaces, the connections and the automations. The first connection is an administrator's, every
        twentieth is used by automations.
    """
    users = tuple(
        User(hex_id(f"{tenant}user/{number}"), name, f"sandbox|{number:02d}", admin=number == 0)
        for number, name in enumerate(_PEOPLE)
    )
    spaces = tuple(Space(hex_id(f"{tenant}space/{name}"), name) for name in _SPACES)
    connections = [_connection(number, users, spaces, tenant) for number in range(count)]
    automations = automate(connections, users, tenant)
    in_use = [used for automation in automations for used in automation.connection_ids]
    return Population(users, spaces, ConnectionStore(connections, in_use, tenant), automations)


def _connection(number: int, users: tuple[User, ...], spaces: tuple[Space, ...], tenant: str) -> Connection:
    draw = _draw(number)
    connector = CONNECTORS[0] if number == 0 else _MIX[draw[0] % len(_MIX)]
    owner = users[0] if number % 5 == 0 else users[1 + draw[1] % (len(users) - 1)]
    created = moment(draw)
    updated = created + timedelta(microseconds=int.from_bytes(draw[10:18]) % _LONGEST_CHANGE_MICROSECONDS)
    complete = draw[18] % 8 != 0
    return Connection(
        id=connection_id(number, tenant),
        name=_name(number, connector, draw),
        connector=connector,
        owner_id=owner.id,
        space_id="" if draw[19] % 3 == 0 else spaces[draw[20] % len(spaces)].id,
        created_at=timestamp(created),
        updated_at=timestamp(updated if draw[21] % 4 else created),
        values=_values(connector, number, complete, draw),
        account=owner.name if connector.oauth and complete else None,
    )


def _name(number: int, connector: Connector, draw: bytes) -> str:
    if connector.managed:
        return connector.name
    if draw[22] % 3 == 0:
        return _NAMES[draw[23] % len(_NAMES)]
    return f"{connector.name} {_SPACES[draw[24] % len(_SPACES)]} {number}"


def _values(connector: Connector, number: int, complete: bool, draw: bytes) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in connector.params:
        if param.options:
            values[param.name] = param.options[draw[25] % len(param.options)]
        elif param.field_type == "password":
            values[param.name] = f"pretend-{number}" if complete else ""
        else:
            values[param.name] = "" if param.optional and draw[26] % 2 else param.example
    return values
