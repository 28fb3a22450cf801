"""An audit as one HTML file, for a browser without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....errors import ConfigurationError
from ..._errors import JobError
from ..report import AuditReport
from .page import page_of

__all__ = ["html_report"]


def html_report(report: AuditReport | Mapping[str, Any]) -> str:
    """Write an audit as a self-contained web page.

    Args:
        report: An audit, or the JSON of one.

    Returns:
        The page; write it to a file as UTF-8. It loads nothing over the network, and runs only its own script.

    Raises:
        ConfigurationError: The report is not an audit, has another version, or is incomplete or malformed.

    Sends no requests.
    """
    try:
        return page_of(report if isinstance(report, AuditReport) else AuditReport.from_dict(report))
    except JobError as error:
        raise ConfigurationError(f"{error} Pass the audit exactly as it was written, or make a new one.") from None
