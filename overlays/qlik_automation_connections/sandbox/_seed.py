"""The initial data of a sandbox: the same people and connections in every run, for each tenant name."""

import re
from datetime import UTC, datetime
from unicodedata import combining, normalize

from ._catalog import CONNECTORS
from ._deterministic import change_time, creation_time, digest, hex_id, timestamp, uuid_id
from ._models import Connection, Connector, Space, User
from ._seed_automations import seed_automations
from ._store import TenantState

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
# Still owns connections.
_LEFT = "Kavya Rao"
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
# Relative frequency of each connector in the catalog; the managed one is rare.
_WEIGHTS = (5, 4, 3, 2, 4, 1)
_MIX = tuple(connector for connector, weight in zip(CONNECTORS, _WEIGHTS, strict=True) for _ in range(weight))


def creation_time_of(number: int, today: datetime) -> datetime:
    """Return when the connection with a number was created. It is the same in all tenants of a day."""
    return creation_time(_draw(number), today)


def populate(count: int, tenant: str, now: datetime) -> TenantState:
    """Create the initial data of a sandbox.

    Args:
        count: Number of connections, 0 or more. A larger tenant includes the connections of a smaller one.
        tenant: Name of the tenant. Tenants with different names hold the same data under different identifiers.
        now: The present. Times depend on its day, in UTC, so that tenants of the same day hold the same data.

    Returns:
        The tenant. Its first connection is the administrator's, and automations use every twentieth.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    users = tuple(_user(number, name, tenant, today) for number, name in enumerate(_PEOPLE))
    spaces = tuple(
        Space(
            hex_id(f"{tenant}space/{name}"), name, users[0].id, timestamp(creation_time(digest(f"space/{name}"), today))
        )
        for name in _SPACES
    )
    connections = [_connection(number, users, spaces, tenant, today) for number in range(count)]
    automations = seed_automations(connections, users, tenant, today)
    return TenantState(tenant, users, spaces, CONNECTORS, connections, automations)


def _draw(number: int) -> bytes:
    return digest(f"connection/{number}")


def _user(number: int, name: str, tenant: str, today: datetime) -> User:
    return User(
        id=hex_id(f"{tenant}user/{number}"),
        name=name,
        subject=f"sandbox|{number:02d}",
        admin=number == 0,
        email=f"{'.'.join(re.findall('[a-z]+', _plain(name)))}@example.com",
        status="disabled" if name == _LEFT else "active",
        created_at=timestamp(creation_time(digest(f"user/{number}"), today)),
    )


def _plain(name: str) -> str:
    """Return a name in small letters without accents."""
    return "".join(c for c in normalize("NFKD", name.lower().replace("ø", "o")) if not combining(c))


def _connection(
    number: int, users: tuple[User, ...], spaces: tuple[Space, ...], tenant: str, today: datetime
) -> Connection:
    draw = _draw(number)
    connector = CONNECTORS[0] if number == 0 else _MIX[draw[0] % len(_MIX)]
    owner = users[0] if number % 5 == 0 else users[1 + draw[1] % (len(users) - 1)]
    created = creation_time_of(number, today)
    updated = change_time(draw, created, today)
    complete = draw[18] % 8 != 0
    return Connection(
        id=uuid_id(f"{tenant}connection/{number}"),
        name=_name(number, connector, draw),
        connector=connector,
        owner_id=owner.id,
        space_id="" if draw[19] % 3 == 0 else spaces[draw[20] % len(spaces)].id,
        created_at=timestamp(created),
        updated_at=timestamp(updated if draw[21] % 4 else created),
        values=_values(connector, number, complete, draw),
        oauth_account_name=owner.name if connector.oauth and complete else None,
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
            values[param.name] = "" if param.optional and draw[26] % 2 else param.example_value
    return values
