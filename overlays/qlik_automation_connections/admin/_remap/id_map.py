"""The map of ids: what a connection was called in one tenant, and what it is called in another."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from ...errors import ConfigurationError
from .encodings import NoText, decode_file

_FORM = 'it must be a flat JSON object of old ids and new ones, such as {"old id": "new id"}'


@frozen
class SharedTarget:
    """Several old ids that become one.

    Attributes:
        new: the id that they become.
        old: what they were.
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
        """Checks a map of ids.

        Args:
            ids: new ids by old ones.

        Raises:
            ConfigurationError: it is no mapping, or an id in it is no string or an empty one.
        """
        if not isinstance(ids, Mapping):
            raise ConfigurationError(f"The id map must map old ids to new ones; it is a {type(ids).__name__}.")
        for number, (old, new) in enumerate(ids.items(), start=1):
            for what, value in (("old", old), ("new", new)):
                if not isinstance(value, str) or not value.strip():
                    kind = "empty" if isinstance(value, str) else f"no string but a {type(value).__name__}"
                    raise ConfigurationError(f"Entry {number} of the id map: the {what} id is {kind}.")
        sources: dict[str, list[str]] = {}
        for old, new in ids.items():
            sources.setdefault(new, []).append(old)
        shared = tuple(SharedTarget(new, tuple(olds)) for new, olds in sources.items() if len(olds) > 1)
        return cls(dict(ids), frozenset(sources), shared)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    ids: dict[str, object] = {}
    for old, new in pairs:
        if ids.setdefault(old, new) != new:
            raise ConfigurationError(f"the old id {old!r} is in it twice, with different new ids")
    return ids


def read_id_map(path: str | os.PathLike[str]) -> dict[str, str]:
    """Reads a map of ids from a JSON file, as a restore writes it to `id-map.json`.

    Args:
        path: a file with a flat JSON object: old ids, and the new ones as their values.

    Returns:
        New ids by old ones.

    Raises:
        ConfigurationError: it can't be read, is no such object, or has an old id twice with different new ones.
    """
    try:
        text, _ = decode_file(Path(path).read_bytes())
        document = json.loads(text, object_pairs_hook=_unique)
    except OSError as error:
        raise ConfigurationError(f"The id map {path} can't be read: {error.strerror or error}.") from None
    except NoText as error:
        raise ConfigurationError(f"The id map {path} can't be read: {error}.") from None
    except ConfigurationError as error:
        raise ConfigurationError(f"The id map {path} is ambiguous: {error}.") from None
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"The id map {path} is no JSON at line {error.lineno}, column {error.colno}: {_FORM}."
        ) from None
    except (RecursionError, ValueError):
        raise ConfigurationError(f"The id map {path} is not understood: {_FORM}.") from None
    if not isinstance(document, dict):
        raise ConfigurationError(f"The id map {path} is no object: {_FORM}.")
    try:
        IdMap.of(document)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    return document
