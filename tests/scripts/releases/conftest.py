"""A repository as small as what a release touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_history import CHANGELOG, VERSION_FILE
from scripts.repository import Repository

TEXT = "# Changelog\n\n## Unreleased\n\n### Added\n\n- It.\n\n## 0.3.0 - 2026-01-01\n\n### Added\n\n- All.\n"


@pytest.fixture
def repository(tmp_path: Path, own_git: None) -> Repository:
    """A repository whose last release is 0.3.0."""
    files = {VERSION_FILE: '"""The version."""\n\n__version__ = "0.3.0"\n', CHANGELOG: TEXT}
    made = Repository(tmp_path / "checkout", files)
    made.git("tag", "v0.3.0")
    return made
