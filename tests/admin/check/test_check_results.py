"""What checks find: each connection once, in the order asked for, and every failure beside the others' results."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from core.scripted import ADDRESS, KEY, Reply, reply, scripted_client
from core.scripted import tenant as scripted
from qlik_automation_connections import ConfigurationError, RetryPolicy, Tenant
from qlik_automation_connections.admin import CheckedConnection, Progress, check
from qlik_automation_connections.sandbox import QUIRKS, Fault, Sandbox
from sampling import few

OPERATION = "checkAutomationConnection"
SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[3] / "docs/schemas/check.schema.json").read_text(encoding="utf-8"))
)


def answering(answers: dict[str, Callable[[httpx.Request], httpx.Response]], **options: Any) -> Tenant:
    """A tenant that answers for each id; those that are not named work."""

    def answer(request: httpx.Request) -> httpx.Response:
        id = request.url.path.split("/")[-3]
        return answers[id](request) if id in answers else httpx.Response(200, json={"connected": True})

    return scripted(answer, **options)


def replying(one: Reply) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(one.status, headers=dict(one.headers), content=one.body)


def raising(kind: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def fail(_: httpx.Request) -> httpx.Response:
        raise kind("as scripted")

    return fail


@pytest.mark.parametrize(
    ("quirks", "workers"), [(True, 3), *few([(list(QUIRKS), 16), (list(QUIRKS), 1), (True, 1)])], ids=str
)
def test_each_is_checked_once_and_reported_in_order(quirks: Any, workers: int) -> None:
    with Sandbox(30, quirks=quirks) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        states = {item["id"]: item["isConnected"] for item in sandbox.snapshot()}
        ids = list(states)
        random.Random(1).shuffle(ids)
        report = check(tenant, [*ids, *ids[:10]], workers=workers)
        asked = [entry.connection_id for entry in sandbox.ledger.select(operation=OPERATION)]
        assert sorted(map(str, asked)) == sorted(ids)
        assert {item.id: item.connected for item in report.checked} == states
        assert [item.id for item in report.checked] == ids
        assert report.is_complete
        assert len(report.connected) + len(report.not_connected) == len(ids)
        assert set(states.values()) == {True, False}
        assert (report.tenant, report.resumed, report.left) == (sandbox.url, 0, [])
        assert report.began_at <= report.ended_at
        SCHEMA.validate(json.loads(json.dumps(report.to_dict())))


FAILURES: dict[str, tuple[Callable[[httpx.Request], httpx.Response], int | None, str]] = {
    "missing": (replying(reply(404, {})), 404, "404"),
    "forbidden": (replying(reply(403, {})), 403, "403"),
    "broken": (replying(reply(500, {})), 500, "500"),
    "busy": (replying(Reply(503, b"", {"Retry-After": "9999"})), 503, "503"),
    "refused": (replying(Reply(429, b"", {"Retry-After": "9999"})), 429, "9999 s"),
    "proxy": (replying(Reply(502, b"<html>", {"content-type": "text/html"})), 502, "502"),
    "odd": (replying(reply(418, {})), 418, "418"),
    "page": (replying(Reply(200, b"<html>hello</html>", {"content-type": "text/html"})), None, "not JSON"),
    "list": (replying(reply(200, [])), None, "unexpected response"),
    "error-as-success": (replying(reply(200, {"errors": [{"code": "x"}]})), None, "error despite"),
    "silent": (replying(reply(200, {})), None, "did not say"),
    "null": (replying(reply(200, {"connected": None})), None, "did not say"),
    "slow": (raising(httpx.ReadTimeout), None, "did not respond in time"),
    "cut": (raising(httpx.ReadError), None, "broke: "),
    "away": (raising(httpx.ConnectError), None, "can't be reached"),
}


def test_a_failure_of_one_is_written_down_and_the_others_are_checked() -> None:
    tenant = answering({id: answer for id, (answer, _, _) in FAILURES.items()})
    ids = [id for failing in FAILURES for id in (failing, f"fine-{failing}")]
    report = check(tenant, ids, workers=2)
    assert [item.id for item in report.checked] == ids
    assert [item.id for item in report.failed] == list(FAILURES)
    assert len(report.connected) == len(FAILURES)
    for item in report.failed:
        _, status, words = FAILURES[item.id]
        assert item.status_code == status, item
        assert words in (item.error or "")
        assert not item.is_broken
    SCHEMA.validate(json.loads(json.dumps(report.to_dict())))


def test_no_secret_is_in_a_report_or_a_journal(tmp_path: Path) -> None:
    def quote(request: httpx.Request) -> httpx.Response:
        detail = f"You sent {request.headers['authorization']}, that is {KEY}."
        return httpx.Response(403, json={"errors": [{"code": "X", "title": detail, "detail": detail}]})

    report = check(answering({"a": quote}), ["a", "b"], journal=tmp_path / "journal")
    assert "You sent" in str(report.failed[0].error)
    for text in (json.dumps(report.to_dict()), repr(report), (tmp_path / "journal").read_text(encoding="utf-8")):
        assert KEY not in text


def test_what_is_no_id_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    def never(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing must be sent")

    wrong: list[Any] = ["..", ".", "", " ", "a\nb", "\ud800", None, 5, b"a"]
    cases: list[tuple[Any, Any]] = [*((["fine", bad], 1) for bad in wrong), (["a"], 0), (["a"], "4")]
    for ids, workers in cases:
        with pytest.raises(ConfigurationError):
            check(scripted(never), ids, workers=workers, journal=tmp_path / "journal")
        assert not (tmp_path / "journal").exists(), (ids, workers)
    with pytest.raises(ConfigurationError, match="not one string"):
        check(scripted(never), "abc")


def test_ids_may_come_from_anywhere_and_be_none() -> None:
    assert [item.id for item in check(answering({}), iter(["b", "a", "b"])).checked] == ["b", "a"]
    report = check(answering({}), [])
    assert (report.checked, report.left, report.is_complete) == ([], [], True)
    SCHEMA.validate(json.loads(json.dumps(report.to_dict())))


def test_ids_with_odd_characters_reach_the_service_as_they_are() -> None:
    seen: list[bytes] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path)
        return httpx.Response(200, json={"connected": True})

    assert len(check(scripted(note), ["a/b", "é?x#y"], workers=1).connected) == 2
    assert [path.split(b"/")[-3] for path in seen] == [b"a%2Fb", b"%C3%A9%3Fx%23y"]


def test_progress_and_results_are_told_as_they_come() -> None:
    progress: list[Progress] = []
    results: list[CheckedConnection] = []
    answers = {
        "gone": replying(reply(404, {})),
        "broken": replying(reply(200, {"connected": False})),
    }
    report = check(
        answering(answers),
        ["a", "gone", "b", "broken"],
        workers=1,
        on_progress=progress.append,
        on_result=results.append,
    )
    assert results == report.checked
    assert progress == [
        Progress("check", 1, 4, 0),
        Progress("check", 2, 4, 1),
        Progress("check", 3, 4, 1),
        Progress("check", 4, 4, 2),
    ]


def test_a_failure_that_passes_is_none(sandbox: Sandbox, ids: list[str]) -> None:
    sandbox.fail(Fault(OPERATION, status=503, retry_after=0, times=4))
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=RetryPolicy(backoff=0.001)) as tenant:
        assert check(tenant, ids).failed == []


def test_seconds_are_those_of_the_service_and_not_of_the_waits() -> None:
    answers = iter([Reply(503, b"", {"Retry-After": "0.3"}), reply(200, {"connected": True})])
    waits: list[float] = []
    policy = RetryPolicy(on_retry=lambda retry: waits.append(retry.wait))
    with scripted_client(lambda request: replying(next(answers))(request)) as client:
        tenant = Tenant(ADDRESS, api_key=KEY, http_client=client, retries=policy)
        report = check(tenant, ["a"], workers=1)
    passed = (report.ended_at - report.began_at).total_seconds()
    assert waits == [0.3]
    assert 0 <= report.checked[0].seconds <= passed - waits[0]
