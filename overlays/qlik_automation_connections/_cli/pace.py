"""How fast a job is, and how long it still takes, when rate limits stop it at times."""

from __future__ import annotations

from attrs import define, evolve, field

from .. import PacingWait


@define
class Pace:
    """A job's rate, its time left, and its current wait. Moments are seconds since the job began.

    The service takes requests in bursts, with a long wait after each. During a wait, the average so far would be too
    fast at first and the time left too short; so both count the wait as if it were over.
    """

    _wait: PacingWait | None = field(default=None, init=False)
    _until: float = field(default=0.0, init=False)
    _before: float = field(default=0.0, init=False)
    """When the wait before the current one ended, which is when the last burst began."""

    def wait(self, wait: PacingWait, now: float) -> None:
        """Begin a wait, or prolong the current one."""
        until = now + wait.seconds
        if until <= self._until:
            return
        if now >= self._until:
            self._before = self._until
        self._wait, self._until = wait, until

    def _left_of_wait(self, now: float) -> float:
        return max(0.0, self._until - now)

    def waiting(self, now: float) -> str:
        """Return what the job waits for; empty if it doesn't wait."""
        seconds = self._left_of_wait(now)
        return str(evolve(self._wait, seconds=seconds)) if self._wait is not None and seconds else ""

    def rate(self, done: float, now: float) -> float:
        """Return how many items are done a second, on average."""
        return done / max(now, self._until)

    def left(self, done: float, total: float, now: float) -> float:
        """Return the estimated seconds until all items are done."""
        seconds = (total - done) / self.rate(done, now)
        wait = self._left_of_wait(now)
        # What follows the wait is a burst; a wait comes only after it.
        return wait + max(0.0, seconds - (self._until - self._before)) if wait else seconds
