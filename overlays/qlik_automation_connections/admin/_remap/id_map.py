"""The id map: connections' ids in one tenant, and in another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from attrs import frozen

from ...errors import ConfigurationError
from .._files import reason
from .encodings import InvalidContent, decode_file
from .json_tree import Object, parse


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


def read_id_map(path: str | os.PathLike[str]) -> dict[str, str]:
    """Read an id map from a JSON file, as a restore writes it to `id-map.json`.

    Args:
        path: a file with a flat JSON object: old ids, and the new ones as their values.

    Returns:
        New ids by old ones.

    Raises:
        ConfigurationError: it can't be read, is not such an object, or has an old id twice with different new ones.
    """
    try:
        document = parse(decode_file(Path(path).read_bytes())[0])
    except OSError as error:
        raise ConfigurationError(f"The id map {path} can't be read: {reason(error)}.") from None
    except InvalidContent as error:
        raise ConfigurationError(f"The id map {path} can't be read: {error}.") from None
    if not isinstance(document, Object):
        raise ConfigurationError(
            f'The id map {path} must be a flat JSON object of old and new ids, such as {{"old id": "new id"}}.'
        )
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
