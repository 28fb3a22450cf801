"""What came back for one request, and the JSON in it."""

from __future__ import annotations

import json
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


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_json(content: bytes) -> Any:
    """The JSON in a body.

    Raises:
        ValueError: it is none.
    """
    try:
        # By RFC 8259 it is UTF-8, whatever a charset says; UTF-16 is tolerated, as in json.loads.
        return _DECODER.decode(content.decode(json.detect_encoding(content)))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
