"""The id map: new ids of connections by their old ones."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from attrs import define, frozen

from ..errors import ConfigurationError
from ._document import Document, Id
from ._errors import JobError
from ._files import read_regular, reason
from ._remap.encodings import InvalidContent, decode_file
from ._remap.json_tree import Object, parse

_ENDING: Final = ".id-map.json"


def id_map_path(journal: Path) -> Path:
    """Return the default id map of a journal: the file beside it."""
    return journal.with_name(f"{journal.name}{_ENDING}")


def journal_path(id_map: Path) -> Path:
    """Return the journal that an id map is named after; the path itself if it has another name."""
    return id_map.with_name(id_map.name.removesuffix(_ENDING))


@define
class IdMapFile(Document):
    """Ids of connections in the tenant they were restored into.

    Attributes:
        tenant: Address of that tenant.
        source: Address of the tenant that was backed up.
        ids: New ids by old ones.
    """

    FORMAT = "id-map"
    TITLE = "id map"
    tenant: Id
    source: str
    ids: dict[str, Id]


@frozen
class SharedTarget:
    """A new id that several old ids map to.

    Attributes:
        new: The new id.
        old: The old ids.
    """

    new: str
    old: tuple[str, ...]


@frozen
class IdMap:
    """A validated id map.

    Attributes:
        new: New ids by old ones.
        targets: All new ids.
        shared: New ids with several old ones; these can't be reversed.
    """

    new: Mapping[str, str]
    targets: frozenset[str]
    shared: tuple[SharedTarget, ...]

    @classmethod
    def of(cls, ids: Mapping[str, str]) -> IdMap:
        """Validate an id map.

        Args:
            ids: New ids by old ones.

        Raises:
            ConfigurationError: `ids` is not a mapping, or an id in it is empty or not a string.
        """
        if not isinstance(ids, Mapping):
            raise ConfigurationError(f"The id map must map old ids to new ones; it is a {type(ids).__name__}.")
        for number, (old, new) in enumerate(ids.items(), start=1):
            for what, value in (("old", old), ("new", new)):
                if not isinstance(value, str) or not value.strip():
                    kind = "empty" if isinstance(value, str) else "not a string"
                    raise ConfigurationError(f"Entry {number} of the id map: the {what} id is {kind}.")
        sources: dict[str, list[str]] = {}
        for old, new in ids.items():
            sources.setdefault(new, []).append(old)
        shared = tuple(SharedTarget(new, tuple(olds)) for new, olds in sources.items() if len(olds) > 1)
        return cls(dict(ids), frozenset(sources), shared)


def read_id_map(path: str | os.PathLike[str], *, tenant: str | None = None) -> dict[str, str]:
    """Read an id map from a JSON file.

    Args:
        path: Id map written by a restore, or a flat JSON object with old ids as keys and new ids as values.
        tenant: Address of the tenant that the new ids must belong to; None for any. Not checked for a flat object.

    Returns:
        New ids by old ones.

    Raises:
        ConfigurationError: The file can't be read, is not an id map, is for another tenant, or maps an old id to two
            different new ones.
    """
    try:
        text, _ = decode_file(read_regular(path))
        document = parse(text)
    except OSError as error:
        raise ConfigurationError(f"The id map {path} can't be read: {reason(error)}.") from None
    except InvalidContent as error:
        raise ConfigurationError(f"The id map {path} can't be read: {error}.") from None
    if not isinstance(document, Object):
        raise ConfigurationError(
            f'The id map {path} must be a flat JSON object that maps old ids to new ones: {{"old id": "new id"}}.'
        )
    if any(name == "format" for name, _ in document.items()):
        return _read_document(path, text, tenant)
    ids: dict[str, str] = {}
    for old, new in document.items():
        # IdMap.of refuses values that are not strings.
        if ids.setdefault(str(old), cast(str, new)) != new:
            raise ConfigurationError(f"The id map {path} has the old id {old!r} twice, with different new ids.")
    try:
        IdMap.of(ids)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    return {old: str(new) for old, new in ids.items()}


def _read_document(path: str | os.PathLike[str], text: str, tenant: str | None) -> dict[str, str]:
    try:
        found = IdMapFile.from_dict(json.loads(text))
    except JobError as error:
        raise ConfigurationError(f"The id map {path} can't be read: {error}") from None
    if tenant is not None and found.tenant != tenant:
        raise ConfigurationError(f"{path} is the id map of {found.tenant}, not of {tenant}.")
    return found.ids
