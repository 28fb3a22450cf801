"""A repository as small as what a release touches."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from release_history import CHANGELOG, VERSION_FILE

TEXT = "# Changelog\n\n## Unreleased\n\n### Added\n\n- It.\n\n## 0.3.0 - 2026-01-01\n\n### Added\n\n- All.\n"


class Repository:
    """A git repository that nobody's own settings reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Someone")
        self.git("config", "user.email", "someone@example.com")

    def git(self, *arguments: str) -> str:
        command = [shutil.which("git") or "git", *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, encoding="utf-8")
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "state")
        return self.git("rev-parse", "HEAD")

    @property
    def state(self) -> tuple[str, ...]:
        """The commit, the tags, and what is not committed."""
        commands = (("rev-parse", "HEAD"), ("tag", "--list"), ("status", "--porcelain"))
        return tuple(self.git(*command) for command in commands)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository whose last release is 0.3.0."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    made = Repository(tmp_path / "checkout")
    made.write(VERSION_FILE, '"""The version."""\n\n__version__ = "0.3.0"\n')
    made.write(CHANGELOG, TEXT)
    made.commit()
    made.git("tag", "v0.3.0")
    return made
