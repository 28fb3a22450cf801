"""Takes the secrets that were sent out of what came back: a service may repeat them in its errors."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import httpx
from attrs import evolve

from .answer import Answer, decode_json
from .call import Call

_MARK = "[concealed]"
_SHORTEST = 4  # A shorter secret stands in every text.


def secrets_of(call: Call[Any], request: httpx.Request) -> list[str]:
    """What must not be repeated: the values of params, and the token."""
    found = [param.get("value", "") for param in call.arguments.get("json", {}).get("params", [])]
    found.append(request.headers.get("authorization", "").partition(" ")[2])
    return found


def _pattern(secret: str) -> re.Pattern[str]:
    """Finds a secret as it is, and as JSON, HTML and addresses may write it."""
    characters = []
    for character in secret:
        ways = {character, json.dumps(character)[1:-1], f"\\{character}", f"\\u{ord(character):04x}"}
        ways |= {html.escape(character), quote(character, safe="", errors="replace")}
        characters.append(f"(?:{'|'.join(map(re.escape, sorted(ways, key=len, reverse=True)))})")
    return re.compile("".join(characters), re.IGNORECASE)


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = _pattern(secret).sub(_MARK, text)
    return text


def _redact_json(value: Any, secrets: Iterable[str]) -> Any:
    if isinstance(value, str):
        return redact(value, secrets)
    if isinstance(value, list):
        return [_redact_json(element, secrets) for element in value]
    if isinstance(value, dict):
        return {redact(name, secrets): _redact_json(part, secrets) for name, part in value.items()}
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
