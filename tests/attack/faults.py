"""The faults: what the server does, and what each operation must make of it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

from .server import (
    Behaviour,
    Peer,
    answers,
    answers_json,
    head,
    message,
    sends,
    sends_and_closes,
    sends_and_drips,
    sends_and_falls_silent,
    sends_and_resets,
    sends_many,
)
from .targets import DETAIL, Target

RETRIES: Final = 2
RESULT: Final = "result"


@frozen
class Expected:
    """What comes of an operation.

    Attributes:
        requests: how many requests reach the server.
        outcome: `result`, or the name of the exception.
        processed: the exception's `may_have_been_processed`.
    """

    requests: int
    outcome: str
    processed: bool | None = None


@frozen(eq=False)
class Fault:
    """One way to misbehave.

    Attributes:
        name: what the table calls it.
        script: the behaviours, for an operation.
        expected: for the operations that may be sent again.
        create: for create; as the others if None.
        others: for operations that differ, by name.
        timeout: seconds without a byte until the client gives up.
        policy: further arguments of the retry policy.
        on_connect: done with each connection before a request is read.
        listening: whether there is a server at all.
    """

    name: str
    script: Callable[[Target], Sequence[Behaviour]]
    expected: Expected
    create: Expected | None = None
    others: Mapping[str, Expected] = field(factory=dict)
    timeout: float = 20.0
    policy: Mapping[str, Any] = field(factory=dict)
    on_connect: Callable[[Peer], None] | None = None
    listening: bool = True

    def expects(self, target: str) -> Expected:
        if target == "create" and self.create is not None:
            return self.create
        return self.others.get(target, self.expected)


def _always(*behaviours: Behaviour) -> Callable[[Target], Sequence[Behaviour]]:
    return lambda target: behaviours


def _status(target: Target) -> int:
    """A success that has a body, whatever the operation."""
    return 200 if target.status == 204 else target.status


def _body(body: bytes, headers: Mapping[str, str] | None = None) -> Callable[[Target], Sequence[Behaviour]]:
    return lambda target: [answers(_status(target), body, headers)]


def _partial(behaviour: Callable[[bytes], Behaviour]) -> Callable[[Target], Sequence[Behaviour]]:
    """Half an answer that promises more."""
    return lambda target: [
        behaviour(message(_status(target), b'{"id": "C1", "na', {"Content-Length": "4096"})),
    ]


def _reencoded(
    encode: Callable[[bytes], bytes], headers: Mapping[str, str] | None = None
) -> Callable[[Target], Sequence[Behaviour]]:
    """The right answer in another encoding; what has no body stays as it is."""
    return lambda target: [answers(target.status, encode(target.body) if target.body else b"", headers)]


def _then_healthy(*behaviours: Behaviour) -> Callable[[Target], Sequence[Behaviour]]:
    return lambda target: [*behaviours, target.healthy]


def _before_healthy(data: bytes) -> Callable[[Target], Sequence[Behaviour]]:
    return lambda target: [sends(data + message(target.status, target.body))]


def _after_healthy(data: bytes) -> Callable[[Target], Sequence[Behaviour]]:
    return lambda target: [sends(message(target.status, target.body) + data)]


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1024 * 1024)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


_GZIP: Final = {"Content-Encoding": "gzip"}
_HTML: Final = b"<html><body><h1>Bad gateway</h1></body></html>"
_HTML_TYPE: Final = {"Content-Type": "text/html"}
_CHUNKED: Final = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
_ERROR: Final = json.dumps(
    {"errors": [{"code": "AC-1", "title": "No", "detail": "Not now."}], "traceId": "5f3c"}
).encode()
_FOREIGN: Final = json.dumps({**DETAIL, "id": "C2", "name": "smuggled"}).encode()

_BROKEN: Final = Expected(RETRIES + 1, "APIConnectionError", True)
_BROKEN_ONCE: Final = Expected(1, "APIConnectionError", True)
_LATE: Final = Expected(RETRIES + 1, "APITimeoutError", True)
_LATE_ONCE: Final = Expected(1, "APITimeoutError", True)
_ODD: Final = Expected(1, "UnexpectedResponseError", True)
_REDIRECTED: Final = Expected(1, "UnexpectedResponseError", False)
_FAILED: Final = Expected(RETRIES + 1, "InternalServerError", True)
_FAILED_ONCE: Final = Expected(1, "InternalServerError", True)
_LIMITED: Final = Expected(RETRIES + 1, "RateLimitError", False)
_LIMITED_ONCE: Final = Expected(1, "RateLimitError", False)
_FINE: Final = Expected(1, RESULT)
_FINE_AGAIN: Final = Expected(2, RESULT)


def _limited(retry_after: str | None, **headers: str) -> Callable[[Target], Sequence[Behaviour]]:
    named = {} if retry_after is None else {"Retry-After": retry_after}
    return _always(answers(429, _ERROR, {**named, **headers}))


def _refused(status: int, name: str) -> Fault:
    return Fault(f"{status}", _always(answers(status, _ERROR)), Expected(1, name, False))


_YEAR_3000: Final = "Wed, 01 Jan 3000 00:00:00 GMT"
_NOW: Final = "Wed, 01 Jan 2025 00:00:00 GMT"
_BUDGET: Final = {"max_total": 1.5}

FAULTS: Final[Sequence[Fault]] = (
    # Time
    Fault("headers never arrive", _always(sends_and_falls_silent(b"")), _LATE, _LATE_ONCE, timeout=0.3),
    Fault(
        "headers stop halfway",
        _always(sends_and_falls_silent(b"HTTP/1.1 200 OK\r\nX-")),
        _LATE,
        _LATE_ONCE,
        timeout=0.3,
    ),
    Fault("body stops halfway", _partial(sends_and_falls_silent), _LATE, _LATE_ONCE, timeout=0.3),
    Fault(
        "body trickles endlessly",
        _partial(lambda data: sends_and_drips(data, b"x")),
        _LATE_ONCE,
        policy=_BUDGET,
    ),
    Fault(
        "no response, then healthy",
        _then_healthy(sends_and_falls_silent(b"")),
        _FINE_AGAIN,
        _LATE_ONCE,
        timeout=1.0,
    ),
    # Broken connections
    Fault(
        "connection refused",
        _always(sends(b"")),
        Expected(0, "APIConnectionError", False),
        listening=False,
    ),
    Fault(
        "reset before the request is read",
        _always(sends(b"")),
        Expected(0, "APIConnectionError", True),
        on_connect=Peer.reset_unread,
    ),
    Fault("reset before the response", _always(sends_and_resets(b"")), _BROKEN, _BROKEN_ONCE),
    Fault("reset before the response, then healthy", _then_healthy(sends_and_resets(b"")), _FINE_AGAIN, _BROKEN_ONCE),
    Fault(
        "reset before the response, then 404",
        _always(sends_and_resets(b""), answers(404, _ERROR)),
        Expected(2, "NotFoundError", True),
        _BROKEN_ONCE,
        {"delete": _FINE_AGAIN},
    ),
    Fault(
        "reset before the response, then 302",
        _always(sends_and_resets(b""), answers(302)),
        Expected(2, "UnexpectedResponseError", True),
        _BROKEN_ONCE,
    ),
    Fault("closed before the response", _always(sends_and_closes(b"")), _BROKEN, _BROKEN_ONCE),
    Fault("reset mid-headers", _always(sends_and_resets(b"HTTP/1.1 200 OK\r\nX-")), _BROKEN, _BROKEN_ONCE),
    Fault("reset mid-body", _partial(sends_and_resets), _BROKEN, _BROKEN_ONCE),
    Fault("closed mid-body", _partial(sends_and_closes), _BROKEN, _BROKEN_ONCE),
    Fault(
        "closed mid-chunk",
        lambda target: [sends_and_closes(head(_status(target), _CHUNKED) + b"100\r\n{")],
        _BROKEN,
        _BROKEN_ONCE,
    ),
    Fault(
        "closed after a keep-alive response",
        lambda target: [sends_and_closes(message(target.status, target.body))],
        _FINE,
    ),
    # Not HTTP
    Fault("not HTTP", _always(sends_and_closes(b"SSH-2.0-OpenSSH_9.7\r\n")), _BROKEN, _BROKEN_ONCE),
    Fault("1 MB header line", _always(sends_many(head(200)[:-2] + b"X: ", b"x" * 65536, 16)), _BROKEN, _BROKEN_ONCE),
    Fault("Content-Length: many", _always(answers(200, b"{}", {"Content-Length": "many"})), _BROKEN, _BROKEN_ONCE),
    Fault(
        "invalid header bytes",
        _always(sends(b"HTTP/1.1 200 OK\r\n\x00\xff: \x01\r\n\r\n")),
        _BROKEN,
        _BROKEN_ONCE,
    ),
    # Bodies
    Fault("empty body", _body(b""), _ODD),
    Fault("HTML", _body(_HTML, _HTML_TYPE), _ODD),
    Fault("truncated JSON", _body(b'{"id": "C1", "na'), _ODD),
    Fault("JSON of the wrong shape", _body(b'["C1"]'), _ODD),
    Fault("error body with a success status", _body(_ERROR), _ODD),
    Fault("NaN", _body(b'{"id": NaN}'), _ODD),
    Fault("10,000-digit integer", _body(b'{"id": ' + b"9" * 10_000 + b"}"), _ODD),
    Fault("JSON nested 100,000 levels deep", _body(b"[" * 100_000), _ODD),
    Fault("invalid UTF-8", _body(b'{"id": "\xff\xfe\xfa"}'), _ODD),
    Fault("UTF-16", _reencoded(lambda body: body.decode().encode("utf-16")), _FINE),
    Fault("byte order mark", _reencoded(lambda body: b"\xef\xbb\xbf" + body), _FINE),
    Fault("content type text/plain", _reencoded(bytes, {"Content-Type": "text/plain"}), _FINE),
    Fault("unknown charset", _reencoded(bytes, {"Content-Type": "application/json; charset=klingon"}), _FINE),
    Fault("wrong charset", _reencoded(bytes, {"Content-Type": "application/json; charset=utf-16"}), _FINE),
    Fault("gzip", _reencoded(gzip.compress, _GZIP), _FINE),
    Fault(
        "truncated gzip",
        lambda target: [answers(_status(target), gzip.compress(target.body or b"{}" * 99)[:-20], _GZIP)],
        _ODD,
    ),
    Fault("invalid gzip", _body(_ERROR, _GZIP), _ODD),
    Fault("34 MB gzip bomb", _body(_bomb(34), _GZIP), _ODD),
    Fault(
        "200 MB with Content-Length",
        _always(sends_many(message(200, b"", {"Content-Length": "209715200"}), b" " * 65536, 3200)),
        _ODD,
    ),
    Fault("200 MB in chunks", _always(sends_many(head(200, _CHUNKED), _chunk(b" " * 65536), 3200)), _ODD),
    # Statuses
    Fault("100 before the response", _before_healthy(head(100)), _FINE),
    Fault("103 before the response", _before_healthy(head(103, {"Link": "</a>"}) * 3), _FINE),
    Fault(
        "101",
        _always(sends_and_falls_silent(head(101, {"Upgrade": "h2c", "Connection": "Upgrade"}))),
        _BROKEN,
        _BROKEN_ONCE,
    ),
    Fault("undocumented 2xx", lambda target: [answers(202, target.body or _FOREIGN)], _ODD),
    Fault(
        "204 instead of 200, and vice versa",
        lambda target: [answers(200, _FOREIGN) if target.status == 204 else answers(204)],
        _ODD,
    ),
    Fault("304", _always(answers(304)), _REDIRECTED),
    Fault("302 without Location", _always(answers(302, _HTML)), _REDIRECTED),
    Fault("302 with an invalid Location", _always(answers(302, b"", {"Location": "https://[oops"})), _REDIRECTED),
    _refused(400, "BadRequestError"),
    _refused(401, "AuthenticationError"),
    _refused(403, "PermissionDeniedError"),
    _refused(404, "NotFoundError"),
    _refused(409, "ConflictError"),
    _refused(418, "APIStatusError"),
    Fault(
        "400 with a malformed body",
        _always(answers_json(400, {"errors": {"0": [None]}, "traceId": {}})),
        Expected(1, "BadRequestError", False),
    ),
    Fault("403 with invalid gzip", _always(answers(403, _ERROR, _GZIP)), Expected(1, "PermissionDeniedError", False)),
    Fault("500", _always(answers(500, _ERROR)), _FAILED, _FAILED_ONCE),
    Fault("502 as HTML", _always(answers(502, _HTML, _HTML_TYPE)), _FAILED, _FAILED_ONCE),
    Fault("502 with invalid gzip", _always(answers(502, _HTML, _GZIP)), _FAILED, _FAILED_ONCE),
    Fault("520", _always(answers(520, b"", _HTML_TYPE)), _FAILED, _FAILED_ONCE),
    Fault("999", _always(answers(999, b"")), _FAILED, _FAILED_ONCE),
    Fault("500, then healthy", _then_healthy(answers(500, _ERROR)), _FINE_AGAIN, _FAILED_ONCE),
    # 503 and 429
    Fault("503", _always(answers(503, _ERROR)), _FAILED, _FAILED_ONCE),
    Fault("503, Retry-After: 0", _always(answers(503, _ERROR, {"Retry-After": "0"})), _FAILED, _FAILED_ONCE),
    Fault("503, Retry-After: 3600", _always(answers(503, _ERROR, {"Retry-After": "3600"})), _FAILED_ONCE),
    Fault("429", _limited(None), _LIMITED),
    Fault("429, Retry-After: 0", _limited("0"), _LIMITED),
    Fault("429, Retry-After: 0.02", _limited("0.02"), _LIMITED),
    Fault("429, Retry-After: past date", _limited("Wed, 01 Jan 2020 00:00:00 GMT", Date=_NOW), _LIMITED),
    Fault("429, Retry-After: distant date", _limited(_YEAR_3000, Date=_NOW), _LIMITED_ONCE),
    Fault("429, Retry-After: distant date, no Date", _limited(_YEAR_3000), _LIMITED_ONCE),
    Fault("429, Retry-After: garbage", _limited("soon, -1"), _LIMITED),
    Fault("429, Retry-After: 3600", _limited("3600"), _LIMITED_ONCE),
    Fault("429, Retry-After: 20 digits", _limited("9" * 20), _LIMITED_ONCE),
    Fault("429, then healthy", _then_healthy(answers(429, _ERROR, {"Retry-After": "0"})), _FINE_AGAIN),
    Fault("429 with invalid gzip", _always(answers(429, _ERROR, {**_GZIP, "Retry-After": "0"})), _LIMITED),
    Fault(
        "429, truncated",
        _always(sends_and_closes(message(429, _ERROR, {"Retry-After": "0", "Content-Length": "4096"}))),
        _LIMITED,
    ),
    Fault(
        "204 with a body",
        lambda target: [sends(message(204, b"", {"Content-Length": str(len(_ERROR))}) + _ERROR)],
        _ODD,
        others=dict.fromkeys(("delete", "change_owner", "change_space"), _FINE),
    ),
)

# Each byte comes in time and the whole never ends: without an event loop, nothing can interrupt httpx's reading.
ENDLESS: Final = (
    Fault(
        "headers trickle endlessly",
        _always(sends_and_drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x")),
        _LATE_ONCE,
        policy=_BUDGET,
    ),
    Fault(
        "endless 103",
        _always(sends_and_drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")),
        _LATE_ONCE,
        policy=_BUDGET,
    ),
)

# httpcore keeps what it has read beyond an answer, and takes it for the next one.
AFTER_THE_ANSWER: Final = (
    Fault("garbage after the response", _after_healthy(b"<!-- served by proxy -->\r\n\r\n"), _FINE),
    Fault("second response after the response", _after_healthy(message(200, _FOREIGN)), _FINE),
)
