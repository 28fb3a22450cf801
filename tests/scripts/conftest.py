"""Git as it is on a machine where nobody has settings."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture
def own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody's own settings reach git."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
