"""The published rate limits: per principal and tier, over five minutes, as a sliding window log."""

import math
import threading
import time
from collections import deque

from ._responses import HTTPError

WINDOW_SECONDS = 300.0
WINDOW_MINUTES = 5


class Clock:
    """A monotonic clock that starts at zero and may run faster than real time.

    Args:
        speed: Sandbox seconds per real second; above 0.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = time.monotonic()

    def now(self) -> float:
        """Return the sandbox seconds since the start."""
        return (time.monotonic() - self._start) * self.speed


class SlidingWindowLimits:
    """Refuses requests beyond the published number in any five minutes of the sandbox's clock.

    A refused request doesn't count.

    Args:
        speed: Speed of the sandbox's clock, used to give `Retry-After` in real seconds.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._lock = threading.Lock()
        self._logs: dict[tuple[str, int], deque[float]] = {}

    def acquire(self, principal: str, tier: int, requests_per_minute: int, now: float) -> None:
        """Count one request.

        Args:
            principal: The sender.
            tier: Rate tier of the operation.
            requests_per_minute: Requests that the tier allows per minute; a window allows five times as many.
            now: Seconds on the sandbox's clock.

        Raises:
            HTTPError: With status 429 and `Retry-After`, if the limit is reached.
        """
        with self._lock:
            log = self._logs.setdefault((principal, tier), deque())
            while log and now - log[0] >= WINDOW_SECONDS:
                log.popleft()
            if len(log) < requests_per_minute * WINDOW_MINUTES:
                log.append(now)
                return
            wait = WINDOW_SECONDS - (now - log[0])
        raise HTTPError(429, f"The limit of tier {tier} is reached.", {"Retry-After": self._retry_after(wait)})

    def _retry_after(self, wait: float) -> str:
        if self._speed == 1.0:
            return str(max(1, math.ceil(wait)))
        # On a fast clock a whole real second is a long wait, so send fractions.
        return f"{max(1, math.ceil(wait / self._speed * 1000)) / 1000:.3f}"
