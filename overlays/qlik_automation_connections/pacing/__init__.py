"""Client-side rate limiting, shared by threads, tasks, processes or machines."""

from ._pacer import Pacer, pacer_for
from ._permit import Permit
from ._settings import Pacing, PacingWait

__all__ = ["Pacer", "Pacing", "PacingWait", "Permit", "pacer_for"]
