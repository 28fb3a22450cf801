"""An audit as one HTML file, for a browser without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ....errors import ConfigurationError
from ..._errors import JobError
from ..history import trend_of
from ..report import AuditReport
from .page import page_of

__all__ = ["html_report"]


def html_report(
    report: AuditReport | Mapping[str, Any], *, history: Iterable[AuditReport | Mapping[str, Any]] = ()
) -> str:
    """Write an audit as a self-contained web page.

    Args:
        report: An audit, or the JSON of one.
        history: Earlier audits, or the JSON of them, to draw the trend. Those of another tenant, `list_all` or `filter`
            are left out, and all but the latest 99.

    Returns:
        The page; write it to a file as UTF-8. It loads nothing over the network, and runs only its own script.

    Raises:
        ConfigurationError: The report or one of `history` is not an audit, has another version, or is incomplete or
            malformed.

    Sends no requests.
    """
    try:
        audit = report if isinstance(report, AuditReport) else AuditReport.from_dict(report)
        return page_of(audit, trend_of(audit, history))
    except JobError as error:
        raise ConfigurationError(f"{error} Pass the audit exactly as it was written, or make a new one.") from None
