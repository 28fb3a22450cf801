"""Repositories as small as what a release touches."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from api_change.releases import VERSION_FILE

CHANGELOG = """# Changelog

## Unreleased

### Added

- Something.

## 0.3.0 - 2026-01-01

### Added

- Everything.
"""


class Repository:
    """A git repository that nobody's own settings reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str) -> str:
        command = [shutil.which("git") or "git", *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, encoding="utf-8").stdout

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, message: str = "state") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    @property
    def tags(self) -> list[str]:
        return self.git("tag", "--list").split()


@pytest.fixture
def nobodys_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """git without the settings of whoever runs the tests."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def repository(nobodys_git: None, tmp_path: Path) -> Repository:
    """A repository whose last release is 0.3.0."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    made = Repository(folder)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("config", "user.name", "Someone")
    made.git("config", "user.email", "someone@example.com")
    made.write(VERSION_FILE, '"""The version."""\n\n__version__ = "0.3.0"\n')
    made.write("CHANGELOG.md", CHANGELOG)
    made.write(".gitignore", "build/\n")
    made.commit()
    made.git("tag", "v0.3.0")
    return made
