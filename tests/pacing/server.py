"""A redis-server that tests start, kill and start again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time

PROGRAM = shutil.which("redis-server")


class RedisServer:
    """A server on loopback, without files: what it knows ends with it."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        assert PROGRAM is not None
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.DEVNULL)
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        """End it without a chance to save or say anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
