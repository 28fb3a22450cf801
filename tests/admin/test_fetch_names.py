"""Names of users, spaces and connectors: how they are asked for, and what is left where nothing answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from core.scripted import Script, reply
from core.scripted import tenant as scripted
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import Names, audit, fetch_names
from qlik_automation_connections.sandbox import Fault, Sandbox

LISTS = ("getUsers", "getSpaces", "getAutomationConnectors")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(60) as sandbox:
        yield sandbox


@pytest.fixture
def tenant(sandbox: Sandbox) -> Iterator[Tenant]:
    sandbox.ledger.clear()
    sandbox.faults.clear()
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=0, pacing="off") as tenant:
        yield tenant


def asked(sandbox: Sandbox) -> list[str]:
    return sorted(str(entry.operation) for entry in sandbox.ledger)


def test_a_few_are_asked_for_by_id(sandbox: Sandbox, tenant: Tenant) -> None:
    user, space, connector = sandbox.users[3], sandbox.spaces[2], sandbox.connectors[1]
    names = fetch_names(tenant, users=[user.id, None, user.id], spaces=[space.id, "", None], connectors=[connector.id])
    assert names == Names({user.id: user.name}, {space.id: space.name}, {connector.id: connector.name})
    assert asked(sandbox) == ["getAutomationConnector", "getSpaceById", "getUserById"]
    assert {entry.tier for entry in sandbox.ledger} == {1}


def test_many_are_listed(sandbox: Sandbox, tenant: Tenant) -> None:
    every = (sandbox.users, sandbox.spaces, sandbox.connectors)
    users, spaces, connectors = ([each.id for each in kind] for kind in every)
    names = fetch_names(tenant, users=users, spaces=spaces, connectors=connectors)
    assert [names.users, names.spaces, names.connectors] == [{each.id: each.name for each in kind} for kind in every]
    assert names.inactive_users == {sandbox.users[11].id: "disabled"}
    assert asked(sandbox) == sorted(LISTS)


def test_who_is_gone_is_told_and_names_that_are_given_win(sandbox: Sandbox, tenant: Tenant) -> None:
    known = Names(users={sandbox.users[0].id: "the boss"})
    names = fetch_names(tenant, users=[*(user.id for user in sandbox.users), "f" * 24], names=known)
    assert names.users[sandbox.users[0].id] == "the boss"
    assert names.inactive_users["f" * 24] == "gone"
    assert asked(sandbox) == ["getUserById", "getUsers"]


def test_hundreds_of_users_take_few_requests() -> None:
    script = Script(reply(200, {"data": [{"id": f"user-{number}", "name": "x"} for number in range(120)]}))
    names = fetch_names(scripted(script), users=[f"user-{number}" for number in range(120)])
    assert len(names.users) == 120
    assert len(script.requests) == 3


def test_whatever_fails_the_ids_stay_and_it_is_said_once(sandbox: Sandbox, tenant: Tenant) -> None:
    faults: list[dict[str, Any]] = [
        *({"status": status} for status in (401, 403, 500)),
        *({"kind": kind} for kind in ("html", "truncate", "reset")),
    ]
    for fault in faults:
        sandbox.faults.clear()
        for operation in (*LISTS, "getUserById", "getSpaceById", "getAutomationConnector"):
            sandbox.fail(Fault(operation, times=None, **fault))
        said: list[str] = []
        for ids in (1, 6):
            names = fetch_names(
                tenant,
                users=[user.id for user in sandbox.users[:ids]],
                spaces=[space.id for space in sandbox.spaces[:ids]],
                connectors=[connector.id for connector in sandbox.connectors[:ids]],
                on_failure=said.append,
            )
            assert names == Names(), fault
        assert len(said) == 2, fault
        assert said[0].startswith("Some ids are shown without names. Could not get "), fault


def test_an_odd_answer_leaves_the_ids(recwarn: pytest.WarningsRecorder) -> None:
    cases: list[object] = [{}, [], {"data": [{"name": 5}, None, {}]}, {"data": "x"}, {"data": [{"id": {}}]}]
    for body in cases:
        ids = [f"id-{number}" for number in range(6)]
        assert fetch_names(scripted(Script(reply(200, body))), spaces=ids, connectors=ids) == Names(), body


def test_what_no_request_can_ask_for_is_left_out(sandbox: Sandbox, tenant: Tenant) -> None:
    assert fetch_names(tenant, users=["..", "a\nb"], spaces=["."], connectors=["\x00"]) == Names()
    assert asked(sandbox) == []


def test_a_cancelled_look_up_asks_for_nothing(sandbox: Sandbox, tenant: Tenant) -> None:
    cancel = threading.Event()
    cancel.set()
    assert fetch_names(tenant, users=[sandbox.users[0].id], cancel=cancel) == Names()
    assert asked(sandbox) == []


def test_without_a_callback_it_is_logged(sandbox: Sandbox, tenant: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    sandbox.fail(Fault("getSpaceById", status=403, times=None))
    with caplog.at_level(logging.WARNING):
        fetch_names(tenant, spaces=[sandbox.spaces[0].id])
    assert caplog.text.count("Some ids are shown without names. Could not get ") == 1


def test_an_audit_knows_by_itself_whose_owner_is_inactive(sandbox: Sandbox, tenant: Tenant) -> None:
    gone, disabled = sandbox.users[4].id, sandbox.users[11].id
    # The list leaves out who is gone.
    sandbox.fail(Fault("getUsers", status=403, times=None))
    sentences = {finding.sentence for finding in audit(tenant, True).of_code("inactive-owner")}
    assert sentences == set()
    sandbox.faults.clear()
    report = audit(tenant, True, names=Names(users={user.id: "given" for user in sandbox.users}))
    owners = {item.id: item.owner_id for item in report.connections}
    found = report.of_code("inactive-owner")
    assert {owners[finding.connection_id] for finding in found} == {disabled}
    assert {finding.sentence for finding in found} == {"Its owner is disabled."}
    sandbox.fail(Fault("getUserById", status=404, times=None))
    (name,) = {item.owner for item in report.connections}
    assert name == "given"
    report = audit(tenant, True, filter=f'ownerId eq "{gone}"')
    assert {finding.sentence for finding in report.of_code("inactive-owner")} == {
        "Its owner is gone: the tenant has no user with this id."
    }
    everybody = audit(tenant, True, active_users=[user.id for user in sandbox.users])
    assert everybody.of_code("inactive-owner") == []
    assert audit(tenant, True, look_up_names=False).of_code("inactive-owner") == []
