"""A fake tenant on loopback: stateful, strict about the service's spec, with quirks and faults on demand."""

import logging

from ._documents import DEFAULT_QUIRKS, QUIRKS
from ._faults import Fault
from ._ledger import Ledger, LedgerEntry
from ._sandbox import Sandbox

__all__ = ["DEFAULT_QUIRKS", "QUIRKS", "Fault", "Ledger", "LedgerEntry", "Sandbox"]

# Silent unless the application configures logging.
logging.getLogger(__name__).addHandler(logging.NullHandler())
# A line for each request, at level INFO, only if this logger's own level is set: the client logs these requests too.
logging.getLogger(f"{__name__}.requests").setLevel(logging.WARNING)
