"""The package's logger, silent unless the application configures logging, and its warnings."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Final

logger: Final = logging.getLogger("qlik_automation_connections")
logger.addHandler(logging.NullHandler())

_HERE: Final = f"{Path(__file__).parent}{os.sep}"


def warn_user(message: str, category: type[Warning]) -> None:
    """Warn at the line of the nearest caller outside this package."""
    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
        level += 1
    warnings.warn(message, category, stacklevel=level)
