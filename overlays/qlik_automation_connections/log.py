"""The logger of this package. It prints nothing unless the application sets logging up."""

from __future__ import annotations

import logging
from typing import Final

logger: Final = logging.getLogger("qlik_automation_connections")
logger.addHandler(logging.NullHandler())
