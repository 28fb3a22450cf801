"""Takes the secrets that were sent out of what came back: a service may repeat them in its errors."""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import httpx
from attrs import evolve

from qlik_automation_connections_api.fields import FIELDS

from .answer import Answer, decode_json
from .call import Call

_MARK = "[concealed]"
# Shorter ones stand in every text. No tenant's tokens are that short; params' values may be.
_SHORTEST_VALUE = 4
_SHORTEST_TOKEN = 8
# A longer one, a certificate perhaps, is looked for as a whole: a pattern for each of its characters takes too long.
_LONGEST_PATTERN = 1_000
# The names that an error's own fields have are kept, whatever was sent.
_NAMES = FIELDS["ErrorResponse"].keys() | FIELDS["Error"].keys()


def secrets_of(call: Call[Any], request: httpx.Request) -> list[str]:
    """What must not be repeated: the values of params, and the token."""
    found = [param.get("value", "") for param in call.arguments.get("json", {}).get("params", [])]
    token = request.headers.get("authorization", "").partition(" ")[2]
    return [secret for secret in found if len(secret) >= _SHORTEST_VALUE] + [token] * (len(token) >= _SHORTEST_TOKEN)


@functools.lru_cache(maxsize=1)
def _patterns(secrets: tuple[str, ...]) -> list[tuple[int, re.Pattern[str]]]:
    """For each secret, the longest first, its length and what finds it in whatever spelling."""
    return [(len(secret), re.compile(_spellings(secret), re.IGNORECASE)) for secret in sorted(secrets, key=len)[::-1]]


def _spellings(secret: str) -> str:
    """A secret as it is, and as JSON, HTML and addresses may write it."""
    if len(secret) > _LONGEST_PATTERN:
        whole = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret)}
        whole |= {spelling.replace("/", "\\/") for spelling in whole}
        return "|".join(map(re.escape, sorted(whole, key=len, reverse=True)))
    characters = []
    for character in secret:
        ways = {character, json.dumps(character)[1:-1], f"\\{character}", f"\\u{ord(character):04x}"}
        ways |= {html.escape(character), quote(character, safe="", errors="replace")}
        characters.append(f"(?:{'|'.join(map(re.escape, sorted(ways, key=len, reverse=True)))})")
    return "".join(characters)


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets."""
    for length, pattern in _patterns(tuple(secrets)):
        if length <= len(text):  # no way of writing it is shorter than it
            text = pattern.sub(_MARK, text)
    return text


def _redact_name(name: str, secrets: Iterable[str]) -> str:
    return name if name in _NAMES else redact(name, secrets)


def _redact_json(value: Any, secrets: Iterable[str]) -> Any:
    if isinstance(value, str):
        return redact(value, secrets)
    if isinstance(value, list):
        return [_redact_json(element, secrets) for element in value]
    if isinstance(value, dict):
        return {
            name if name in _NAMES else redact(name, secrets): _redact_json(part, secrets)
            for name, part in value.items()
        }
    return value


def _redact_content(content: bytes, secrets: Iterable[str]) -> bytes:
    try:
        document = decode_json(content)
        clean = _redact_json(document, secrets)
        # Compared as data: JSON has many ways to write one string.
        return content if clean == document else json.dumps(clean).encode()
    except RecursionError:
        return b""
    except ValueError:
        # As Latin-1 every body is a text, and comes back as it was.
        encoded = [secret.encode("utf-8", "replace").decode("latin-1") for secret in secrets]
        return redact(content.decode("latin-1"), [*secrets, *encoded]).encode("latin-1")


def redacted(answer: Answer, secrets: list[str]) -> Answer:
    """The answer without the secrets, in body and headers."""
    headers = httpx.Headers(
        [(name, redact(value.decode("latin-1"), secrets).encode("latin-1")) for name, value in answer.headers.raw]
    )
    return evolve(answer, headers=headers, content=_redact_content(answer.content, secrets))
