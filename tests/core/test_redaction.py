"""Secrets are found in whatever spelling, and only they are taken out."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from looping import for_each
from qlik_automation_connections._redaction import json_without, redact, repeatable

# By its end none of them is part of what stands around it.
SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=2, max_size=30).map(lambda text: f"{text}7Q")


def _every_letter_escaped(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" if ord(character) < 0x10000 else character for character in text)


SPELLINGS = [
    str,
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    html.escape,
    lambda text: quote(text, safe=""),
    quote_plus,
    _every_letter_escaped,
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(secret=SECRETS)
@example(secret="\\U0027Q")
def test_a_spelling_of_a_secret_is_found_in_texts_and_in_json(spelling: object, secret: str) -> None:
    assert callable(spelling)
    written = spelling(secret)
    others = ["another secret", "x" * 1_500]
    assert redact(f"<<{written}>>", [*others, secret]) == "<<[concealed]>>"
    document = {"a": [f"<<{written}>>", 1], f"k<<{written}>>": None}
    # In the texts that whoever reads the JSON sees.
    read = json.loads(json_without(document, [*others, secret]))
    assert read == {"a": ["<<[concealed]>>", 1], "k<<[concealed]>>": None}


def nested(text: str, levels: int, **options: bool) -> str:
    """A text within JSON that is a text within JSON, and so on."""
    for _ in range(levels):
        text = json.dumps({"m": text}, **options)  # type: ignore[arg-type]
    return text


def innermost(text: str, levels: int) -> str:
    for _ in range(levels):
        text = json.loads(text)["m"]
    return text


AWKWARD = [
    'pa"ss\\wd',
    "C:\\new\\table\n",
    "line\nline\ttab/",
    '"""""',
    "ends with \\",
    '\\"starts',
    "\u00e9t\u00e9 \U0001f600!",
    "plain-7Q",
    "-----BEGIN KEY-----\n" + 'ab+/ "cd"\n' * 200 + "\u00e9",
]


@for_each("levels", [0, 1, 2, 3, 5, 9])
@for_each("only_ascii", [True, False])
@for_each("secret", AWKWARD)
def test_a_secret_is_found_in_json_in_json_at_any_depth(secret: str, only_ascii: bool, levels: int) -> None:
    written = nested(f"<<{secret}>>", levels, ensure_ascii=only_ascii)
    assert innermost(redact(written, ["another", secret]), levels) == "<<[concealed]>>"
    assert innermost(json.loads(json_without({"a": written}, [secret]))["a"], levels) == "<<[concealed]>>"


@for_each("encode", [lambda text: json.dumps(text)[1:-1].replace("/", "\\/"), _every_letter_escaped])
@for_each("levels", [0, 1, 3])
def test_so_it_is_where_an_encoder_escapes_more(encode: Callable[[str], str], levels: int) -> None:
    secret = 'a/b\\c"d7Q'
    assert innermost(redact(nested(f"<<{encode(secret)}>>", levels), [secret]), levels) == "<<[concealed]>>"


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("hunter2", "\\" * 2_000_000),
        ("hu\\nter2", "hu" + "\\" * 2_000_000 + "x"),
        ("a\\" * 8, "a\\" * 500_000 + "b"),
        ("u005cu005c\\\\", "\\u005c" * 300_000),
    ],
    ids=["none of it", "its beginning", "over and over", "escaped backslashes"],
)
def test_a_million_backslashes_take_no_time(secret: str, text: str) -> None:
    began = time.process_time()
    redact(text, [secret])
    assert time.process_time() - began < 5


@for_each("spelling", [json.dumps, html.escape, lambda text: quote(text, safe=""), quote_plus])
def test_a_certificate_is_found_as_a_whole(spelling: object) -> None:
    assert callable(spelling)
    secret = "-----BEGIN KEY-----\n" + "ab+/ cd\n" * 200
    assert "ab" not in redact(spelling(secret), [secret])


def test_a_number_is_found_in_json() -> None:
    assert json.loads(json_without({"a": "12345678"}, ["12345678"])) == {"a": "[concealed]"}
    assert "12345678" not in json_without({"a": 12345678}, ["12345678"])


def test_what_a_service_may_repeat_of_a_value() -> None:
    assert repeatable([" padded\n", "abc", " abc ", "plain", "plain"]) == [" padded\n", "padded", " abc ", "plain"]
