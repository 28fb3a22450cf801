"""What the report on coverage counts, and which tests it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

import coverage_run
from coverage_run import LEFT_OUT, MEASURED_ALL_THE_SAME, ROOT, by_room, room_of, selection, table

OVERLAY = "overlays/qlik_automation_connections"


@pytest.mark.parametrize(
    ("path", "room"),
    [
        (f"{OVERLAY}/retry.py", "core"),
        (f"{OVERLAY}/__init__.py", "core"),
        (f"{OVERLAY}/pytest_plugin.py", "pytest_plugin"),
        (f"{OVERLAY}/admin/journal.py", "admin"),
        (f"{OVERLAY}/admin/audits/html/page.py", "admin"),
        (f"/elsewhere/{OVERLAY}/sandbox/app.py", "sandbox"),
        (f"{OVERLAY}/cli/group.py".replace("/", "\\"), "cli"),
    ],
)
def test_a_file_is_in_the_room_of_its_folder(path: str, room: str) -> None:
    assert room_of(path) == room


def file(lines: int, of_lines: int, branches: int, of_branches: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "covered_lines": lines,
            "num_statements": of_lines,
            "covered_branches": branches,
            "num_branches": of_branches,
        }
    }


def test_rooms_are_added_up() -> None:
    rooms = by_room(
        {
            f"{OVERLAY}/retry.py": file(8, 10, 1, 2),
            f"{OVERLAY}/quirks.py": file(10, 10, 2, 2),
            f"{OVERLAY}/cli/group.py": file(30, 40, 0, 10),
            f"{OVERLAY}/version.py": file(0, 0, 0, 0),
        }
    )
    assert list(rooms) == ["cli", "core"]
    assert [line.split() for line in table(rooms)] == [
        ["room", "lines", "branches", "reached"],
        ["cli", "30/40", "0/10", "60.0%"],
        ["core", "18/20", "3/4", "87.5%"],
        ["all", "48/60", "3/14", "68.9%"],
    ]


def test_what_is_left_out_is_there() -> None:
    for name in (*LEFT_OUT, *MEASURED_ALL_THE_SAME):
        assert (ROOT / "tests" / name).exists(), name
    tests = selection(ROOT / "tests")
    assert {name.partition("=")[2] for name in tests.measured if name.startswith("--ignore=")} <= set(tests.others)


def test_each_test_is_measured_or_run_with_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_run, "LEFT_OUT", {"slow": "slow", "core/test_bytes.py": "counts"})
    monkeypatch.setattr(coverage_run, "MEASURED_ALL_THE_SAME", ("slow/test_quick.py",))
    for name in ("core/test_a.py", "core/test_bytes.py", "slow/test_b.py", "slow/test_quick.py", "parts/scripted.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    tests = selection(tmp_path)
    within = tmp_path.as_posix()
    assert tests.measured == (f"{within}/core", f"{within}/slow/test_quick.py", f"--ignore={within}/core/test_bytes.py")
    assert tests.others == (f"{within}/core/test_bytes.py", f"{within}/slow")
