"""The scanner takes what json.loads takes, finds the same in it, and says where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.admin._remap.json_scanner import CLOSE, DEEPEST, OPEN, InvalidJSON, decode, scan


def value_of(text: str) -> Any:
    """Builds the value of a text from the scanner's events alone."""
    root: list[Any] = []
    stack: list[Any] = [root]
    for event in scan(text):
        if event.kind == CLOSE:
            stack.pop()
            continue
        written = text[event.start : event.end]
        value: Any
        if event.kind == OPEN:
            value = {} if written == "{" else []
        else:
            value = decode(text, event.start, event.end) if written.startswith('"') else json.loads(written)
        if event.key_start < event.key_end:
            stack[-1][decode(text, event.key_start, event.key_end)] = value
        else:
            stack[-1].append(value)
        if event.kind == OPEN:
            stack.append(value)
    (found,) = root
    return found


def strict(text: str) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

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


@given(TEXT)
def test_finds_what_json_loads_finds(text: str) -> None:
    assert value_of(text) == strict(text)


@given(TEXT, st.data())
def test_takes_a_damaged_text_only_if_json_loads_does(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 2))
    damaged = text[:at] + data.draw(st.text('{}[]",:\\0-.eutn x\x01', max_size=2)) + text[at + gone :]
    try:
        expected = strict(damaged)
    except ValueError:
        with pytest.raises(InvalidJSON) as caught:
            list(scan(damaged))
        assert 0 <= caught.value.offset <= len(damaged)
    else:
        assert value_of(damaged) == expected


@pytest.mark.parametrize(
    ("text", "offset", "reason"),
    [
        ("", 0, "nothing"),
        (" \n", 0, "nothing"),
        ("[1,]", 3, "value"),
        ('{"a":1,}', 7, "key"),
        ("{a:1}", 1, "key"),
        ('{"a" 1}', 5, "':'"),
        ('{"a":1 "b":2}', 7, "'}'"),
        ("[1 2]", 3, "']'"),
        ("[NaN]", 1, "value"),
        ("[01]", 2, "']'"),
        ('["ab\n"]', 4, "control character"),
        ('["a\\x"]', 3, "escape"),
        ('["a\\u12g4"]', 3, "escape"),
        ('["abc', 1, "not closed"),
        ('{"ab', 1, "not closed"),
        ('{"a":[1', 7, "ends in the middle"),
        ('{"a"', 4, "ends in the middle"),
        ("{}x", 2, "after the end"),
    ],
)
def test_says_where_a_text_ceases_to_be_json_and_why(text: str, offset: int, reason: str) -> None:
    with pytest.raises(InvalidJSON, match=reason) as caught:
        list(scan(text))
    assert caught.value.offset == offset


def test_takes_all_levels_it_allows_and_no_more() -> None:
    assert len(list(scan("[" * DEEPEST + "]" * DEEPEST))) == 2 * DEEPEST
    with pytest.raises(InvalidJSON, match="deeper than"):
        list(scan("[" * 200_000))
    with pytest.raises(InvalidJSON, match="deeper than"):
        list(scan('{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1)))
