"""A body that is far too large is refused before it fills the memory."""

from __future__ import annotations

import functools
import gc
import gzip
import tracemalloc
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qlik_automation_connections import UnexpectedResponseError
from sampling import few

from .measure import FLAVOURS, Flavour
from .server import Behaviour, HostileServer, answers, head, message, sends_many
from .targets import TARGETS, call_once

MEGABYTE = 1024 * 1024


@functools.cache
def _bomb() -> bytes:
    """200 MB of spaces, packed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    block = b" " * MEGABYTE
    return b"".join([*(packer.compress(block) for _ in range(200)), packer.flush()])


def get(server: HostileServer, flavour: Flavour) -> None:
    call_once(server.url, TARGETS["get"], flavour, retries=0)


@contextmanager
def peak_below(megabytes: int) -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
@pytest.mark.parametrize("flavour", few(FLAVOURS))
@pytest.mark.parametrize(
    ("behaviour", "received"),
    [
        pytest.param(
            sends_many(message(200, b"", {"Content-Length": str(200 * MEGABYTE)}), b" " * 65536, 3200),
            16,
            id="announced",
        ),
        pytest.param(
            sends_many(head(200, {"Transfer-Encoding": "chunked"}), b"10000\r\n" + b" " * 65536 + b"\r\n", 3200),
            80,
            id="chunked",
        ),
        pytest.param(sends_many(head(200), b" " * 65536, 3200), 80, id="until the connection closes"),
    ],
)
def test_a_body_of_200_mb(behaviour: Behaviour, received: int, flavour: Flavour) -> None:
    with HostileServer(behaviour) as server, peak_below(80):
        with pytest.raises(UnexpectedResponseError, match="larger than"):
            get(server, flavour)
        # The client reads 32 MB at most; the system's buffers take as much again where it reads fast.
        assert server.sent < received * MEGABYTE


@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
@pytest.mark.parametrize("flavour", few(FLAVOURS))
@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_a_gzip_bomb(encoding: str, flavour: Flavour) -> None:
    bomb = _bomb() if encoding == "gzip" else gzip.compress(_bomb())
    with HostileServer(answers(200, bomb, {"Content-Encoding": encoding})) as server, peak_below(160):  # noqa: SIM117
        with pytest.raises(UnexpectedResponseError):
            get(server, flavour)


# Not on trio: the generators inside httpx can't be closed from outside, and trio says so.
@pytest.mark.parametrize("backend", ["asyncio"])
def test_giving_up_on_a_body_leaves_no_async_generator_behind(backend: Flavour) -> None:
    behaviour = sends_many(head(200, {"Transfer-Encoding": "chunked"}), b"10000\r\n" + b" " * 65536 + b"\r\n", 3200)
    with HostileServer(behaviour) as server, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(UnexpectedResponseError):
            get(server, backend)
        gc.collect()
    assert [str(warning.message) for warning in caught if "Async generator" in str(warning.message)] == []
