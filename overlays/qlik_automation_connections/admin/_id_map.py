"""The id map: connections' ids in one tenant, and in another."""

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
from ._files import reason
from ._remap.encodings import InvalidContent, decode_file
from ._remap.json_tree import Object, parse

_ENDING: Final = ".id-map.json"


def id_map_path(journal: Path) -> Path:
    """Return where the id map of a journal is, unless another file is named: beside it."""
    return journal.with_name(f"{journal.name}{_ENDING}")


def journal_path(id_map: Path) -> Path:
    """Return the journal whose id map that is by its name; itself if it is named otherwise."""
    return id_map.with_name(id_map.name.removesuffix(_ENDING))


@define
class IdMapFile(Document):
    """What connections are called in the tenant that they were restored into.

    Attributes:
        tenant: Address of that tenant.
        source: Address of the tenant that the backup is of.
        ids: New ids by old ones.
    """

    FORMAT = "id-map"
    TITLE = "id map"
    tenant: Id
    source: str
    ids: dict[str, Id]


@frozen
class SharedTarget:
    """Several old ids that become one.

    Attributes:
        new: the id that they become.
        old: the ids that they were.
    """

    new: str
    old: tuple[str, ...]


@frozen
class IdMap:
    """A checked map of ids.

    Attributes:
        new: new ids by old ones.
        targets: all new ids.
        shared: where it is not one-to-one, and so can't be undone.
    """

    new: Mapping[str, str]
    targets: frozenset[str]
    shared: tuple[SharedTarget, ...]

    @classmethod
    def of(cls, ids: Mapping[str, str]) -> IdMap:
        """Check a map of ids.

        Args:
            ids: new ids by old ones.

        Raises:
            ConfigurationError: it is not a mapping, or an id in it is empty or not a string.
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
    """Read an id map from a JSON file, such as a restore writes.

    Args:
        path: an id map of a restore, or a flat JSON object of old ids with the new ones as their values.
        tenant: address of the tenant that the new ids must be of; None for any. A flat object does not say.

    Returns:
        New ids by old ones.

    Raises:
        ConfigurationError: it can't be read, is not such an object, is of another tenant, or has an old id twice with
            different new ones.
    """
    try:
        text, _ = decode_file(Path(path).read_bytes())
        document = parse(text)
    except OSError as error:
        raise ConfigurationError(f"The id map {path} can't be read: {reason(error)}.") from None
    except InvalidContent as error:
        raise ConfigurationError(f"The id map {path} can't be read: {error}.") from None
    if not isinstance(document, Object):
        raise ConfigurationError(
            f'The id map {path} must be a flat JSON object of old and new ids, such as {{"old id": "new id"}}.'
        )
    if any(name == "format" for name, _ in document.items()):
        return _read_document(path, text, tenant)
    ids: dict[str, str] = {}
    for old, new in document.items():
        # What is not a string is refused below.
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
