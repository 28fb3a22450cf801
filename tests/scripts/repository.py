"""A small git repository, for scripts that ask git."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from release_history import CHANGELOG


class Repository:
    """A git repository with these files in its only commit."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        for name, text in files.items():
            self.write(name, text)
        self.git("init", "--quiet", "--initial-branch", "main")
        with (folder / ".git" / "config").open("a", encoding="utf-8") as config:
            config.write("[user]\n\tname = Someone\n\temail = someone@example.com\n")
        self.commit()

    def git(self, *arguments: str) -> str:
        command = [shutil.which("git") or "git", *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, encoding="utf-8")
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new, 1))

    def enter(self, kind: str, entry: str) -> None:
        """Write an entry of the changelog."""
        self.edit(CHANGELOG, "## Unreleased\n", f"## Unreleased\n\n### {kind}\n\n- {entry}\n")

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "state")
        return self.git("rev-parse", "HEAD")

    @property
    def state(self) -> tuple[str, ...]:
        """The commit, the tags, and what is not committed."""
        commands = (("rev-parse", "HEAD"), ("tag", "--list"), ("status", "--porcelain"))
        return tuple(self.git(*command) for command in commands)
