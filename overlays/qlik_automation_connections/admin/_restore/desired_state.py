"""The desired state of each archived connection in the target, from the archive and the mappings."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Final, Literal

from attrs import define, evolve, field, frozen

from ... import Tenant
from ...errors import ConfigurationError
from .._backup.archive import Archive
from .._backup.records import ArchivedConnection
from .._errors import JobError
from .._files import open_regular, reason
from .._people import Person, Place, find_counterparts

_LONGEST_MANIFEST: Final = 64 * 1024
PERSONAL: Final = ""
"""Stands for a personal space."""


@define
class DesiredState:
    """The desired state of an archived connection.

    Attributes:
        id: Its id in the archive.
        name: Its name.
        connector_id: Its connector; empty if the archive has none.
        archived_owner: The user who owned it.
        archived_space: The space it was in; empty for a personal space.
        owner_id: Its new owner; None if not mapped.
        space_id: Its new space, empty for a personal space; None if not mapped.
        params: Names of its params.
        required: Params that must have a value.
        consent: Whether a person's consent connects it, as far as the archive shows.
        unreadable: Why its document can't be understood; None if it can.
        doubt: Why its new owner or space is uncertain; None if it isn't.
    """

    id: str
    name: str | None
    connector_id: str
    archived_owner: str | None
    archived_space: str
    owner_id: str | None = None
    space_id: str | None = None
    params: Sequence[str] = ()
    required: Sequence[str] = ()
    consent: bool = False
    unreadable: str | None = None
    doubt: Doubt | None = None

    def place(self, mapping: Correspondence) -> None:
        """Set the new owner and space."""
        self.owner_id, self.space_id = mapping.owner(self.archived_owner), mapping.space(self.archived_space)
        self.doubt = mapping.doubt(self.archived_owner, self.archived_space)


@frozen
class Doubt:
    """Several users or spaces of the target fit.

    Attributes:
        reason: Which of them, as a code.
        sentence: What they are, and what to do.
    """

    reason: Literal["owner-ambiguous", "space-ambiguous"]
    sentence: str


@frozen
class Correspondence:
    """A mapping of users and spaces between the backup's tenant and the target.

    Attributes:
        same_tenant: Whether both are the same tenant, where unmapped users and spaces stay.
        owners: New user ids by old ones.
        spaces: New space ids by old ones; empty for a personal space.
        doubts: Several users or spaces of the target that fit one of the backup, by its id.
        notes: What has no counterpart in the target, and why.
    """

    same_tenant: bool
    owners: Mapping[str, str]
    spaces: Mapping[str, str]
    doubts: Mapping[str, list[str]] = field(factory=dict)
    notes: Sequence[str] = ()

    def owner(self, old: str | None) -> str | None:
        """Return the user who replaces an owner, or None if not mapped."""
        if old is None:
            return None
        return self.owners.get(old, old if self.same_tenant else None)

    def space(self, old: str) -> str | None:
        """Return the space that replaces a space, or None if not mapped."""
        if old == PERSONAL:
            return PERSONAL
        return self.spaces.get(old, old if self.same_tenant else None)

    def doubt(self, owner: str | None, space: str) -> Doubt | None:
        """Return which of an owner and a space has several counterparts; None if neither."""
        for noun, old in (("owner", owner or ""), ("space", space)) if self.doubts else ():
            if old in self.doubts:
                fitting = ", ".join(self.doubts[old])
                return Doubt(
                    "owner-ambiguous" if noun == "owner" else "space-ambiguous",
                    f"Its {noun} {old} may be any of {fitting}. Choose one with {noun}s= (or --{noun}s), or set"
                    f" {noun}_id and the action create.",
                )
        return None

    def completed(
        self,
        tenant: Tenant,
        noted: Iterable[Person | Place],
        used: Collection[str | None],
        cancel: threading.Event | None,
    ) -> Correspondence:
        """Return this mapping with the counterparts of users and spaces that a backup notes; see `find_counterparts`.

        Args:
            tenant: The target.
            noted: Users and spaces that the backup notes.
            used: Ids of those that are needed.
            cancel: Stops the search when set.
        """
        if self.same_tenant:
            return self
        wanted = [each for each in noted if each.id in used]
        people = [each for each in wanted if isinstance(each, Person) and each.id not in self.owners]
        places = [each for each in wanted if isinstance(each, Place) and each.id not in self.spaces]
        found = find_counterparts(tenant, people, places, cancel)
        both = found.users | found.spaces
        return evolve(
            self,
            owners={**{id: new[0] for id, new in found.users.items() if len(new) == 1}, **self.owners},
            spaces={**{id: new[0] for id, new in found.spaces.items() if len(new) == 1}, **self.spaces},
            doubts={id: new for id, new in both.items() if len(new) > 1},
            notes=found.notes,
        )


def _checked(name: str, mapping: Mapping[str, str | None] | None, *, personal: bool) -> dict[str, str]:
    checked: dict[str, str] = {}
    for old, new in (mapping or {}).items():
        if new is None and personal:
            checked[old] = PERSONAL
        elif isinstance(new, str) and (personal or new.strip()):
            checked[old] = new
        else:
            allowed = "an id, or null for a personal space" if personal else "an id"
            raise ConfigurationError(f"{name} must map ids to ids: the value of {old!r} is not {allowed}.")
    return checked


def correspondence(
    source: str,
    target: str,
    owners: Mapping[str, str] | None,
    spaces: Mapping[str, str | None] | None,
    *,
    same_tenant: bool,
) -> Correspondence:
    """Check the mappings between two tenants, and return them as one.

    Args:
        source: Address of the backup's tenant.
        target: Address of the tenant to restore into.
        owners: New user ids by old ones.
        spaces: New space ids by old ones; None or an empty id for a personal space.
        same_tenant: Whether both are the same tenant even if their addresses differ.

    Raises:
        ConfigurationError: A value is not an id.
    """
    same = same_tenant or source.rstrip("/").lower() == target.rstrip("/").lower()
    return Correspondence(same, _checked("owners", owners, personal=False), _checked("spaces", spaces, personal=True))


_TEXT: Final = frozenset({str, NoneType})
_BOOLEANS: Final[Mapping[object, bool | None]] = {"true": True, "false": False, True: True, False: False, None: None}


def _read(id: str, document: Mapping[str, Any], kept: dict[Any, Any]) -> DesiredState | None:
    """Read a document in the documented form, ten times as fast as models do; return None for other forms."""
    get = document.get
    name, connector, owner, space = get("name"), get("connectorId"), get("ownerId"), get("spaceId")
    redirect, account, connected, params = get("redirect"), get("oauthAccountName"), get("isConnected"), get("params")
    if not ("id" in document and isinstance(params, list) and connected in (True, False, None)):
        return None
    try:
        key = tuple([(param.get("name"), _BOOLEANS[param.get("isOptional")]) for param in params])
        known = kept.get(key)
    except (AttributeError, KeyError, TypeError):
        return None
    if not _TEXT.issuperset(map(type, (name, connector, owner, space, redirect, account))):
        return None
    if known is None:
        if not _TEXT.issuperset(type(called) for called, _ in key):
            return None
        names = list(dict.fromkeys(called for called, _ in key if called))
        known = kept[key] = names, [called for called, optional in key if called and optional is False]
    share, (names, required) = kept.setdefault, known
    # A connection without settings that isn't connected also waits for consent.
    consent = bool(redirect or account) or not (required or connected)
    connector, space = connector or "", space or PERSONAL
    connector, owner, space = share(connector, connector), share(owner, owner), share(space, space)
    return DesiredState(id, name, connector, owner, space, None, None, names, required, consent)


def _unreadable(record: ArchivedConnection, why: str) -> DesiredState:
    """Return the little that is known of a connection whose document can't be understood."""
    name, connector = (record.document.get(field) for field in ("name", "connectorId"))
    return DesiredState(
        record.id,
        name if isinstance(name, str) else None,
        connector if isinstance(connector, str) else "",
        archived_owner=None,
        archived_space=PERSONAL,
        unreadable=why,
    )


