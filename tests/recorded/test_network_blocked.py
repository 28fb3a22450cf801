"""A replay reaches nobody."""

from __future__ import annotations

import gc
import select
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qlik_automation_connections import AsyncConnections, Connection
from recorded.clients import KINDS, Kind, run
from recorded.recording import NotRecorded, replayed_from


async def _get(connections: AsyncConnections) -> Connection:
    return await connections.get("x")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who would notice."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def _address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _was_called(listener: socket.socket) -> bool:
    return bool(select.select([listener], [], [], 0)[0])


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for part in error.exceptions for leaf in _leaves(part)]
    return [error]


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_the_listener_notices_a_call(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()):
        assert select.select([listener], [], [], 10)[0]


def _messages(kind: Kind, url: str) -> list[str]:
    """What is raised by a call that the guard stops."""
    messages = []
    gc.freeze()
    with warnings.catch_warnings():
        # No socket raises what the guard raises, so that nobody closes the one that was to connect.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            run(kind, _get, url=url, api_key="replayed")
        except (RuntimeError, ExceptionGroup) as error:
            messages = [str(leaf) for leaf in _leaves(error)]
        gc.collect()
    gc.unfreeze()
    return messages


@pytest.mark.block_network
@pytest.mark.parametrize("kind", KINDS)
def test_the_network_is_blocked(kind: Kind, listener: socket.socket) -> None:
    assert _messages(kind, _address(listener)) == ["Network is disabled for host '127.0.0.1'"]
    assert not _was_called(listener)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_cassette_does_not_hold_is_not_sent(
    kind: Kind, listener: socket.socket, cassette_path: Callable[[str, str], Path]
) -> None:
    # Not even where the network is open.
    with replayed_from(cassette_path(kind, "getAutomationConnection")), pytest.raises(NotRecorded):
        run(kind, _get, url=_address(listener), api_key="replayed")
    assert not _was_called(listener)
