"""A sandbox that holds the connections of a backup, so that a restore can be rehearsed."""

import json
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import apply, backup, plan_restore
from qlik_automation_connections.sandbox import QUIRKS, Sandbox


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sandbox, bytes]:
    """What a tenant had, and the content of its archive."""
    path = tmp_path_factory.mktemp("backup") / "connections.ndjson"
    with Sandbox(60) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        tenant.connections.create(connector_id=sandbox.connectors[0].id, name="made")
        backup(tenant, path, list_all=True)
    return sandbox, path.read_bytes()


@pytest.fixture
def archive(backed_up: tuple[Sandbox, bytes], tmp_path: Path) -> Path:
    path = tmp_path / "connections.ndjson"
    path.write_bytes(backed_up[1])
    return path


def kept(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What a backup says of connections; values aside."""
    names = ("id", "name", "ownerId", "spaceId", "connectorId", "isConnected", "createdAt", "updatedAt")
    return [
        {name: item[name] for name in names} | {"params": [param["name"] for param in item["params"]]}
        for item in sandbox.snapshot()
    ]


def rewritten(archive: Path, change: Any) -> None:
    """Changes the connections of an archive, as another tenant or another generation would have them."""
    lines = [json.loads(line) for line in archive.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["type"] == "connection":
            change(line["document"])
    archive.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def test_a_backup_of_a_sandbox_comes_back_as_it_was(archive: Path, backed_up: tuple[Sandbox, bytes]) -> None:
    before, _ = backed_up
    was = kept(before)
    owners = {item["ownerId"] for item in was}
    users = {user.id: user.name for user in before.users}
    spaces = {space.id: space.name for space in before.spaces}
    with Sandbox(backup=archive) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        now = kept(sandbox)
        assert now == was
        assert {user.id for user in sandbox.users} == owners | {user.id for user in before.users[:2]}
        assert {user.id: user.name for user in sandbox.users}.items() <= users.items()
        assert {space.id: space.name for space in sandbox.spaces}.items() <= spaces.items()
        assert sandbox.users[0].admin
        # Every connection can be read, also with the quirks that a backup keeps as they came.
        assert len([tenant.connections.get(each["id"]) for each in now]) == 61
        # A sandbox counts its new ids, so that those of the backup must not come again.
        again = tenant.connections.create(connector_id=sandbox.connectors[0].id, name="made again")
        assert again.id not in {each["id"] for each in now}
        assert len(sandbox.snapshot()) == 62


def test_a_restore_can_be_rehearsed(archive: Path) -> None:
    with Sandbox(backup=str(archive)) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        before = {item["id"]: item for item in sandbox.snapshot()}
        lost = [identifier for identifier, item in before.items() if item["connectorId"] == sandbox.connectors[0].id][
            :3
        ]
        for identifier in lost:
            tenant.connections.delete(identifier)
        plan = plan_restore(tenant, archive, list_all=True, same_tenant=True)
        assert {step.id for step in plan.steps if step.action != "skip"} == set(lost)
        report = apply(tenant, plan, journal=archive.with_name("journal"), check=False)
        assert report.is_complete
        back = [item for item in sandbox.snapshot() if item["id"] not in before]
        fields = ("name", "ownerId", "spaceId", "connectorId")
        assert sorted([item[name] for name in fields] for item in back) == sorted(
            [before[each][name] for name in fields] for each in lost
        )


def test_a_backup_of_a_tenant_full_of_quirks_is_read(tmp_path: Path) -> None:
    archive = tmp_path / "connections.ndjson"
    # Without the one that the client warns of.
    with (
        Sandbox(40, quirks=set(QUIRKS) - {"unreadable-value"}) as sandbox,
        Tenant(sandbox.url, api_key=sandbox.api_key) as tenant,
    ):
        backup(tenant, archive, list_all=True)
        was = [{**item, "createdAt": "", "updatedAt": ""} for item in kept(sandbox)]
    now = kept(Sandbox(backup=archive))
    assert [{**item, "createdAt": "", "updatedAt": ""} for item in now] == was


def test_names_that_a_backup_lacks_are_numbered(archive: Path, backed_up: tuple[Sandbox, bytes]) -> None:
    def elsewhere(document: dict[str, Any]) -> None:
        for name in ("connectorId", "ownerId", "spaceId"):
            document[name] = document[name] and f"real-{document[name]}"

    rewritten(archive, elsewhere)
    works = {item["id"]: item["isConnected"] for item in backed_up[0].snapshot()}
    with Sandbox(backup=archive) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        assert [user.name for user in sandbox.users[:3]] == ["Ada Admin", "Uma User", "Owner 1"]
        assert [space.name for space in sandbox.spaces][:2] == ["Space 1", "Space 2"]
        added = [connector for connector in sandbox.connectors if connector.name.startswith("Connector ")]
        assert {connector.id for connector in added} == {each["connectorId"] for each in sandbox.snapshot()}
        assert works.items() <= {item["id"]: item["isConnected"] for item in sandbox.snapshot()}.items()
        for connector in added:
            assert [param.name for param in tenant.connectors.get(connector.id).params] == [
                param.name for param in connector.params
            ]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for text, said in [
        ("", "is incomplete"),
        ('{"format": "qlik-automation-connections/plan"}\n', "is not an archive"),
        ("not JSON\n", "is not an archive"),
        ('{"format": "qlik-automation-connections/backup", "version": 1, "type": "header"}\n', "is incomplete"),
        ('{"format": "qlik-automation-connections/backup", "version": 1, "type": "header"}\n{"type": 1}\n', "line 2"),
    ]:
        file = tmp_path / "file"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=said):
            Sandbox(backup=file)


def test_a_missing_archive_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Sandbox(backup=tmp_path / "file")
