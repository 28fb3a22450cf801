"""Users and spaces of the sandbox: who sees what, how they are listed, and what stays of other lists' rules."""

from __future__ import annotations

import httpx

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import listed
from sandbox.machines import machine

USERS, SPACES = "/api/v1/users", "/api/v1/spaces"


def test_users_are_listed_by_name_in_pages(sandbox: Sandbox, admin: httpx.Client) -> None:
    items = listed(admin, USERS, limit=5)
    assert [item["name"] for item in items] == sorted(user.name for user in sandbox.users)
    assert len(admin.get(USERS).json()["data"]) == len(sandbox.users)
    first = admin.get(USERS, params={"limit": 5}).json()
    second = admin.get(first["links"]["next"]["href"]).json()
    assert "next=" in first["links"]["next"]["href"]
    assert "cursor" not in first["links"]["next"]["href"]
    back = second["links"]["prev"]["href"]
    assert "prev=" in back
    assert "next=" not in back
    assert admin.get(back).json()["data"] == first["data"]
    assert admin.get(USERS, params={"next": "a", "prev": "b"}).status_code == 400
    assert admin.get(USERS, params={"cursor": "a"}).status_code == 400
    assert admin.get(USERS, params={"limit": 101}).status_code == 400


def test_filters_ignore_case(sandbox: Sandbox, admin: httpx.Client) -> None:
    one, two = sandbox.users[2], sandbox.users[3]
    wanted = f'id eq "{one.id.upper()}" or email eq "{two.email.upper()}"'
    assert {item["id"] for item in listed(admin, USERS, filter=wanted)} == {one.id, two.id}
    assert [item["name"] for item in listed(admin, USERS, filter='status eq "Disabled"')] == ["Kavya Rao"]
    assert admin.get(USERS, params={"filter": 'createdAt eq "x"'}).status_code == 400
    # Fields are left out.
    assert {tuple(item) for item in listed(admin, USERS, fields="name,email", limit=3)} == {("name", "email")}


def test_a_user_sees_few_fields_of_others(sandbox: Sandbox, admin: httpx.Client, user: httpx.Client) -> None:
    me, other = sandbox.users[1], sandbox.users[2]
    assert set(user.get(f"{USERS}/{other.id}").json()) == {"id", "name", "subject"}
    own, whole = user.get(f"{USERS}/{me.id}").json(), admin.get(f"{USERS}/{other.id}").json()
    assert own.keys() == whole.keys()
    assert own["assignedRoles"][0]["name"] == "AutomationCreator"
    assert admin.get(f"{USERS}/{sandbox.users[0].id}").json()["assignedRoles"][0]["name"] == "TenantAdmin"
    assert {len(item) for item in listed(user, USERS)} == {3, len(own)}


def test_the_callers_own_user_is_a_redirect(sandbox: Sandbox, admin: httpx.Client, user: httpx.Client) -> None:
    for number in [0, 1]:
        response = (admin, user)[number].get(f"{USERS}/me")
        assert (response.status_code, response.content) == (301, b""), number
        assert response.headers["location"] == f"{sandbox.url}{USERS}/{sandbox.users[number].id}", number


def test_a_machine_reads_neither(sandbox: Sandbox, admin: httpx.Client) -> None:
    paths = (USERS, f"{USERS}/me", f"{USERS}/{sandbox.users[0].id}", SPACES, f"{SPACES}/{sandbox.spaces[0].id}")
    assert {admin.get(path, headers=machine(sandbox)).status_code for path in paths} == {403}


def test_spaces_are_searched(sandbox: Sandbox, user: httpx.Client) -> None:
    names = {space.name for space in sandbox.spaces}
    assert {item["name"] for item in listed(user, SPACES, limit=4)} == names
    assert [item["name"] for item in listed(user, SPACES, sort="-name")] == sorted(names, reverse=True)
    assert {item["name"] for item in listed(user, SPACES, name="SA", limit=1)} == {"Sales"}
    assert listed(user, SPACES, type="managed,data") == []
    assert len(listed(user, SPACES, type="managed,shared", ownerId=sandbox.users[0].id)) == len(names)
    assert user.get(f"{SPACES}/{sandbox.spaces[0].id}").json()["type"] == "shared"
    assert user.get(f"{SPACES}/unknown").status_code == 404
    assert user.get(SPACES, params={"filter": 'name eq "x"'}).status_code == 400
