"""Run the fake tenant's ASGI application on loopback in a background thread: uvicorn, quiet and quick to stop."""

import asyncio
import contextlib
import logging
import os
import socket
import struct
import threading
import time

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

_BACKLOG = 2048
_GRACE_SECONDS = 0.5
_KEEP_ALIVE_SECONDS = 75
# SO_LINGER on, with no time to linger: closing sends a reset.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)

_logger = logging.getLogger(__name__)


class _Connection(H11Protocol):
    """Passes the transport to the application in `scope["state"]`, and keeps out of uvicorn's loggers.

    uvicorn has no public way to do either, so pyproject.toml pins its version range.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}
        # uvicorn's loggers belong to the host program.
        self.logger, self.access_log = _logger, False
        # Nagle's algorithm would delay responses by 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def reset(transport: asyncio.Transport) -> None:
    """Break a connection at once, with a TCP reset."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


class BackgroundServer:
    """A server in a daemon thread. It listens as soon as it is created.

    Args:
        app: The application to serve.
        host: Loopback address to listen on.
        port: Port to listen on; 0 picks a free one.

    Raises:
        OSError: The port is not available.
        RuntimeError: The server failed to start.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server = Server(
            Config(
                app,
                http=_Connection,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                # False would change uvicorn's global logger.
                access_log=True,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            )
        )
        self._loop: asyncio.AbstractEventLoop
        self._serving: asyncio.Task[None]
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(),), name=f"sandbox-{self.port}", daemon=True
        )
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.001)
        if not self._server.started:
            self._socket.close()
            raise RuntimeError("the sandbox's server did not start")

    def close(self) -> None:
        """Stop the server and wait for its thread to end."""
        # The loop is already closed if the server failed.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._serving.cancel)
        self._thread.join()
        self._socket.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        # close() cancels this task, because uvicorn checks `should_exit` only ten times a second.
        with contextlib.suppress(asyncio.CancelledError):
            await self._serving
        state = self._server.server_state
        for server in self._server.servers:
            server.close()
        # uvicorn registers newly accepted connections a few loop iterations later.
        for _ in range(5):
            await asyncio.sleep(0)
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=_GRACE_SECONDS)
        for connection in list(state.connections):
            connection.transport.abort()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=_GRACE_SECONDS)
        # Two loop iterations let the transports close before the loop does.
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = (error.strerror or "").partition(" (while")[0]
        raise OSError(error.errno, f"the sandbox can't listen on {host} port {port}: {reason}") from error
