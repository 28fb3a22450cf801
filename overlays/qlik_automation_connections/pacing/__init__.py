"""Requests no faster than the tenant allows: who may send when, for threads, tasks, processes and machines."""

from .auth import SCOPE, TIER, PacedAuth, waited
from .pacer import Pacer, pacer_for
from .settings import Pacing, PacingWait, pacing_of
from .ticket import Ticket

__all__ = ["SCOPE", "TIER", "PacedAuth", "Pacer", "Pacing", "PacingWait", "Ticket", "pacer_for", "pacing_of", "waited"]
