"""Requests no faster than the tenant allows: who may send when, for threads, tasks, processes and machines."""

from ._pacer import Pacer, pacer_for
from ._permit import Permit
from ._settings import Pacing, PacingWait

__all__ = ["Pacer", "Pacing", "PacingWait", "Permit", "pacer_for"]
