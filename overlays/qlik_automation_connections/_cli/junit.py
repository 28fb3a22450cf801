"""JUnit XML, which build servers show as test results: a finding or a check is a test case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import click
from attrs import frozen

from .._text import printable
from ..admin import AuditReport, CheckReport
from ..admin._audit.finding_kinds import CODES, FINDING_KINDS
from ..admin._files import write_text
from .exit_codes import Exit, Failed

JUNIT = click.option("--junit", metavar="FILE", help="Also write JUnit XML, for build servers; replaces the file.")


@frozen
class _Case:
    """A test case.

    Attributes:
        group: What it is shown under.
        name: What was tested.
        result: How it ended.
        message: Why it did not pass.
        seconds: How long it took.
    """

    group: str
    name: str
    result: Literal["passed", "failure", "error", "skipped"] = "passed"
    message: str = ""
    seconds: float = 0.0


def refuse_place(option: str, path: str) -> None:
    """Raise if a file can't be written, before a job begins."""
    if not Path(path).parent.is_dir():
        raise Failed(f"{option}: the folder {Path(path).parent} does not exist.", Exit.USAGE)
    if Path(path).is_dir():
        raise Failed(f"{option}: {path} is a folder.", Exit.USAGE)


def write_audit(path: str, report: AuditReport, fail_on: Collection[str]) -> None:
    """Write an audit: findings of `fail_on` are failures, or without it errors and warnings; others are skipped."""
    failing = fail_on or [code for code in CODES if FINDING_KINDS[code].severity != "notice"]
    names = {connection.id: connection.name for connection in report.connections}

    def cases() -> Iterator[_Case]:
        for code in CODES:
            group, found = f"audit.{code}", report.of_code(code)
            for finding in found:
                name = _named(names.get(finding.connection_id), finding.connection_id)
                yield _Case(group, name, "failure" if code in failing else "skipped", finding.sentence)
            if not found:
                # Build servers take a file without test cases for a failure.
                yield _Case(group, "no connection")

    _write(path, "qac audit", report.made_at, list(cases()))


def write_check(path: str, report: CheckReport, names: Mapping[str, str | None]) -> None:
    """Write checks: what is not connected is a failure, and what could not be checked an error."""
    cases: list[_Case] = []
    for item in report.checked:
        result: Literal["passed", "failure", "error"] = "passed" if item.connected else "failure"
        if item.connected is None:
            result = "error"
        message = item.error or ("" if item.connected else "not connected")
        cases.append(_Case("check", _named(names.get(item.id), item.id), result, message, item.seconds))
    cases += [_Case("check", _named(names.get(id), id), "skipped", "not checked") for id in report.left]
    _write(path, "qac check", report.began_at, cases)


def _named(name: str | None, id: str | None) -> str:
    return f"{name} ({id})" if name else id or "no id"


def _write(path: str, name: str, moment: datetime, cases: list[_Case]) -> None:
    results = [case.result for case in cases]
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    head = {
        "name": name,
        "tests": str(len(cases)),
        **{key: str(results.count(result)) for key, result in counts.items()},  # type: ignore[arg-type]
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    root = Element("testsuites", head)
    suite = SubElement(root, "testsuite", {**head, "timestamp": moment.replace(microsecond=0, tzinfo=None).isoformat()})
    for case in cases:
        about = {"classname": f"qac.{case.group}", "name": printable(case.name), "time": f"{case.seconds:.3f}"}
        element = SubElement(suite, "testcase", about)
        if case.result != "passed":
            SubElement(element, case.result, {"message": printable(case.message)})
    indent(root)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
    write_text(Path(path), text, overwrite=True)
