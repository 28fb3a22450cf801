"""A budget in a SQLite file, shared by the processes of one machine.

Moments are from the monotonic clock, which all processes of a machine share. A reboot resets it; a place may then stay
taken too long, but at most for one window after it is first looked at.
"""

from __future__ import annotations

import math
import os
import sqlite3
import time
import uuid
import weakref
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from .._log import logger
from ..errors import ConfigurationError
from ._store import Reply, Report, StoreError, lease_seconds
from ._window_log import LONGEST_STOP, spread, stop_seconds

T = TypeVar("T")

_APPLICATION_ID: Final = 0x51414350
_BUSY_SECONDS: Final = 5.0
_TICKS_IN_A_WINDOW: Final = 30_000
"""Places become free at the end of a tick; places of the same tick share a row."""
_SCHEMA: Final = (
    "CREATE TABLE memory (epoch TEXT NOT NULL)",
    """CREATE TABLE tier (
        id INTEGER PRIMARY KEY, budget TEXT NOT NULL, tier INTEGER NOT NULL, stopped_until REAL NOT NULL,
        UNIQUE (budget, tier))""",
    """CREATE TABLE place (
        tier INTEGER NOT NULL, free_at REAL NOT NULL, stranger INTEGER NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (tier, free_at, stranger)) WITHOUT ROWID""",
    """CREATE TABLE process (
        tier INTEGER NOT NULL, id TEXT NOT NULL, in_flight INTEGER NOT NULL, seen REAL NOT NULL,
        lease REAL NOT NULL, PRIMARY KEY (tier, id)) WITHOUT ROWID""",
    f"PRAGMA application_id = {_APPLICATION_ID}",
)
_ADD: Final = """INSERT INTO place VALUES (?, ?, ?, ?)
    ON CONFLICT (tier, free_at, stranger) DO UPDATE SET count = count + excluded.count"""
_inherited: Final[list[sqlite3.Connection]] = []
"""Connections of the parent process, kept because collecting one closes it, and that would break the parent's locks."""


