"""Which automations use a connection: by reading their workspaces, and whatever the tenant answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from qlik_automation_connections import AuthenticationError, ConfigurationError, PermissionDeniedError, Tenant
from qlik_automation_connections.admin import JobCancelled, Progress, plan_handover, usage
from qlik_automation_connections.admin._remap.id_finder import IdFinder
from qlik_automation_connections.admin._usage.job import _used
from qlik_automation_connections.sandbox import QUIRKS, Fault, Sandbox
from qlik_automation_connections_api.models.automation import Automation


@pytest.fixture(params=[True, False, sorted(QUIRKS)], ids=["usual quirks", "no quirks", "all quirks"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(100, quirks=request.param) as running:
        yield running


@pytest.fixture
def tenant(sandbox: Sandbox) -> Iterator[Tenant]:
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as opened:
        yield opened


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
    assert {entry.method for entry in sandbox.ledger} == {"GET"}
    assert json.loads(json.dumps(report.to_dict()))["users"].keys() == set(ids)


def test_only_automations_with_the_connector_are_read() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        id = sandbox.in_use[0]
        connector = tenant.connections.get(id).connector_id
        usage(tenant, [id], list_all=True)
        read = {entry.path.rsplit("/", 1)[-1] for entry in sandbox.ledger.select(operation="getAutomation")}
        assert read == {item.id for item in sandbox.automations if connector in item.connector_ids}
        assert len(read) < len(sandbox.automations)


def test_a_connection_that_is_gone_may_still_be_used() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
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
    automation = Automation.from_dict({"id": "a", "workspace": workspace})
    assert _used(automation, IdFinder(["one", "two", "three"])) == {"one": ("Send",), "two": ()}
    assert _used(Automation(id="a"), IdFinder(["one"])) == {}


def test_nothing_is_sent_for_nothing_or_for_what_is_no_id() -> None:
    with Sandbox(5) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        assert usage(tenant, []).users == {}
        for ids in ("abc", [".."], [""]):
            with pytest.raises(ConfigurationError):
                usage(tenant, ids)
        assert len(sandbox.ledger) == 0


def test_what_can_not_be_read_is_named() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as tenant:
        sandbox.fail(Fault("getAutomation", status=500, times=1))
        told: list[Progress] = []
        report = usage(tenant, sandbox.in_use, list_all=True, on_progress=told.append)
        assert len(report.unread) == 1
        assert "500" in report.unread[0].reason
        assert (told[-1].done, told[-1].total, told[-1].failed) == (report.looked_at + 1, report.looked_at + 1, 1)


def test_a_refused_list_and_a_refused_sign_in_end_it() -> None:
    with Sandbox(100) as sandbox:
        with Tenant(sandbox.url, api_key=sandbox.user_api_key) as user, pytest.raises(PermissionDeniedError):
            usage(user, [sandbox.in_use[0]], list_all=True)
        with Tenant(sandbox.url, api_key="wrong") as stranger, pytest.raises(AuthenticationError):
            usage(stranger, [sandbox.in_use[0]])


def test_it_can_be_cancelled() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        cancel = threading.Event()
        with pytest.raises(JobCancelled):
            usage(tenant, sandbox.in_use, list_all=True, cancel=cancel, on_progress=lambda _: cancel.set())
        with pytest.raises(JobCancelled):
            usage(tenant, sandbox.in_use, list_all=True, cancel=cancel)


def test_a_handover_notes_who_uses_what_it_moves() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        used = set(sandbox.in_use)
        owner = next(item["ownerId"] for item in sandbox.snapshot() if item["id"] in used)
        other = next(user.id for user in sandbox.users if user.id != owner)
        plan = plan_handover(tenant, owner, other, look_for_usage=True)
        noted = {step.id for step in plan.moves if "Used by" in (step.note or "")}
        assert noted == used & {step.id for step in plan.moves} != set()
        assert all("Used by" not in (step.note or "") for step in plan_handover(tenant, owner, other).steps)


def test_a_handover_goes_on_where_automations_are_not_shown() -> None:
    with Sandbox(50) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        sandbox.fail(Fault("getAutomations", status=403, times=None))
        plan = plan_handover(tenant, sandbox.users[0].id, sandbox.users[1].id, look_for_usage=True)
        assert plan.moves
        assert any("Can't tell which automations use them" in note for note in plan.notes)


def test_a_connection_that_is_not_there_is_named() -> None:
    with Sandbox(20) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        report = usage(tenant, ["nope", sandbox.in_use[0]], list_all=True)
        assert (report.missing, report.to_dict()["missing"]) == (["nope"], ["nope"])
        assert report.of("nope") == []
