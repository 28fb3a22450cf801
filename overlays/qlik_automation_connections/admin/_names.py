"""Names of users, spaces and connectors, which the API knows by their ids alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from ._errors import JobError

_KINDS = ("users", "spaces", "connectors")


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
        try:
            document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise JobError(f"The names in {path} can't be read: {error.strerror or error}.") from None
        except (ValueError, RecursionError) as error:
            raise JobError(f"The names in {path} are no JSON: {error}.") from None
        if not isinstance(document, dict):
            raise JobError(f"{path} must hold a JSON object of ids and names.")
        if document.keys() <= set(_KINDS) and document:
            parts = {kind: document.get(kind, {}) for kind in _KINDS}
        else:
            # Ids are unique, so one table can serve for all kinds.
            parts = dict.fromkeys(_KINDS, document)
        for kind, part in parts.items():
            if not isinstance(part, dict) or not all(isinstance(name, str) for name in part.values()):
                if part is document:
                    raise JobError(
                        f"{path} must be an object of ids and names, or hold such objects under {', '.join(_KINDS)} and"
                        " nothing else."
                    )
                raise JobError(f"{path}: {kind} must be an object of ids and names.")
        return cls(**parts)

    def updated(self, others: Names) -> Names:
        """These names, and those of others, which count where both know an id."""
        return Names(
            {**self.users, **others.users},
            {**self.spaces, **others.spaces},
            {**self.connectors, **others.connectors},
        )
