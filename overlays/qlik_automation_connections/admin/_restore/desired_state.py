"""What each archived connection is to be in the target, as far as the archive and the mappings say."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from attrs import define, field, frozen

from ...errors import ConfigurationError
from .._backup.archive import Archive, ArchivedConnection
from .._errors import JobError
from .._files import reason

_LONGEST_MANIFEST: Final = 64 * 1024
PERSONAL: Final = ""
"""How a personal space is called."""


@define
class DesiredState:
    """What an archived connection is to be.

    Attributes:
        id: its id in the archive.
        name: its name.
        connector_id: its connector; empty if the archive knows none.
        archived_owner: the user who owned it.
        archived_space: the space that held it, empty for a personal one.
        owner_id: the user who is to own it; None where nobody said who.
        space_id: the space that is to hold it, empty for a personal one; None where nobody said which.
        params: names of its params.
        required: those that must have a value.
        consent: whether a person's consent connects it, as far as the archive shows.
        unreadable: why its document can't be understood, in words; None if it can.
    """

    id: str
    name: str | None
    connector_id: str
    archived_owner: str | None
    archived_space: str
    owner_id: str | None
    space_id: str | None
    params: list[str] = field(factory=list)
    required: list[str] = field(factory=list)
    consent: bool = False
    unreadable: str | None = None


@frozen
class Correspondence:
    """Who takes the place of whom, and which space that of which.

    Attributes:
        same_tenant: whether the backup is of the tenant that it is restored into; what is not mapped stays then.
        owners: new users by old ones.
        spaces: new spaces by old ones, empty for a personal one.
    """

    same_tenant: bool
    owners: Mapping[str, str]
    spaces: Mapping[str, str]

    def owner(self, old: str | None) -> str | None:
        """Who is to own what a user owned; None where nobody said who."""
        if old is None:
            return None
        return self.owners.get(old, old if self.same_tenant else None)

    def space(self, old: str) -> str | None:
        """Which space is to hold what a space held; None where nobody said which."""
        if old == PERSONAL:
            return PERSONAL
        return self.spaces.get(old, old if self.same_tenant else None)


def _checked(name: str, mapping: Mapping[str, str | None] | None, *, personal: bool) -> dict[str, str]:
    checked: dict[str, str] = {}
    for old, new in (mapping or {}).items():
        if new is None and personal:
            checked[old] = PERSONAL
        elif isinstance(new, str) and (personal or new.strip()):
            checked[old] = new
        else:
            allowed = "an id, or null for a personal space" if personal else "an id"
            raise ConfigurationError(f"{name} must map ids to ids: that of {old!r} is not {allowed}.")
    return checked


def correspondence(
    source: str, target: str, owners: Mapping[str, str] | None, spaces: Mapping[str, str | None] | None
) -> Correspondence:
    """The mapping between two tenants, checked.

    Args:
        source: address of the tenant that the backup is of.
        target: address of the tenant that it is restored into.
        owners: new users by old ones.
        spaces: new spaces by old ones; None and an empty id are a personal space.

    Raises:
        ConfigurationError: something in it is no id.
    """
    same = source.rstrip("/").lower() == target.rstrip("/").lower()
    return Correspondence(same, _checked("owners", owners, personal=False), _checked("spaces", spaces, personal=True))


class _Read(NamedTuple):
    """What is read of an archived connection."""

    name: str | None
    connector_id: str | None
    owner_id: str | None
    space_id: str | None
    redirect: str | None
    oauth_account_name: str | None
    is_connected: bool | None
    params: list[tuple[str | None, bool | None]]


_TEXTS: Final = ("name", "connectorId", "ownerId", "spaceId", "redirect", "oauthAccountName")
_BOOLEANS: Final[Mapping[object, bool | None]] = {"true": True, "false": False, True: True, False: False, None: None}


def _read_plain(document: Mapping[str, Any]) -> _Read | None:
    """Reads a document of the documented form; None if it is of another. Models of it would cost ten times as much."""
    texts: list[Any] = [document.get(name) for name in _TEXTS]
    connected, params = document.get("isConnected"), document.get("params")
    if not ("id" in document and isinstance(params, list) and connected in (True, False, None)):
        return None
    if not all(text is None or isinstance(text, str) for text in texts):
        return None
    read: list[tuple[str | None, bool | None]] = []
    for param in params:
        if not isinstance(param, dict):
            return None
        called, optional = param.get("name"), param.get("isOptional")
        if not isinstance(called, str | None) or not isinstance(optional, str | bool | None):
            return None
        if optional not in _BOOLEANS:
            return None
        read.append((called, _BOOLEANS[optional]))
    name, connector, owner, space, redirect, account = texts
    return _Read(name, connector, owner, space, redirect, account, connected, read)


def _read(record: ArchivedConnection) -> _Read:
    plain = _read_plain(record.document)
    if plain is not None:
        return plain
    connection = record.connection
    return _Read(
        connection.name,
        connection.connector_id,
        connection.owner_id,
        connection.space_id,
        connection.redirect,
        connection.oauth_account_name,
        connection.is_connected,
        [(param.name, param.is_optional) for param in connection.params],
    )


def _unreadable(record: ArchivedConnection, why: str) -> DesiredState:
    """What little is known of a connection whose document can't be understood."""
    name, connector = (record.document.get(field) for field in ("name", "connectorId"))
    return DesiredState(
        record.id,
        name if isinstance(name, str) else None,
        connector if isinstance(connector, str) else "",
        archived_owner=None,
        archived_space=PERSONAL,
        owner_id=None,
        space_id=None,
        unreadable=why,
    )


