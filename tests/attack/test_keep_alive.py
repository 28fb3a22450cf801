"""A connection that the server ends between two requests is replaced, whatever the next request is."""

from __future__ import annotations

import time

import anyio
import pytest

from qlik_automation_connections import AsyncTenant, Tenant

from .measure import FLAVOURS, Flavour
from .server import HostileServer, Peer, Seen
from .targets import API_KEY, TARGETS, Target, call_async, call_sync


@pytest.mark.parametrize("kind", FLAVOURS)
@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_an_idle_connection_that_was_ended(target: Target, how: str, kind: Flavour) -> None:
    ended: list[bool] = []

    def end(peer: Peer, seen: Seen) -> None:
        target.healthy(peer, seen)
        time.sleep(0.05)  # The client has read the answer and holds the connection idle.
        getattr(peer, how)()
        ended.append(True)

    with HostileServer(end, target.healthy) as server:
        if kind == "sync":
            with Tenant(server.url, api_key=API_KEY, retries=0, timeout=10.0) as tenant:
                assert target.understands(call_sync(tenant, target))
                server.play(target.healthy)
                assert target.understands(call_sync(tenant, target))
        else:

            async def run() -> None:
                async with AsyncTenant(server.url, api_key=API_KEY, retries=0, timeout=10.0) as other:
                    assert target.understands(await call_async(other, target))
                    await anyio.to_thread.run_sync(server.play, target.healthy)
                    assert target.understands(await call_async(other, target))

            anyio.run(run, backend=kind)
        assert ended == [True]
        assert len(server.requests) == 2
        assert server.connections == 2


def test_a_healthy_connection_is_used_again() -> None:
    for target in TARGETS.values():
        with HostileServer(target.healthy) as server, Tenant(server.url, api_key=API_KEY, timeout=10.0) as tenant:
            for _ in range(3):
                assert target.understands(call_sync(tenant, target)), target.name
            assert server.connections == 1, target.name
