"""Runs one fault against every operation, sync and async, and notes what came of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Literal, get_args

import anyio
import anyio.to_thread
import trio  # noqa: F401  # imported here, before threads would import it at the same time
from attrs import frozen

from qlik_automation_connections import AsyncTenant, RetryPolicy, Tenant

from .faults import RESULT, RETRIES, Expected, Fault
from .server import HostileServer
from .targets import API_KEY, TARGETS, Target, call_async, call_sync

Flavour = Literal["sync", "asyncio", "trio"]
FLAVOURS: Final[tuple[Flavour, ...]] = get_args(Flavour)

_TRIES: Final = 3
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
            "timeout": fault.timeout,
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


async def _attack_all(fault: Fault) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}

    async def attack(target: Target) -> None:
        outcomes[target.name] = await _attack_async(fault, target)

    async with anyio.create_task_group() as group:
        for target in TARGETS.values():
            group.start_soon(attack, target)
    return outcomes


def _run_all(fault: Fault, backend: Flavour) -> dict[str, Outcome]:
    return anyio.run(_attack_all, fault, backend=backend)


def _measured(fault: Fault) -> Mapping[tuple[Flavour, str], Outcome]:
    """Outcomes of one run, all at the same time, each against a server of its own: most of the time is waiting."""
    with ThreadPoolExecutor(len(TARGETS) + 2) as pool:
        sync: dict[str, Future[Outcome]] = {
            name: pool.submit(_attack_sync, fault, target) for name, target in TARGETS.items()
        }
        others = {backend: pool.submit(_run_all, fault, backend) for backend in FLAVOURS[1:]}
        outcomes: dict[tuple[Flavour, str], Outcome] = {("sync", name): run.result() for name, run in sync.items()}
        for backend, run in others.items():
            outcomes |= {(backend, name): outcome for name, outcome in run.result().items()}
    return outcomes


def _as_expected(fault: Fault, outcomes: Mapping[tuple[Flavour, str], Outcome]) -> bool:
    return all(
        outcome.seen == fault.expects(target) and outcome.aftermath is None for (_, target), outcome in outcomes.items()
    )


@functools.cache
def measure(fault: Fault) -> Mapping[tuple[Flavour, str], Outcome]:
    """Outcomes by flavour and operation.

    Time-outs of a fraction of a second are met by a machine that is held up, too: what is not as expected is measured
    again, and a fault of the code is there every time.
    """
    for _ in range(_TRIES - 1):
        outcomes = _measured(fault)
        if _as_expected(fault, outcomes):
            return outcomes
    return _measured(fault)