def desired_state(record: ArchivedConnection, kept: dict[Any, Any]) -> DesiredState:
    """Return the desired state of an archived connection, whose owner and space are not mapped yet.

    Args:
        record: The archived connection.
        kept: Values that many connections share, and then hold once; empty for the first.
    """
    if (found := _read(record.id, record.document, kept)) is not None:
        return found
    try:
        connection = record.connection
    except JobError as error:
        return _unreadable(record, str(error))
    document = {
        "id": "",
        "name": connection.name,
        "connectorId": connection.connector_id,
        "ownerId": connection.owner_id,
        "spaceId": connection.space_id,
        "redirect": connection.redirect,
        "oauthAccountName": connection.oauth_account_name,
        "isConnected": connection.is_connected,
        "params": [{"name": param.name, "isOptional": param.is_optional} for param in connection.params],
    }
    found = _read(record.id, document, kept)
    assert found is not None, "models have the documented form"
    return found


@frozen
class Manifest:
    """The last line of an archive.

    Attributes:
        sha256: The archive's checksum.
        unread: Number of connections that the backup could not read.
    """

    sha256: str
    unread: int


def manifest(archive: Archive) -> Manifest:
    """Return the manifest of an archive that has been read to its end, and so verified.

    Raises:
        JobError: The file can't be read, or was replaced.
    """
    try:
        with open_regular(archive.path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST_MANIFEST))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError as error:
        raise JobError(f"The archive {archive.path} can't be read: {reason(error)}.") from None
    try:
        entry = json.loads(last)
        return Manifest(str(entry["sha256"]), int(entry["unread"]))
    except (ValueError, KeyError, TypeError):
        raise JobError(f"The archive {archive.path} changed while it was being read.") from None


def chosen(archive: Archive, ids: frozenset[str] | None) -> Iterator[ArchivedConnection | Person | Place]:
    """Yield the connections of an archive, or some of them, and the users and spaces that it notes.

    Args:
        archive: The archive.
        ids: Ids of the connections; None for all.

    Raises:
        ConfigurationError: The archive lacks one of `ids`.
        JobError: The archive is damaged.
    """
    missing = set(ids or ())
    for record in archive.everything():
        if isinstance(record, ArchivedConnection):
            if ids is None or record.id in ids:
                missing.discard(record.id)
                yield record
        elif isinstance(record, Person | Place):
            yield record
    if missing:
        raise ConfigurationError(f"The archive {archive.path} does not contain {', '.join(sorted(missing)[:5])}.")
