"""What stops a benchmark."""

from __future__ import annotations


class BenchmarkError(Exception):
    """A measurement can't be made; the message says why."""
