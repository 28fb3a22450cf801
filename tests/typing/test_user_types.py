"""What the type checker says of users' code: nothing where it is right, and where it is wrong, what is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each line that ends in a comment must be refused for the reason that the comment names, and no other line.
MISUSES = """
from qlik_automation_connections import AsyncTenant, NotFoundError, Tenant

def sync(tenant: Tenant) -> None:
    connections = tenant.connections
    connections.list(sort="nme")  # arg-type
    connections.list(limit="10")  # arg-type
    connections.list("name eq 1")  # call-arg
    connections.list(owner="u")  # call-arg
    connections.create()  # call-arg
    connections.create(connector_id=None)  # arg-type
    connections.create(connector_id="c", params={"user": 5})  # dict-item
    connections.create(connector_id="c", params=[{"id": "p", "value": "v"}])  # typeddict-unknown-key
    connections.get(5)  # arg-type
    connections.get(connections.get("x").name)  # arg-type
    connections.update("x", params=[{"name": "p", "value": "v"}])  # typeddict-unknown-key
    connections.update("x", space_id="s")  # call-arg
    connections.change_space("x")  # call-arg
    connections.change_owner("x")  # call-arg
    connections.change_owner("x", user_id=None)  # arg-type
    connections.delete("x", True)  # call-arg
    for item in connections.list():
        item.params  # attr-defined
        item.isConnected  # attr-defined
        item.name.upper()  # union-attr
    connections.list()[0]  # index
    len(connections.list())  # arg-type
    connections.check("x").connect  # attr-defined
    tenant.connectors.list(sort="createdAt")  # arg-type
    tenant.connectors.list(list_all=True)  # call-arg
    tenant.connectors.get("x").params[0].options[0].value  # attr-defined
    tenant.automations.list(sort="nme")  # arg-type
    tenant.automations.list(connector_id="c")  # call-arg
    tenant.automations.delete("x", forced=True)  # call-arg
    tenant.automations.create(workspace={})  # call-arg
    tenant.automations.create(name="n", schedules=[{"start": "x"}])  # list-item
    tenant.automations.update("x", state="disabled")  # call-arg
    tenant.automations.get("x").state == "enabled"  # comparison-overlap
    tenant.automations.get("x").workspace["blocks"]  # index
    Tenant("acme", api_version="v2")  # arg-type
    Tenant("acme", key="k")  # call-arg
    Tenant("acme", "k")  # call-arg
    try:
        connections.get("x")
    except NotFoundError as error:
        error.code.upper()  # union-attr
        error.status  # attr-defined

async def twin(tenant: AsyncTenant) -> None:
    tenant.connections.get("x").name  # attr-defined
    await tenant.connections.list()  # misc
    for item in tenant.connections.list():  # attr-defined
        pass
    async for other in tenant.connections.list(sort="nme"):  # arg-type
        pass
    await tenant.connections.change_space("x")  # call-arg
"""


def complaints(file: Path) -> list[tuple[int, str]]:
    """Lines and codes of mypy's errors, with the settings of this project."""
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-pretty"]
    done = subprocess.run([*command, str(file)], cwd=ROOT, capture_output=True, text=True, check=False)
    pattern = rf"^.*{re.escape(file.name)}:(\d+): error: .*\[([\w-]+)\]$"
    found = sorted((int(line), code) for line, code in re.findall(pattern, done.stdout, re.MULTILINE))
    assert done.returncode == bool(found), done.stdout + done.stderr
    return found


@pytest.mark.parametrize("file", ["user_code.py"])
def test_right_code_is_accepted(file: str) -> None:
    assert complaints(Path(__file__).with_name(file)) == []


def test_a_name_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "misspelt_import.py"
    file.write_text("from qlik_automation_connections import Tenat\n", encoding="utf-8")
    assert complaints(file) == [(1, "attr-defined")]


def test_wrong_code_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "misuses_of_the_client.py"
    file.write_text(MISUSES, encoding="utf-8")
    wanted = [
        (number, line.rpartition("# ")[2])
        for number, line in enumerate(MISUSES.splitlines(), start=1)
        if "  # " in line
    ]
    assert complaints(file) == wanted
