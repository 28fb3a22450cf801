"""What came back for one request, and the JSON in it."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from attrs import field, frozen

from ._http import Headers, Request

try:
    import orjson
except ImportError:  # the extra `speed` is not installed
    _loads = None
else:
    _loads = orjson.loads


@frozen
class RawResponse:
    """What came back for one request that was sent."""

    request: Request
    status: int
    headers: Headers = field(repr=False)
    content: bytes = field(repr=False)
    seconds: float


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DEEPEST: Final = 100
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_fast(content: bytes) -> Any:
    """Decode the JSON in a body as fast as this installation can.

    It may be nested to any depth, and with the extra `speed` an integer of more than 64 bits becomes a float.

    Raises:
        ValueError: it is no JSON, or JSON that the faster decoder does not take.
    """
    return _decode(content) if _loads is None else _loads(content)


def decode_json(content: bytes) -> Any:
    """Decode the JSON in a body, exactly.

    Raises:
        ValueError: it is no JSON, or nested more than 100 levels deep.
    """
    value = _decode(content)
    # What is nested deeper could not be pickled, nor written as JSON again.
    if content.count(b"{") + content.count(b"[") > _DEEPEST and _is_deeper(value, _DEEPEST):
        raise ValueError("it is nested too deeply")
    return value


def _decode(content: bytes) -> Any:
    try:
        # By RFC 8259 it is UTF-8, whatever a charset says; UTF-16 is tolerated, as in json.loads.
        return _DECODER.decode(content.decode(json.detect_encoding(content)))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether something lies within more than so many lists and objects."""
    outer: list[Any] = [value]
    for _ in range(levels + 1):
        inner: list[Any] = []
        for whole in outer:
            if isinstance(whole, list):
                inner += whole
            elif isinstance(whole, dict):
                inner += whole.values()
        outer = inner
    return bool(outer)
