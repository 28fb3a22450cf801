"""Connectors, automations, users and spaces: what is asked for, and what is read however the service sends it."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from core.scripted import ADDRESS, KINDS, Kind, Of, Reply, Script, ask, reply, tenant
from looping import for_each, in_turn
from qlik_automation_connections import ConfigurationError, UnexpectedResponseError, UnreadableValueWarning

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
TOKEN = "marked-token-5c1e"
LIST_OF = pytest.mark.parametrize("resource", ["connectors", "automations"])
# The service would list everybody's automations unless told not to.
OWN: dict[str, dict[str, str]] = {"connectors": {}, "automations": {"listAll": "false"}}
PATHS = {"connectors": "/api/workflows/automation-connectors", "automations": "/api/workflows/automations"}
PATHS |= {resource: f"/api/v1/{resource}" for resource in ("users", "spaces")}


def one_connector(kind: Kind, content: Any) -> Any:
    return ask(kind, Script(reply(200, content)), Of("connectors", lambda c: c.get("x")))


def one_automation(kind: Kind, content: Any) -> Any:
    return ask(kind, Script(reply(200, content)), Of("automations", lambda a: a.get("x")))


def asked(resource: str, **arguments: Any) -> dict[str, str]:
    """The query of a list."""
    script = Script(reply(200, {}))
    assert list(getattr(tenant(script), resource).list(**arguments)) == []
    return dict(script.requests[0].url.params)


SHARED = {"name": "n", "ownerId": "o", "type": "shared", "limit": "100"}
NAMED = {"name": "n", "sort": "-name", "limit": 7}
ASKED = {"filter": 'name eq "n"', "sort": "-name", "limit": "7"}


@for_each(
    ("resource", "cursor", "arguments", "wanted"),
    [
        ("connectors", "cursor", NAMED, ASKED),
        ("automations", "cursor", NAMED, {**ASKED, **OWN["automations"]}),
        ("users", "next", NAMED, ASKED),
        ("spaces", "next", {"name": "n", "owner_id": "o", "type": "shared"}, SHARED),
    ],
)
@in_turn
def test_a_list_is_read_page_by_page_with_the_same_question(
    kind: Kind, resource: str, cursor: str, arguments: dict[str, Any], wanted: dict[str, str]
) -> None:
    # A cursor of another name is none of this list's, and another host gets nothing.
    other = "next" if cursor == "cursor" else "cursor"
    following = {"links": {"next": {"href": f"https://evil.example{PATHS[resource]}?{cursor}=2&{other}=3"}}}
    script = Script(reply(200, {"data": [{"id": "a"}, None], **following}), reply(200, {"data": [{"id": "b"}]}))
    found = ask(kind, script, Of(resource, lambda r: r.list(**arguments)))
    assert [item.id for item in found] == ["a", "b"]
    questions = [dict(request.url.params) for request in script.requests]
    assert questions == [wanted, {**wanted, cursor: "2"}]
    assert {str(request.url).partition("?")[0] for request in script.requests} == {f"{ADDRESS}{PATHS[resource]}"}


@LIST_OF
def test_only_the_largest_page_is_asked_for_where_nothing_is_given(resource: str) -> None:
    assert asked(resource) == {"limit": "200", **OWN[resource]}
    assert asked(resource, cursor="c", limit=50) == {"cursor": "c", "limit": "50", **OWN[resource]}


def test_what_automations_can_be_asked_for() -> None:
    fields = {"name": "n", "owner_id": "o", "space_id": "", "run_mode": "webhook", "last_run_status": "failed"}
    wanted = 'name eq "n" and ownerId eq "o" and spaceId eq "" and runMode eq "webhook" and lastRunStatus eq "failed"'
    page = {"limit": "200"}
    own = {**page, **OWN["automations"]}
    assert asked("automations", **fields) == {**own, "filter": wanted}
    wanted = '(name sw "n") and ownerId eq "o"'
    assert asked("automations", filter='name sw "n"', owner_id="o") == {**own, "filter": wanted}
    assert asked("automations", list_all=True, sort="+lastRunAt") == {**page, "listAll": "true", "sort": "+lastRunAt"}
    assert asked("automations", list_all=False) == own


@for_each(
    ("resource", "arguments", "says"),
    [
        ("users", {"limit": 101}, "number of users per page and must be 1 to 100, not 101"),
        ("spaces", {"limit": 0}, "number of spaces per page and must be 1 to 100, not 0"),
        ("users", {"sort": "_id"}, "sort must be one of"),
        ("spaces", {"sort": "ownerId"}, "sort must be one of"),
        ("spaces", {"name": 5}, "name must be a string"),
        ("users", {"email": 5}, "email must be a string"),
        ("connectors", {"limit": 0}, "number of connectors per page and must be 1 to 200, not 0"),
        ("automations", {"limit": 201}, "number of automations per page and must be 1 to 200, not 201"),
        ("automations", {"limit": True}, "number of automations per page"),
        ("automations", {"limit": "5"}, "number of automations per page"),
        ("connectors", {"sort": "createdAt"}, "sort must be one of"),
        ("automations", {"sort": "connectorIds"}, "sort must be one of"),
        ("automations", {"list_all": "yes"}, "list_all must be True or False"),
        ("connectors", {"filter": " "}, "filter is empty"),
        ("connectors", {"cursor": ""}, "cursor is empty"),
        ("automations", {"owner_id": 5}, "ownerId must be a string"),
    ],
)
def test_what_can_not_be_asked_for_is_refused(resource: str, arguments: dict[str, Any], says: str) -> None:
    script = Script(reply(200, {}))
    with pytest.raises(ConfigurationError, match=says):
        list(getattr(tenant(script), resource).list(**arguments))
    assert not script.requests


@for_each("href", ["/api/v1/users?cursor=2", "/api/v1/users?prev=2", "?next="])
@in_turn
def test_a_link_without_that_cursor_is_refused(kind: Kind, href: str) -> None:
    script = Script(reply(200, {"data": [{"id": "a"}], "links": {"next": {"href": href}}}))
    with pytest.raises(UnexpectedResponseError, match="no usable cursor"):
        ask(kind, script, Of("users", lambda u: u.list()))


@ALL_KINDS
def test_users_and_spaces_are_read_with_what_the_spec_lacks(kind: Kind) -> None:
    role = {"id": "r", "name": "TenantAdmin", "type": "default", "level": "admin"}
    sent = {"id": "x", "name": "Ada", "email": None, "status": "new", "assignedRoles": [role, None], "picture": "p"}
    user = ask(kind, Script(reply(200, sent)), Of("users", lambda u: u.get("x")))
    assert (user.name, user.email, user.status, user.created_at) == ("Ada", None, "new", None)
    assert [(each.name, each.type_, each.level) for each in user.assigned_roles] == [
        ("TenantAdmin", "default", "admin")
    ]
    assert user.additional_properties == {"picture": "p"}
    space = ask(kind, Script(reply(200, {"id": "x", "type": "data", "meta": {}})), Of("spaces", lambda s: s.get("x")))
    assert (space.name, space.type_, space.additional_properties) == (None, "data", {"meta": {}})


@ALL_KINDS
@pytest.mark.parametrize(
    "location", [f"{ADDRESS}/api/v1/users/x%2Fy", "https://evil.example/api/v1/users/x%2Fy?z=1", "x%2Fy"]
)
def test_the_callers_own_user_is_asked_for_at_the_tenant(kind: Kind, location: str) -> None:
    script = Script(Reply(301, b"<html>", {"location": location}), reply(200, {"id": "x/y", "name": "Ada"}))
    assert ask(kind, script, Of("users", lambda u: u.me())).name == "Ada"
    assert [str(request.url) for request in script.requests] == [
        f"{ADDRESS}/api/v1/users/me",
        f"{ADDRESS}/api/v1/users/x%2Fy",
    ]


@for_each(
    "answer",
    [
        Reply(301, b"", {}),
        Reply(301, b"", {"location": "/api/v1/users/"}),
        Reply(301, b"", {"location": "/api/v1/users/.."}),
        Reply(302, b"", {"location": "/api/v1/users/x"}),
        reply(200, {"id": "x"}),
    ],
)
def test_an_odd_answer_about_the_caller_is_refused(answer: Reply) -> None:
    script = Script(answer)
    with pytest.raises(UnexpectedResponseError, match="getMe"):
        tenant(script).users.me()
    assert len(script.requests) == 1


@ALL_KINDS
def test_a_connector_is_read_with_its_params(kind: Kind) -> None:
    param = {"id": "p", "name": "port", "optional": "true", "options": [1, None, "two", True], "setting": 0, "new": 1}
    sent = {
        "id": "x",
        "billable": "false",
        "hasWebhooks": 1,
        "description": None,
        "params": [param, None],
        "blocks": [],
    }
    connector = one_connector(kind, sent)
    assert (connector.id, connector.billable, connector.has_webhooks, connector.description) == ("x", False, True, None)
    assert connector.additional_properties == {"blocks": []}
    (read,) = connector.params
    assert (read.name, read.optional, read.options, read.setting) == ("port", True, ["1", "two", "true"], False)
    assert read.additional_properties == {"new": 1}
    assert one_connector(kind, {"data": sent}) == connector


@for_each("options", ["tls", 5, [["ssl"]], [{"id": "1", "label": "tls"}], {"1": ["tls"]}])
@in_turn
def test_options_that_can_not_be_read_are_kept_as_they_came(kind: Kind, options: Any) -> None:
    with pytest.warns(UnreadableValueWarning, match=r"AutomationConnectorParam\.options of 'p'"):
        connector = one_connector(kind, {"id": "x", "params": [{"id": "p", "options": options}]})
    assert connector.params[0].options == []
    assert connector.params[0].additional_properties == {"options": options}


@ALL_KINDS
def test_an_automation_is_read_with_its_workspace_and_shows_no_secret(kind: Kind) -> None:
    workspace = {"blocks": [{"settings": [{"id": "datasource", "value": TOKEN}]}], "variables": []}
    sent = {
        "id": "x",
        "spaceId": "",
        "workspace": workspace,
        "connectorIds": ["k", None],
        "executionToken": TOKEN,
        "lastRunAt": "0000-00-00T00:00:00Z",
        "createdAt": "2025-03-04T08:15:30",
        "maxConcurrentRuns": "2",
        "lastRun": {"id": TOKEN},
    }
    with pytest.warns(UnreadableValueWarning, match="lastRunAt"):
        automation = one_automation(kind, sent)
    assert automation.space_id is None
    assert automation.workspace == workspace
    assert automation.connector_ids == ["k"]
    assert automation.execution_token == TOKEN
    assert automation.max_concurrent_runs == 2
    assert automation.created_at.utcoffset().total_seconds() == 0
    assert automation.last_run_at is None
    assert automation.additional_properties == {"lastRun": {"id": TOKEN}, "lastRunAt": "0000-00-00T00:00:00Z"}
    assert TOKEN not in repr(automation)


@pytest.mark.parametrize("error", [None, [{"message": TOKEN}]])
@ALL_KINDS
def test_an_automation_of_a_real_list_is_read_whole(kind: Kind, error: Any) -> None:
    run = {"id": "r", "status": "failed", "inputs": {"to": TOKEN}, "error": error, "metrics": {"blocks": 3}}
    item = {
        "id": "x",
        "executionToken": TOKEN,
        "connectorIds": ["k", "k", "j"],
        "workspace": None,
        "lastRun": run,
        "duration": 3,
        "endpointIds": ["e", "e"],
        "multiple": {"new": [None]},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read, idle = ask(
            kind,
            Script(reply(200, {"data": [item, {**item, "executionToken": None, "lastRun": None}]})),
            Of("automations", lambda a: a.list()),
        )
    assert (read.execution_token, idle.execution_token) == (TOKEN, None)
    assert read.connector_ids == ["k", "k", "j"]
    assert read.additional_properties["lastRun"] == run
    assert (read["workspace"], idle["lastRun"]) == (None, None)
    assert TOKEN not in repr(read)


@for_each("sent", [[], "", {}])
@in_turn
def test_an_empty_workspace_is_one_in_any_spelling(kind: Kind, sent: Any) -> None:
    assert one_automation(kind, {"id": "x", "workspace": sent}).workspace == {}


@for_each("sent", ["{}", 5, True, [TOKEN]])
@in_turn
def test_a_workspace_of_another_kind_is_refused_and_not_shown(kind: Kind, sent: Any) -> None:
    with pytest.raises(UnexpectedResponseError, match=r"workspace is .* instead of an object") as caught:
        one_automation(kind, {"id": "x", "workspace": sent})
    assert caught.value.connection_id is None
    assert "get automation 'x'" in caught.value.message
    assert TOKEN not in caught.value.message


@ALL_KINDS
def test_the_json_of_an_automation_is_as_it_came(kind: Kind) -> None:
    sent = {"id": "x", "spaceId": "", "workspace": "{}", "connectorIds": None, "lastRunAt": "0000", "data": {"a": 1}}
    script = Script(reply(200, sent))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = ask(kind, script, Of("automations", lambda a: a.get_json("x")))
    assert json.dumps(got) == json.dumps(sent)
    with pytest.raises(UnexpectedResponseError, match="not a JSON object"):
        ask(kind, Script(reply(200, [sent])), Of("automations", lambda a: a.get_json("x")))


def test_a_copy_with_other_options_has_siblings_of_its_own() -> None:
    script = Script(reply(200, {}))
    with tenant(script) as whole:
        for resource in ("connections", "connectors", "automations", "users", "spaces"):
            assert getattr(whole, resource) is getattr(whole, resource)
            copy = whole.with_options(api_version="workflows")
            assert getattr(copy, resource) is not getattr(whole, resource)
            assert repr(getattr(copy, resource)) == f"<{resource} of Tenant({ADDRESS!r})>"
