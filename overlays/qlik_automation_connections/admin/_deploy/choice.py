"""Which automations of a source to deploy, by patterns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from ...errors import ConfigurationError
from .._people import Person
from .sources import Deployable, Source

_FIELDS: Final = ("name", "space", "owner")


class _Pattern(NamedTuple):
    field: str
    glob: str


def _pattern(text: str) -> _Pattern:
    field, equals, glob = text.partition("=")
    pattern = _Pattern(field, glob) if equals and field in _FIELDS else _Pattern("name", text)
    if not pattern.glob:
        raise ConfigurationError(f"The pattern {text!r} is empty: give a name, space=PATTERN or owner=PATTERN.")
    return pattern


class Choice:
    """Automations that match one pattern and none of others.

    Args:
        only: Patterns for names, or after `space=` or `owner=` for those of spaces and owners; empty for all.
        exclude: Patterns of those to leave out.

    Raises:
        ConfigurationError: A pattern is empty.
    """

    def __init__(self, only: Iterable[str], exclude: Iterable[str]) -> None:
        self._texts = list(only)
        self._only = [_pattern(each) for each in self._texts]
        self._exclude = [_pattern(each) for each in exclude]

    @property
    def is_everything(self) -> bool:
        """Whether all automations are chosen, for want of patterns."""
        return not (self._only or self._exclude)

    def of(self, source: Source) -> list[Deployable]:
        """Return the automations of a source that are chosen.

        Raises:
            ConfigurationError: The patterns match none of them.
        """
        found = [each for each in source.automations if self._is_chosen(each, source)]
        if self._only and not found:
            raise ConfigurationError(f"No automation in {source.path} matches {', '.join(self._texts)}.")
        return found

    def _is_chosen(self, item: Deployable, source: Source) -> bool:
        noted = {each.id: each for each in source.people}
        owner, space = noted.get(item.owner_id or ""), noted.get(item.space_id)
        texts: dict[str, list[str | None]] = {
            "name": [item.name],
            "space": [item.space_id, space.name if space is not None else None],
            "owner": [item.owner_id, *((owner.name, owner.email) if isinstance(owner, Person) else ())],
        }

        def matches(patterns: Collection[_Pattern]) -> bool:
            pairs = ((text or "", pattern.glob) for pattern in patterns for text in texts[pattern.field])
            return any(fnmatchcase(text.casefold(), glob.casefold()) for text, glob in pairs)

        return (not self._only or matches(self._only)) and not matches(self._exclude)