def desired_state(record: ArchivedConnection, mapping: Correspondence) -> DesiredState:
    """What an archived connection is to be.

    Args:
        record: it.
        mapping: who and what takes whose place.
    """
    try:
        read = _read(record)
    except JobError as error:
        return _unreadable(record, str(error))
    required = [name for name, optional in read.params if name and optional is False]
    space = read.space_id or PERSONAL
    return DesiredState(
        record.id,
        read.name,
        read.connector_id or "",
        read.owner_id,
        space,
        mapping.owner(read.owner_id),
        mapping.space(space),
        list(dict.fromkeys(name for name, _ in read.params if name)),
        required,
        # A connection without settings that does not work waits for consent, too.
        bool(read.redirect or read.oauth_account_name) or not (required or read.is_connected),
    )


@frozen
class Manifest:
    """The last line of an archive.

    Attributes:
        sha256: the archive's checksum.
        unread: how many connections could not be read.
    """

    sha256: str
    unread: int


def manifest(archive: Archive) -> Manifest:
    """The manifest of an archive that was read to its end, and so was found to be whole.

    Raises:
        JobError: the file can't be read, or is another one by now.
    """
    try:
        with archive.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST_MANIFEST))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError as error:
        raise JobError(f"The archive {archive.path} can't be read: {reason(error)}.") from None
    try:
        entry = json.loads(last)
        return Manifest(str(entry["sha256"]), int(entry["unread"]))
    except (ValueError, KeyError, TypeError):
        raise JobError(f"The archive {archive.path} was changed while it was read.") from None


def chosen(archive: Archive, ids: frozenset[str] | None) -> Iterator[ArchivedConnection]:
    """The connections of an archive, or some of them.

    Args:
        archive: where they are.
        ids: which; None for all.

    Raises:
        ConfigurationError: the archive does not hold one of them.
        JobError: the archive is damaged.
    """
    missing = set(ids or ())
    for record in archive.records():
        if ids is None or record.id in ids:
            missing.discard(record.id)
            yield record
    if missing:
        raise ConfigurationError(f"The archive {archive.path} does not hold {', '.join(sorted(missing)[:5])}.")
