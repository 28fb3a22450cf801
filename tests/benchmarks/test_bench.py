"""Ratios and their verdicts, both sides of the rows, and which lines of the page a run writes."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from benchmarks import processes, rows, serving, work
from benchmarks.measuring import WARM_UPS, Pair, middle, paired, peak_mib, seconds
from benchmarks.processes import BenchmarkError, command, served, timer
from benchmarks.rows import Figure, amount
from qlik_automation_connections.sandbox import Sandbox

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
    if sys.platform != "win32":
        assert seconds(lambda: time.sleep(0.2), cpu=True) < 0.1 < seconds(lambda: time.sleep(0.2))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=50))
def test_a_quarter_of_the_values_lies_on_each_side_of_the_middle(values: list[int]) -> None:
    found = middle(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert found.median == statistics.median(values)
    assert sum(value < found.low for value in values) <= (len(values) - 1) // 4 + 1


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


def test_amounts_in_words() -> None:
    assert [amount(value, "s") for value in (2.5, 0.0125, 0.00025)] == ["2.50 s", "12.50 ms", "250.0 µs"]
    assert amount(35.25, "MiB") == "35.2 MiB"


CALM = [[1.0, 2.0], [1.0, 2.0], [1.1, 2.0]]
WILD = [[1.0, 9.0], [1.0, 2.0], [9.0, 2.0]]
LESS_WILD = [[1.0, 1.0], [1.0, 4.0], [5.0, 4.0]]


@pytest.mark.parametrize(
    ("measured", "quick", "counts", "left_over"),
    [
        ([CALM, WILD], False, 0, 1),
        ([WILD, CALM, WILD], False, 1, 1),
        ([LESS_WILD, WILD, WILD, CALM], False, 0, 1),
        ([WILD, CALM], True, 0, 1),
    ],
    ids=["calm at once", "calm at last", "never calm", "quick"],
)
def test_ratios_that_scatter_are_measured_again_and_the_calmest_count(
    measured: list[Any], quick: bool, counts: int, left_over: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter(measured)
    monkeypatch.setattr(processes, "output_of", lambda *command: json.dumps(next(left)))
    found = rows.pairs("get", quick, 3, PYTHON)
    assert [list(pair) for pair in found] == measured[counts]
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


@pytest.mark.parametrize("row", ["get", "check"])
def test_both_sides_ask_for_the_same(sandbox: Sandbox, order: dict[str, Any], row: str) -> None:
    with work.ROWS[row](order) as (ours, theirs):
        paths = [sorted(asked(sandbox, side)) for side in (ours, theirs)]
    assert paths[0] == paths[1]
    assert len(set(paths[0])) == CONNECTIONS


def test_pages_are_fewer_where_they_are_larger(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with work.listing(order) as (ours, theirs):
        assert [len(asked(sandbox, side)) for side in (ours, theirs)] == [CONNECTIONS // 200, CONNECTIONS // 100]


@pytest.mark.parametrize("row", ["threads", "tasks"])
def test_only_our_side_reads_side_by_side(sandbox: Sandbox, order: dict[str, Any], row: str) -> None:
    with work.ROWS[row](order) as (ours, theirs):
        assert len(set(asked(sandbox, ours))) == CONNECTIONS
        assert asked(sandbox, theirs) == []


@pytest.mark.parametrize("row", ["construct", "decode"])
def test_what_asks_nobody_asks_nobody(sandbox: Sandbox, order: dict[str, Any], row: str) -> None:
    with work.ROWS[row]({**order, "calls": 2}) as both:
        assert [asked(sandbox, side) for side in both] == [[], []]


def test_an_audit_and_its_list_read_the_same_pages(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with work.audit(order) as (ours, theirs):
        assert len(asked(sandbox, ours)) >= len(asked(sandbox, theirs)) == CONNECTIONS // 200


@pytest.mark.parametrize("kind", ["threads", "tasks", "backup"])
def test_what_is_paced_takes_at_least_what_the_limits_allow(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "python_with", lambda *extras: PYTHON)
    pair = rows.under_limits(kind, 5_000, 1, 2, "memory", 20, 20)
    assert 0 < pair.theirs <= pair.ours


def test_a_worker_prints_pairs_turns_and_memory(
    order: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps({**order, "repeats": 3})
    work.main(["pairs", "listing", text])
    assert [len(pair) for pair in json.loads(capsys.readouterr().out)] == [2, 2, 2]
    monkeypatch.setattr(sys, "stdin", iter(["\n", "\n"]))
    work.main(["turns", "listing", text])
    assert len([float(line) for line in capsys.readouterr().out.split()]) == 2
    pytest.importorskip("resource", reason="Windows does not say")
    work.main(["peak", "listing", text])
    assert 1 < json.loads(capsys.readouterr().out) <= peak_mib()


def test_a_process_is_timed_for_every_line_and_one_that_fails_is_told_of(
    order: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    with timer(command(PYTHON, "work", "turns", "listing", json.dumps(order))) as listed:
        assert min(listed(), listed()) > 0
    wrong = json.dumps({**order, "connections": 1})
    with (
        pytest.raises(BenchmarkError, match="ended early"),
        timer(command(PYTHON, "work", "turns", "listing", wrong)) as listed,
    ):
        listed()
    assert "AssertionError" in capfd.readouterr().err


def head(line: str, *more: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: 127.0.0.1:1", *more]).encode()


@given(st.lists(st.none() | st.binary(max_size=20), max_size=5), st.integers(1, 99))
def test_requests_are_told_apart_however_they_arrive(posted: list[bytes | None], size: int) -> None:
    sent = [
        (head("GET /a"), b"") if body is None else (head("POST /b", f"content-Length: {len(body)}"), body)
        for body in posted
    ]
    stream = b"".join(head + b"\r\n\r\n" + body for head, body in sent)
    chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert list(serving.requests(iter(chunks))) == sent
    assert list(serving.requests(iter([b"GET / HTTP/1.1\r\nHost: a\r\n"]))) == []


def test_a_success_is_asked_for_once_and_an_error_is_not_kept(sandbox: Sandbox) -> None:
    answers = serving.Answers(sandbox.url.removeprefix("http://"))

    def answer(query: str, key: str = sandbox.api_key) -> bytes:
        return answers.answer(head(f"GET {work.PATH}{query}", f"Authorization: Bearer {key}"), b"")

    before = len(sandbox.ledger)
    assert answer("?limit=2", "another").startswith(b"HTTP/1.1 401 ")
    first = answer("?limit=2")
    assert first == answer("?limit=2") != answer("?limit=3")
    assert len(sandbox.ledger) - before == 3
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    # The link leads to the server that was asked, and not to the sandbox behind it.
    assert b'"href":"http://127.0.0.1:1/' in first


@pytest.mark.parametrize("kind", ["prepared", "sandbox"])
def test_a_server_runs_elsewhere_while_it_is_needed(kind: str) -> None:
    with served(kind, 7, 0.01) as server:
        with work._client(server) as client:
            assert sum(map(len, work._pages(client))) == 7
        assert ("owners" in server or "users" in server) == (kind == "sandbox")
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

    def failing(_: bool) -> Iterator[Figure]:
        raise BenchmarkError("the server is gone")

    def row(name: str, ratio: float, *more: str) -> Any:
        return lambda quick: iter([Figure(name, each, "b", [Pair(ratio, 1.0)], 2.0) for each in ("a", *more)])

    rows = {"good": row("good", 1.5, "new"), "bad": row("bad", 3.0), "broken": failing}
    monkeypatch.setattr(bench, "ROWS", rows)
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
    changed = bench.updated(text, [figure], "2026-01-01 | a machine | Python 3.99").splitlines()
    before = text.splitlines()
    assert len(changed) == len(before) + 1
    assert len([line for line in changed if line not in before]) == 2
