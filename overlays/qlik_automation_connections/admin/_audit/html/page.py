"""The whole page: HTML written by Python, with style, script and data embedded."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from ...._text import counted
from ..changes import KINDS
from ..finding_kinds import CODES, FINDING_KINDS
from ..report import AuditReport
from .charts import age_chart, facet_chart, figures, state_chart
from .embedded import FACETS, embedded_of, facets_of, json_for_html, utc_of
from .markup import number, text

# Not the locale's: the page is English.
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SCRIPTS: Final = ("data", "words", "elements", "order", "filters", "links", "table", "lists", "printing", "start")


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


def page_of(audit: AuditReport) -> str:
    """Write the page of an audit."""
    report = audit.to_dict()
    facets = facets_of(report["connections"])
    counts = report["counts"]
    charts = [
        facet_chart("Connectors", "connector", counts["connector"], facets["connector"], FACETS["connector"]),
        facet_chart("Owners", "owner", counts["owner"], facets["owner"], FACETS["owner"]),
        age_chart(counts["age"]),
        facet_chart("Spaces", "space", counts["space"], facets["space"], "Personal spaces"),
    ]
    style, script = _asset("report.css"), _script()
    made_at = utc_of(audit.made_at)
    return Template(_asset("report.html")).substitute(
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'",
        host=text(_host(report["tenant"])),
        tenant=text(report["tenant"]),
        made_at=made_at.isoformat(),
        made_at_words=_words(made_at),
        listed="Everybody's connections were listed."
        if report["list_all"]
        else "Only the caller's own connections were listed.",
        settings=_settings(report),
        figures=figures(report["summary"]),
        state=state_chart(report["summary"]),
        charts="".join(charts),
        changes=_changes(report["changes"]),
        findings=_findings(report["findings"]),
        style=style,
        script=script,
        data=json_for_html(embedded_of(report, facets)),
    )


def _host(tenant: str) -> str:
    return urlsplit(tenant).netloc or tenant


def _words(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def _settings(settings: Mapping[str, Any]) -> str:
    said = [f"Untouched means: not updated for {counted(settings['untouched_days'], 'day')} or more."]
    if settings["active_users"] is None:
        said.append("Owners were not compared with a list of active users.")
    else:
        said.append(f"Owners were compared with a list of {counted(settings['active_users'], 'active user')}.")
    return " ".join(said)


def _changes(changes: Mapping[str, Any] | None) -> str:
    if changes is None:
        return ""
    since = utc_of(datetime.fromisoformat(changes["since"]))
    found = {kind: title for kind, title in KINDS.items() if changes[kind]}
    none = [title.lower() for kind, title in KINDS.items() if not changes[kind]]
    groups = "".join(
        _group("changes", kind, title, len(changes[kind]), "", len(changes[kind]) <= 10)
        for kind, title in found.items()
    )
    rest = f"<p>None: {', '.join(none)}.</p>" if found and none else "" if found else "<p>Nothing changed.</p>"
    return (
        '<section id="changes" aria-labelledby="changes-title"><h2 id="changes-title">Changes</h2>'
        f'<p>Since the audit of <time datetime="{since.isoformat()}">{_words(since)}</time>.</p>'
        f"{groups}{rest}</section>"
    )


def _findings(findings: list[Mapping[str, Any]]) -> str:
    if not findings:
        return "<p>There are no findings.</p>"
    counts = Counter(finding["code"] for finding in findings)
    groups = []
    for code in (code for code in CODES if code in counts):
        kind = FINDING_KINDS[code]
        groups.append(_group("findings", code, kind.title, counts[code], kind.meaning, counts[code] <= 10))
    return "".join(groups)


def _group(part: str, kind: str, title: str, count: int, meaning: str, is_open: bool) -> str:
    """Write a heading with a count; it opens a list that the page's script fills."""
    explained = f"<p>{text(meaning)}</p>" if meaning else ""
    return (
        f'<details class="group"{" open" if is_open else ""} data-{part}="{text(kind)}">'
        f'<summary><h3>{text(title)}</h3> <span class="count">{number(count)}</span></summary>{explained}</details>'
    )
