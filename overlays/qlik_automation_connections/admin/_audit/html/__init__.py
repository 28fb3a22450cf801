"""An audit as one HTML file, to be opened in a browser without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .page import page_of
from .reading import check_format

__all__ = ["html_report"]


def html_report(report: Mapping[str, Any]) -> str:
    """Writes an audit as a web page that needs nothing but itself.

    Args:
        report: the JSON form of an audit, as `AuditReport.to_dict()` gives it.

    Returns:
        The page; write it to a file as UTF-8. It asks for nothing over the network, and runs no script but its own.

    Raises:
        ConfigurationError: that is no audit, one of another version, or one with a part missing or wrong.

    No request is sent.
    """
    check_format(report)
    return page_of(report)
