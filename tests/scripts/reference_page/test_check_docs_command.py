"""The command: exit codes, what it prints, and the real page where there is one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

import check_docs
from qlik_automation_connections import _normalizer, _quirks
from reference_page.departures import DEPARTURES
from reference_page.facts import Reference
from reference_page.spec import Spec, read_spec
from sampling import few
from scripts.own_page.files import PAGE, REFERENCE_FOLDER, SPEC, changed
from scripts.own_page.rendering import render
from steps import SPEC as SERVICE

VENDORS: Final = REFERENCE_FOLDER / "api-reference.md"
BASE: Final = "/api/workflows/automation-connections"
DETAIL: Final = {
    "id": "c1",
    "error": {},
    "params": [{"id": "p1", "isOptional": "false", "order": 1}],
    "createdAt": "2025-03-04T08:15:30.000000Z",
}


@pytest.fixture
def own(tmp_path: Path) -> list[str]:
    """The command's arguments for our page and our spec, which here has no departure."""
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(changed(SPEC, ", minimum: 1", ""), encoding="utf-8")
    return [str(tmp_path / "page.md"), "--spec", str(tmp_path / "spec.yaml")]


@cache
def service() -> Reference:
    return read_spec(Spec(SERVICE.read_text(encoding="utf-8")), {BASE})


def service_page(example: Any = None) -> str:
    """A page that says what the spec says, with an example of a connection."""
    spec = service()
    operations = dict(spec.operations)
    if example is not None:
        name = f"GET {BASE}/{{id}}"
        operations[name] = attrs.evolve(operations[name], examples=(json.dumps(example),))
    return render(Reference(spec.base_url, operations))


def test_0_where_page_and_spec_say_the_same(own: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert check_docs.main(own) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("no differences: 3 operations and ")


def test_1_and_a_line_each_where_they_differ(own: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    page = changed(changed(PAGE, "| `forced` | boolean |", "| `forced` | string |"), "Tier 1 (1000", "Tier 1 (2000")
    Path(own[0]).write_text(page, encoding="utf-8")
    assert check_docs.main(own) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 2
    assert all(" the page says " in line and ", the spec says " in line for line in printed.out.splitlines())
    assert printed.err.startswith("differences: 2, of them breaking: 1;")


def test_json_says_the_same(own: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path(own[0]).write_text(changed(PAGE, "| `forced` | boolean |", "| `forced` | string |"), encoding="utf-8")
    assert check_docs.main([*own, "--json"]) == 1
    written = json.loads(capsys.readouterr().out)
    assert written["operations"] == 3
    assert written["known"] == []
    assert written["differences"] == [
        {
            "where": "DELETE /api/workflows/kettles/{id}, query parameter forced",
            "fact": "type",
            "vendor": "string",
            "spec": "boolean",
            "breaking": True,
            "source": "page",
        }
    ]


def test_2_where_one_cannot_be_read(own: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    page, _, spec = own
    contents = {page: (PAGE[: len(PAGE) // 2].encode(), b"\xff\xfe\x00"), spec: (b"openapi: 3.1.0", b"\xff")}
    for file, spoilt in contents.items():
        fine = Path(file).read_bytes()
        for content in spoilt:
            Path(file).write_bytes(content)
            assert check_docs.main(own) == 2
            printed = capsys.readouterr()
            assert printed.out == ""
            assert f"{file} can't be compared" in printed.err
        Path(file).write_bytes(fine)
    assert check_docs.main([page + "x", *own[1:]]) == 2
    assert "page.mdx can't be compared" in capsys.readouterr().err


def test_what_a_page_says_cannot_command_the_terminal(own: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    page = changed(PAGE, "| `forced` | boolean |", "| `forced` | \x1b[31mred |")
    Path(own[0]).write_text(page, encoding="utf-8")
    assert check_docs.main(own) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_a_page_that_says_what_our_spec_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(service_page(DETAIL), encoding="utf-8")
    assert check_docs.main([str(page), "--json"]) == 0
    known = json.loads(capsys.readouterr().out)["known"]
    assert {(each["fact"], each["origin"]) for each in known} == {(each.fact, each.origin) for each in DEPARTURES}


@pytest.mark.parametrize(
    ("change", "field"),
    few(
        [
            ({"createdAt": "yesterday"}, "createdAt"),
            ({"createdAt": "2025-03-04T08:15:30"}, None),
            ({"isConnected": 1}, None),
            ({"isConnected": "perhaps"}, "isConnected"),
            ({"name": {}}, "name"),
            ({"error": "boom"}, None),
            ({"params": {}}, None),
            ({"params": "none"}, "params"),
            ({"params": [1]}, "params[]"),
            ({"redirect": None}, None),
            ({"labels": []}, "labels"),
            ({"params": [{"labels": []}]}, "params[].labels"),
        ]
    ),
)
def test_a_contradiction_in_an_example_needs_a_quirk(
    tmp_path: Path, change: dict[str, Any], field: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text(service_page({**DETAIL, **change}), encoding="utf-8")
    assert check_docs.main([str(page)]) == (0 if field is None else 1)
    printed = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in printed] == (
        [f"GET {BASE}/{{id}}, example answer, {field}"] if field else []
    )


def test_without_the_quirk_the_page_contradicts_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without = [quirk for quirk in _quirks.QUIRKS if quirk.name != "boolean-spelling"]
    monkeypatch.setitem(_normalizer._QUIRKS_OF["AutomationConnectionParamObject"], "isOptional", without[-3:])
    page = tmp_path / "page.md"
    page.write_text(service_page(DETAIL), encoding="utf-8")
    assert check_docs.main([str(page)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(
        "params[].isOptional: value: the page says a value of type string, the spec says type 'boolean' (breaking)"
    )


@pytest.mark.skipif(not VENDORS.is_file(), reason="the vendor's page is no part of this project")
def test_the_vendors_page_says_what_the_spec_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_docs.main([str(VENDORS), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["operations"] == 8
    assert written["differences"] == []
