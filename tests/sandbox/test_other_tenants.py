"""Tenants of other names, to move connections from one to another, and what a person does in a browser."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import client

LIST = "/api/workflows/automation-connections"
MANAGED = "61a87510-c7a3-11ea-95da-0fb0c241e75c"
IDS = ("id", "ownerId", "spaceId")


def test_another_tenant_has_the_same_under_other_ids() -> None:
    one, other = Sandbox(60), Sandbox(60, name="production")
    assert [user.name for user in one.users] == [user.name for user in other.users]
    assert [space.name for space in one.spaces] == [space.name for space in other.spaces]
    assert one.connectors == other.connectors
    for mine, theirs in ((one.users, other.users), (one.spaces, other.spaces)):
        assert {item.id for item in mine}.isdisjoint(item.id for item in theirs)
    assert {item["id"] for item in one.snapshot()}.isdisjoint(item["id"] for item in other.snapshot())

    def plain(sandbox: Sandbox) -> list[tuple[Any, ...]]:
        owners = {user.id: user.name for user in sandbox.users}
        spaces = {space.id: space.name for space in sandbox.spaces} | {"": ""}
        return sorted(
            (item["createdAt"], item["name"], item["connectorId"], owners[item["ownerId"]], spaces[item["spaceId"]])
            for item in sandbox.snapshot()
        )

    assert plain(one) == plain(other)
    assert len(one.in_use) == len(other.in_use) > 0


def test_a_tenant_of_a_name_is_the_same_in_every_run() -> None:
    one, other = Sandbox(20, name="production"), Sandbox(40, name="production")
    assert one.users == other.users
    assert {item["id"] for item in one.snapshot()} < {item["id"] for item in other.snapshot()}
    assert Sandbox(5).snapshot() == Sandbox(5, name="").snapshot()


def test_what_is_made_in_two_tenants_has_two_ids() -> None:
    made = []
    for name in ("", "production"):
        with Sandbox(0, name=name) as sandbox, client(sandbox) as admin:
            made.append(admin.post(LIST, json={"connectorId": sandbox.connectors[0].id}).json()["id"])
            assert [item["id"] for item in sandbox.snapshot()] == made[-1:]
    assert len(set(made)) == 2


def test_ids_of_one_tenant_are_unknown_in_another() -> None:
    foreign = Sandbox(20).snapshot()[0]
    with Sandbox(20, name="production") as sandbox, client(sandbox) as admin:
        assert admin.get(f"{LIST}/{foreign['id']}").status_code == 404
        target = f"{LIST}/{sandbox.snapshot()[0]['id']}/actions/change-owner"
        assert admin.post(target, json={"userId": foreign["ownerId"]}).status_code == 400


def test_the_quirk_of_timestamps_strikes_in_a_tenant_of_any_name() -> None:
    for name in ("", "production"):
        with Sandbox(30, name=name, quirks=["unreadable-value"]) as sandbox, client(sandbox) as admin:
            page = admin.get(LIST, params={"listAll": "true"}).json()["data"]
        assert sum(item["createdAt"].startswith("0000") for item in page) == 1


def oauth_of(sandbox: Sandbox, *, connected: bool) -> dict[str, Any]:
    oauth = {connector.id for connector in sandbox.connectors if connector.oauth}
    return next(
        item for item in sandbox.snapshot() if item["connectorId"] in oauth and item["isConnected"] is connected
    )


def test_consent_connects_what_waits_for_it(sandbox: Sandbox, admin: httpx.Client) -> None:
    before = oauth_of(sandbox, connected=False)
    assert before["redirect"].startswith("https://")
    sandbox.consent(before["id"], account="ada@example.com")
    after = admin.get(f"{LIST}/{before['id']}").json()
    assert (after["isConnected"], after["oauthAccountName"], after["redirect"]) == (True, "ada@example.com", None)
    assert after["updatedAt"] > before["updatedAt"]
    assert admin.post(f"{LIST}/{before['id']}/actions/check").json()["connected"] is True
    newest = admin.get(LIST, params={"listAll": "true", "sort": "-updatedAt", "limit": "1"}).json()["data"]
    assert [item["id"] for item in newest] == [before["id"]]
    # It can be given anew, by somebody else.
    sandbox.consent(before["id"])
    assert admin.get(f"{LIST}/{before['id']}").json()["oauthAccountName"] == "somebody@example.com"
    # What was just made waits for it as well.
    made = admin.post(LIST, json={"connectorId": before["connectorId"]}).json()
    assert made["isConnected"] is False
    sandbox.consent(made["id"])
    assert admin.get(f"{LIST}/{made['id']}").json()["isConnected"] is True


def test_consent_is_refused_where_none_is_asked_for(sandbox: Sandbox, find: Callable[..., dict[str, Any]]) -> None:
    plain = next(connector.id for connector in sandbox.connectors if not connector.oauth)
    before = sandbox.snapshot()
    for identifier in ("nobody", "", find(connectorId=plain)["id"]):
        with pytest.raises(ValueError, match="needs a person's consent"):
            sandbox.consent(identifier)
    assert sandbox.snapshot() == before


def test_a_connection_that_the_service_manages_is_given_to_a_user(sandbox: Sandbox, admin: httpx.Client) -> None:
    owner = sandbox.users[3].id
    given = sandbox.add_managed(owner)
    (found,) = [item for item in sandbox.snapshot() if item["id"] == given]
    assert (found["ownerId"], found["connectorId"], found["isConnected"]) == (owner, MANAGED, True)
    assert admin.delete(f"{LIST}/{given}").status_code == 403
    with pytest.raises(ValueError, match="a user of this tenant"):
        sandbox.add_managed("nobody")
