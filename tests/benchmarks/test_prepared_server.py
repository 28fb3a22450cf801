"""The server that repeats what a sandbox answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.prepared_server import Answers, requests
from benchmarks.processes import Served, prepared
from benchmarks.rows import raw
from benchmarks.rows.side_by_side import server_pairs
from qlik_automation_connections.sandbox import Sandbox


def head(line: str, *more: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: 127.0.0.1:1", *more]).encode()


bodies = st.binary(max_size=20)


@given(st.lists(st.one_of(st.none(), bodies), max_size=5), st.lists(st.integers(0, 600), max_size=10), st.booleans())
def test_requests_are_told_apart_however_they_arrive(posted: list[bytes | None], cuts: list[int], lower: bool) -> None:
    name = "content-length" if lower else "Content-Length"
    sent = [
        (head("GET /a"), b"") if body is None else (head("POST /b", f"{name}: {len(body)}", "X: y"), body)
        for body in posted
    ]
    stream = b"".join(head + b"\r\n\r\n" + body for head, body in sent)
    places = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    chunks = [stream[start:end] for start, end in itertools.pairwise(places)]
    assert list(requests(iter(chunks))) == sent


def test_a_request_that_is_cut_off_is_none() -> None:
    assert list(requests(iter([b"GET / HTTP/1.1\r\nHost: a\r\n"]))) == []
    assert list(requests(iter([head("POST /", "Content-Length: 9") + b"\r\n\r\nabc"]))) == []


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=5) as sandbox:
        yield sandbox


def asked(sandbox: Sandbox, line: str, key: str | None = None, *, of: Answers | None = None) -> tuple[Answers, bytes]:
    answers = of or Answers(sandbox.url.removeprefix("http://"), 0.0)
    return answers, answers.answer(head(line, f"Authorization: Bearer {key or sandbox.api_key}"), b"")


def test_a_success_is_asked_for_once_and_repeated_with_its_headers(sandbox: Sandbox) -> None:
    answers, first = asked(sandbox, f"GET {raw.PATH}?listAll=true")
    _, second = asked(sandbox, f"GET {raw.PATH}?listAll=true", of=answers)
    assert first == second
    assert len(sandbox.ledger) == 1
    top, _, body = first.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"content-type: application/json" in top
    assert f"content-length: {len(body)}".encode() in top
    assert body.count(b'"connectorId"') == 5


def test_another_question_gets_another_answer(sandbox: Sandbox) -> None:
    answers, many = asked(sandbox, f"GET {raw.PATH}?listAll=true")
    _, few = asked(sandbox, f"GET {raw.PATH}?listAll=true&limit=2", of=answers)
    assert many.count(b'"connectorId"') == 5
    assert few.count(b'"connectorId"') == 2
    # The link leads to the server that was asked, and not to the sandbox behind it.
    assert b'"href":"http://127.0.0.1:1/' in few


def test_an_error_is_not_kept(sandbox: Sandbox) -> None:
    answers, refused = asked(sandbox, f"GET {raw.PATH}", "another key")
    _, good = asked(sandbox, f"GET {raw.PATH}", of=answers)
    assert refused.startswith(b"HTTP/1.1 401 ")
    assert good.startswith(b"HTTP/1.1 200 ")


def test_it_serves_from_a_process_of_its_own_after_a_delay() -> None:
    delay = 0.01
    with prepared(7, delay) as served, raw.client(*served) as client:
        assert raw.listed(client) == len(raw.ids(client, 100)) == 7
        checked = client.post(f"{raw.PATH}/{raw.ids(client, 1)[0]}/actions/check")
        assert checked.status_code == 200
        pairs = server_pairs(*served, delay, 2)
    assert all(pair.ours > delay / 2 for pair in pairs)
    with pytest.raises(httpx.ConnectError), raw.client(*Served(served.url, "")) as client:
        client.get("/")
