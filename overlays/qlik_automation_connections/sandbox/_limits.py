"""Rate limits as published: per principal and tier, over five minutes, as a sliding window log."""

import math
import threading
import time
from collections import deque

from ._responses import HTTPError

WINDOW_SECONDS = 300.0
WINDOW_MINUTES = 5


class Clock:
    """Monotonic seconds since its creation, optionally faster than real ones.

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

    A request that is refused doesn't count.

    Args:
        speed: How fast the sandbox's clock runs, to tell clients in real seconds how long to wait.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._lock = threading.Lock()
        self._logs: dict[tuple[str, int], deque[float]] = {}

    def acquire(self, principal: str, tier: int, requests_per_minute: int, now: float) -> None:
        """Count one request.

        Args:
            principal: Who sends it.
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
        # A whole second would be many on a fast clock; fractions keep the wait to scale.
        return f"{max(1, math.ceil(wait / self._speed * 1000)) / 1000:.3f}"
