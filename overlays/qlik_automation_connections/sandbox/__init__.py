"""A fake tenant on loopback: stateful, strict to the service's spec, with its quirks and faults on demand."""

import logging

from ._faults import Fault
from ._ledger import Ledger, LedgerEntry
from ._server import Sandbox
from ._wire import DEFAULT_QUIRKS, QUIRKS

__all__ = ["DEFAULT_QUIRKS", "QUIRKS", "Fault", "Ledger", "LedgerEntry", "Sandbox"]

# Nothing is printed unless the application sets logging up.
logging.getLogger(__name__).addHandler(logging.NullHandler())
