"""Kills a process that sends requests: at the n-th of them, before it is sent or after it was processed.

A process is started once, with all that is slow to import, and forks a child for each run, so that a run costs some
hundredths of a second. The child is killed with SIGKILL: nothing outlives it but what is on disk.

    with Killing("admin.backup.crashing") as killing:
        whole = killing.run("admin.backup.crashing:work", {"url": sandbox.url})
        for point in points(whole.requests):
            assert killing.run("admin.backup.crashing:work", {"url": sandbox.url}, at=point).killed
            killing.run("admin.backup.crashing:work", {"url": sandbox.url})

The work is a function of an importable module below `tests`, called with an `httpx.Client` for
`Tenant(http_client=…)` and the arguments, which are plain data; what it returns is plain data too.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Literal, NoReturn, Self

import httpx
from attrs import asdict, frozen

from qlik_automation_connections import QlikError

_TESTS = Path(__file__).parents[2]
_TIMES: Final[tuple[Literal["before", "after"], ...]] = ("before", "after")
_ALWAYS = ("qlik_automation_connections._tenant", "qlik_automation_connections_api.models.connection")

POSSIBLE = hasattr(os, "fork")
"""Whether this system can do it; Windows can't."""


@frozen
class At:
    """Where a process is killed.

    Attributes:
        number: at which request, from 1, in the order in which they are about to be sent.
        when: before it is sent, or after its answer came, which nobody reads then.
    """

    number: int
    when: Literal["before", "after"]


@frozen
class Ended:
    """How a run ended.

    Attributes:
        killed: whether it was killed.
        requests: how many requests it sent; 0 if it was killed.
        result: what the work returned.
        error: name of the class of what it raised, and the message; None if it raised nothing.
    """

    killed: bool
    requests: int = 0
    result: Any = None
    error: str | None = None


def points(requests: int, step: int = 1) -> Iterator[At]:
    """The points at which a run of so many requests can be killed: all of them, or every `step`-th."""
    whole = (At(number, when) for number in range(1, requests + 1) for when in _TIMES)
    return islice(whole, 0, None, step)


def kill_this_process() -> NoReturn:
    """Ends this process on the spot."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL can't be survived")


class KillingTransport(httpx.BaseTransport):
    """Sends requests over the network, and kills its process at one of them.

    Args:
        at: where; None for nowhere.
    """

    def __init__(self, at: At | None = None) -> None:
        # A bare context: the usual one takes longer than the run, and sandboxes speak plain HTTP.
        self._transport = httpx.HTTPTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self._at = at
        self._lock = threading.Lock()
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests += 1
            is_the_one = self._at is not None and self.requests == self._at.number
            if is_the_one and self._at is not None and self._at.when == "before":
                kill_this_process()
        response = self._transport.handle_request(request)
        if is_the_one:
            response.read()
            kill_this_process()
        return response

    def close(self) -> None:
        self._transport.close()


class Killing:
    """Runs work in children that may be killed; a context manager.

    Args:
        modules: what to import once, before the first child.
    """

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_TESTS), os.environ.get("PYTHONPATH", "")])}
        self._server = subprocess.Popen(
            [sys.executable, __file__, *_ALWAYS, *self._modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.communicate(timeout=30)

    def run(self, work: str, arguments: dict[str, Any], *, at: At | None = None) -> Ended:
        """Runs work in a child to its end, or until it is killed.

        Args:
            work: `module:function`.
            arguments: its keyword arguments, as plain data.
            at: where it is killed; None for nowhere.

        Raises:
            RuntimeError: the server of the children has ended.
        """
        assert self._server is not None, "a `with` block starts it"
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        order = {"work": work, "arguments": arguments, "at": asdict(at) if at else None}
        self._server.stdin.write(json.dumps(order).encode() + b"\n")
        self._server.stdin.flush()
        line = self._server.stdout.readline()
        if not line:
            raise RuntimeError("the server of the children has ended")
        return Ended(**json.loads(line))


def _work(order: dict[str, Any]) -> Ended:
    module, _, function = order["work"].partition(":")
    transport = KillingTransport(At(**order["at"]) if order["at"] else None)
    error = result = None
    with httpx.Client(transport=transport, timeout=30, trust_env=False) as client:
        try:
            result = getattr(importlib.import_module(module), function)(client, **order["arguments"])
        except Exception as failure:  # noqa: BLE001 - told to whoever asked
            if not isinstance(failure, QlikError):
                traceback.print_exc()
            error = f"{type(failure).__name__}: {failure}"
    return Ended(killed=False, requests=transport.requests, result=result, error=error)


def _child(order: dict[str, Any], answer: IO[bytes]) -> NoReturn:
    status, before = 1, set(sys.modules)
    # What the work prints must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        ended = asdict(_work(order))
        answer.write(json.dumps({"ended": ended, "imported": [*sys.modules.keys() - before]}).encode())
        answer.flush()
        status = 0
    except BaseException:  # noqa: BLE001 - the child must not go on as the server
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _serve() -> None:
    for module in sys.argv[1:]:
        importlib.import_module(module)
    # The first one imports what it stands on.
    KillingTransport().close()
    for line in sys.stdin.buffer:
        # The collector of a child would touch, and so copy, all that is there already.
        gc.freeze()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _child(json.loads(line), os.fdopen(writer, "wb"))
        os.close(writer)
        with os.fdopen(reader, "rb") as answer:
            told = json.loads(answer.read() or "{}")
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        lost = Ended(killed, error=None if killed else f"the child ended with status {status}")
        ended = asdict(lost) if killed or status else told["ended"]
        sys.stdout.buffer.write(json.dumps(ended).encode() + b"\n")
        sys.stdout.buffer.flush()
        # What this child had to import, the next ones are born with.
        for module in told.get("imported", ()):
            importlib.import_module(module)


if __name__ == "__main__":
    _serve()
