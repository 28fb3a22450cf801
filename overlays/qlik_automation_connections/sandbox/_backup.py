"""Fill a tenant from the archive of a backup.

An archive holds no values of params, and no names of owners, spaces and connectors. Values are made up so that the same
connections work as in the backup; names are those of the sandbox for the ids it knows, and numbered otherwise.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from ._deterministic import uuid_id
from ._models import Connection, Connector, ParamDefinition, Space, User
from ._store import TenantState

_FORMAT = ("qlik-automation-connections/backup", 1)
_MADE_UP = "made-up"
_PASSED_OVER = ("unread", "automation", "unread-automation", "user", "space")

_Document = Mapping[str, Any]
_Item = TypeVar("_Item", User, Space)


def load_backup(path: str | Path, seeded: TenantState) -> TenantState:
    """Return a tenant that holds the connections of a backup, under the same ids, owners and spaces.

    Args:
        path: The archive, as `qac backup` writes it.
        seeded: A tenant without connections, whose administrator and ordinary user stay.

    Returns:
        The tenant. It has no automations, as a backup has none.

    Raises:
        OSError: The file can't be read.
        ValueError: It is not a complete archive; the message names the line.
    """
    documents, checksum = _read(Path(path))
    owners = [_text(document, "ownerId") or seeded.users[0].id for document in documents]
    users = _named(seeded.users, [user.id for user in seeded.users[:2]] + owners, _owner)
    spaces = _named(seeded.spaces, filter(None, (_text(document, "spaceId") for document in documents)), _space)
    connectors = {connector.id: connector for connector in seeded.connectors} | _connectors(documents, seeded)
    connections = [
        _connection(document, owner, connectors[_text(document, "connectorId")])
        for document, owner in zip(documents, owners, strict=True)
    ]
    # Named after the archive, so that new ids differ from those that the backed-up sandbox gave.
    return TenantState(checksum, users, spaces, tuple(connectors.values()), connections, ())


def _read(path: Path) -> tuple[list[_Document], str]:
    """Return the connections of an archive, and its checksum."""
    documents: list[_Document] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            entry = _parsed(line)
            kind = entry.get("type")
            if number == 1 and (entry.get("format"), entry.get("version")) != _FORMAT:
                raise ValueError(f"{path} is not an archive of qac backup")
            if kind == "manifest" and entry.get("connections") == len(documents):
                return documents, f"{entry.get('sha256')}/"
            document = entry.get("document")
            if kind == "connection" and isinstance(document, dict):
                inner = document.get("data")
                documents.append({**(inner if isinstance(inner, dict) else document), "id": entry.get("id")})
            elif (kind, number) != ("header", 1) and kind not in _PASSED_OVER:
                raise ValueError(f"{path}, line {number}: not a line of an archive; use another copy")
    raise ValueError(f"{path} is incomplete: its last line, the manifest, is missing; use another copy")


def _parsed(line: bytes) -> _Document:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    return entry if isinstance(entry, dict) else {}


def _named(known: Iterable[_Item], ids: Iterable[str], new: Callable[[str, int], _Item]) -> tuple[_Item, ...]:
    """Return an item for each id once: the known one, or a new one with a number."""
    items: dict[str, _Item] = {item.id: item for item in known}
    found: dict[str, _Item] = {}
    made = 0
    for identifier in ids:
        if identifier not in found:
            made += identifier not in items
            found[identifier] = items.get(identifier) or new(identifier, made)
    return tuple(found.values())


def _owner(identifier: str, number: int) -> User:
    return User(identifier, f"Owner {number}", f"backup|{number:02d}")


def _space(identifier: str, number: int) -> Space:
    return Space(identifier, f"Space {number}")


def _connectors(documents: Iterable[_Document], seeded: TenantState) -> dict[str, Connector]:
    """Return the connectors that the sandbox lacks, with the params that their connections have."""
    theirs: dict[str, list[_Document]] = {}
    for document in documents:
        identifier = _text(document, "connectorId")
        if seeded.connectors.get(identifier) is None:
            theirs.setdefault(identifier, []).append(document)
    return {
        identifier: _connector(identifier, number, group)
        for number, (identifier, group) in enumerate(theirs.items(), 1)
    }


def _connector(identifier: str, number: int, documents: list[_Document]) -> Connector:
    params: dict[str, ParamDefinition] = {}
    for document in documents:
        for param in _params(document):
            params.setdefault(param.name, attrs.evolve(param, id=uuid_id(f"param/{identifier}/{param.name}")))
    definitions = tuple(params.values())
    # What nothing but a person's consent can connect.
    without_params = all(param.optional for param in definitions)
    oauth = any(
        document.get("redirect") or document.get("oauthAccountName") or (without_params and not _works(document))
        for document in documents
    )
    return Connector(identifier, f"Connector {number}", definitions, oauth)


def _connection(document: _Document, owner_id: str, connector: Connector) -> Connection:
    works = _works(document)
    account = _text(document, "oauthAccountName") or "somebody@example.com"
    created = _text(document, "createdAt")
    defined = {param.name: param for param in (*_params(document), *connector.params)}
    return Connection(
        id=_text(document, "id"),
        name=_text(document, "name"),
        connector=connector,
        owner_id=owner_id,
        space_id=_text(document, "spaceId"),
        created_at=created,
        updated_at=_text(document, "updatedAt") or created,
        values={name: _value(param) if works else "" for name, param in defined.items()},
        oauth_account_name=account if connector.oauth and works else None,
    )


def _value(param: ParamDefinition) -> str:
    if param.field_type == "password":
        return _MADE_UP
    return param.example_value or next(iter(param.options), _MADE_UP)


def _works(document: _Document) -> bool:
    return _is_true(document.get("isConnected"))


def _params(document: _Document) -> Iterator[ParamDefinition]:
    """Return a connection's params, sent as a list or by number or name."""
    held = document.get("params")
    for param in held.values() if isinstance(held, dict) else held or ():
        if isinstance(param, dict) and _text(param, "name"):
            options = param.get("paramOptions")
            yield ParamDefinition(
                _text(param, "name"),
                _text(param, "documentation"),
                _text(param, "fieldType") or "string",
                _text(param, "exampleValue"),
                tuple(filter(None, map(_option, options if isinstance(options, list) else ()))),
                optional=_is_true(param.get("isOptional")),
            )


def _option(option: object) -> str:
    return _text(option, "value") if isinstance(option, dict) else str(option)


def _text(document: _Document, name: str) -> str:
    value = document.get(name)
    return "" if value is None else str(value)


def _is_true(value: object) -> bool:
    return str(value).lower() in ("true", "yes", "1")
