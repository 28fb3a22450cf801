"""A response as received, and its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
class ResponseInfo:
    """What a response said besides its body.

    Attributes:
        operation: The operationId.
        status_code: The HTTP status.
        headers: The headers that can't hold a secret; names in any case.
        trace_id: Finds the request in the service's records; None if the response has none.
        seconds: How long it took, without waits for rate limits.
    """

    operation: str
    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    trace_id: str | None
    seconds: float


@frozen
class RawResponse:
    """The response to one request, as received."""

    request: Request
    status: int
    headers: Headers = field(repr=False)
    content: bytes = field(repr=False)
    seconds: float


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")


_DEEPEST: Final = 100
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_fast(content: bytes) -> Any:
    """Decode a JSON body with the fastest decoder installed.

    Nesting is not limited, and with the extra `speed`, integers of more than 64 bits become floats.

    Raises:
        ValueError: The body is not JSON, or the faster decoder does not accept it.
    """
    return _decode(content) if _loads is None else _loads(content)


def decode_json(content: bytes) -> Any:
    """Decode a JSON body exactly.

    Raises:
        ValueError: The body is not JSON, or is nested more than 100 levels deep.
    """
    value = _decode(content)
    # Deeper values could not be pickled or written as JSON.
    if content.count(b"{") + content.count(b"[") > _DEEPEST and _is_deeper(value, _DEEPEST):
        raise ValueError("it is nested too deeply")
    return value


def _decode(content: bytes) -> Any:
    try:
        # RFC 8259 requires UTF-8, whatever the charset; UTF-16 is tolerated, as in json.loads.
        return _DECODER.decode(content.decode(json.detect_encoding(content)))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _is_deeper(value: Any, levels: int) -> bool:
    """Return whether a value is nested more than `levels` deep."""
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
