"""Runs an ASGI application on loopback in a thread of its own: uvicorn, quiet and quick to stop."""

import asyncio
import logging
import os
import socket
import struct
import threading
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_GRACE_SECONDS = 0.5
_KEEP_ALIVE_SECONDS = 75
_START_SECONDS = 10.0
# On, for no time: closing then sends a reset.
_LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)

_logger = logging.getLogger(__name__)


class _Connection(H11Protocol):
    """A client's connection that the application can break, found in `scope["state"]["connection"]`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "connection": self}, _loop)
        # An own logger, and no access log: uvicorn's loggers belong to the program that the sandbox runs in.
        self.logger = _logger
        self.access_log = False

    def drop(self, *, reset: bool) -> None:
        """Break the connection.

        Args:
            reset: Whether at once and with a TCP reset, or after what was written has left.
        """
        if reset:
            peer = self.transport.get_extra_info("socket")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.transport.abort()
        else:
            self.transport.close()


class _Server(Server):
    def __init__(self, config: Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        # The stock loop sleeps a tenth of a second at a time; waiting for the event stops at once.
        while not await self.on_tick(0):
            try:
                await asyncio.wait_for(self._stop.wait(), timeout=1)
            except TimeoutError:
                continue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_GRACE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_GRACE_SECONDS)
        # Two turns of the loop let the transports close before the loop does.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def stop(self) -> None:
        """Ask the server to stop; call it on its loop."""
        self.should_exit = True
        self._stop.set()


class BackgroundServer:
    """A server in a daemon thread, listening once it is made.

    Args:
        app: The application.
        host: Loopback address or name to listen on.
        port: Port, 0 for any that is free.

    Raises:
        OSError: The port can't be had.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = _listener(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._app = app
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: _Server | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"sandbox-{self.port}", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self._failure is not None:
            self._socket.close()
            raise RuntimeError("the sandbox's server did not start") from self._failure

    def close(self) -> None:
        """Stop the server and wait for its thread."""
        if self._loop is not None and self._server is not None and self._thread.is_alive():
            try:
                self._loop.call_soon_threadsafe(self._server.stop)
            except RuntimeError:
                # The loop ended between the question and the call.
                _logger.debug("the server had stopped already")
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as failure:
            self._failure = failure
            # Before that, the failure is raised in the thread that waits for the start.
            if self._ready.is_set():
                _logger.exception("the sandbox's server ended")
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        config = Config(
            self._app,
            loop="asyncio",
            http=_Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            # Any other value of this one makes uvicorn change its global logger.
            access_log=True,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        self._loop = asyncio.get_running_loop()
        self._server = _Server(config, self._ready)
        await self._server.serve([self._socket])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only on sockets that name their protocol; with it an answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # A port whose last server ended a moment ago is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # A second server that binds the same port with this option succeeds until one of them listens.
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"the sandbox can't listen on {host} port {port}: {error.strerror}") from error
    return listener
