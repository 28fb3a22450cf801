"""Automations: what is sent to create and change them."""

from __future__ import annotations

import json
import traceback
from operator import methodcaller
from typing import Any

import httpx
import pytest

from core.scripted import ADDRESS, KINDS, Kind, Of, Script, ask, reply
from looping import for_each, in_turn
from qlik_automation_connections import (
    APITimeoutError,
    ConfigurationError,
    PermissionDeniedError,
    QlikError,
    RetryPolicy,
    Schedule,
    UnexpectedResponseError,
)

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
SECRET = "marked-in-the-workspace-81d2"
WORKSPACE: dict[str, Any] = {"blocks": [{"x": 1.10, "y": 2**70}], "variables": [{"value": SECRET}]}
READ: dict[str, Any] = {
    "id": "x",
    "name": "n",
    "state": "available",
    "ownerId": "o",
    "spaceId": "s",
    "workspace": WORKSPACE,
    "schedules": [
        {"id": "1", "startAt": "2025-03-05 02:00:00", "stopAt": None, "interval": 60, "lastStartedAt": None},
        {"id": "2", "interval": "daily", "timezone": "UTC", "unknown": 5},
    ],
    "description": "d",
    "maxConcurrentRuns": 3,
    "executionToken": "t",
    "unknown": 5,
}
WHOLE = {
    "name": "n",
    "workspace": WORKSPACE,
    # Without what only the service sets; a value that can't be read goes back as it came.
    "schedules": [{"startAt": "2025-03-05 02:00:00", "interval": 60}, {"interval": "daily", "timezone": "UTC"}],
    "description": "d",
    "maxConcurrentRuns": 3,
}
FIELDS = {"max_concurrent_runs": "maxConcurrentRuns"}


def sent(script: Script) -> list[tuple[str, str, Any]]:
    """Method, path and body of each request."""
    return [
        (
            each.method,
            str(each.url).removeprefix(f"{ADDRESS}/api/workflows/automations"),
            json.loads(each.content or "null"),
        )
        for each in script.requests
    ]


def updated(kind: Kind, read: Any, **changes: Any) -> list[tuple[str, str, Any]]:
    script = Script(reply(200, read), reply(200, {"id": "x"}))
    ask(kind, script, Of("automations", lambda a: a.update("x", **changes)))
    return sent(script)


@pytest.mark.filterwarnings("ignore::qlik_automation_connections.UnreadableValueWarning")
@for_each(
    "changes",
    [{"name": "m"}, {"description": ""}, {"schedules": []}, {"workspace": {}}, {"name": "m", "max_concurrent_runs": 9}],
)
@in_turn
def test_an_update_sends_the_whole_definition(kind: Kind, changes: dict[str, Any]) -> None:
    given = {FIELDS.get(name, name): value for name, value in changes.items()}
    for read in (READ, {"data": READ}):
        assert updated(kind, read, **changes) == [("GET", "/x", None), ("PUT", "/x", WHOLE | given)]


def test_an_update_makes_up_nothing() -> None:
    assert updated("sync", {"id": "x", "name": None}, description="d")[1:] == [
        ("PUT", "/x", {"description": "d", "schedules": []})
    ]


@ALL_KINDS
def test_what_can_not_be_read_is_not_overwritten(kind: Kind) -> None:
    script = Script(reply(200, READ | {"workspace": "x"}), reply(200, {"id": "x"}))
    with pytest.raises(UnexpectedResponseError):
        ask(kind, script, Of("automations", lambda a: a.update("x", name="m")))
    assert len(script.requests) == 1


@ALL_KINDS
def test_a_creation_sends_what_is_given(kind: Kind) -> None:
    read = Schedule.from_dict({"id": "1", "startAt": "2025-03-05 02:00:00", "lastStartedAt": "2025-03-05T02:00:00Z"})
    given = {"stopAt": "2026-03-05 02:00:00", "interval": 60}
    script = Script(reply(201, READ | {"schedules": [], "state": "a new state"}))
    made = ask(
        kind,
        script,
        Of(
            "automations",
            lambda a: a.create(
                name="n", workspace=WORKSPACE, schedules=[read, given], space_id="s", max_concurrent_runs=2
            ),
        ),
    )
    ((method, path, body),) = sent(script)
    schedules = [{"startAt": "2025-03-05 02:00:00"}, given]
    assert (method, path) == ("POST", "")
    assert body == {
        "name": "n", "workspace": WORKSPACE, "schedules": schedules, "spaceId": "s", "maxConcurrentRuns": 2,
    }  # fmt: skip
    assert (made.id, made.state, made.workspace) == ("x", "a new state", WORKSPACE)


