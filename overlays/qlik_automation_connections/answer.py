"""What came back for one request, and the JSON in it."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

import httpx
from attrs import field, frozen


@frozen
class Answer:
    """What came back for one request that was sent."""

    request: httpx.Request
    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)
    seconds: float


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DEEPEST: Final = 100
_MAYBE_DEEP: Final = re.compile(rb"(?:[\[{][^\[\]{}]*){100}")
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_json(content: bytes) -> Any:
    """The JSON in a body.

    Raises:
        ValueError: it is none.
    """
    try:
        # By RFC 8259 it is UTF-8, whatever a charset says; UTF-16 is tolerated, as in json.loads.
        value = _DECODER.decode(content.decode(json.detect_encoding(content)))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    # What is nested deeper could not be pickled, nor written as JSON again. The pattern spares the usual page the walk.
    if _MAYBE_DEEP.search(content) and _is_deeper(value, _DEEPEST):
        raise ValueError("it is nested too deeply")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(part, levels - 1) for part in parts)
