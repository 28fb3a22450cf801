"""Files of ids: every form that is taken, and a sentence for everything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qlik_automation_connections._cli.exit_codes import Failed
from qlik_automation_connections._cli.inputs import read_ids


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=60), st.text('[]{}",:iIdD0159eE.-#\n\r \ufeffä', max_size=40).map(str.encode))
)
def test_any_file_of_ids_gives_ids_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ids"
    path.write_bytes(content)
    found: list[str] | Failed
    try:
        found = read_ids(str(path))
    except Failed as failed:
        found = failed
    if isinstance(found, Failed):
        assert found.exit_code == 2
        assert str(path) in found.message
    else:
        assert found
        assert all(isinstance(id, str) and id for id in found)


def test_ids_in_every_form(tmp_path: Path) -> None:
    path = tmp_path / "ids"
    for content in (
        "12e34\n0007\n",
        "\ufeff12e34\r\n\r\n# a remark\r\n  0007  \r\n",
        '["12e34", "0007"]',
        '[{"id": "12e34", "name": "x"}, {"id": "0007"}]',
        '{"id": "12e34"}\n{"id": "0007"}\n',
        '"12e34"\n"0007"\n',
        '{"checked": [{"id": "12e34"}, {"id": "0007"}]}',
        '{"connections": [{"id": "12e34"}, {"id": "0007"}]}',
        'id,name\n12e34,"a\nb"\n0007,c\n',
    ):
        path.write_text(content, encoding="utf-8", newline="")
        assert read_ids(str(path)) == ["12e34", "0007"], content


USERS = [
    {"id": "u-1", "name": "Ada", "status": "active", "assignedRoles": []},
    {"id": "u-2", "name": "Bob", "status": "disabled"},
    {"id": "u-3", "name": "Cleo", "status": "Active"},
    {"id": "u-4", "name": "Dan", "status": "deleted"},
    {"id": "u-5", "name": "Eve"},
]


def test_of_users_with_a_status_only_the_active_ones_are_active(tmp_path: Path) -> None:
    path = tmp_path / "users"
    for content in (
        json.dumps(USERS).encode(),
        json.dumps({"data": USERS, "links": {}}).encode(),
        "".join(f"{json.dumps(user)}\n" for user in USERS).encode(),
        # As Windows PowerShell redirects it.
        json.dumps(USERS, indent=2).replace("\n", "\r\n").encode("utf-16"),
        b"id,name,status\nu-1,Ada,active\nu-2,Bob,disabled\nu-3,Cleo,Active\nu-4,Dan,deleted\nu-5,Eve,\n",
    ):
        path.write_bytes(content)
        assert read_ids(str(path), active=True) == ["u-1", "u-3", "u-5"], content
        assert read_ids(str(path)) == ["u-1", "u-2", "u-3", "u-4", "u-5"], content
    path.write_text(json.dumps(USERS[1:2]), encoding="utf-8")
    with pytest.raises(Failed, match="holds no active users"):
        read_ids(str(path), active=True)
