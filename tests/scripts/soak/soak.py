"""Work against a sandbox that fails at random, with an account of every operation.

Threads and tasks create, change, read, check and delete connections of their own while requests are refused, responses
are cut off and connections reset, before and after the work was done. After each round the client's outcomes are
compared with the sandbox's ledger and state:

- every request in the ledger is a try that the client knows of, and vice versa;
- what was created is there once, what certainly failed is not there, what may have been done is there at most once;
- each connection has the last name that a change gave it, or one that may have been given later.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
from attrs import define, field

from qlik_automation_connections import APIError, AsyncTenant, NotFoundError, RetryPolicy, Tenant
from qlik_automation_connections.sandbox import Fault, Sandbox

FAULTS = (
    Fault(kind="status", status=429, retry_after=0, times=None, probability=0.03),
    Fault(kind="status", status=503, retry_after=0.001, times=None, probability=0.03),
    Fault(kind="status", status=503, times=None, probability=0.02),
    Fault(kind="status", status=500, times=None, probability=0.02),
    Fault(kind="html", times=None, probability=0.02),
    Fault(kind="reset", times=None, probability=0.03),
    Fault(kind="reset-after-processing", times=None, probability=0.03),
    Fault(kind="truncate", times=None, probability=0.02),
)
WORKERS = 8
JOBS_A_WORKER = 12

# A job yields a method of `tenant.connections` with its arguments, and is sent the result: threads and tasks share it.
Step = tuple[str, tuple[Any, ...], dict[str, Any]]
Job = Generator[Step, Any, None]


@define
class Book:
    """What the client knows of one round."""

    lock: threading.Lock = field(factory=threading.Lock)
    calls: int = 0
    retries: int = 0
    there: dict[str, set[str]] = field(factory=dict)
    """Names that a connection may have, by id, for those that are certainly there."""
    gone: set[str] = field(factory=set)
    perhaps_gone: set[str] = field(factory=set)
    perhaps_created: set[str] = field(factory=set)
    never_created: set[str] = field(factory=set)

    def count_retry(self) -> None:
        with self.lock:
            self.retries += 1

    def count_call(self) -> None:
        with self.lock:
            self.calls += 1


def job(book: Book, connector_id: str, user_id: str, label: str, dice: random.Random) -> Job:
    """The life of one connection."""
    name = f"{label} 0"
    try:
        created = yield "create", (), {"connector_id": connector_id, "name": name, "params": {"username": "soak"}}
    except APIError as error:
        (book.perhaps_created if error.may_have_been_processed else book.never_created).add(name)
        return
    id = created.id
    book.there[id] = {name}
    for number in range(1, dice.randint(2, 6)):
        action = dice.choice(("update", "get", "check", "change_owner", "change_space", "list"))
        try:
            if action == "update":
                name = f"{label} {number}"
                book.there[id].add(name)
                yield action, (id,), {"name": name}
                book.there[id] = {name}
            elif action == "get":
                seen = yield action, (id,), {}
                if seen.id != id or seen.name not in book.there[id]:
                    raise AssertionError(f"{id} reads {seen!r}, which nobody wrote")
            elif action == "list":
                yield action, (), {"name": name, "limit": 10, "list_all": True}
            else:
                more: dict[str, dict[str, Any]] = {
                    "change_owner": {"user_id": user_id},
                    "change_space": {"space_id": None},
                }
                yield action, (id,), more.get(action, {})
        except APIError as error:
            if action == "update" and not error.may_have_been_processed:
                book.there[id].discard(name)
    if dice.random() < 0.7:
        try:
            yield "delete", (id,), {"forced": True}
            book.gone.add(id)
        except NotFoundError:
            raise AssertionError(f"{id} was gone before it was deleted") from None
        except APIError as error:
            if error.may_have_been_processed:
                book.perhaps_gone.add(id)


def advance(each: Job, outcome: Any) -> Step | None:
    """Return the next step of a job, given the outcome of its last one; None at its end."""
    try:
        return each.throw(outcome) if isinstance(outcome, APIError) else each.send(outcome)
    except StopIteration:
        return None


def work(tenant: Tenant, book: Book, jobs: list[Job]) -> None:
    for each in jobs:
        outcome: Any = None
        while (step := advance(each, outcome)) is not None:
            method, arguments, keywords = step
            try:
                outcome = getattr(tenant.connections, method)(*arguments, **keywords)
                outcome = next(outcome.pages()) if method == "list" else outcome
            except APIError as error:
                outcome = error
            book.count_call()


async def work_async(tenant: AsyncTenant, book: Book, jobs: list[Job]) -> None:
    for each in jobs:
        outcome: Any = None
        while (step := advance(each, outcome)) is not None:
            method, arguments, keywords = step
            try:
                asked = getattr(tenant.connections, method)(*arguments, **keywords)
                outcome = await (anext(asked.pages()) if method == "list" else asked)
            except APIError as error:
                outcome = error
            book.count_call()


def run_round(sandbox: Sandbox, tenant: Tenant, number: int, policy: RetryPolicy, book: Book, backend: str) -> None:
    """One round: threads on the tenant that lives through all rounds, then tasks on one of their own."""
    connector = next(connector for connector in sandbox.connectors if not connector.oauth and not connector.managed)

    def jobs(kind: str, worker: int) -> list[Job]:
        dice = random.Random(f"{number} {kind} {worker}")
        return [
            job(book, connector.id, dice.choice(sandbox.users).id, f"{kind} {number}.{worker}.{index}", dice)
            for index in range(JOBS_A_WORKER)
        ]

    with ThreadPoolExecutor(WORKERS) as threads:
        for done in [threads.submit(work, tenant, book, jobs("thread", worker)) for worker in range(WORKERS)]:
            done.result()

    async def tasks() -> None:
        async with (
            AsyncTenant(sandbox.url, api_key=sandbox.api_key, retries=policy, pacing="off") as tenant,
            anyio.create_task_group() as group,
        ):
            for worker in range(WORKERS):
                group.start_soon(work_async, tenant, book, jobs("task", worker))

    anyio.run(tasks, backend=backend)


def discrepancies(sandbox: Sandbox, book: Book, before: set[str]) -> list[str]:
    """What the client's book and the sandbox's ledger and state do not agree on."""
    found = []
    state = {connection["id"]: connection["name"] for connection in sandbox.snapshot()}
    made = {identity: name for identity, name in state.items() if identity not in before}
    names = Counter(made.values())
    tries = book.calls + book.retries
    if len(sandbox.ledger) != tries:
        found.append(f"the sandbox saw {len(sandbox.ledger)} requests, the client sent {tries}")
    for identity, allowed in book.there.items():
        if identity in book.gone:
            if identity in made:
                found.append(f"{identity} was deleted and is there")
        elif identity not in made:
            if identity not in book.perhaps_gone:
                found.append(f"{identity} is lost")
        elif made[identity] not in allowed:
            found.append(f"{identity} is called {made[identity]!r}, not one of {sorted(allowed)}")
    found += [f"{name!r} was certainly not created and is there" for name in book.never_created if names[name]]
    found += [f"{name!r} is there {names[name]} times" for name in names if names[name] > 1]
    foreign = {name for identity, name in made.items() if identity not in book.there} - book.perhaps_created
    found += [f"{name!r} is there and nobody created it" for name in sorted(foreign)]
    created = sandbox.ledger.count(operation="createAutomationConnection", processed=True)
    if not len(book.there) <= created <= len(book.there) + len(book.perhaps_created):
        found.append(
            f"{created} creations were processed, {len(book.there)} known and {len(book.perhaps_created)} open"
        )
    return found


def clear_up(sandbox: Sandbox, tenant: Tenant, before: set[str]) -> None:
    """Leave the sandbox as it was, so that its own growth hides no leak of the client."""
    faults = sandbox.faults[:]
    sandbox.faults.clear()
    for connection in sandbox.snapshot():
        if connection["id"] not in before:
            tenant.connections.delete(connection["id"], forced=True)
    sandbox.faults.extend(faults)


def resources() -> tuple[int, int]:
    """Open files of this process, and its resident memory in kB, where the system tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0, 0
    resident = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return len(os.listdir("/proc/self/fd")), int(resident.split()[1])


def soak(rounds: int) -> list[tuple[int, int]]:
    """Run so many rounds, and return the resources after each."""
    samples = []
    with Sandbox(connections=20, faults=FAULTS) as sandbox:
        before = {connection["id"] for connection in sandbox.snapshot()}
        book = Book()
        policy = RetryPolicy(retries=3, backoff=0.001, max_backoff=0.01, on_retry=lambda _: book.count_retry())
        with Tenant(sandbox.url, api_key=sandbox.api_key, retries=policy, pacing="off") as tenant:
            for number in range(1, rounds + 1):
                book = Book()
                sandbox.ledger.clear()
                run_round(sandbox, tenant, number, policy, book, ("asyncio", "trio")[number % 2])
                if found := discrepancies(sandbox, book, before):
                    raise AssertionError(f"round {number}: {found}")
                assert book.calls > 100
                clear_up(sandbox, tenant, before)
                samples.append(resources())
    return samples
