"""A template of values that was filled in, and what may be wrong in it."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from admin.backup.archives import lines
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._backup import values
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.admin._backup.values import read_values
from qlik_automation_connections.admin._errors import JobError

MARK = "MARKED4711"


def written(path: Path, *entries: Any) -> Path:
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return path


def test_what_was_filled_in_is_read(tenant: Tenant, path: Path) -> None:
    backup(tenant, path, list_all=True)
    template = path.with_name("backup.values.ndjson")
    assert read_values(template).get_secret_value() == {}
    entries = lines(template)
    entries[0]["value"] = f"{MARK} ü\n"
    entries[1]["value"] = ""
    entries[2]["env"] = "A_VARIABLE"
    del entries[3]["value"]
    found = read_values(written(template, *entries), {"A_VARIABLE": "of the environment"})
    keys = [(entry["connection"], entry["param"]) for entry in entries]
    assert found.get_secret_value() == {keys[0]: f"{MARK} ü\n", keys[1]: "", keys[2]: "of the environment"}
    assert MARK not in repr(found)


def test_the_environment_of_the_process_is_the_usual_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_VARIABLE", "x")
    written(path, {"connection": "c", "param": "p", "env": "A_VARIABLE"})
    assert read_values(path).get_secret_value() == {("c", "p"): "x"}


def test_editors_may_leave_their_marks(path: Path) -> None:
    for start in [b"", b"\xef\xbb\xbf", b"\n \n"]:
        for end in [b"", b"\n", b"\r\n\r\n"]:
            path.write_bytes(start + b'{"connection": "c", "param": "p", "value": "x"}' + end)
            assert read_values(path).get_secret_value() == {("c", "p"): "x"}, start


GOOD = {"connection": "c", "param": "p", "value": MARK}


def test_what_is_wrong_is_said_without_a_value(path: Path) -> None:
    for line, said in [
        (f'{{"value": "{MARK}"', "line 2 is not JSON"),
        (f'"{MARK}\xff', "line 2 is not JSON"),
        (json.dumps([MARK]), "line 2: Not a valid value: expected an object"),
        (json.dumps({**GOOD, MARK: 1}), "line 2: Not a valid value: expected only the fields connection, param, "),
        (json.dumps({**GOOD, "connection": None}), "connection: expected a string that is not blank"),
        (json.dumps({"param": "p", "value": MARK}), "line 2: Not a valid value: connection is missing"),
        (json.dumps({**GOOD, "param": ""}), "param: expected a string that is not blank"),
        (json.dumps({**GOOD, "value": 4711}), "value: expected a string or null"),
        (json.dumps({**GOOD, "value": {"x": MARK}}), "value: expected a string or null"),
        (json.dumps({**GOOD, "env": 5}), "env: expected a string or null"),
        (json.dumps({**GOOD, "env": "A"}), "line 2: value and env are both given"),
        (
            json.dumps({"connection": "c", "param": "p", "env": MARK}),
            "line 2: env: the environment variable is not set",
        ),
        (
            json.dumps({"connection": "c", "param": "p", "env": "EMPTY"}),
            "line 2: env: the environment variable is not set",
        ),
        (json.dumps({**GOOD, "connection": "first", "value": "again"}), "line 2: an earlier line has the same"),
    ]:
        path.write_text(f"{json.dumps({**GOOD, 'connection': 'first'})}\n{line}\n", encoding="latin-1")
        with pytest.raises(JobError) as caught:
            read_values(path, {"EMPTY": "", "SECRET": MARK})
        assert said in str(caught.value), line
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        ours = [frame for frame in shown.stack if frame.filename == values.__file__]
        assert ours, line
        assert MARK not in str(caught.value) + "".join(str(frame.locals) for frame in ours), line
        assert caught.value.__context__ is None, line
    with pytest.raises(JobError, match="can't be read: No such file"):
        read_values(path.with_name("none"))
