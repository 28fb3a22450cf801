"""Names of users, spaces and connectors, for which the API has only ids."""

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
        users: Names of users.
        spaces: Names of spaces.
        connectors: Names of connectors.
        inactive_users: `disabled`, `deleted`, or `gone` if the tenant does not have the user; by user id.
    """

    users: Mapping[str, str] = field(factory=dict)
    spaces: Mapping[str, str] = field(factory=dict)
    connectors: Mapping[str, str] = field(factory=dict)
    inactive_users: Mapping[str, str] = field(factory=dict)

    @classmethod
    def read(cls, path: str | Path) -> Names:
        """Read names from a JSON file.

        Args:
            path: File with an object that maps ids to names, or with such objects under `users`, `spaces` and
                `connectors`.

        Raises:
            JobError: The file can't be read, or holds something else.
        """
        document = read_json(path, "file of names")
        try:
            if isinstance(document, dict) and document and document.keys() <= set(_KINDS):
                return read(cls, document, "file of names")
            # Ids are unique, so one table can serve for all kinds.
            return read(cls, dict.fromkeys(_KINDS, document), "file of names")
        except JobError as error:
            expected = f"It must hold an object that maps ids to names, or such objects under {', '.join(_KINDS)} only"
            raise JobError(f"{path}: {error} {expected}.") from None

    def updated(self, others: Names) -> Names:
        """Return these names updated with others, which take precedence."""
        return Names(
            {**self.users, **others.users},
            {**self.spaces, **others.spaces},
            {**self.connectors, **others.connectors},
            {**self.inactive_users, **others.inactive_users},
        )
