"""The vendor's OpenAPI against the spec: planted differences, operations that are left out, files, and folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

import check_docs
from reference_page import departures as known
from reference_page.comparison import OPENAPI as SOURCE
from reference_page.departures import Departure
from reference_page.spec import Spec, read_spec
from scripts.own_page.files import OPENAPI, OPENAPI_DEPARTURES, OPENAPI_SPEC, PAGE, REFERENCE_FOLDER, changed
from steps import SPEC

GET, POST = "GET /api/workflows/kettles", "POST /api/workflows/kettles"
DELETE = "DELETE /api/workflows/kettles/{id}"
WHISTLE = "POST /api/workflows/kettles/{kettleId}/actions/whistle"
VENDORS: Final = REFERENCE_FOLDER / "vendor-openapi"


def lines(file: str, spec: str = OPENAPI_SPEC, departures: tuple[Departure, ...] = OPENAPI_DEPARTURES) -> list[str]:
    ours = read_spec(Spec(spec), known=())
    vendor = read_spec(Spec(file, is_vendors=True), known=ours.operations)
    judged = check_docs.differences(vendor, Spec(spec), departures, SOURCE)
    return [str(each).replace("the vendor's OpenAPI says", "they say") for each in judged.differences]


def test_our_file_and_our_spec_say_the_same() -> None:
    assert lines(OPENAPI) == []


PLANTED: dict[str, tuple[tuple[str, str], *tuple[str, ...]]] = {
    "lower maximum": (
        ('"maximum": 50', '"maximum": 20'),
        f"{GET}, query parameter limit: maximum: they say 20, the spec says 50 (breaking)",
    ),
    "higher maximum": (
        ('"maximum": 50', '"maximum": 80'),
        f"{GET}, query parameter limit: maximum: they say 80, the spec says 50 (not breaking)",
    ),
    "no maximum": (
        ('"maximum": 50, ', ""),
        f"{GET}, query parameter limit: maximum: they say nothing, the spec says 50 (not breaking)",
    ),
    "another default": (
        ('"default": 10', '"default": 20'),
        f"{GET}, query parameter limit: default: they say 20, the spec says 10 (breaking)",
    ),
    "a deprecated parameter": (
        ('"name": "sort", ', '"name": "sort", "deprecated": true, '),
        f"{GET}, query parameter sort: deprecated: they say True, the spec says nothing (not breaking)",
    ),
    "a filterable field": (
        ('"stickers": {', '"stickers": {"x-qlik-filterable": true, '),
        f"{GET}, response 200, data[].stickers: x-qlik-filterable: they say True, the spec says nothing (not breaking)",
    ),
    "a deprecated operation": (
        ('"x-qlik-deprecated": false', '"x-qlik-deprecated": true'),
        f"{GET}: statement 'Deprecated': they say 'True', the spec says nothing (not breaking)",
    ),
    "an operation that is no longer stable": (
        ('"x-qlik-stability": "stable"', '"x-qlik-stability": "experimental"'),
        f"{GET}: statement 'Stability': they say 'experimental', the spec says nothing (not breaking)",
    ),
    "a parameter's place": (
        ('"in": "query", "name": "forced"', '"in": "header", "name": "forced"'),
        f"{DELETE}, query parameter forced: field: they say nothing, the spec says that it exists (boolean, optional)"
        " (breaking)",
        f"{DELETE}, header parameter forced: field: they say that it exists (boolean, optional), the spec says nothing"
        " (not breaking)",
    ),
    "a field behind a reference": (
        ('"href": {"type": "string"', '"href": {"type": "object"'),
        f"{GET}, response 200, links.next.href: type: they say object, the spec says string (breaking)",
    ),
    "a composed field": (
        ('"colour": {"type": "string"}', '"colour": {"anyOf": []}'),
        f"{POST}, request body, parts[].colour: type: they say anyOf, the spec says string (breaking)",
    ),
    "a field that holds itself": (
        ('"lid": {"oneOf"', '"inner": {"$ref": "#/components/schemas/Kettle"}, "lid": {"oneOf"'),
        f"{GET}, response 200, data[].inner: field: they say that it exists (object, optional), the spec says nothing"
        " (not breaking)",
    ),
    "an operation of which the spec has nothing": (
        ('"post": {\n        "operationId": "whistle"', '"put": {}, "post": {\n        "operationId": "whistle"'),
        f"{WHISTLE.replace('POST', 'PUT')}: operation: they say that it exists, the spec says nothing (not breaking)",
    ),
    "an operation that is gone": (
        ('"delete": {', '"patch": {'),
        f"{DELETE}: operation: they say nothing, the spec says that it exists (breaking)",
        "PATCH /api/workflows/kettles/{kettleId}: operation: they say that it exists, the spec says nothing"
        " (not breaking)",
    ),
}


def test_a_planted_difference_is_told_in_a_line() -> None:
    for name, ((old, new), *wanted) in PLANTED.items():
        assert lines(changed(OPENAPI, old, new)) == wanted, name


def test_the_vendors_name_of_an_operation() -> None:
    spec = changed(OPENAPI_SPEC, "    get:\n", "    get:\n      operationId: listKettles\n")
    assert lines(OPENAPI, spec) == [
        f"{GET}: operationId: they say getKettles, the spec says listKettles (not breaking)"
    ]


def test_a_deprecation_that_both_state_is_no_difference() -> None:
    spec = changed(OPENAPI_SPEC, "    get:\n", "    get:\n      x-qlik-deprecated: true\n")
    assert lines(changed(OPENAPI, '"x-qlik-deprecated": false', '"x-qlik-deprecated": true'), spec) == []
    (line,) = lines(OPENAPI, spec)
    assert line == f"{GET}: statement 'Deprecated': they say nothing, the spec says 'True' (not breaking)"


def test_what_is_no_longer_there_to_be_left_out_is_a_difference() -> None:
    start = '"post": {\n        "operationId": "whistle"'
    gone = changed(OPENAPI, start, start.replace("post", "x-post"))
    (line,) = lines(gone)
    assert line.startswith(f"{WHISTLE}: known departure (operation): ")
    assert "no longer applies" in line


def test_each_departure_that_no_longer_applies_is_a_difference() -> None:
    file = changed(OPENAPI, ',\n          "lid": {"oneOf": [{"type": "string"}, {"type": "boolean"}]}', "")
    file = changed(file, ', "nullable": true', "").replace("{kettleId}", "{id}").replace('"kettleId"', '"id"')
    found = lines(file.replace("{id}/actions", "{kettleId}/actions"))
    assert [line.partition(" (")[2].partition(")")[0] for line in found] == ["path", "nullable", "field"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with our file, and our spec beside it."""
    monkeypatch.setattr(check_docs, "OPENAPI_DEPARTURES", OPENAPI_DEPARTURES)
    folder = tmp_path / "vendor"
    folder.mkdir()
    (folder / "kettles.json").write_text(OPENAPI, encoding="utf-8")
    spec = OPENAPI_SPEC[: OPENAPI_SPEC.index("  /api/workflows/kettle-factories:")]
    spec += OPENAPI_SPEC[OPENAPI_SPEC.index("components:") :]
    (tmp_path / "spec.yaml").write_text(spec, encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> int:
    return check_docs.main([*arguments, "--spec", str(folder.parent / "spec.yaml")])


def test_a_file_and_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--vendor", str(folder / "kettles.json")) == 0
    alone = capsys.readouterr()
    (folder / "teapots.json").write_text(OPENAPI.replace("kettles", "teapots"), encoding="utf-8")
    (folder / "notes.txt").write_text("tea", encoding="utf-8")
    assert run(folder, "--vendor", str(folder)) == 0
    together = capsys.readouterr()
    assert alone.out == together.out == ""
    assert alone.err.startswith("no differences: 4 operations and ")
    assert together.err == f"teapots.json is left out: the spec has nothing of it\n{alone.err}"


def test_a_page_and_a_file_together(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = (("minimum", "1"), ("maximum", "50"), ("default", "10"))
    departures = tuple(Departure(f"{GET}, query parameter limit", fact, "nothing", value, "") for fact, value in limits)
    monkeypatch.setattr(check_docs.differences, "__defaults__", (departures, "page"))
    page = folder.parent / "page.md"
    page.write_text(changed(PAGE, "| `forced` | boolean |", "| `forced` | string |"), encoding="utf-8")
    file = folder / "kettles.json"
    file.write_text(changed(OPENAPI, '"maximum": 50', '"maximum": 20'), encoding="utf-8")
    assert run(folder, str(page), "--vendor", str(file)) == 1
    printed = capsys.readouterr()
    assert [line.partition(" says ")[0].rpartition(": ")[2] for line in printed.out.splitlines()] == [
        "the page",
        "the vendor's OpenAPI",
    ]
    assert [line.partition(" facts of ")[2].partition(" ")[0] for line in printed.err.splitlines()] == [
        "page.md",
        "kettles.json",
    ]
    assert run(folder, str(page), "--vendor", str(file), "--json") == 1
    written = json.loads(capsys.readouterr().out)
    assert written["operations"] == 7
    assert [each["source"] for each in written["differences"]] == ["page", "vendor's OpenAPI"]


def test_a_folder_must_describe_all_of_the_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "spec.yaml").write_text(OPENAPI_SPEC, encoding="utf-8")
    assert run(folder, "--vendor", str(folder)) == 2
    assert capsys.readouterr().err == (
        f"{folder} can't be compared: none of its files describes /api/workflows/kettle-factories\n"
    )
    # A file alone is about one API.
    assert run(folder, "--vendor", str(folder / "kettles.json")) == 0


def test_2_where_a_file_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "kettles.json"
    for content, reason in (
        (b"", "it is not an OpenAPI document"),
        (b"{", "it is not YAML or JSON"),
        (b"\xff", "it is not text in UTF-8"),
        (b'{"openapi": "3.0.0", "paths": {}}', "it lacks something"),
        (OPENAPI.replace("kettles", "teapots").encode(), "of which the spec has nothing"),
        (OPENAPI.replace("schemas/Page", "schemas/Leaf").encode(), "leads nowhere"),
        (OPENAPI.replace('"limit": 1000', '"limit": "many"').encode(), "it lacks something"),
    ):
        file.write_bytes(content)
        assert run(folder, "--vendor", str(file)) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith(f"{file} can't be compared: ")
        assert reason in printed.err


def test_2_where_nothing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        check_docs.main([])
    assert stopped.value.code == 2
    assert "name a page" in capsys.readouterr().err


def test_the_spec_is_still_refused_where_it_cannot_be_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = folder.parent / "spec.yaml"
    composed = changed(spec.read_text(encoding="utf-8"), "query, schema: {type: boolean", "query, schema: {oneOf: []")
    spec.write_text(composed, encoding="utf-8")
    assert run(folder, "--vendor", str(folder)) == 2
    assert capsys.readouterr().err.startswith(f"{spec} can't be compared: oneOf")


def test_no_operation_of_the_spec_is_left_out() -> None:
    ours = read_spec(Spec(SPEC.read_text(encoding="utf-8")))
    left_out = {each.where for each in known.OPENAPI_DEPARTURES if each.fact == "operation"}
    assert left_out
    assert not left_out & set(ours.operations)
    assert all(each.origin for each in (*known.DEPARTURES, *known.OPENAPI_DEPARTURES))


@pytest.mark.skipif(not VENDORS.is_dir(), reason="the vendor's files are no part of this project")
def test_the_vendors_openapi_says_what_the_spec_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_docs.main(["--vendor", str(VENDORS), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["operations"] >= 12
    assert written["differences"] == []
