"""JSON is read by what its bytes are, not by what a header says of them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping

import pytest

from core.scripted import KINDS, Kind, Reply, Script, ask

TEXT = json.dumps({"id": "x", "name": "Zoë 日本"}, ensure_ascii=False)
ALL_KINDS = pytest.mark.parametrize("kind", KINDS)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (TEXT.encode(), {}),
        (TEXT.encode(), {"content-type": "application/json; charset=latin-1"}),
        (TEXT.encode(), {"content-type": "text/html; charset=no-such-thing"}),
        (TEXT.encode("utf-8-sig"), {"content-type": "application/json"}),
        (TEXT.encode("utf-16"), {"content-type": "application/json"}),
        (json.dumps({"id": "x", "name": "Zoë 日本"}).encode(), {"content-type": "application/json"}),
        (b"\n " + TEXT.encode() + b" \n", {"content-type": "application/json"}),
        (gzip.compress(TEXT.encode(), mtime=0), {"content-encoding": "gzip"}),
        (zlib.compress(TEXT.encode()), {"content-encoding": "deflate"}),
    ],
)
@ALL_KINDS
def test_a_name_is_read(kind: Kind, body: bytes, headers: Mapping[str, str]) -> None:
    connection = ask(kind, Script(Reply(200, body, headers)), lambda connections: connections.get("x"))
    assert connection.name == "Zoë 日本"
