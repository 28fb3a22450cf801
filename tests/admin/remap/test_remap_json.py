"""Files are read as JSON, strictly, and a file that is not JSON is reported with line and column."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .exports import MAP, NEW, OLD, Remap

DEEPEST = 500


def refuse(name: str) -> None:
    raise ValueError(name)


def strict(text: str) -> Any:
    return json.loads(text, parse_constant=refuse)


SPACE = st.text(" \t\r\n", max_size=3)
CHARACTER = st.one_of(
    st.characters(exclude_characters='"\\', min_codepoint=0x20, exclude_categories=["Cs"]),
    st.sampled_from(['\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u00e9", "\\uD83D\\uDE00", "\\ud800"]),
)
STRING = st.lists(CHARACTER, max_size=6).map(lambda parts: f'"{"".join(parts)}"')
NUMBER = st.from_regex(r"-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
SCALAR = st.one_of(STRING, NUMBER.filter(lambda text: text.isascii()), st.sampled_from(["true", "false", "null"]))


@st.composite
def containers(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(inner, max_size=4))
    if draw(st.booleans()):
        items = [f"{draw(STRING)}{draw(SPACE)}:{draw(SPACE)}{item}" for item in items]
        opening, closing = "{}"
    else:
        opening, closing = "[]"
    parts = ",".join(f"{draw(SPACE)}{item}{draw(SPACE)}" for item in items)
    return f"{opening}{parts or draw(SPACE)}{closing}"


TEXT = st.tuples(SPACE, st.recursive(SCALAR, containers, max_leaves=12), SPACE).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT, st.data())
def test_a_reference_is_rewritten_amid_whatever_json_has(remapped: Remap, text: str, data: st.DataObject) -> None:
    space = data.draw(SPACE)
    setting = f'{{"id":{space}"datasource"{space},"value":{space}"{OLD}"{space}}}'
    text = f'{{"a":{text},"blocks":[{{"b":{text},"settings":[{setting},{text}]}}],"c":{text}}}'
    content, report = remapped(text, MAP)
    assert content.decode() == text.replace(OLD, NEW)
    assert (report.automations, len(report.replaced)) == (1, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT, st.data())
def test_a_damaged_text_fails_only_where_json_loads_refuses_it(remapped: Remap, text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 2))
    damaged = text[:at] + data.draw(st.text('{}[]",:\\0-.eutn x\x01', max_size=2)) + text[at + gone :]
    content, report = remapped(damaged, MAP)
    assert content.decode() == damaged
    try:
        strict(damaged)
    except ValueError:
        found = re.search(r"line (\d+), column (\d+)", str(report.error))
        assert report.status == "failed"
        assert found is not None
        lines = damaged.split("\n")
        assert 1 <= int(found[2]) <= len(lines[int(found[1]) - 1]) + 1
    else:
        assert (report.status, report.error) == ("no-automation", None)


def test_the_error_says_where_a_text_ceases_to_be_json(remapped: Remap) -> None:
    for text, column in [
        ("", 1),
        ("{a:1}", 2),
        ('{"a" 1}', 6),
        ('{"a":1 "b":2}', 8),
        ("[1 2]", 4),
        ("[NaN]", 2),
        ("[1, Infinity]", 5),
        ('{"a": -Infinity}', 7),
        ("[01]", 3),
        ('["ab\n"]', 5),
        ('["abc', 2),
        ('{"a":[1', 8),
        ("{}x", 3),
        ("\ufeff{}", 1),
    ]:
        content, report = remapped(f"\ufeff\n{text}", MAP)
        assert content.decode() == f"\ufeff\n{text}", text
        assert report.status == "failed", text
        assert f"not JSON at line 2, column {column}: " in str(report.error), text


def test_numbers_may_be_of_any_length(remapped: Remap) -> None:
    text = f'{{"a":[{"1" * 5000},-{"1" * 5000}.5e+{"9" * 50}],"blocks":[]}}'
    assert remapped(text, MAP)[1].status == "unchanged"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_files_may_be_nested_deeply_and_no_deeper(remapped: Remap, opening: str, closing: str) -> None:
    for levels, status in ((DEEPEST, "no-automation"), (DEEPEST + 1, "failed"), (200_000, "failed")):
        text = opening * levels + f'"{OLD}"' + closing * levels
        content, report = remapped(text, MAP)
        assert content.decode() == text
        assert report.status == status
        assert ("nested deeper" in str(report.error)) is (status == "failed")
        assert len(report.mentions) == (status != "failed")
