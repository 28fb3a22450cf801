"""Which tenants share a budget within a process."""

from __future__ import annotations

import time

import anyio

from qlik_automation_connections.pacing import Pacer, Pacing, pacer_for
from qlik_automation_connections.pacing import _pacer as pacers

ORIGIN = "https://acme.example"


def free_places(pacer: Pacer) -> int:
    """How many requests of tier 2 the pacer lets through at once."""

    async def count() -> int:
        taken = 0
        with anyio.move_on_after(0.5) as scope:
            while True:
                permit = await pacer.acquire_async(2)
                pacer.complete(permit)
                taken += 1
                scope.deadline = anyio.current_time() + 0.2
        return taken

    return anyio.run(count)


def test_tenants_of_one_origin_and_principal_share_a_budget(principal: str) -> None:
    assert free_places(pacer_for(Pacing(), ORIGIN, principal)) == 500
    assert free_places(pacer_for(Pacing(), ORIGIN, principal)) == 0


def test_another_principal_or_tenant_has_its_own(principal: str) -> None:
    assert free_places(pacer_for(Pacing(), ORIGIN, principal)) == 500
    assert free_places(pacer_for(Pacing(), ORIGIN, f"{principal} 2")) == 500
    assert free_places(pacer_for(Pacing(), "https://other.example", principal)) == 500


def test_a_budget_outlives_the_pacers_that_used_it(principal: str) -> None:
    pacer_for(Pacing(), ORIGIN, principal).acquire(2)
    for number in range(3):
        pacer_for(Pacing(), ORIGIN, f"{principal} {number}")
    assert free_places(pacer_for(Pacing(), ORIGIN, principal)) == 499


def test_a_budget_with_nothing_to_remember_is_forgotten(principal: str) -> None:
    pacer = pacer_for(Pacing(window=0.01), ORIGIN, principal)
    pacer.complete(pacer.acquire(2))
    time.sleep(0.05)
    key = ("memory", ORIGIN, principal)
    pacer_for(Pacing(), ORIGIN, f"{principal} 2")
    assert key in pacers._budgets
    del pacer
    pacer_for(Pacing(), ORIGIN, f"{principal} 3")
    assert key not in pacers._budgets


def test_the_longest_window_counts_for_all_who_share(principal: str) -> None:
    quick = pacer_for(Pacing(window=0.01), ORIGIN, principal)
    pacer_for(Pacing(window=300), ORIGIN, principal)
    assert free_places(quick) == 500
    time.sleep(0.05)
    assert free_places(quick) == 0
