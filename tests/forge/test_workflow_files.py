"""What the forge's workflows may do, and that what they call is there.

Triggers, default permissions, concurrency and caches are zizmor's to judge: `scripts/check_workflows.py`.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
FILES: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS: Final = frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
WRITES: Final = {
    ("release.yml", "attest"): {"id-token", "attestations"},
    ("release.yml", "publish"): {"id-token"},
    ("release.yml", "page"): {"contents"},
    ("docs.yml", "publish"): {"id-token", "pages"},
}
"""All jobs that may write something, and what."""


def read(file: Path) -> dict[str, Any]:
    # YAML 1.1 takes the key `on` for a true.
    return {
        "on" if key is True else key: value
        for key, value in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader).items()
    }


JOBS: Final = [(file.name, name, job) for file in FILES for name, job in read(file)["jobs"].items()]


def script(job: dict[str, Any]) -> str:
    return "\n".join(step["run"] for step in job["steps"] if "run" in step)


def test_a_job_may_write_only_what_it_is_there_to_write() -> None:
    for file, name, job in JOBS:
        rights = job["permissions"].items()
        assert {what for what, right in rights if right == "write"} == WRITES.get((file, name), set()), (file, name)
        assert {what for what, right in rights if right == "read"} <= {"contents"}, (file, name)
        assert job["timeout-minutes"] <= 45, (file, name)


def test_who_may_write_runs_nothing_of_the_repository() -> None:
    for file, name, job in JOBS:
        if (file, name) in WRITES:
            assert not [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")], (file, name)
            assert not re.search(r"make |python", script(job)), (file, name)


def test_what_is_called_is_there() -> None:
    for file, name, job in JOBS:
        run = script(job)
        assert set(re.findall(r"\bmake ([a-z-]+)", run)) <= TARGETS, (file, name)
        for named in re.findall(r"\bscripts/[\w/]+\.(?:py|sh)\b", run):
            assert (ROOT / named).is_file(), named


def test_a_checkout_keeps_no_credentials() -> None:
    for file, name, job in JOBS:
        for step in job["steps"]:
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False, (file, name)


def test_each_action_is_pinned_to_one_commit() -> None:
    found: dict[str, set[str]] = {}
    for file in FILES:
        for line in file.read_text(encoding="utf-8").splitlines():
            if "uses:" in line:
                match = re.fullmatch(r" +(?:- )?uses: ([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
                assert match, line
                found.setdefault(match[1], set()).add(match[2])
    assert found
    assert {action: pins for action, pins in found.items() if len(pins) != 1} == {}


def test_every_supported_python_is_tested_on_every_system() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {each.rpartition(" ")[2] for each in project["classifiers"] if re.search(r":: 3\.\d+$", each)}
    matrix = read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert named <= set(matrix["python"])
    assert project["requires-python"] == f">={matrix['python'][0]}"
    assert {system["os"].partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_one_check_stands_for_all_jobs() -> None:
    workflow = read(ROOT / ".github" / "workflows" / "ci.yml")
    assert set(workflow["jobs"]["all"]["needs"]) == set(workflow["jobs"]) - {"all"}
    assert workflow["jobs"]["all"]["if"] == "always()"


def test_nothing_is_published_that_was_not_tested() -> None:
    workflow = read(ROOT / ".github" / "workflows" / "release.yml")
    assert set(workflow["jobs"]["attest"]["needs"]) == {"build", "test"}
    assert workflow["jobs"]["publish"]["needs"] == ["attest"]
    assert workflow["jobs"]["publish"]["environment"] == "pypi"
    assert set(workflow["on"]) == {"push"}
    assert workflow["on"]["push"] == {"tags": ["v*"]}
