"""A record of every request that the sandbox received, and its outcome."""

import threading
from collections import deque
from collections.abc import Iterator
from urllib.parse import unquote_plus

import attrs

from ._spec import Spec


@attrs.frozen
class LedgerEntry:
    """One request. Holds no header, no body and no token.

    Attributes:
        number: Position among all requests, from 1, in order of arrival.
        time: When the complete request had arrived, in seconds since the start on the sandbox's clock, which `speed`
            accelerates.
        method: HTTP method.
        path: Path as sent, still percent-encoded.
        query: Query string as sent.
        operation: operationId, "oauthToken" for the token endpoint, None if no operation matched.
        principal: "user:<id>" or "client:<id>", None if the caller was not recognized.
        tier: Rate tier, 1 or 2, None if no operation matched.
        status: Status of the response, None if the connection was dropped without one.
        processed: Whether the operation took effect.
        refused: Whether it was refused with a 429.
        trace_id: Identifier repeated in the body of an error, 32 hexadecimal digits.
        connection_id: The connection that the request named or created, if any.
    """

    number: int
    time: float
    method: str
    path: str
    query: str
    operation: str | None = None
    principal: str | None = None
    tier: int | None = None
    status: int | None = None
    processed: bool = False
    refused: bool = False
    trace_id: str = ""
    connection_id: str | None = None


def shown_target(entry: LedgerEntry, spec: Spec) -> str:
    """Return the path and query of a request for people to read, without values that the spec knows nothing of."""
    operation = spec.operations.get(entry.operation or "")
    shown = []
    for part in filter(None, entry.query.split("&")):
        name = part.partition("=")[0]
        declared = operation is not None and unquote_plus(name) in operation.query
        shown.append(part if declared else f"{name}=…" if "=" in part else "…")
    return f"{entry.path}{'?' if shown else ''}{'&'.join(shown)}"


class Ledger:
    """Thread-safe sequence of received requests, in order of arrival.

    A request is recorded before its response is sent, so the entry exists once the client has the response.

    Args:
        most: How many entries to keep, the latest; None for all.
    """

    def __init__(self, most: int | None = None) -> None:
        self._lock = threading.Lock()
        self._entries: deque[LedgerEntry] = deque(maxlen=most)

    def record(self, entry: LedgerEntry) -> None:
        """Add one entry."""
        with self._lock:
            self._entries.append(entry)

    def snapshot(self) -> list[LedgerEntry]:
        """Return the entries so far, in order of arrival."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._entries.clear()

    def select(
        self, *, operation: str | None = None, status: int | None = None, processed: bool | None = None
    ) -> list[LedgerEntry]:
        """Return the entries that match all arguments.

        Args:
            operation: operationId, or None for any.
            status: Status of the response, or None for any.
            processed: Whether the operation took effect, or None for either.

        Returns:
            The entries, in order of arrival.
        """
        return [
            entry
            for entry in self.snapshot()
            if (operation is None or entry.operation == operation)
            and (status is None or entry.status == status)
            and (processed is None or entry.processed == processed)
        ]

    def count(self, *, operation: str | None = None, status: int | None = None, processed: bool | None = None) -> int:
        """Count the entries that `select` would return for the same arguments."""
        return len(self.select(operation=operation, status=status, processed=processed))

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def __iter__(self) -> Iterator[LedgerEntry]:
        return iter(self.snapshot())

    def __getitem__(self, index: int) -> LedgerEntry:
        with self._lock:
            return self._entries[index]

    def __repr__(self) -> str:
        return f"<Ledger of {len(self)} requests>"
