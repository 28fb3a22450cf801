"""Remaps a single text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from qlik_automation_connections.admin._remap.job import remap
from qlik_automation_connections.admin._remap.report import FileReport

from .exports import Remap


@pytest.fixture
def remapped(tmp_path: Path) -> Remap:
    """Remaps the content of a file in place; gives its content afterwards, and what was reported."""

    def remap_content(content: str | bytes, ids: Mapping[str, str]) -> tuple[bytes, FileReport]:
        path = tmp_path / "export.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (report,) = remap(path, ids, in_place=True).files
        return path.read_bytes(), report

    return remap_content
