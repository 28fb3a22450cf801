"""`qac list` and `qac get`, and the forms that all commands print in, with names that want to do harm."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.invoking import At
from qlik_automation_connections import Tenant
from qlik_automation_connections._cli import output
from qlik_automation_connections.sandbox import Sandbox

HOSTILE = (
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",  # noqa: RUF001 - a spreadsheet may take it for an equals sign
    "\x1b[2Jclear",
    "two\nlines",
    "lone\rreturn",
    'quotes" and, commas',
    "\u202ereversed",
    "\x9b31mC1",
    "\x7f",
    "日本語の接続",
    "\U000e0041tag",
)


@pytest.fixture
def hostile(at: At) -> At:
    with Tenant(at.sandbox.url, api_key=at.sandbox.api_key) as tenant:
        for name in HOSTILE:
            tenant.connections.create(connector_id=at.sandbox.connectors[0].id, name=name)
    return at


def test_json_and_yaml_are_whole_and_harmless(hostile: At) -> None:
    def lines(text: str) -> list[Any]:
        return [json.loads(line) for line in text.split("\n")[:-1]]

    for form, read in (("json", json.loads), ("ndjson", lines), ("yaml", yaml.safe_load)):
        printed = hostile("list", "--all", "-o", form).stdout
        assert set(HOSTILE) <= {row["name"] for row in read(printed)}
        assert printed.replace("\n", "").isprintable()
        assert form == "yaml" or "日本語の接続" in printed


def test_csv_is_whole_and_no_formula(hostile: At) -> None:
    printed = hostile("list", "--all", "--csv").stdout
    rows = list(csv.reader(io.StringIO(printed, newline="")))
    assert {len(row) for row in rows} == {12}
    names = [row[1] for row in rows]
    for name in HOSTILE:
        assert name in names or f"'{name}" in names
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in rows for cell in row)


def test_tables_in_a_pipe_have_a_whole_line_for_each_whatever_the_terminal(hostile: At) -> None:
    for command in (["list"], ["check", "--every"], ["audit", "--every"]):
        lines = hostile(*command, "--all", COLUMNS="40").stdout.split("\n")
        assert lines[0].split()[0] == "Name"
        assert [line.split()[-1] for line in lines[1 : len(HOSTILE) + 13]] == hostile.ids
        assert all(line.isprintable() for line in lines)


def test_announcements_and_errors_have_a_line_for_each(hostile: At) -> None:
    result = hostile("delete", "--filter", f'connectorId eq "{hostile.sandbox.connectors[0].id}"', "--dry-run")
    assert all(line.isprintable() for line in result.stderr.split("\n"))
    # Ten of them, what is done and where, headings, how many more, and the end.
    assert result.stderr.count("\n") >= 10 + 4
    assert result.stderr.count("Delete ") == 1


def test_get_shows_a_hostile_name_in_one_line(hostile: At) -> None:
    id = next(item["id"] for item in hostile.sandbox.snapshot() if item["name"] == "two\nlines")
    assert hostile("get", id).stdout.split("\n")[0] == "Name       two\\nlines"
    assert "'two\\nlines' to 'x\\ny'" in hostile("update", id, "--name", "x\ny", "--dry-run").stderr


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=20))
def test_any_text_survives_json_and_csv(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"name": text})
    assert json.loads(capsys.readouterr().out) == {"name": text}
    if not any(0xD800 <= ord(character) < 0xE000 for character in text):
        output.print_csv([{"id": "x", "name": text}], ["id", "name"])
        row = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))[1]
        assert row[1] in (text, f"'{text}")


@given(
    widths=st.lists(
        st.tuples(st.integers(1, 60), st.integers(1, 36), st.booleans(), st.integers(0, 9)), min_size=1, max_size=8
    ),
    room=st.integers(1, 200),
)
def test_columns_are_left_out_only_as_far_as_needed(widths: list[tuple[int, int, bool, int]], room: int) -> None:
    columns = [output.Column("x", str, wrap, size, size, spare) for _, size, wrap, spare in widths]
    natural = [width for width, *_ in widths]

    def needed(shown: list[int]) -> int:
        return output.room_needed([columns[index] for index in shown], [natural[index] for index in shown])

    shown = output.fitting(columns, natural, room)
    assert shown == sorted(shown)
    assert {index for index, column in enumerate(columns) if not column.spare} <= set(shown)
    for index in set(range(len(columns))) - set(shown):
        # There was no room beside those that matter as much or more.
        before = [each for each in shown if columns[each].spare <= columns[index].spare]
        assert needed(sorted([*before, index])) > room
    if needed(shown) > room:
        assert not any(columns[index].spare for index in shown)


def test_a_list_in_pages_is_whole_and_stops_where_it_is_told_to() -> None:
    with Sandbox(connections=450) as sandbox:
        at = At(sandbox)
        for form in (["--json"], ["--ndjson"], ["--csv"], []):
            lines = at("list", "--all", *form).stdout
            assert sum(item["id"] in lines for item in sandbox.snapshot()) == 450
        sandbox.ledger.clear()
        assert len(at.json("list", "--all", "--max", "201")) == 201
        assert sandbox.ledger.count(operation="getAutomationConnections") == 2
        assert at("list", "--all", "--max", "3", "--ndjson").stdout.count("\n") == 3
        assert "limit=3" in [e for e in sandbox.ledger if e.operation == "getAutomationConnections"][-1].query


def test_list_options_narrow_and_sort(at: At) -> None:
    some = at.sandbox.snapshot()[0]
    for option, field, key in (
        ("--name", "name", "name"),
        ("--owner", "ownerId", "owner_id"),
        ("--connector", "connectorId", "connector_id"),
        ("--space", "spaceId", "space_id"),
    ):
        found = at.json("list", "--all", option, some[field])
        assert found
        assert {item[key] or "" for item in found} == {some[field]}
    times = [item["updated_at"] for item in at.json("list", "--all", "--sort", "-updatedAt")]
    assert times == sorted(times, reverse=True)
    assert at("list", "--name", "nobody has it").exit_code == 0


def test_get_in_words(at: At) -> None:
    id = next(item["id"] for item in at.sandbox.snapshot() if item["connectorId"] == at.sandbox.connectors[0].id)
    lines = at("get", id).stdout.splitlines()
    shown = {line.split("  ")[0]: line.split("  ")[-1].strip() for line in lines[:8]}
    assert shown["Id"] == id
    assert shown["Created"].endswith(" UTC")
    assert lines[9].split() == ["Param", "Kind", "Needed", "Choices", "Description"]
    assert at("get", "nobody").exit_code == 4
    assert at("get", "nobody", "--json").stdout == ""
