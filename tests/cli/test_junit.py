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


def test_a_check_is_a_test_case(at: At, tmp_path: Path) -> None:
    file, ids = tmp_path / "check.xml", at.ids[:3]
    at.sandbox.faults.append(Fault(status=404, operation="checkAutomationConnection", times=1))
    result = at("check", *ids, "--workers", "1", "--junit", str(file))
    assert result.exit_code == 5
    cases = cases_of(file)
    assert [case.name for case in cases] == ids
    assert result_of(cases[0]) == "Error"
    assert "404" in str(cases[0].result[0].message)


def test_names_may_hold_anything(at: At, tmp_path: Path) -> None:
    file, id = tmp_path / "check.xml", at.ids[0]
    at("update", id, "--name", '<&"\x07 ]]>', "--yes")
    at("check", "--all", "--junit", str(file))
    assert f'<&"\\x07 ]]> ({id})' in [case.name for case in cases_of(file)]


@pytest.mark.parametrize("command", ["audit", "check"])
def test_a_place_that_cant_be_written_is_refused_first(at: At, tmp_path: Path, command: str) -> None:
    selection = () if command == "audit" else ("--all",)
    result = at(command, *selection, "--junit", str(tmp_path / "none" / "x.xml"))
    assert (result.exit_code, result.stderr) == (2, f"Error: --junit: the folder {tmp_path / 'none'} does not exist.\n")
    assert not [entry for entry in at.sandbox.ledger if entry.operation]
