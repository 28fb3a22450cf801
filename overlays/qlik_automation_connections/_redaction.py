"""Redacts sent secrets from responses, since a service may repeat them in its errors."""

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
from ._quirks import ERROR_WORDS
from ._raw_response import RawResponse, decode_json

_MARK = "[concealed]"
# Shorter values occur in any text.
_SHORTEST_VALUE = 4
# Of longer values, such as certificates, letters and digits are taken as they are: a pattern for each is too slow.
_LONGEST_PATTERN = 1_000
_ESCAPED = re.compile(r"(?<!\\)\\++u00([2-7][0-9a-f])", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9]+")
# The field names of errors are never redacted.
_NAMES = FIELDS["ErrorResponse"].keys() | FIELDS["Error"].keys() | set(ERROR_WORDS)


_Patterns = list[re.Pattern[str]]


def repeatable(values: Iterable[str]) -> list[str]:
    """Return the forms of values that a service may repeat: as sent, and stripped."""
    forms = {form: None for value in values for form in (value, value.strip())}
    return [form for form in forms if len(form) >= _SHORTEST_VALUE]


def _patterns(secrets: Iterable[str], longest: int) -> _Patterns:
    """Return patterns that match any spelling of each secret, longest first, in text of up to `longest` characters.

    No spelling is shorter than its secret, so secrets longer than the text are skipped.
    """
    fitting = sorted((secret for secret in secrets if len(secret) <= longest), key=len, reverse=True)
    return [re.compile(_spellings(secret), re.IGNORECASE) for secret in fitting]


def _spellings(secret: str) -> str:
    """Return a pattern for a secret as is, and as escaped in HTML, in URLs, and in JSON at any depth."""
    text = "[A-Za-z0-9]+|." if len(secret) > _LONGEST_PATTERN else "."
    parts = re.findall(rf"(\\*)(?:({text})|$)", secret, re.DOTALL)
    # Not from the middle of a run of backslashes: a response may hold a million of them.
    return r"(?<!\\)" + "".join(_part(len(slashes), text) for slashes, text in parts if slashes or text)


def _part(slashes: int, text: str) -> str:
    """Return a pattern for a character and the backslashes before it, which each level of JSON doubles."""
    ways = {text, html.escape(text), *(way(text, safe="", errors="replace") for way in (quote, quote_plus))}
    ways = {re.escape(way) for way in ways}
    if len(text) == 1:
        units = re.findall("....", text.encode("utf-16-be", "surrogatepass").hex())
        ways.add(r"\\++".join(f"u{unit}" for unit in units))
        ways |= {rf"(?<=\\){json.dumps(text)[2]}"} if text in "\b\f\n\r\t" else set()
    before = rf"(?:\\{{{slashes},}}+|(?:\\++u005c|%5c){{{slashes}}}\\*+)" if slashes else r"\\*+"
    return f"{before}(?:{'|'.join(sorted(ways, key=len, reverse=True))})"


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
        # Compared as data, since JSON can spell a string in many ways.
        return content if clean == document else json.dumps(clean).encode()
    except RecursionError:
        return b""
    except ValueError:
        # Latin-1 decodes any body and round-trips it.
        encoded = [secret.encode("utf-8", "replace").decode("latin-1") for secret in secrets if not secret.isascii()]
        return _clean(content.decode("latin-1"), patterns + _patterns(encoded, len(content))).encode("latin-1")


def _likely(text: str, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that may occur in a text; patterns for thousands of secrets would take seconds."""
    # Only JSON escapes letters and digits. The text is also searched as is, since a secret may look like an escape.
    plain = f"{_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)}\0{text}".replace("\\", "").lower()
    return [secret for secret in secrets if max(_PLAIN.findall(secret), key=len, default="").lower() in plain]


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return a text without the secrets."""
    return _clean(text, _patterns(_likely(text, secrets), len(text)))


def json_without(document: Any, secrets: Iterable[str]) -> str:
    """Return a document as JSON, without the secrets."""
    text = json.dumps(document, ensure_ascii=False, default=str)
    patterns = _patterns(_likely(text, secrets), len(text))
    # First the strings, which may contain escapes; then the JSON, for numbers.
    return _clean(json.dumps(_clean_json(document, patterns), ensure_ascii=False, default=str), patterns)


def redacted(response: RawResponse, secrets: list[str]) -> RawResponse:
    """Return a response without the secrets in its body and headers."""
    values = [value.decode("latin-1") for _, value in response.headers.raw]
    # A body may be in an encoding in which they look different.
    secrets = secrets if response.content else _likely("\0".join(values), secrets)
    patterns = _patterns(secrets, max(len(response.content), *map(len, values), 0))
    if not patterns:
        return response
    headers = Headers(
        [(name, _clean(value.decode("latin-1"), patterns).encode("latin-1")) for name, value in response.headers.raw]
    )
    return evolve(response, headers=headers, content=_clean_content(response.content, secrets, patterns))
