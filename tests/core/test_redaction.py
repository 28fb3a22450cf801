"""Secrets are found in whatever spelling, and only they are taken out."""

from __future__ import annotations

import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("spelling", [json.dumps, html.escape, lambda text: quote(text, safe=""), quote_plus])
def test_a_certificate_is_found_as_a_whole(spelling: object) -> None:
    assert callable(spelling)
    secret = "-----BEGIN KEY-----\n" + "ab+/ cd\n" * 200
    assert "ab" not in redact(spelling(secret), [secret])


def test_a_number_is_found_in_json() -> None:
    assert json.loads(json_without({"a": "12345678"}, ["12345678"])) == {"a": "[concealed]"}
    assert "12345678" not in json_without({"a": 12345678}, ["12345678"])


def test_what_a_service_may_repeat_of_a_value() -> None:
    assert repeatable([" padded\n", "abc", " abc ", "plain", "plain"]) == [" padded\n", "padded", " abc ", "plain"]
