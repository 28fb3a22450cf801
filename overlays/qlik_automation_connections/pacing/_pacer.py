"""Pacers, and the budgets of this process that they share."""

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
    """Says when a request may be sent. Threads and tasks may share it; it holds nothing that has to be closed.

    Args:
        pacing: how to pace.
        budget: the budget to draw on.
    """

    def __init__(self, pacing: Pacing, budget: Budget) -> None:
        self.pacing = pacing
        self._budget = budget

    def acquire(self, tier: int) -> Permit:
        """Wait until one request may be sent; block the thread.

        Args:
            tier: rate tier of the operation, 1 or 2.

        Returns:
            A permit, to be handed back with `complete`, `release` or `refused`.
        """
        return self._budget.acquire(tier, self.pacing)

    async def acquire_async(self, tier: int) -> Permit:
        """Wait until one request may be sent, in a task of asyncio or trio.

        Args:
            tier: rate tier of the operation, 1 or 2.

        Returns:
            A permit, to be handed back with `complete`, `release` or `refused`.
        """
        return await self._budget.acquire_async(tier, self.pacing)

    def complete(self, permit: Permit) -> None:
        """Hand a permit back: the response came, or may have been on its way. Never waits for I/O, nor do those below.

        Args:
            permit: what the request was sent with; its place is free again when the window has passed.
        """
        self._budget.complete(permit)

    def release(self, permit: Permit) -> None:
        """Hand a permit back: the request was not sent.

        Args:
            permit: what the request would have been sent with; its place is free at once.
        """
        self._budget.release(permit)

    def refused(self, permit: Permit, retry_after: float | None) -> None:
        """Hand a permit back: the answer was 429. Its tier stops for all who share the budget.

        Args:
            permit: what the request was sent with.
            retry_after: seconds that the answer asks to wait; None if it names none, which is taken for 1.
        """
        self._budget.refused(permit, 1.0 if retry_after is None else retry_after)


_Key = tuple[str, str, str]
_lock = threading.Lock()
_budgets: dict[_Key, Budget] = {}
_pacers: dict[_Key, weakref.WeakSet[Pacer]] = {}


def pacer_for(pacing: Pacing, origin: str, principal: str) -> Pacer:
    """Return the pacer of a principal at a tenant. Those with the same store, origin and principal share a budget.

    Args:
        pacing: how to pace. Where windows differ within a budget, the longest counts.
        origin: origin of the tenant, such as `https://acme.eu.qlikcloud.com`.
        principal: who signs in, as an id or a hash; never a secret, for shared stores hold it.

    Returns:
        A pacer. The budget behind it is kept for as long as it has something to remember.

    Raises:
        ConfigurationError: the store can't be used; the message says why.
    """
    path = sqlite_path(pacing.store)
    # A hash, for an address may hold a password.
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
    # Loading the stores takes longer than all of this, and few need one.
    from ._shared_budget import SharedBudget

    if path is not None:
        from ._sqlite_store import SQLiteStore

        return SharedBudget(origin, pacing.held_seconds, SQLiteStore(path, name))
    from ._redis_store import RedisStore

    return SharedBudget(origin, pacing.held_seconds, RedisStore(Secret(pacing.store), name))


def forget() -> None:
    """Close all budgets of this process, for tests: tenants keep theirs, later ones start afresh."""
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
