"""Of each connection, a backup keeps its id in memory and nothing else."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from admin.backup.fast import fast_tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup


def peak(count: int, path: Path) -> int:
    """The most memory in use while so many connections are backed up and verified, in bytes."""
    tracemalloc.start()
    try:
        backup(fast_tenant(count), path, people=False, workers=4)
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