@ALL_KINDS
def test_a_creation_is_never_sent_twice(kind: Kind) -> None:
    script = Script(httpx.ReadTimeout("slow"))
    with pytest.raises(APITimeoutError) as caught:
        ask(kind, script, Of("automations", lambda a: a.create(name="n")), retries=RetryPolicy(retries=3, backoff=0))
    assert len(script.requests) == 1
    assert caught.value.may_have_been_processed
    assert "still have created the automation, so the request is not sent again" in caught.value.message
    assert "Check with automations.list(name='n')." in caught.value.message


@for_each("act", ["enable", "disable", "delete"])
def test_other_changes_are_sent_again(act: str) -> None:
    script = Script(httpx.ReadTimeout("slow"), reply(204, None))
    ask("sync", script, Of("automations", lambda a: getattr(a, act)("x")), retries=RetryPolicy(retries=1, backoff=0))
    assert len(script.requests) == 2


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "Nothing to update. Pass name, description"),
    ({"name": 5}, "name must be a string"),
    ({"workspace": [SECRET]}, "workspace must be a dict, not list"),
    ({"workspace": {"x": {SECRET}}}, "workspace contains something that can't be sent as JSON"),
    ({"workspace": {"x": float("nan")}}, "workspace contains something"),
    ({"workspace": {"x": "\ud800"}}, "workspace contains something"),
    ({"schedules": {}}, "schedules must be a list, not dict"),
    ({"schedules": ["daily"]}, "Each entry of schedules must be a Schedule, or a dict with keys of startAt, stopAt"),
    ({"schedules": [{"start": "x"}]}, "Each entry of schedules"),
    ({"schedules": [{"interval": "60"}]}, "interval of a schedule must be a whole number, not '60'"),
    ({"schedules": [{"interval": True}]}, "interval of a schedule must be a whole number"),
    ({"schedules": [{"startAt": 5}]}, "startAt of a schedule must be a string, not 5"),
    ({"max_concurrent_runs": 0}, "max_concurrent_runs must be a whole number above 0, not 0"),
    ({"max_concurrent_runs": True}, "max_concurrent_runs must be a whole number"),
]


@for_each(("changes", "words"), WRONG)
def test_what_can_not_be_sent_is_refused_before_anything_is(changes: dict[str, Any], words: str) -> None:
    script = Script(reply(200, READ))
    with pytest.raises(ConfigurationError, match=words) as caught:
        ask("sync", script, Of("automations", lambda a: a.update("x", **changes)))
    assert script.requests == []
    assert SECRET not in str(caught.value)


@for_each(
    ("act", "arguments", "words"),
    [
        ("get", {}, "can be read only by an OAuth client"),
        ("delete", {}, "can be deleted only by an administrator or an OAuth client"),
        ("enable", {}, "can be changed only by an administrator or"),
        ("change_owner", {"user_id": "u"}, "can be changed only by an administrator or"),
        ("update", {"name": "m"}, "can be updated only by an OAuth client"),
    ],
)
def test_a_refusal_says_who_may(act: str, arguments: dict[str, Any], words: str) -> None:
    use = Of("automations", lambda a: getattr(a, act)("the-id", **arguments), reads=act == "update")
    with pytest.raises(PermissionDeniedError, match=words) as caught:
        ask("sync", Script(reply(403, {})), use)
    assert "automations_auth= (--automations-context)" in caught.value.message


def test_a_refused_creation_says_which_role_it_takes() -> None:
    with pytest.raises(PermissionDeniedError, match="takes the role AutomationCreator"):
        ask("sync", Script(reply(403, {})), Of("automations", lambda a: a.create(name="n")))


@ALL_KINDS
def test_no_frame_shows_a_workspace(kind: Kind) -> None:
    given = {"variables": [{"value": f"{SECRET}-given"}]}
    for act, arguments in (("update", {"id": "x"}), ("create", {"name": "n"}), ("create", {"name": 5})):
        script = Script(reply(200, READ | {"schedules": []}), reply(500, {}))
        use = Of("automations", methodcaller(act, workspace=given, **arguments))
        with pytest.raises(QlikError) as caught:
            ask(kind, script, use)
        frames = [
            frame.f_locals
            for frame, _ in traceback.walk_tb(caught.tb)
            if "/qlik_automation_connections/" in frame.f_code.co_filename
        ]
        shown = [repr(frame) for frame in frames]
        assert shown
        assert SECRET not in "".join(shown)
