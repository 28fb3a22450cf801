"""Pacers, and the budgets that they share within this process."""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
import weakref

from .._secrets import Secret
from ._budget import Budget
from ._permit import Permit
from ._settings import MEMORY, Pacing, sqlite_path


class Pacer:
    """Decides when a request may be sent. Threads and tasks may share a pacer; it needs no closing.

    Args:
        pacing: How to pace.
        budget: The budget to draw on.
    """

    def __init__(self, pacing: Pacing, budget: Budget) -> None:
        self.pacing = pacing
        self._budget = budget

    def acquire(self, tier: int) -> Permit:
        """Block the thread until one request may be sent.

        Args:
            tier: Rate tier of the operation, 1 or 2.

        Returns:
            A permit. Hand it back with `complete`, `release` or `refused`.
        """
        return self._budget.acquire(tier, self.pacing)

    async def acquire_async(self, tier: int) -> Permit:
        """Wait in an asyncio or trio task until one request may be sent.

        Args:
            tier: Rate tier of the operation, 1 or 2.

        Returns:
            A permit. Hand it back with `complete`, `release` or `refused`.
        """
        return await self._budget.acquire_async(tier, self.pacing)

    def complete(self, permit: Permit) -> None:
        """Hand back a permit whose request was, or may have been, answered.

        Like `release` and `refused`, this never waits for I/O.

        Args:
            permit: The permit that the request was sent with. Its place is free again after one window.
        """
        self._budget.complete(permit)

    def release(self, permit: Permit) -> None:
        """Hand back a permit whose request was not sent.

        Args:
            permit: The unused permit. Its place is free at once.
        """
        self._budget.release(permit)

    def refused(self, permit: Permit, retry_after: float | None) -> None:
        """Hand back a permit whose request got a 429. Its tier stops for everyone who shares the budget.

        Args:
            permit: The permit that the request was sent with.
            retry_after: Seconds from the response's `Retry-After`. None, if absent, counts as 1.
        """
        self._budget.refused(permit, 1.0 if retry_after is None else retry_after)


_Key = tuple[str, str, str]
_lock = threading.Lock()
_budgets: dict[_Key, Budget] = {}
_pacers: dict[_Key, weakref.WeakSet[Pacer]] = {}


def pacer_for(pacing: Pacing, origin: str, principal: str) -> Pacer:
    """Return a pacer for a principal at a tenant. Pacers with the same store, origin and principal share a budget.

    Args:
        pacing: How to pace. If windows differ within a budget, the longest counts.
        origin: Origin of the tenant, such as `https://acme.eu.qlikcloud.com`.
        principal: Id or hash of whoever signs in. Never a secret: shared stores keep it.

    Returns:
        A pacer. Its budget is kept for as long as it has something to remember.

    Raises:
        ConfigurationError: The store can't be used. The message gives the reason.
    """
    path = sqlite_path(pacing.store)
    # Hashed because an address may contain a password.
    shared = str(path) if path is not None else hashlib.sha256(pacing.store.encode()).hexdigest()
    key = (MEMORY if pacing.store == MEMORY else shared, origin, principal)
    with _lock:
        for other in [other for other in _budgets if other != key and not _pacers[other]]:
            if _budgets[other].is_idle():
                _budgets.pop(other).close()
                del _pacers[other]
        if key not in _budgets:
            _budgets[key] = _open(pacing, origin, principal)
            _pacers[key] = weakref.WeakSet()
        else:
            _budgets[key].widen(pacing.held_seconds)
        pacer = Pacer(pacing, _budgets[key])
        _pacers[key].add(pacer)
        return pacer


def _open(pacing: Pacing, origin: str, principal: str) -> Budget:
    if pacing.store == MEMORY:
        return Budget(origin, pacing.held_seconds)
    name = f"{origin} {principal}"
    path = sqlite_path(pacing.store)
    # Imported here because the stores are slow to load and few users need one.
    from ._shared_budget import SharedBudget

    if path is not None:
        from ._sqlite_store import SQLiteStore

        return SharedBudget(origin, pacing.held_seconds, SQLiteStore(path, name))
    from ._redis_store import RedisStore

    return SharedBudget(origin, pacing.held_seconds, RedisStore(Secret(pacing.store), name))


def forget() -> None:
    """Close all budgets of this process, for tests. Existing tenants keep theirs; new tenants get new ones."""
    with _lock:
        budgets = list(_budgets.values())
        _budgets.clear()
        _pacers.clear()
    for budget in budgets:
        budget.close()


def _after_fork() -> None:
    global _lock
    _lock = threading.Lock()
    for budget in _budgets.values():
        budget.after_fork()


atexit.register(forget)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
