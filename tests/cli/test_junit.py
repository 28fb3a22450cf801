"""`--junit`: what build servers read of an audit and a check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from junitparser import JUnitXml, TestCase

from cli.invoking import At
from qlik_automation_connections.admin._audit.finding_kinds import CODES
from qlik_automation_connections.sandbox import Fault


def cases_of(file: Path) -> list[TestCase]:
    (suite,) = JUnitXml.fromfile(str(file))
    found = list(suite)
    assert suite.tests == len(found) > 0
    assert suite.failures == sum(result_of(case) == "Failure" for case in found)
    return found


def result_of(case: TestCase) -> str:
    return type(case.result[0]).__name__ if case.result else "passed"


@pytest.mark.parametrize("fail_on", [(), ("untouched",)])
def test_a_finding_is_a_test_case(at: At, tmp_path: Path, fail_on: tuple[str, ...]) -> None:
    file = tmp_path / "audit.xml"
    file.write_text("an earlier one")
    report = at.json(
        "audit", "--all", "--junit", str(file), *(f"--fail-on={code}" for code in fail_on), code=len(fail_on)
    )
    cases = cases_of(file)
    counts = Counter(finding["code"] for finding in report["findings"])
    failing = {f"qac.audit.{code}" for code in fail_on or ("not-connected", "duplicate", "inactive-owner")}
    for code in CODES:
        found = [case for case in cases if case.classname == f"qac.audit.{code}"]
        # A kind without findings is a test that passed.
        assert len(found) == max(1, counts[code])
        expected = ("Failure" if f"qac.audit.{code}" in failing else "Skipped") if counts[code] else "passed"
        assert {result_of(case) for case in found} == {expected}


def test_a_check_is_a_test_case_whatever_the_name(at: At, tmp_path: Path) -> None:
    file, ids = tmp_path / "check.xml", at.ids
    assert at("update", ids[1], "--name", '<&"\x07 ]]>', "--yes").exit_code == 0
    at.sandbox.faults.append(Fault(status=404, operation="checkAutomationConnection", times=1))
    result = at("check", "--all", "--workers", "1", "--junit", str(file))
    assert result.exit_code == 5
    cases = cases_of(file)
    assert [case.name.split()[-1] for case in cases] == [f"({id})" for id in ids]
    assert cases[1].name == f'<&"\\x07 ]]> ({ids[1]})'
    assert result_of(cases[0]) == "Error"
    assert "404" in str(cases[0].result[0].message)
