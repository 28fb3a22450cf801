"""The exceptions of jobs, besides those of the client."""

from __future__ import annotations

from ..errors import QlikError


class JobCancelled(QlikError):
    """A job was ended through its `cancel`, before it had anything to return. What it wrote so far stays."""


class JobError(QlikError):
    """A job can't be done, or not go on: a file can't be read or written, or is not what it must be."""
