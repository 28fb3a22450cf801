"""Which automations use a connection: by reading their workspaces, and whatever the tenant answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from core.scripted import Script, reply
from core.scripted import tenant as scripted
from qlik_automation_connections import (
    ApiKey,
    AuthenticationError,
    ConfigurationError,
    OAuthClient,
    PermissionDeniedError,
    Tenant,
)
from qlik_automation_connections.admin import (
    HandoverPlan,
    JobCancelled,
    Progress,
    UsageReport,
    plan_handover,
    usage,
)
from qlik_automation_connections.sandbox import QUIRKS, Fault, Sandbox


@pytest.fixture(params=[True, False, sorted(QUIRKS)], ids=["usual quirks", "no quirks", "all quirks"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(40, quirks=request.param) as running:
        yield running


def signed_in(sandbox: Sandbox, scope: str | None = None) -> Tenant:
    """The administrator's tenant, with a machine's sign-in for automations."""
    machine = OAuthClient(sandbox.client_id, sandbox.client_secret, scope=scope)
    return Tenant(sandbox.url, api_key=sandbox.api_key, automations_auth=machine, retries=0)


@pytest.fixture
def tenant(sandbox: Sandbox) -> Iterator[Tenant]:
    with signed_in(sandbox) as opened:
        yield opened


def of_workspaces(*workspaces: Any, listed: dict[str, Any] | None = None) -> Tenant:
    """A tenant whose automations have these workspaces, and which knows every connection."""
    found = {str(number): workspace for number, workspace in enumerate(workspaces)}

    def answer(request: httpx.Request) -> httpx.Response:
        last = request.url.path.rpartition("/")[2]
        if "automation-connections" in request.url.path:
            return httpx.Response(200, json={"id": last, "connectorId": "k"})
        if last == "automations":
            return httpx.Response(200, json={"data": [{"id": id, **(listed or {})} for id in found]})
        return httpx.Response(200, json={"id": last, "workspace": found[last]})

    return scripted(answer)


def users_in(sandbox: Sandbox, id: str) -> list[str]:
    return sorted(automation.id for automation in sandbox.automations if id in automation.connection_ids)


@pytest.mark.filterwarnings("ignore::qlik_automation_connections.UnreadableValueWarning")
def test_it_finds_what_the_sandbox_knows(sandbox: Sandbox, tenant: Tenant) -> None:
    ids = [document["id"] for document in sandbox.snapshot()]
    report = usage(tenant, ids, list_all=True)
    assert {id: sorted(user.id for user in report.of(id)) for id in ids} == {id: users_in(sandbox, id) for id in ids}
    assert any(report.of(id) for id in ids)
    assert all(user.blocks for id in ids for user in report.of(id))
    assert (report.unread, report.looked_at, report.tenant) == ([], len(sandbox.automations), sandbox.url)
    assert {entry.method for entry in sandbox.ledger if entry.operation != "oauthToken"} == {"GET"}
    assert report.is_complete
    assert report.answers == {id: "used" if id in sandbox.in_use else "unused" for id in ids}
    assert json.loads(json.dumps(report.to_dict()))["users"].keys() == set(ids)


def test_what_an_automation_lists_as_its_connectors_decides_nothing() -> None:
    block = {"type": "CopyFileBlock", "name": "copy", "settings": [{"id": "datasource", "value": "one"}]}
    for connectors in (["other"], ["other", "other"], [], None):
        tenant = of_workspaces({"blocks": [block]}, listed={"connectorIds": connectors})
        report = usage(tenant, ["one", "two"], list_all=True)
        assert report.answers == {"one": "used", "two": "unused"}, connectors


def test_everybodys_automations_are_asked_for_only_if_told_to() -> None:
    for list_all in [True, False]:
        with Sandbox(30) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
            usage(tenant, [sandbox.in_use[0]], list_all=list_all)
            (asked,) = (entry.query for entry in sandbox.ledger.select(operation="getAutomations"))
        assert asked == f"limit=200&listAll={str(list_all).lower()}", list_all


def test_a_connection_that_is_gone_may_still_be_used() -> None:
    with Sandbox(60) as sandbox, signed_in(sandbox) as tenant:
        id = sandbox.in_use[0]
        expected = users_in(sandbox, id)
        tenant.connections.delete(id, forced=True)
        assert sorted(user.id for user in usage(tenant, [id], list_all=True).of(id)) == expected


def test_an_id_in_a_text_counts() -> None:
    workspace = {
        "blocks": [
            {"id": "B1", "displayName": "Send", "settings": [{"id": "datasource", "value": "one"}]},
            {"id": "B2", "name": "Code", "inputs": [{"value": "connect to two, and to one"}]},
            {"id": "B3", "settings": [{"id": "datasource", "value": None}]},
        ],
        "variables": [],
    }
    report = usage(of_workspaces(workspace, {}), ["one", "two", "three"], list_all=True)
    assert {id: [user.blocks for user in users] for id, users in report.users.items()} == {
        "one": [("Send",)],
        "two": [()],
        "three": [],
    }


@pytest.mark.parametrize("value", [" one", "one\n", "one # finance", "id:one", '"one"', "{one}"])
def test_an_id_in_a_text_where_a_connection_should_be_counts(value: str) -> None:
    workspace = {"blocks": [{"id": "B", "settings": [{"id": "datasource", "value": value}]}]}
    assert usage(of_workspaces(workspace), ["one"], list_all=True).answer("one") == "used"


def test_what_a_workspace_that_is_cut_off_uses_is_not_known() -> None:
    report = usage(of_workspaces({"blocks": '[{"id": "on'}, {"blocks": []}), ["one"], list_all=True)
    assert (report.answer("one"), [item.id for item in report.unread]) == ("unknown", ["0"])
    assert "can't be searched whole" in report.unread[0].reason


def test_an_automation_without_a_workspace_was_not_read() -> None:
    report = usage(of_workspaces(None, {"blocks": []}), ["one"], list_all=True)
    assert [(item.id, item.refused) for item in report.unread] == [("0", False)]
    assert (report.looked_at, report.answer("one"), report.hint) == (1, "unknown", "Try again.")


@pytest.mark.filterwarnings("ignore::qlik_automation_connections.UnreadableValueWarning")
def test_an_odd_id_in_the_list_of_automations_stops_nothing() -> None:
    def answer(odd: str | None, request: httpx.Request) -> httpx.Response:
        last = request.url.path.rpartition("/")[2]
        if last == "automations":
            return httpx.Response(200, json={"data": [{"id": odd, "name": "Odd"}, {"id": "a"}, {"id": "a"}]})
        text = "one" if last == "a" else ""
        return httpx.Response(200, json={"id": last, "workspace": {"blocks": [{"name": text}]}})

    for odd in ("..", ".", " ", "a\nb", None):
        report = usage(scripted(partial(answer, odd)), ["one", "two"], list_all=True)
        has_id = odd is not None and odd.strip()
        reason = "Its id is not valid, so it can't be read." if has_id else "The list has no id for it."
        assert [(item.name, item.reason) for item in report.unread] == [("Odd", reason)], odd
        assert report.answers == {"one": "used", "two": "unknown"}, odd
        # What is listed twice is read once.
        assert report.looked_at == 1, odd


def test_without_a_second_sign_in_it_is_not_known() -> None:
    with Sandbox(30) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as tenant:
        own = [item.id for item in sandbox.automations if item.owner_id == sandbox.users[0].id]
        ids = [document["id"] for document in sandbox.snapshot()]
        report = usage(tenant, ids, list_all=True)
        assert len(report.unread) == len(sandbox.automations) - len(own) > 0
        assert all(item.refused for item in report.unread)
        assert "unused" not in report.answers.values()
        assert not report.is_complete
        unknown = next(id for id, answer in report.answers.items() if answer == "unknown")
        extent = f"{len(report.unread)} of {len(sandbox.automations)} automations could not be read"
        assert report.sentence(unknown) == f"Not known whether automations use it: {extent}."
        assert any(extent in said for said in report.conclusions())
        for said in (str(report.hint), report.conclusions()[-1]):
            for word in ("admin.automations", "automations_auth", "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID", "-context"):
                assert word in said
        assert UsageReport.from_dict(json.loads(json.dumps(report.to_dict()))) == report
        document = report.to_dict()
        assert document["answers"] == report.answers
        assert (document["is_complete"], document["hint"]) == (False, report.hint)


def test_a_machine_without_the_scope_is_told_what_it_needs() -> None:
    with Sandbox(30) as sandbox:
        with signed_in(sandbox, "other") as tenant:
            with pytest.raises(PermissionDeniedError, match=r"admin\.automations"):
                usage(tenant, sandbox.in_use, list_all=True)
            assert usage(tenant, sandbox.in_use).hint is not None
        key, machine = ApiKey(sandbox.api_key), OAuthClient(sandbox.client_id, sandbox.client_secret, scope="other")
        with Tenant(sandbox.url, auth=machine, automations_auth=key, retries=0) as tenant:
            assert "automations_auth=" in str(usage(tenant, sandbox.in_use, list_all=True).hint)


def test_only_ones_own_automations_leave_it_unknown() -> None:
    with Sandbox(30) as sandbox, Tenant(sandbox.url, api_key=sandbox.user_api_key) as tenant:
        report = usage(tenant, ["a", "b"])
        assert set(report.answers.values()) == {"unknown"}
        assert report.conclusions()[0] == "Not known whether automations use them: only your own automations were read."
        assert "admin.automations" in report.conclusions()[-1]


def test_the_three_answers_in_words() -> None:
    workspaces = [{"blocks": [{"settings": [{"id": "datasource", "value": "one"}]}]}, {"blocks": []}]
    report = usage(of_workspaces(*workspaces), ["one", "two"], list_all=True)
    assert report.sentence("one") == "Used by the automation 0."
    assert report.sentence("two") == "No automation uses it: all 2 automations were read."
    assert report.sentence("another") == "Not known whether automations use it: all 2 automations were read."
    assert report.conclusions() == ["No automation uses two: all 2 automations were read."]
    many = [f"c{number}" for number in range(9)]
    assert usage(of_workspaces(*workspaces), ["one", *many], list_all=True).conclusions() == [
        "No automation uses 9 of 10 connections: all 2 automations were read."
    ]
    lost = usage(of_workspaces(workspaces[0], None), ["one"], list_all=True)
    assert lost.conclusions() == ["More automations may use it: 1 of 2 automations could not be read.", "Try again."]


def test_nothing_is_sent_for_nothing_or_for_what_is_no_id() -> None:
    script = Script(reply(500, {}))
    assert usage(scripted(script), []).users == {}
    for ids in ("abc", [".."], [""]):
        with pytest.raises(ConfigurationError):
            usage(scripted(script), ids)
    assert script.requests == []


def test_what_can_not_be_read_is_named() -> None:
    with Sandbox(60) as sandbox, signed_in(sandbox) as tenant:
        sandbox.fail(Fault("getAutomation", status=500, times=1))
        told: list[Progress] = []
        report = usage(tenant, sandbox.in_use, list_all=True, on_progress=told.append)
        assert len(report.unread) == 1
        assert "500" in report.unread[0].reason
        assert (told[-1].done, told[-1].total, told[-1].failed) == (report.looked_at + 1, report.looked_at + 1, 1)


def test_a_refused_list_and_a_refused_sign_in_end_it() -> None:
    with Sandbox(60) as sandbox:
        with Tenant(sandbox.url, api_key=sandbox.user_api_key) as user, pytest.raises(PermissionDeniedError):
            usage(user, [sandbox.in_use[0]], list_all=True)
        with Tenant(sandbox.url, api_key="wrong") as stranger, pytest.raises(AuthenticationError):
            usage(stranger, [sandbox.in_use[0]])


def test_it_can_be_cancelled() -> None:
    with Sandbox(60) as sandbox, signed_in(sandbox) as tenant:
        cancel = threading.Event()
        with pytest.raises(JobCancelled):
            usage(tenant, sandbox.in_use, list_all=True, cancel=cancel, on_progress=lambda _: cancel.set())
        with pytest.raises(JobCancelled):
            usage(tenant, sandbox.in_use, list_all=True, cancel=cancel)


def test_a_handover_notes_who_uses_what_it_moves() -> None:
    with Sandbox(60) as sandbox, signed_in(sandbox) as tenant:
        used = set(sandbox.in_use)
        owner = next(item["ownerId"] for item in sandbox.snapshot() if item["id"] in used)
        other = next(user.id for user in sandbox.users if user.id != owner)
        plan = plan_handover(tenant, owner, other, look_for_usage=True)
        noted = {step.id for step in plan.moves if "Used by" in (step.note or "")}
        assert noted == used & {step.id for step in plan.moves} != set()
        assert {step.usage for step in plan.moves} == {"used", "unused"}
        assert {step.id for step in plan.moves if step.usage == "used"} == noted
        assert any("automations were read" in note for note in plan.notes)
        assert HandoverPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
        without = plan_handover(tenant, owner, other)
        assert all("Used by" not in (step.note or "") and step.usage is None for step in without.steps)


def test_a_handover_says_what_it_does_not_know() -> None:
    with Sandbox(60) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as tenant:
        plan = plan_handover(tenant, sandbox.users[2].id, sandbox.users[1].id, look_for_usage=True)
        assert "unknown" in {step.usage for step in plan.moves}
        assert "unused" not in {step.usage for step in plan.moves}
        assert any("Not known whether automations use" in note for note in plan.notes)
        assert any("admin.automations" in note for note in plan.notes)
        # Where no automations are shown it goes on.
        sandbox.fail(Fault("getAutomations", status=403, times=None))
        plan = plan_handover(tenant, sandbox.users[0].id, sandbox.users[1].id, look_for_usage=True)
        assert plan.moves
        assert any("Not known whether automations use them" in note for note in plan.notes)
        assert {step.usage for step in plan.moves} == {"unknown"}


def test_a_connection_that_is_not_there_is_named() -> None:
    with Sandbox(20) as sandbox, signed_in(sandbox) as tenant:
        report = usage(tenant, ["nope", sandbox.in_use[0]], list_all=True)
        assert (report.missing, report.to_dict()["missing"]) == (["nope"], ["nope"])
        assert report.of("nope") == []
