"""Exceptions of jobs, besides the client's own."""

from __future__ import annotations

from ..errors import QlikError


class JobCancelled(QlikError):
    """A job was stopped by its `cancel` event before it could return anything. What it has written is kept."""


class JobError(QlikError):
    """A job can't start or continue, for example because a file can't be read or written, or is not the right one."""
