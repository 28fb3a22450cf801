"""Ratios and their verdicts, both sides of the rows, and which lines of the page a run writes."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from benchmarks import deploying, rows, work
from benchmarks.rows import Figure, duration, served
from benchmarks.work import WARM_UPS, Pair, middle, paired, seconds
from qlik_automation_connections.sandbox import Sandbox
from steps import StepError

CONNECTIONS = 400
PYTHON = Path(sys.executable)


def test_both_sides_come_first_as_often_and_the_first_measurements_do_not_count() -> None:
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return float(len(order))

    found = paired(lambda: side("ours"), lambda: side("theirs"), 4)
    warm = 2 * WARM_UPS
    assert order[warm:] == ["ours", "theirs", "theirs", "ours", "ours", "theirs", "theirs", "ours"]
    assert found == [Pair(warm + one, warm + other) for one, other in ((1, 2), (4, 3), (5, 6), (8, 7))]


def test_work_is_done_once_and_the_processor_counts_no_waiting() -> None:
    done: list[int] = []
    assert seconds(lambda: done.append(1)) >= 0
    assert done == [1]
    assert seconds(lambda: 35.5) == 35.5
    if sys.platform != "win32":
        assert seconds(lambda: time.sleep(0.05), cpu=True) < 0.05 <= seconds(lambda: time.sleep(0.05))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=50))
def test_a_quarter_of_the_values_lies_on_each_side_of_the_middle(values: list[int]) -> None:
    median, low, high = middle(values)
    assert min(values) <= low <= median <= high <= max(values)
    assert median == statistics.median(values)
    assert sum(value < low for value in values) <= (len(values) - 1) // 4 + 1


@pytest.mark.parametrize(
    ("bar", "calls", "cells"),
    [
        (1.5, (1, 1), ["1.50 (1.50 to 1.50)", "≤ 1.50", "PASS", "3.00 s, 2.00 s", "2"]),
        (1.49, (1, 1), ["1.50 (1.50 to 1.50)", "≤ 1.49", "MISSED", "3.00 s, 2.00 s", "2"]),
        (None, (30, 1), ["0.050 (0.050 to 0.050)", "", "shown", "100.00 ms, 2.00 s", "2"]),
    ],
)
def test_the_median_ratio_of_one_piece_of_work_is_judged(
    bar: float | None, calls: tuple[int, int], cells: list[str]
) -> None:
    figure = Figure("get", "ours", "theirs", [Pair(3.0, 2.0), Pair(6.0, 4.0)][:1] * 2, bar, calls)
    assert figure.cells == ["get", "ours", "theirs", *cells]
    assert figure.is_met == (cells[2] != "MISSED")


def test_amounts_have_units() -> None:
    assert [duration(value) for value in (2.5, 0.0125, 0.00025)] == ["2.50 s", "12.50 ms", "250.0 µs"]
    assert Figure("memory", "a", "b", [Pair(35.25, 35.25)]).cells[6] == "35.2 MiB, 35.2 MiB"


CALM = [[1.0, 2.0], [1.0, 2.0], [1.1, 2.0]]
WILD = [[1.0, 9.0], [1.0, 2.0], [9.0, 2.0]]
LESS_WILD = [[1.0, 1.0], [1.0, 4.0], [5.0, 4.0]]


@pytest.mark.parametrize(
    ("measured", "quick", "counts", "left_over"),
    [
        ([CALM, WILD], False, 0, 1),
        ([WILD, CALM, WILD], False, 1, 1),
        ([LESS_WILD, WILD, CALM], False, 0, 1),
        ([WILD, CALM], True, 0, 1),
    ],
    ids=["calm at once", "calm at last", "never calm", "quick"],
)
def test_ratios_that_scatter_are_measured_again_and_the_calmer_count(
    measured: list[Any], quick: bool, counts: int, left_over: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter(measured)
    monkeypatch.setattr(rows, "python_with", lambda *extras: PYTHON)
    monkeypatch.setattr(rows, "served", lambda *served, archive: nullcontext({}))
    monkeypatch.setattr(rows, "run", lambda *command, capture: json.dumps(next(left)))
    (figure,) = rows.turns("ours", "theirs", "get", 3)("get", quick)
    assert [list(pair) for pair in figure.pairs] == measured[counts]
    assert len(list(left)) == left_over


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=CONNECTIONS) as sandbox:
        yield sandbox


@pytest.fixture
def order(sandbox: Sandbox) -> dict[str, Any]:
    return {"url": sandbox.url, "key": sandbox.api_key, "connections": CONNECTIONS, "calls": CONNECTIONS, "delay": 0.0}


def asked(sandbox: Sandbox, work: work.Work) -> list[str]:
    """The paths that something asks for."""
    before = len(sandbox.ledger)
    work()
    return [entry.path for entry in sandbox.ledger.snapshot()[before:]]


@pytest.mark.exhaustive
@pytest.mark.parametrize("row", ["get", "check"])
def test_both_sides_ask_for_the_same(sandbox: Sandbox, order: dict[str, Any], row: str) -> None:
    with getattr(work, row)(order) as (ours, theirs):
        paths = [sorted(asked(sandbox, side)) for side in (ours, theirs)]
    assert paths[0] == paths[1]
    assert len(set(paths[0])) == CONNECTIONS


def test_pages_are_fewer_where_they_are_larger(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with work.listing(order) as (ours, theirs):
        assert [len(asked(sandbox, side)) for side in (ours, theirs)] == [CONNECTIONS // 200, CONNECTIONS // 100]


@pytest.mark.exhaustive
@pytest.mark.parametrize("row", ["threads", "tasks"])
def test_only_our_side_reads_side_by_side(sandbox: Sandbox, order: dict[str, Any], row: str) -> None:
    with getattr(work, row)(order) as (ours, theirs):
        assert len(set(asked(sandbox, ours))) == CONNECTIONS
        assert asked(sandbox, theirs) == []


@pytest.mark.parametrize("row", ["construct", "decode"])
def test_what_asks_nobody_asks_nobody(sandbox: Sandbox, order: dict[str, Any], row: str) -> None:
    with getattr(work, row)({**order, "calls": 2}) as both:
        assert [asked(sandbox, side) for side in both] == [[], []]


def test_an_audit_and_its_list_read_the_same_pages(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with work.audit(order) as (ours, theirs):
        assert len(asked(sandbox, ours)) >= len(asked(sandbox, theirs)) == CONNECTIONS // 200


def test_a_plan_reads_the_list_that_the_archive_is_compared_with() -> None:
    with served(CONNECTIONS, archive=True) as server, work.restore_plan(server) as (ours, theirs):
        assert seconds(ours) > 0 < seconds(theirs)


@pytest.mark.exhaustive
def test_the_memory_that_a_plan_takes_is_measured() -> None:
    pytest.importorskip("resource", reason="Windows does not say")
    with served(CONNECTIONS, archive=True) as server:
        program = work._PLANNED.replace("100_000", str(CONNECTIONS))
        assert 1 < seconds(work._peak(server, program, server["archive"])) < 190


def test_the_least_time_is_full_windows_and_what_serving_the_first_took() -> None:
    window = [0.01 * number for number in range(deploying.CAPACITY)]
    assert deploying.least(window) == pytest.approx(window[-1])
    assert deploying.least([*window, 900.0]) == deploying.WINDOW_SECONDS
    assert deploying.least([*window, *(900.0 + each for each in window[:8])]) == pytest.approx(300.07)


def test_a_deployment_is_complete_and_takes_some_time(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, least = deploying.deploy(2, 3, 1_000)
    assert 0 < least < taken
    monkeypatch.setattr(rows, "python_with", lambda *extras: PYTHON)
    monkeypatch.setattr(rows, "run", lambda *command, capture: "[[1.04, 1.0]]")
    (figure,) = rows.deployed("deploy", True)
    assert (figure.is_met, figure.cells[:2]) == (True, ["deploy", "200 automations within the limits"])


@pytest.mark.exhaustive
def test_a_worker_prints_pairs(order: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    text = json.dumps({**order, "repeats": 3})
    work.main("listing", text)
    assert [len(pair) for pair in json.loads(capsys.readouterr().out)] == [2, 2, 2]


@pytest.mark.exhaustive
def test_interpreters_that_import_something_print_seconds_and_mebibytes(order: dict[str, Any]) -> None:
    with work.fresh({"program": "import httpx"}) as both:
        assert all(0 < seconds(side) < 60 for side in both)
    with work.help({}) as both:
        assert all(seconds(side) > 0 for side in both)
    with work.first({}) as both:
        assert all(0 < seconds(side) < 60 for side in both)
    pytest.importorskip("resource", reason="Windows does not say")
    with work.memory({**order, "connections": 40}) as (ours, _):
        assert 1 < seconds(ours) < 1_000


@pytest.mark.exhaustive
def test_another_program_is_timed_by_what_it_prints(order: dict[str, Any]) -> None:
    program = "import sys\nfor line in sys.stdin: print(0.25, flush=True)"
    with work.qlik_api({**order, "command": [sys.executable, "-c", program]}) as (_, theirs):
        assert [seconds(theirs), seconds(theirs)] == [0.25, 0.25]


@pytest.mark.exhaustive
def test_a_program_is_timed_until_it_asks() -> None:
    asks = "import os, time, urllib.request as r; time.sleep({}); r.urlopen(os.environ['QLIK_TENANT_URL'])"
    with work.first({"program": asks.format(0.0), "other": asks.format(0.5)}) as (ours, theirs):
        assert 0 < seconds(ours) < seconds(theirs)


def test_a_process_that_fails_is_reported(order: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "python_with", lambda *extras: PYTHON)
    monkeypatch.setattr(rows, "served", lambda *served, archive: nullcontext(order))
    with pytest.raises(StepError, match="AssertionError"):
        list(rows.turns("ours", "theirs", "get", 1, calls=(CONNECTIONS + 1, 1))("list", True))


def test_a_server_repeats_successes_and_ends_when_it_is_not_needed() -> None:
    with served(7, 0.01) as server:
        with work._client(server) as client:
            assert sum(map(len, work._pages(client))) == 7
            page = client.get(work.PATH, params={"listAll": "true", "limit": 2})
            # The links lead to the server that was asked, and not to the sandbox behind it.
            assert page.json()["links"]["next"]["href"].startswith(server["url"])
            assert client.get(f"{work.PATH}/unknown").status_code == 404
            assert client.get(work.PATH, params={"listAll": "true", "limit": 2}).content == page.content
            assert client.get(work.PATH, params={"listAll": "true", "limit": 3}).content != page.content
            assert client.post(f"{work.PATH}/{page.json()['data'][1]['id']}/actions/check").status_code == 200
        assert httpx.get(f"{server['url']}{work.PATH}", params={"limit": 9}).status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(server["url"])


PAGE = """# Benchmarks

