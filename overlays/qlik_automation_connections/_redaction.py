"""Takes the secrets that were sent out of what came back: a service may repeat them in its errors."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from attrs import evolve

from qlik_automation_connections_api.fields import FIELDS

from ._http import Headers
from ._raw_response import RawResponse, decode_json

_MARK = "[concealed]"
# Shorter ones stand in every text.
_SHORTEST_VALUE = 4
# A longer one, a certificate perhaps, is looked for as a whole: a pattern for each of its characters takes too long.
_LONGEST_PATTERN = 1_000
_ESCAPED = re.compile(r"\\+u00([2-7][0-9a-f])", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9]+")
# The names that an error's own fields have are kept, whatever was sent.
_NAMES = FIELDS["ErrorResponse"].keys() | FIELDS["Error"].keys()


_Patterns = list[re.Pattern[str]]


def repeatable(values: Iterable[str]) -> list[str]:
    """What of some values a service may repeat: each as it was sent, and without the space around it."""
    forms = {form: None for value in values for form in (value, value.strip())}
    return [form for form in forms if len(form) >= _SHORTEST_VALUE]


def _patterns(secrets: Iterable[str], longest: int) -> _Patterns:
    """What finds each secret in whatever spelling, the longest first, in texts up to a length.

    No spelling of a secret is shorter than it, so one that is longer than the text needs no pattern.
    """
    fitting = sorted((secret for secret in secrets if len(secret) <= longest), key=len, reverse=True)
    return [re.compile(_spellings(secret), re.IGNORECASE) for secret in fitting]


def _spellings(secret: str) -> str:
    """A secret as it is, and as JSON, HTML and addresses may write it."""
    if len(secret) > _LONGEST_PATTERN:
        whole = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret)}
        whole |= {spelling.replace("/", "\\/") for spelling in whole}
        whole |= {way(secret, safe="", errors="replace") for way in (quote, quote_plus)}
        return "|".join(map(re.escape, sorted(whole, key=len, reverse=True)))
    characters = []
    for character in secret:
        ways = {character, json.dumps(character)[1:-1], f"\\{character}", f"\\u{ord(character):04x}"}
        ways |= {way(character, safe="", errors="replace") for way in (quote, quote_plus)}
        ways.add(html.escape(character))
        characters.append(f"(?:{'|'.join(map(re.escape, sorted(ways, key=len, reverse=True)))})")
    return "".join(characters)


def _clean(text: str, patterns: _Patterns) -> str:
    for pattern in patterns:
        text = pattern.sub(_MARK, text)
    return text


def _clean_json(value: Any, patterns: _Patterns) -> Any:
    if isinstance(value, str):
        return _clean(value, patterns)
    if isinstance(value, list):
        return [_clean_json(element, patterns) for element in value]
    if isinstance(value, dict):
        return {
            name if name in _NAMES else _clean(name, patterns): _clean_json(part, patterns)
            for name, part in value.items()
        }
    return value


def _clean_content(content: bytes, secrets: list[str], patterns: _Patterns) -> bytes:
    try:
        document = decode_json(content)
        clean = _clean_json(document, patterns)
        # Compared as data: JSON has many ways to write one string.
        return content if clean == document else json.dumps(clean).encode()
    except RecursionError:
        return b""
    except ValueError:
        # As Latin-1 every body is a text, and comes back as it was.
        encoded = [secret.encode("utf-8", "replace").decode("latin-1") for secret in secrets if not secret.isascii()]
        return _clean(content.decode("latin-1"), patterns + _patterns(encoded, len(content))).encode("latin-1")


def _likely(text: str, secrets: Iterable[str]) -> list[str]:
    """The secrets that may be in a text: a pattern for each of thousands would take seconds."""
    # Letters and digits are written as they are, but that JSON may escape them.
    # A secret may itself look like such an escape, so the text is searched as it is, too.
    plain = f"{_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)}\0{text}".replace("\\", "").lower()
    return [secret for secret in secrets if max(_PLAIN.findall(secret), key=len, default="").lower() in plain]


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets."""
    return _clean(text, _patterns(_likely(text, secrets), len(text)))


def json_without(document: Any, secrets: Iterable[str]) -> str:
    """A document as JSON, without the secrets."""
    text = json.dumps(document, ensure_ascii=False, default=str)
    patterns = _patterns(_likely(text, secrets), len(text))
    # First in its texts, which may be escaped once already; then in what is written, for its numbers.
    return _clean(json.dumps(_clean_json(document, patterns), ensure_ascii=False, default=str), patterns)


def redacted(response: RawResponse, secrets: list[str]) -> RawResponse:
    """Take the secrets out of a response, out of its body and its headers."""
    patterns = _patterns(secrets, max(len(response.content), *(len(value) for _, value in response.headers.raw), 0))
    headers = Headers(
        [(name, _clean(value.decode("latin-1"), patterns).encode("latin-1")) for name, value in response.headers.raw]
    )
    return evolve(response, headers=headers, content=_clean_content(response.content, secrets, patterns))
