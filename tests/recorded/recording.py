"""Keeps a recording in memory until its test has passed, and masked from the moment it is handed over."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from vcr import VCR  # type: ignore[import-untyped]
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]
from vcr.persisters.filesystem import CassetteNotFoundError  # type: ignore[import-untyped]
from vcr.serialize import serialize  # type: ignore[import-untyped]

from .leaks import leaks
from .masking import Masker

NotRecorded: type[Exception] = CannotOverwriteExistingCassetteException
"""What a replay raises for a request that its cassette does not hold."""

# Not on the host: where a cassette was recorded does not matter.
OPTIONS: dict[str, Any] = {"match_on": ("method", "path", "query", "body"), "decode_compressed_response": True}
MAX_INTERACTIONS = 100
"""Replay looks through all interactions for each request, so its cost grows with the square of their number."""


class Recording:
    """What a VCR uses instead of a file.

    Args:
        path: the cassette that `keep` writes.
        masker: what masks it.
        secrets: what must not be in it on any account.
    """

    def __init__(self, path: Path, masker: Masker, secrets: Collection[str]) -> None:
        self._path = path
        self._masker = masker
        self._secrets = secrets
        self._text: str | None = None

    def load_cassette(self, cassette_path: str, serializer: ModuleType) -> Any:
        """Finds nothing: a recording starts anew."""
        raise CassetteNotFoundError

    def save_cassette(self, cassette_path: str, cassette_dict: dict[str, Any], serializer: ModuleType) -> None:
        """Takes the recording over."""
        masked = self._masker.mask(serializer.deserialize(serialize(cassette_dict, serializer)))
        self._text = yaml.safe_dump(masked, allow_unicode=True, sort_keys=False, width=120)

    def keep(self) -> None:
        """Writes the cassette, unless something in it tells of where it was recorded."""
        assert self._text is not None, f"nothing was recorded for {self._path.name}"
        assert not any(secret in self._text for secret in self._secrets), "a secret is in the recording"
        assert leaks(self._text) == []
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(self._text, encoding="utf-8")


def recorded_with(recording: Recording) -> AbstractContextManager[Any]:
    """Records what is sent inside of it."""
    vcr = VCR(record_mode="new_episodes", **OPTIONS)
    vcr.register_persister(recording)
    context: AbstractContextManager[Any] = vcr.use_cassette("recording")
    return context


def replayed_from(path: Path) -> AbstractContextManager[Any]:
    """Answers what is sent inside of it from a cassette, and sends nothing."""
    context: AbstractContextManager[Any] = VCR(record_mode="none", **OPTIONS).use_cassette(str(path))
    return context
