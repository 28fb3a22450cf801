"""Of each connection, a backup keeps its id in memory and nothing else."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import httpx
import pytest

from admin.backup.archives import LIST, over
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup


def tenant_of(count: int) -> Tenant:
    """One that makes up so many connections when it is asked for them, and keeps none."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != LIST:
            id = request.url.path.rpartition("/")[2]
            params = [{"name": name, "value": f"secret of {id}"} for name in ("host", "user", "password", "path")]
            return httpx.Response(200, json={"id": id, "name": f"connection {id}", "params": params})
        start = int(request.url.params.get("cursor", "0"))
        end = min(start + int(request.url.params["limit"]), count)
        href = f"https://acme.example.com{LIST}?cursor={end}" if end < count else None
        items = [{"id": f"{number:036}"} for number in range(start, end)]
        return httpx.Response(200, json={"data": items, "links": {"next": {"href": href}}})

    return over(answer)


def peak(count: int, path: Path) -> int:
    """The most memory in use while so many connections are backed up and verified, in bytes."""
    tracemalloc.start()
    try:
        backup(tenant_of(count), path, people=False, workers=4)
        Archive(path).verify()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.exhaustive
def test_more_connections_need_little_more_memory(tmp_path: Path) -> None:
    # The first run fills caches.
    peak(100, tmp_path / "first")
    some, many = peak(250, tmp_path / "some"), peak(1_500, tmp_path / "many")
    # In two sets and a mapping; a document has some thousand bytes.
    assert many < some + 1_250 * 400
