"""Row `decode`: a page of 200 connections from bytes to models, by json.loads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..figures import Figure
from . import raw

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 1.9
_BAR_WITH_SPEED: Final = 1.3
_REPEATS: Final = 151
_PAGES: Final = 10
_SIZE: Final = 200

HOW: Final = f"""\
A page of {_SIZE} connections, as a sandbox sends it, from its bytes to a `Page` of `ConnectionSummary`, by
`json.loads` of the same bytes, which makes dictionaries and nothing else. {_REPEATS} pairs of {_PAGES} pages,
within one process, in seconds of its processor: neither waits for anything."""


@contextmanager
def sides(order: dict[str, Any]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    import httpx

    from qlik_automation_connections._exchange.response import parse_response
    from qlik_automation_connections._raw_response import RawResponse
    from qlik_automation_connections._resources.list_query import list_query
    from qlik_automation_connections_api.api.automation_connections import get_automation_connections

    with raw.client(order["url"], order["key"]) as client:
        answer = client.get(raw.PATH, params={"listAll": "true", "limit": str(_SIZE)})
    content = answer.content
    query = list_query(
        get_automation_connections, filter=None, fields={}, sort=None, sorts=None, limit=None, list_all=True
    )
    call = query.at(None)
    response = RawResponse(httpx.Request("GET", f"{order['url']}{raw.PATH}"), 200, answer.headers, content, 0.0)
    page, _ = parse_response(call, response, attempts=1)
    assert len(page.items) == len(json.loads(content)["data"]) == _SIZE

    def decoded() -> None:
        for _ in range(_PAGES):
            parse_response(call, response, attempts=1)

    def loaded() -> None:
        for _ in range(_PAGES):
            json.loads(content)

    yield decoded, loaded


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    with sides(order) as (decoded, _):
        yield decoded


def measure(bench: Bench) -> list[Figure]:
    from ..processes import prepared

    with prepared(_SIZE) as served:
        order = {"url": served.url, "key": served.key, "repeats": bench.repeats(_REPEATS), "cpu": True}
        speed, plain = bench.pairs("decode", order, "speed"), bench.pairs("decode", order)
    times = (_PAGES, _PAGES)
    return [
        Figure("with `speed`", "`json.loads`", speed, _BAR_WITH_SPEED, times=times),
        Figure("without extras", "`json.loads`", plain, _BAR, times=times),
    ]


def profile(bench: Bench) -> str:
    from ..processes import prepared

    with prepared(_SIZE) as served:
        return bench.profile("decode", {"url": served.url, "key": served.key}, "speed")
