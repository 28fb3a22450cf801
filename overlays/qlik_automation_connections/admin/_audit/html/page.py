"""The whole page: HTML written by Python, with style, script and data embedded."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from ...._text import counted
from ..report import AuditFigures, AuditReport
from .changed import changed
from .charts import age_chart, facet_chart, figures, state_chart
from .embedded import FACETS, embedded_of, json_for_html, report_periods, utc_of
from .markup import moment, text
from .todo import todo
from .trend import trend

_SCRIPTS: Final = ("data", "elements", "order", "filters", "address", "table", "printing", "start")


@cache
def _asset(name: str) -> str:
    return files(__name__.rpartition(".")[0]).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _script() -> str:
    """Return the parts of the script, in order of use and in their own scope."""
    parts = "\n".join(_asset(f"script/{name}.js") for name in _SCRIPTS)
    return f'\n(() => {{\n"use strict";\n{parts}}})();\n'


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def page_of(audit: AuditReport, points: Sequence[AuditFigures]) -> str:
    """Write the page of an audit.

    Args:
        audit: The audit.
        points: Its figures, after those of earlier audits.
    """
    report = audit.to_dict()
    counts = report["counts"]
    periods, updated = report_periods(report)
    charts = [
        facet_chart("Connectors", "connector", counts["connector"], FACETS["connector"]),
        facet_chart("Owners", "owner", counts["owner"], FACETS["owner"]),
        age_chart(report, periods, updated),
        facet_chart("Spaces", "space", counts["space"], "Personal spaces"),
    ]
    style, script = _asset("report.css"), _script()
    return Template(_asset("report.html")).substitute(
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        host=text(_host(report["tenant"])),
        tenant=text(report["tenant"]),
        made_at=moment(utc_of(audit.made_at)),
        listed="Everybody's connections were listed."
        if report["list_all"]
        else "Only the caller's own connections were listed.",
        settings=_settings(report),
        figures=figures(report["summary"]),
        state=state_chart(report["summary"]),
        trend=trend(points),
        charts="".join(charts),
        changes=changed(report),
        todo=todo(report),
        style=style,
        script=script,
        data=json_for_html(embedded_of(report, periods, updated)),
    )


def _host(tenant: str) -> str:
    return urlsplit(tenant).netloc or tenant


def _settings(settings: Mapping[str, Any]) -> str:
    said = [f"Untouched means: not updated for {counted(settings['untouched_days'], 'day')} or more."]
    if settings["active_users"] is not None:
        said.append(f"Owners were compared with a list of {counted(settings['active_users'], 'active user')}.")
    if settings["left_out"]:
        said.append(f"Left out because the list has no id for them: {counted(len(settings['left_out']))}.")
    return " ".join(said)
