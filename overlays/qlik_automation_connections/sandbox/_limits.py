"""Rate limits as published: per principal and tier, over five minutes, as a sliding window log."""

import math
import threading
import time
from collections import deque

from ._answers import Refusal

WINDOW_SECONDS = 300.0
WINDOW_MINUTES = 5


class Clock:
    """Monotonic seconds since its making, which can run faster than the wall's.

    Args:
        speed: Sandbox seconds in one real second; above 0.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = time.monotonic()

    def now(self) -> float:
        """Return the sandbox's seconds since the start."""
        return (time.monotonic() - self._start) * self.speed


class SlidingWindowLimits:
    """Refuses what is more than the published count in any five minutes of the sandbox's clock.

    A place is taken when a request arrives and is free again five minutes later. A refused request takes none.

    Args:
        speed: How fast the sandbox's clock runs, to tell a client its wait in real seconds.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._lock = threading.Lock()
        self._logs: dict[tuple[str, int], deque[float]] = {}

    def take(self, principal: str, tier: int, requests_per_minute: int, now: float) -> None:
        """Take a place for one request.

        Args:
            principal: Who asks.
            tier: Rate tier of the operation.
            requests_per_minute: What the tier allows in one minute; five times that fits into a window.
            now: Seconds of the sandbox's clock.

        Raises:
            Refusal: With status 429 and `Retry-After`, when no place is free.
        """
        with self._lock:
            log = self._logs.setdefault((principal, tier), deque())
            while log and now - log[0] >= WINDOW_SECONDS:
                log.popleft()
            if len(log) < requests_per_minute * WINDOW_MINUTES:
                log.append(now)
                return
            wait = WINDOW_SECONDS - (now - log[0])
        headers = {"Retry-After": self._retry_after(wait)}
        raise Refusal(429, f"The limit of tier {tier} is used up.", headers)

    def _retry_after(self, wait: float) -> str:
        if self._speed == 1.0:
            return str(max(1, math.ceil(wait)))
        # Whole seconds would be many seconds of a fast clock: fractions keep the wait true to scale.
        return f"{max(1, math.ceil(wait / self._speed * 1000)) / 1000:.3f}"
