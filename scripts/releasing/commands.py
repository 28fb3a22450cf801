"""Runs a command, keeps what it prints in a file, and shows the end of it where the command fails."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from .failure import ReleaseError

_SHOWN_LINES = 40
_NO_NAME = re.compile(r"[^a-z0-9.]+")
# What would change which code runs and how, or which tenant a command asks.
_LEFT_OUT = ("QLIK_", "PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS")


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what belongs to this process alone, and without a tenant's credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return {**kept, "PYTHONUTF8": "1", **more}


def heed_ctrl_c() -> None:
    """Lets Ctrl-C stop this process and what it runs, which a shell that starts it in the background takes away.

    The tests press Ctrl-C too, and would wait for what never ends.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@frozen
class Commands:
    """Runs commands.

    Args:
        logs: the folder of the files that keep what is printed.
    """

    logs: Path = field()

    def __attrs_post_init__(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)

    def run(
        self,
        name: str,
        *command: str | Path,
        folder: Path,
        to_do: str,
        environment: Mapping[str, str] | None = None,
        umask: int = -1,
    ) -> str:
        """Runs one command to its end.

        Args:
            name: what it is, in a few words; the file is called after it.
            command: the program and its arguments.
            folder: where it runs.
            to_do: what to do if it fails.
            environment: its variables; by default those of `clean_environment`.
            umask: the mode bits that its files don't get; -1 leaves them as they are. Nothing on Windows.

        Returns:
            What it printed, both streams.

        Raises:
            ReleaseError: it can't be started, or does not end with 0.
        """
        log = self.logs / f"{_NO_NAME.sub('-', name.lower()).strip('-')}.log"
        try:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=folder,
                env=clean_environment() if environment is None else environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                check=False,
                umask=umask if sys.platform != "win32" else -1,
            )
        except OSError as error:
            raise ReleaseError(f"{name}: {command[0]} can't be started: {error.strerror}.", to_do) from None
        log.write_text(done.stdout, encoding="utf-8")
        if done.returncode:
            lines = done.stdout.rstrip().splitlines()
            left_out = f"(the last {_SHOWN_LINES} of {len(lines)} lines)\n" if len(lines) > _SHOWN_LINES else ""
            shown = "\n".join(lines[-_SHOWN_LINES:])
            raise ReleaseError(f"{name} ended with {done.returncode}:\n{left_out}{shown}\nAll of it: {log}", to_do)
        return done.stdout
