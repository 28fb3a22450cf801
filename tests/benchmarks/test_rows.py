"""Both sides of a row do what they are compared for, and rows say what they measure."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks import installed, work
from benchmarks.failure import BenchmarkError
from benchmarks.machine import machine, processor_of, versions_in_words
from benchmarks.processes import command, sandbox_elsewhere, timer, told
from benchmarks.profiling import profile
from benchmarks.registry import ROWS
from benchmarks.rows import check, construct, decode, get, listing, memory, raw, side_by_side
from benchmarks.rows.importing import slowest_imports
from qlik_automation_connections.sandbox import Sandbox

CONNECTIONS = 400


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=CONNECTIONS) as sandbox:
        yield sandbox


@pytest.fixture
def order(sandbox: Sandbox) -> dict[str, Any]:
    return {"url": sandbox.url, "key": sandbox.api_key, "connections": CONNECTIONS}


def test_pages_are_fewer_where_they_are_larger(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with listing.sides(order) as (ours, theirs):
        counts = []
        for side in (ours, theirs):
            before = len(sandbox.ledger)
            side()
            counts.append(len(sandbox.ledger) - before)
    assert counts == [CONNECTIONS // 200, CONNECTIONS // 100]


def test_both_sides_read_the_same_connections(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with get.sides(order) as (ours, theirs):
        paths = []
        for side in (ours, theirs):
            before = len(sandbox.ledger)
            side()
            paths.append([entry.path for entry in sandbox.ledger.snapshot()[before:]])
    assert paths[0] == paths[1]
    assert len(set(paths[0])) == len(paths[0]) > 1


def test_both_sides_check_the_same_connections(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with check.sides(order) as (ours, theirs):
        paths = []
        for side in (ours, theirs):
            before = len(sandbox.ledger)
            side()
            paths.append(sorted(entry.path for entry in sandbox.ledger.snapshot()[before:]))
    assert paths[0] == paths[1]
    assert len(paths[0]) == CONNECTIONS


@pytest.mark.parametrize("tasks", [False, True])
def test_reads_side_by_side_are_all_made(sandbox: Sandbox, order: dict[str, Any], tasks: bool) -> None:
    with side_by_side.sides({**order, "tasks": tasks}) as (ours, _):
        before = len(sandbox.ledger)
        ours()
        read = {entry.path for entry in sandbox.ledger.snapshot()[before:]}
    assert len(read) == CONNECTIONS


@pytest.mark.parametrize("module", [construct, decode])
def test_what_asks_nobody_asks_nobody(sandbox: Sandbox, order: dict[str, Any], module: ModuleType) -> None:
    with module.sides(order) as (ours, theirs):
        before = len(sandbox.ledger)
        ours()
        theirs()
        assert len(sandbox.ledger) == before


def test_a_list_is_iterated_to_its_end_and_memory_told(order: dict[str, Any]) -> None:
    pytest.importorskip("resource", reason="Windows does not say")
    assert memory.once(order) > 1
    with pytest.raises(AssertionError):
        memory.once({**order, "connections": CONNECTIONS + 1})


def test_a_worker_prints_pairs_and_takes_turns(
    order: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work.main(["pairs", "rows.decode", json.dumps({**order, "repeats": 3})])
    pairs = json.loads(capsys.readouterr().out)
    assert [len(pair) for pair in pairs] == [2, 2, 2]
    monkeypatch.setattr(sys, "stdin", iter(["\n", "\n"]))
    work.main(["turns", "rows.listing", json.dumps(order)])
    assert len([float(line) for line in capsys.readouterr().out.splitlines()]) == 2


def test_a_profile_names_the_functions_that_take_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.profiling._SECONDS", 0.0)

    def working() -> int:
        return sum(range(1000))

    printed = profile(working)
    assert printed.startswith("1 rounds")
    assert "(working)" in printed


def test_a_module_runs_in_a_process_of_another_interpreter() -> None:
    versions = told(Path(sys.executable), "installed")
    assert versions["Python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert "qlik-automation-connections" in versions_in_words(versions)


def test_versions_are_those_of_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    installed.main([])
    found = json.loads(capsys.readouterr().out)
    assert {"Python", "httpx", "attrs"} <= found.keys()
    assert "qlik-sdk" not in found


def test_a_process_is_timed_for_every_line(order: dict[str, Any]) -> None:
    python = Path(sys.executable)
    with timer(command(python, "work", "turns", "rows.listing", json.dumps(order))) as listed:
        assert min(listed(), listed()) > 0


def test_a_process_that_fails_is_told_of(order: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    wrong = json.dumps({**order, "connections": 1})
    with (
        pytest.raises(BenchmarkError, match="ended early"),
        timer(command(Path(sys.executable), "work", "turns", "rows.listing", wrong)) as listed,
    ):
        listed()
    with pytest.raises(BenchmarkError, match=r"work once .* ended with 1"):
        told(Path(sys.executable), "work", "once", "rows.memory", wrong)
    assert "AssertionError" in capfd.readouterr().err


def test_a_sandbox_runs_elsewhere_while_it_is_needed() -> None:
    with sandbox_elsewhere(3) as served, raw.client(*served) as client:
        assert raw.listed(client) == 3


def test_the_slowest_imports_come_first() -> None:
    printed = (
        "a line of another kind\nimport time: self [us] | cumulative | imported package\n"
        "import time:       10 |         10 |   small\nimport time:       20 |        300 | large\n"
        "import time:       30 |         90 |   middle\n"
    )
    head, *lines = slowest_imports(printed, 2).splitlines()
    assert head.endswith("imported package")
    assert [line.rpartition("|")[2].strip() for line in lines] == ["large", "middle"]


def test_the_processor_is_named_and_the_machine_is_not() -> None:
    assert (
        processor_of("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz \nmodel name\t: Some CPU\n") == "Some CPU @ 2 GHz"
    )
    assert processor_of("Hardware : board\n") == ""
    import platform

    assert " core" in machine()
    assert platform.node() not in machine().split()


def test_every_row_says_what_it_measures() -> None:
    for name, row in ROWS.items():
        assert row.how.strip() == row.how, name
        assert row.how.endswith("."), name
        assert "\n\n" not in row.how, name
