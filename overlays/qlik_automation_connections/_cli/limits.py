"""The service's rate limits: the budget that commands share, and what they say while they wait for it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .. import ConfigurationError, Pacing, PacingWait
from ..pacing import pacer_for
from .output import say
from .running import show_wait

_NEWS_SECONDS: Final = 30.0


def state_folder(environment: Mapping[str, str], *, windows: bool) -> Path:
    """Return the folder for what commands keep for the next ones, which may be missing."""
    base = environment.get("LOCALAPPDATA" if windows else "XDG_STATE_HOME", "")
    # The XDG specification has relative paths ignored.
    if not os.path.isabs(base):
        base = os.path.join(Path.home(), *(("AppData", "Local") if windows else (".local", "state")))
    return Path(base, "qac")


def shared_store() -> str:
    """Return the address of the store that the user's commands share; that of memory, after a line, if it fails."""
    try:
        folder = state_folder(os.environ, windows=os.name == "nt")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "pacing.db"
        # SQLite gives the files beside it the same permissions.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        store = f"sqlite:///{path}"
        # Opened here, because a tenant's errors may have other causes.
        pacer_for(Pacing(store=store), "", "")
        return store
    except OSError as error:
        reason = f"{error.filename}: {error.strerror or error}"
    except (ConfigurationError, RuntimeError) as error:
        reason = str(error)
    line = f"Warning: rate limits are not shared with your other commands: {reason.rstrip('.')}."
    say(f"{line} --pacing memory accepts that.", err=True)
    return "memory"


class WaitLines:
    """Says what a command waits for: in its bar, or in a line on standard error for each longer wait."""

    def __init__(self) -> None:
        self._said_until = float("-inf")

    def say(self, wait: PacingWait) -> None:
        """Say a wait, unless it ends little later than the last one that was said."""
        until = time.monotonic() + wait.seconds
        if not show_wait(wait) and until >= self._said_until + _NEWS_SECONDS:
            self._said_until = until
            say(str(wait), err=True)
