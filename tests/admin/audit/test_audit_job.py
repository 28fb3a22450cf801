"""An audit from the list to the report: quirks, cursors, errors, cancelling."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from admin.audit.lists import NOW, Listing, report, valid
from admin.threads import meanwhile, no_thread_is_left, wait_for
from core.scripted import ADDRESS, KEY, Reply, Script, reply
from core.scripted import tenant as scripted
from qlik_automation_connections import (
    APIConnectionError,
    ApiKey,
    AuthenticationError,
    ConfigurationError,
    InternalServerError,
    Pacing,
    PermissionDeniedError,
    RetryPolicy,
    Tenant,
    UnexpectedResponseError,
    UnreadableValueWarning,
)
from qlik_automation_connections._auth.principal import principal_of
from qlik_automation_connections.admin import JobCancelled, JobError, Names, Progress, audit, html_report
from qlik_automation_connections.admin._managed import MANAGED_CONNECTOR_ID
from qlik_automation_connections.pacing import pacer_for
from qlik_automation_connections.sandbox import QUIRKS, Fault, Sandbox
from sampling import few


@pytest.fixture(autouse=True)
def threads_that_end() -> Iterator[None]:
    with no_thread_is_left():
        yield


def items(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id, "name": id} for id in ids]


@pytest.mark.parametrize("quirks", few([False, list(QUIRKS), True], 2), ids=["none", "all", "usual"])
def test_everything_that_the_tenant_has_is_in_it(quirks: Any) -> None:
    with Sandbox(210, quirks=quirks) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        progress: list[Progress] = []
        if quirks and quirks is not True:
            with pytest.warns(UnreadableValueWarning):
                audited = audit(tenant, True, now=NOW, on_progress=progress.append)
            assert [item.id for item in audited.connections if item.created_at is None] == [
                finding.connection_id for finding in audited.of_code("unknown-timestamp")
            ]
            assert len(audited.of_code("unknown-timestamp")) == 1
        else:
            audited = audit(tenant, True, now=NOW, on_progress=progress.append)
            assert audited.of_code("unknown-timestamp") == []
        kept = sandbox.snapshot()
        assert [item.id for item in audited.connections] == [item["id"] for item in kept]
        for item, there in zip(audited.connections, kept, strict=True):
            assert (item.name, item.owner_id, item.connector_id) == (
                there["name"], there["ownerId"], there["connectorId"]
            )  # fmt: skip
            assert item.space_id == (there["spaceId"] or None)
            assert item.is_connected == there["isConnected"]
            assert item.managed == (there["connectorId"] == MANAGED_CONNECTOR_ID)
        assert progress == [Progress("audit", 200), Progress("audit", 210, 210)]
        assert sandbox.ledger.count(operation="getAutomationConnections") == 2
        names = {connector.id: connector.name for connector in sandbox.connectors}
        assert all(item.connector == names[f"{item.connector_id}"] for item in audited.connections)
        assert sandbox.ledger.count(operation="getAutomationConnectors") == 1
        assert (audited.tenant, audited.list_all, audited.made_at) == (sandbox.url, True, NOW)
        valid(audited)


def test_a_tenant_that_names_no_connectors_is_audited_by_their_ids() -> None:
    with Sandbox(20) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, retries=0, pacing="off") as tenant:
        for status in (400, 403, 404, 500):
            sandbox.faults[:] = [Fault("getAutomationConnectors", status=status, times=None)]
            audited = audit(tenant, True)
            assert {item.connector for item in audited.connections} == {None}, status
            assert len(audited.connections) == 20, status


def test_names_that_are_given_are_not_asked_for() -> None:
    with Sandbox(20) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        given = {connector.id: f"our {connector.name}" for connector in sandbox.connectors}
        audited = audit(tenant, True, names=Names(connectors=given))
        assert all(item.connector == given[f"{item.connector_id}"] for item in audited.connections)
        assert sandbox.ledger.count(operation="getAutomationConnectors") == 0


def test_a_tenant_without_connections() -> None:
    progress: list[Progress] = []
    with Sandbox(0) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        audited = audit(tenant, on_progress=progress.append)
    assert (audited.connections, audited.findings, progress) == ([], [], [Progress("audit", 0, 0)])
    assert set(audited.summary.values()) == {0}
    assert not any(audited.counts.values())
    valid(audited)


def test_the_caller_s_own_and_a_filter() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        own = [item["id"] for item in sandbox.snapshot() if item["ownerId"] == sandbox.users[0].id]
        assert [item.id for item in audit(tenant).connections] == own
        named = audit(tenant, True, filter='name eq "SMTP"')
        assert {item.name for item in named.connections} == {"SMTP"}
        assert valid(named)["filter"] == 'name eq "SMTP"'


def test_names_are_shown_where_they_are_known() -> None:
    listing = Listing(
        [
            {"id": "a", "ownerId": "u-1", "spaceId": "s-1", "connectorId": "k-1"},
            {"id": "b", "ownerId": "u-2", "spaceId": "", "connectorId": "k-2"},
        ]
    )
    names = Names({"u-1": "Ada"}, {"s-1": "Sales"}, {"k-1": "Slack"})
    audited = audit(listing.tenant(), names=names, active_users=["u-1", "u-1", "u-2"])
    assert (audited.active_users, audited.of_code("inactive-owner")) == (2, [])
    assert valid(audited)["active_users"] == 2
    first, second = audited.connections
    assert (first.owner, first.space, first.connector) == ("Ada", "Sales", "Slack")
    assert (second.owner, second.space, second.connector) == (None, None, None)


def test_what_the_service_leaves_out_or_spoils_is_survived() -> None:
    listing = Listing(
        [
            {},
            {"id": None, "name": "nameless", "isConnected": None},
            {"id": "a", "updatedAt": "never", "createdAt": 5, "isConnected": "false", "spaceId": None},
            {"id": "b", "name": "half \ud800", "updatedAt": "2020-01-01T00:00:00", "unknown": [1]},
            {"id": 7, "name": 8, "ownerId": 9},
            None,
        ]
    )
    with pytest.warns(UnreadableValueWarning):
        audited = audit(listing.tenant(), now=NOW, active_users=["9"])
    assert audited.left_out == [None, "nameless"]
    assert "Left out because the list has no id for them: 2 connections." in html_report(audited)
    third, fourth, fifth = audited.connections
    assert (third.id, fourth.id, fifth.id) == ("a", "b", "7")
    assert (third.updated_at, third.created_at, third.is_connected) == (None, None, False)
    assert fourth.updated_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert (fifth.name, fifth.owner_id) == ("8", "9")
    codes = [(finding.connection_id, finding.code) for finding in audited.findings]
    assert ("b", "inactive-owner") in codes
    assert ("7", "inactive-owner") not in codes
    assert [item for item in codes if item[0] == "a"] == [
        ("a", "not-connected"), ("a", "inactive-owner"), ("a", "personal-space"), ("a", "unknown-timestamp")
    ]  # fmt: skip
    valid(audited)


def test_what_comes_on_two_pages_is_there_once() -> None:
    twice = {"id": "b", "name": "SMTP", "ownerId": "u-1", "connectorId": "k-1"}
    listing = Listing([{"id": "a"}, twice], [{**twice, "name": "SMTP"}, {"id": "c"}])
    audited = audit(listing.tenant())
    assert [item.id for item in audited.connections] == ["a", "b", "c"]
    assert audited.of_code("duplicate") == []


def test_a_cursor_that_comes_again_is_an_error() -> None:
    link = {"next": {"href": "https://x.example/?cursor=again"}}
    script = Script(reply(200, {"data": items("a"), "links": link}))
    with pytest.raises(UnexpectedResponseError, match="never end"):
        audit(scripted(script))
    assert len(script.requests) == 2


def test_an_error_in_the_middle_is_raised() -> None:
    for page, error in [
        (httpx.Response(500), InternalServerError),
        (httpx.Response(403, json={}), PermissionDeniedError),
        (httpx.Response(401, json={}), AuthenticationError),
        (httpx.Response(200, content=b"<html>"), UnexpectedResponseError),
        (httpx.Response(200, json={"data": 5}), UnexpectedResponseError),
    ]:
        progress: list[Progress] = []
        listing = Listing(items("a"), page, items("b"))
        with pytest.raises(error):
            audit(listing.tenant(), on_progress=progress.append)
        assert (listing.asked, progress) == ([None, "1"], [Progress("audit", 1)]), error
    with pytest.raises(APIConnectionError):
        audit(scripted(Script(httpx.ConnectError("as scripted"))))


def test_a_page_that_fails_once_is_asked_for_again() -> None:
    with Sandbox(210) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        sandbox.fail(Fault("getAutomationConnections", status=503, retry_after=0, after=1))
        assert len(audit(tenant, True).connections) == 210
        assert sandbox.ledger.count(operation="getAutomationConnections") == 3


def test_wrong_arguments_are_refused_before_anything_is_sent() -> None:
    cases: list[dict[str, Any]] = [
        {"untouched_days": 0}, {"untouched_days": True}, {"untouched_days": 1.5}, {"untouched_days": "9"},
        {"active_users": "u-1"}, {"now": datetime(2026, 1, 1)}, {"list_all": "yes"}, {"filter": " "},
        {"filter": "\ud800"},
    ]  # fmt: skip
    listing = Listing(items("a"))
    for arguments in cases:
        with pytest.raises(ConfigurationError):
            audit(listing.tenant(), **arguments)
    # So is an earlier audit of another tenant.
    with pytest.raises(JobError, match="The earlier audit is of"):
        audit(listing.tenant(), True, since=report())
    assert listing.asked == []


@pytest.mark.parametrize("after", few([1, 0, 2, 3], 2))
def test_cancelled_after_any_page_it_asks_for_no_more(after: int) -> None:
    cancel = threading.Event()
    listing = Listing(items("a"), items("b"), items("c"))
    told: list[Progress] = []

    def on_progress(progress: Progress) -> None:
        told.append(progress)
        if len(told) == after:
            cancel.set()

    if after == 0:
        cancel.set()
    with pytest.raises(JobCancelled, match="The audit was cancelled"):
        audit(listing.tenant(), cancel=cancel, on_progress=on_progress)
    assert len(listing.asked) == after


def test_cancelling_ends_a_wait_between_tries() -> None:
    cancel, waiting = threading.Event(), threading.Event()
    script = Script(Reply(503, b"", {"Retry-After": "3000"}))
    policy = RetryPolicy(max_retry_after=3600, max_total=3600, on_retry=lambda _: waiting.set())

    def stop() -> None:
        wait_for(waiting)
        cancel.set()

    with meanwhile(stop), pytest.raises(JobCancelled):
        audit(scripted(script, retries=policy), cancel=cancel)
    assert len(script.requests) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there, no signal can be sent to a thread")
def test_ctrl_c_ends_a_wait_for_the_pacing() -> None:
    waiting = threading.Event()
    pacing = Pacing(window=3600, on_wait=lambda _: waiting.set())
    tenant = scripted(Script(reply(200, {"data": items("a"), "links": {}})), pacing=pacing)
    pacer = pacer_for(pacing, ADDRESS, principal_of(ApiKey(KEY)))
    for _ in range(5000):
        pacer.complete(pacer.acquire(1))

    def interrupt() -> None:
        wait_for(waiting)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with meanwhile(interrupt), pytest.raises(KeyboardInterrupt):
        audit(tenant, cancel=threading.Event())


def test_what_on_progress_raises_is_raised() -> None:
    def fail(_: Progress) -> None:
        raise ZeroDivisionError

    listing = Listing(items("a"), items("b"))
    with pytest.raises(ZeroDivisionError):
        audit(listing.tenant(), on_progress=fail)
    assert listing.asked == [None]
