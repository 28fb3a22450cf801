"""Play one fault against operations, sync and async, and note the outcomes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Literal, get_args

import anyio
import anyio.to_thread
import httpx
import trio  # noqa: F401  # imported here, before threads would import it at the same time
from attrs import frozen

from qlik_automation_connections import AsyncTenant, RetryPolicy, Tenant

from .faults import FAULTS, RESULT, RETRIES, Expected, Fault
from .server import HostileServer
from .targets import API_KEY, TARGETS, Target, call_async, call_sync

Flavour = Literal["sync", "asyncio", "trio"]
FLAVOURS: Final[tuple[Flavour, ...]] = get_args(Flavour)
Cell = tuple[Flavour, str]
EVERY: Final = frozenset((flavour, name) for flavour in FLAVOURS for name in TARGETS)

PATIENCE: Final = 15.0
"""Seconds that the healthy call after a fault may take: a bound, so that a hang fails."""


@frozen
class Outcome:
    """What came of one operation.

    Attributes:
        seen: in the terms of what was expected.
        understood: whether a result was the right one.
        error: what was raised.
        connections: how many connections the server accepted.
        sent: how many bytes it could send.
        aftermath: what came of the same operation, answered healthily, on the same tenant: None if all was well.
    """

    seen: Expected
    understood: bool
    error: BaseException | None
    connections: int
    sent: int
    aftermath: str | None


class _Attack:
    """The parts of a run that are no I/O."""

    def __init__(self, fault: Fault, target: Target) -> None:
        self.target = target
        self.server = HostileServer(*fault.script(target), on_connect=fault.on_connect, listening=fault.listening)
        policy: dict[str, Any] = {"retries": RETRIES, "backoff": 0.0, "max_total": 20.0, **fault.policy}
        self.arguments: dict[str, Any] = {
            "url": self.server.url,
            "api_key": API_KEY,
            # Only the answer is late: a busy machine may take its time to connect.
            "timeout": httpx.Timeout(PATIENCE, read=fault.timeout),
            "retries": RetryPolicy(**policy),
        }
        self.error: BaseException | None = None
        self.understood = False
        self.aftermath: str | None = None

    def heal(self) -> None:
        self.seen = (len(self.server.requests), self.server.connections, self.server.sent)
        self.server.play(self.target.healthy)

    def check_aftermath(self, value: Any) -> None:
        if not self.target.understands(value):
            self.aftermath = f"a wrong result: {value!r}"

    def outcome(self) -> Outcome:
        requests, connections, sent = self.seen
        kind = RESULT if self.error is None else type(self.error).__name__
        seen = Expected(requests, kind, getattr(self.error, "may_have_been_processed", None))
        return Outcome(seen, self.understood, self.error, connections, sent, self.aftermath)


def _attack_sync(fault: Fault, target: Target) -> Outcome:
    attack = _Attack(fault, target)
    with attack.server, Tenant(**attack.arguments) as tenant:
        try:
            attack.understood = target.understands(call_sync(tenant, target))
        except Exception as error:  # noqa: BLE001
            attack.error = error
        attack.heal()
        try:
            attack.check_aftermath(call_sync(tenant.with_options(timeout=PATIENCE, retries=0), target))
        except Exception as error:  # noqa: BLE001
            attack.aftermath = repr(error)
        return attack.outcome()


async def _attack_async(fault: Fault, target: Target) -> Outcome:
    attack = _Attack(fault, target)
    try:
        async with AsyncTenant(**attack.arguments) as tenant:
            try:
                attack.understood = target.understands(await call_async(tenant, target))
            except Exception as error:  # noqa: BLE001
                attack.error = error
            attack.heal()
            try:
                attack.check_aftermath(await call_async(tenant.with_options(timeout=PATIENCE, retries=0), target))
            except Exception as error:  # noqa: BLE001
                attack.aftermath = repr(error)
    finally:
        await anyio.to_thread.run_sync(attack.server.close)
    return attack.outcome()


async def _attack_all(fault: Fault, targets: Sequence[Target]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}

    async def attack(target: Target) -> None:
        outcomes[target.name] = await _attack_async(fault, target)

    async with anyio.create_task_group() as group:
        for target in targets:
            group.start_soon(attack, target)
    return outcomes


def _run_sync(fault: Fault, target: Target) -> dict[str, Outcome]:
    return {target.name: _attack_sync(fault, target)}


def _run_all(fault: Fault, targets: Sequence[Target], backend: Flavour) -> dict[str, Outcome]:
    return anyio.run(_attack_all, fault, targets, backend=backend)


@functools.cache
def measure(fault: Fault, cells: frozenset[Cell] = EVERY) -> Mapping[Cell, Outcome]:
    """Play a fault in some ways to some operations, all at once, each against its own server: it is mostly waiting."""
    with ThreadPoolExecutor(len(cells)) as pool:
        outcomes: dict[Cell, Outcome] = {}
        runs: list[tuple[Flavour, Future[dict[str, Outcome]]]] = []
        for flavour in FLAVOURS:
            targets = [TARGETS[name] for way, name in sorted(cells) if way == flavour]
            if flavour == "sync":
                runs += [(flavour, pool.submit(_run_sync, fault, each)) for each in targets]
            elif targets:
                runs.append((flavour, pool.submit(_run_all, fault, targets, flavour)))
        for flavour, run in runs:
            outcomes |= {(flavour, name): outcome for name, outcome in run.result().items()}
    return outcomes


def sample(fault: Fault) -> frozenset[Cell]:
    """Return a create, and another operation each way: all faults together have each operation each way."""
    number, names = FAULTS.index(fault), sorted(TARGETS)
    others = {(flavour, names[(number + 3 * way) % len(names)]) for way, flavour in enumerate(FLAVOURS)}
    return frozenset({*others, (FLAVOURS[number % len(FLAVOURS)], "create")})