| row | measured | against | ratio | bar | verdict | medians | pairs | run |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| good | a | b | 1.00 (1.00 to 1.00) | ≤ 2.00 | PASS | 1.00 s, 1.00 s | 1 | 1 |
| other | a | b | 1.00 (1.00 to 1.00) |  | shown | 1.00 s, 1.00 s | 1 | 2 |

| run | date | machine | versions |
| --- | --- | --- | --- |
| 1 | 2026-11-25 | a machine | Python 3.98 |
| 2 | 2026-11-26 | a machine | Python 3.98 |

By hand.
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, and rows that find what they are told to."""

    def failing(row: str, quick: bool) -> Iterator[Figure]:
        raise StepError("the server is gone")

    def missing(row: str, quick: bool) -> Iterator[Figure]:
        raise rows.PeerMissingError("Node.js is not installed here")

    def line(measured: str, ratio: float) -> Any:
        return lambda row, quick: iter([Figure(row, measured, "b", [Pair(ratio, 1.0)], 2.0)])

    found = {"good": (line("a", 1.5), missing, line("new", 1.5)), "bad": (line("a", 3.0),), "broken": (failing,)}
    monkeypatch.setattr(bench, "ROWS", found)
    monkeypatch.setattr(bench, "VERSIONS", {"Python": "3.99"})
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "page.md"


def lines(page: Path) -> list[list[str]]:
    found = [line.strip("|\n ").split(" | ") for line in page.read_text(encoding="utf-8").splitlines()]
    return [
        [cell.strip() for cell in cells] for cells in found if len(cells) > 3 and cells[0] not in ("row", "---", "run")
    ]


def test_one_row_leaves_the_lines_of_the_others(page: Path) -> None:
    assert bench.main(["good", "--page", str(page)]) == 0
    found = lines(page)
    assert [(cells[0], cells[1], cells[-1]) for cells in found[:3]] == [
        ("good", "a", "3"),
        ("good", "new", "3"),
        ("other", "a", "2"),
    ]
    assert [cells[0] for cells in found[3:]] == ["2", "3"]
    assert "Python 3.99" in found[4][-1]
    assert page.read_text(encoding="utf-8").endswith("\nBy hand.\n")


def test_a_bar_that_is_missed_is_told_and_written(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["good", "bad", "--page", str(page)]) == 1
    assert "A bar is MISSED." in capsys.readouterr().out
    assert [(cells[0], cells[5]) for cells in lines(page)[:4]] == [
        ("good", "PASS"),
        ("good", "PASS"),
        ("other", "shown"),
        ("bad", "MISSED"),
    ]


def test_what_was_measured_before_a_failure_is_kept(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--page", str(page)]) == 2
    assert "the server is gone" in capsys.readouterr().err
    assert "bad" in [cells[0] for cells in lines(page)]


def test_trying_out_writes_no_page(page: Path) -> None:
    assert bench.main(["--quick", "good", "--page", str(page)]) == 0
    assert page.read_text(encoding="utf-8") == PAGE


def test_a_row_that_does_not_exist_is_refused(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(["speed"])
    assert "there is no row 'speed'" in capsys.readouterr().err


def test_the_page_here_can_be_updated() -> None:
    text = bench.PAGE.read_text(encoding="utf-8")
    figure = Figure("decode", "with `speed`", "`json.loads`", [Pair(1.0, 2.0)], 1.3)
    changed = bench.updated(text, [figure], ["2026-01-01", "a machine", "Python 3.99"]).splitlines()
    before = text.splitlines()
    assert len(changed) == len(before) + 1
    assert len([line for line in changed if line not in before]) == 2