class SQLiteStore:
    """The places of one budget in a SQLite file.

    Args:
        path: The file, created if missing.
        budget: Name of the budget within the file, without secrets.
        clock: Returns seconds from a clock that everyone sharing the file has in common.

    Raises:
        ConfigurationError: The file can't be used, or is not a pacing database.
    """

    def __init__(self, path: Path, budget: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = f"sqlite:///{path}"
        self._path = path
        self._budget = budget
        self._clock = clock
        self._process = uuid.uuid4().hex
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        try:
            self._transaction(lambda connection: self._tier(connection, 0))
        except (sqlite3.Error, OSError, ValueError, StoreError) as error:
            self.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                # It is there, and whoever wants a place waits for it, as for one that is locked later.
                return
            raise ConfigurationError(
                f"The file {str(path)!r} can't be used for pacing: {error}. Use a separate file in an existing,"
                " writable folder of this machine."
            ) from None

    def after_fork(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._closing.detach()
            _inherited.append(connection)
        self._process = uuid.uuid4().hex

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._closing()

    def sync(self, report: Report) -> Reply:
        try:
            return self._transaction(lambda connection: self._sync(connection, report))
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise StoreError(str(error)) from None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        # A budget may ask for places, and so open the file, after its last `close`; then the collector closes it.
        self._closing = weakref.finalize(self, connection.close)
        # At exit, the last report needs the connection.
        self._closing.atexit = False
        self._connection = connection
        self._inode = os.stat(self._path).st_ino
        self._in_transaction(connection, lambda: self._prepare(connection))
        # A power cut may lose the latest places. Rebooting takes a while anyway, so syncing each one isn't worth it.
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            # Another process has the file open in another mode. Everything works without the log, only slower.
            logger.debug("no write-ahead log for %s: %s", self.name, error)
        return connection

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        if connection is not None and self._is_replaced():
            self.close()
            connection = None
        opened = self._open() if connection is None else connection
        return self._in_transaction(opened, lambda: work(opened))

    @staticmethod
    def _in_transaction(connection: sqlite3.Connection, work: Callable[[], T]) -> T:
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _is_replaced(self) -> bool:
        try:
            return os.stat(self._path).st_ino != self._inode
        except FileNotFoundError:
            return True

    @staticmethod
    def _prepare(connection: sqlite3.Connection) -> None:
        (kind,) = connection.execute("PRAGMA application_id").fetchone()
        if kind == _APPLICATION_ID:
            return
        if kind or connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise StoreError("it is another application's database")
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO memory VALUES (?)", (uuid.uuid4().hex,))

    def _tier(self, connection: sqlite3.Connection, tier: int) -> tuple[int, float]:
        select = "SELECT id, stopped_until FROM tier WHERE budget = ? AND tier = ?"
        row = connection.execute(select, (self._budget, tier)).fetchone()
        if row is None:
            connection.execute("INSERT INTO tier VALUES (NULL, ?, ?, 0)", (self._budget, tier))
            row = connection.execute(select, (self._budget, tier)).fetchone()
        return row[0], row[1]

    def _sync(self, connection: sqlite3.Connection, report: Report) -> Reply:
        (epoch,) = connection.execute("SELECT epoch FROM memory").fetchone()
        if report.epoch not in (None, epoch):
            return Reply(0, None, 0, 1, epoch)
        now = self._clock()
        tier, stopped_until = self._tier(connection, report.tier)
        self._clean(connection, tier, now, report)
        tick = report.window / _TICKS_IN_A_WINDOW
        ticks = Counter(math.ceil((now + seconds) / tick) * tick for seconds in report.completed)
        connection.executemany(_ADD, [(tier, moment, 0, count) for moment, count in ticks.items()])
        self._say_in_flight(connection, tier, now, report, report.in_flight)
        if stopped_until > now + LONGEST_STOP:
            stopped_until = now
        stops = [stop_seconds(stop) for stop in (report.refused, report.hold) if stop is not None]
        if stops:
            stopped_until = max(stopped_until, now + max(stops))
            connection.execute("UPDATE tier SET stopped_until = ? WHERE id = ?", (stopped_until, tier))
        if report.refused is not None:
            connection.execute("DELETE FROM place WHERE tier = ? AND stranger = 1", (tier,))
            unknown = max(0, report.capacity - self._used(connection, tier))
            foreign = spread(unknown, stopped_until, max(stopped_until, now + report.window))
            connection.executemany(_ADD, [(tier, moment, 1, 1) for moment in foreign])
        free = report.capacity - self._used(connection, tier)
        granted = max(0, min(free, report.want)) if now >= stopped_until else 0
        if granted:
            self._say_in_flight(connection, tier, now, report, report.in_flight + granted)
        wait = self._wait(connection, tier, now, 1 - free + granted)
        if stopped_until > now:
            wait = max(wait or 0.0, stopped_until - now)
        (processes,) = connection.execute("SELECT count(*) FROM process WHERE tier = ?", (tier,)).fetchone()
        return Reply(granted, wait, max(0, free - granted), processes, epoch)

    def _clean(self, connection: sqlite3.Connection, tier: int, now: float, report: Report) -> None:
        window = report.window
        connection.execute("DELETE FROM place WHERE tier = ? AND free_at <= ?", (tier, now))
        # Moments this far ahead are from before the clock was reset.
        ahead = (tier, now + 1.5 * window)
        (count,) = connection.execute("SELECT sum(count) FROM place WHERE tier = ? AND free_at > ?", ahead).fetchone()
        if count:
            connection.execute("DELETE FROM place WHERE tier = ? AND free_at > ?", ahead)
            connection.execute(_ADD, (tier, now + window, 0, count))
        connection.execute("UPDATE process SET seen = ?, lease = ? WHERE tier = ? AND seen > ?", (now, now, tier, now))
        # A silent process was killed or suspended; it sent its requests before its lease expired.
        dead = connection.execute(
            "SELECT id, in_flight, lease FROM process WHERE tier = ? AND id != ? AND in_flight > 0 AND lease < ?",
            (tier, self._process, now),
        ).fetchall()
        for process, in_flight, lease in dead:
            connection.execute("UPDATE process SET in_flight = 0 WHERE tier = ? AND id = ?", (tier, process))
            connection.execute(_ADD, (tier, lease + window, 0, in_flight))
        gone = (tier, now - window - lease_seconds(window))
        connection.execute("DELETE FROM process WHERE tier = ? AND in_flight = 0 AND seen < ?", gone)

    def _say_in_flight(
        self, connection: sqlite3.Connection, tier: int, now: float, report: Report, in_flight: int
    ) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO process VALUES (?, ?, ?, ?, ?)",
            (tier, self._process, in_flight, now, now + lease_seconds(report.window)),
        )

    @staticmethod
    def _used(connection: sqlite3.Connection, tier: int) -> int:
        used: int
        (used,) = connection.execute(
            "SELECT coalesce((SELECT sum(count) FROM place WHERE tier = ?1), 0)"
            " + coalesce((SELECT sum(in_flight) FROM process WHERE tier = ?1), 0)",
            (tier,),
        ).fetchone()
        return used

    @staticmethod
    def _wait(connection: sqlite3.Connection, tier: int, now: float, missing: int) -> float | None:
        """Return the seconds until `missing` more places are free; None if that depends on outstanding responses."""
        if missing <= 0:
            return 0.0
        rows = connection.execute("SELECT free_at, count FROM place WHERE tier = ? ORDER BY free_at", (tier,))
        for moment, count in rows:
            missing -= count
            if missing <= 0:
                return max(0.0, float(moment) - now)
        return None
