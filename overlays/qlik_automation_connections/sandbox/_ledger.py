"""The record of every request that the sandbox saw, and what became of it."""

import threading
from collections.abc import Iterator

import attrs


@attrs.frozen
class LedgerEntry:
    """One request. Holds no header, no body and no token.

    Attributes:
        number: Position among all requests, from 1, in order of arrival.
        time: When the whole request was there, in seconds since the start, on the sandbox's clock, which `speed`
            makes run faster.
        method: HTTP method.
        path: Path as it was sent, still percent-encoded.
        query: Query string as it was sent.
        operation: operationId, "oauthToken" for the token endpoint, None where no operation was met.
        principal: "user:<id>" or "client:<id>", None where the caller was not recognised.
        tier: Rate tier, 1 or 2, None where no operation was met.
        status: Status of the answer, None where the connection was dropped without one.
        processed: Whether the operation took effect.
        refused: Whether it was refused with a 429.
        trace_id: Identifier that an error's body carries, 32 hexadecimal digits.
        connection_id: The connection that the request named or created, if any.
    """

    number: int
    time: float
    method: str
    path: str
    query: str
    operation: str | None
    principal: str | None
    tier: int | None
    status: int | None
    processed: bool
    refused: bool
    trace_id: str
    connection_id: str | None


class Ledger:
    """Thread-safe sequence of what the sandbox saw, in order of arrival.

    An entry is there before its answer leaves, so a client that has its answer finds its request recorded.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[LedgerEntry] = []

    def record(self, entry: LedgerEntry) -> None:
        """Add one entry."""
        with self._lock:
            self._entries.append(entry)

    def snapshot(self) -> list[LedgerEntry]:
        """Return the entries so far, in order of arrival."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()

    def select(
        self, *, operation: str | None = None, status: int | None = None, processed: bool | None = None
    ) -> list[LedgerEntry]:
        """Return the entries that meet all that is given.

        Args:
            operation: operationId, or None for any.
            status: Status of the answer, or None for any.
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
