"""Names of users, spaces and connectors, which the API knows by their ids alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from ._document import read, read_json
from ._errors import JobError

_KINDS: Final = ("users", "spaces", "connectors")


@frozen
class Names:
    """Names by id.

    Attributes:
        users: names of users.
        spaces: names of spaces.
        connectors: names of connectors.
    """

    users: Mapping[str, str] = field(factory=dict)
    spaces: Mapping[str, str] = field(factory=dict)
    connectors: Mapping[str, str] = field(factory=dict)

    @classmethod
    def read(cls, path: str | Path) -> Names:
        """Reads names from a JSON file.

        Args:
            path: a file with an object of ids and names, or with such objects under `users`, `spaces` and
                `connectors`.

        Raises:
            JobError: it can't be read, or is something else.
        """
        document = read_json(path, "file of names")
        try:
            if isinstance(document, dict) and document and document.keys() <= set(_KINDS):
                return read(cls, document, "file of names")
            # Ids are unique, so one table can serve for all kinds.
            return read(cls, dict.fromkeys(_KINDS, document), "file of names")
        except JobError as error:
            expected = (
                f"It must hold an object of ids and names, or such objects under {', '.join(_KINDS)} and nothing else"
            )
            raise JobError(f"{path}: {error} {expected}.") from None

    def updated(self, others: Names) -> Names:
        """These names, and those of others, which count where both know an id."""
        return Names(
            {**self.users, **others.users},
            {**self.spaces, **others.spaces},
            {**self.connectors, **others.connectors},
        )
