"""No value of a param is in anything that a backup leaves, says, logs or raises."""

from __future__ import annotations

import copy
import json
import logging
import tempfile
import traceback
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin.backup.archives import LIST, over, told_tenant
from admin.backup.test_backup_scrubbing import MARK, documents
from qlik_automation_connections import QlikError
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.admin._progress import Progress


def _with_ids(found: list[dict[str, Any]]) -> dict[str, Any]:
    numbered = {}
    for number, document in enumerate(found):
        inner = document if "id" in document else document["data"]
        numbered[f"c{number}"] = document
        inner["id"] = f"c{number}"
    return numbered


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(documents(), min_size=1, max_size=5).map(copy.deepcopy).map(_with_ids))
def test_no_value_is_in_anything_that_is_written_or_said(
    caplog: pytest.LogCaptureFixture, sent: dict[str, Any]
) -> None:
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    with tempfile.TemporaryDirectory() as folder:
        shown: list[str] = []

        def look(progress: Progress) -> None:
            shown.append(repr(progress))
            shown.extend(file.read_text(encoding="utf-8") for file in Path(folder).iterdir())

        with told_tenant(sent) as tenant:
            report = backup(tenant, Path(folder) / "backup.ndjson", page_size=2, workers=2, on_progress=look)
        shown += [repr(report), json.dumps(report.to_dict()), caplog.text]
        shown.extend(file.read_text(encoding="utf-8") for file in Path(folder).iterdir())
        archive = Archive(Path(folder) / "backup.ndjson")
        shown += [repr(record) for record in archive.records()]
    assert report.connections == len(sent)
    assert len(shown) > 3 * len(sent)
    assert MARK.lower() not in "".join(shown).lower()


def _telling(status: int, request: httpx.Request) -> httpx.Response:
    if request.url.path == LIST:
        return httpx.Response(200, json={"data": [{"id": "c1"}, {"id": "c2"}]})
    if request.url.path.endswith("c1"):
        return httpx.Response(200, json={"id": "c1", "params": [{"name": "password", "value": MARK}]})
    return httpx.Response(
        status,
        headers={"location": f"/{MARK}", "content-type": f"{MARK}/x"},
        json={"errors": [{"code": MARK, "title": MARK, "detail": MARK}], "traceId": "t"},
    )


def test_no_value_that_an_error_repeats_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for status in (400, 401, 403, 404, 429, 500, 503, 302):
        folder = tmp_path / str(status)
        folder.mkdir()
        try:
            with over(partial(_telling, status)) as tenant:
                report = backup(tenant, folder / "backup.ndjson")
        except QlikError:
            assert status == 401, status
        else:
            assert [unread.id for unread in report.unread] == ["c2"], status
            assert MARK not in json.dumps(report.to_dict()), status
            assert list(folder.iterdir()), status
        assert not [file for file in folder.iterdir() if MARK in file.read_text(encoding="utf-8")], status
        assert MARK not in caplog.text, status


def test_no_value_is_in_the_frames_of_a_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = {"id": "c1", "params": [{"name": "password", "value": MARK}], "error": f"about {MARK}"}

    def fail(progress: Progress) -> None:
        raise RuntimeError("the caller's own")

    with told_tenant({"c1": document}) as tenant, pytest.raises(RuntimeError) as caught:
        backup(tenant, path, on_progress=fail)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [
        frame for frame in shown.stack if "/qlik_automation_connections/admin/" in frame.filename.replace("\\", "/")
    ]
    assert ours
    assert MARK not in "".join(str(frame.locals) for frame in ours)
