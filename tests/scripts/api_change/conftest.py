"""Throw-away repositories, as small as what is compared: a package, a generated model, users' code, and git's tags."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from release_history import VERSION_FILE

FILES = {
    "overlays/qlik_automation_connections/__init__.py": '''"""The package."""

from qlik_automation_connections_api.thing import Thing

from ._tenant import Tenant

__all__ = ["Tenant", "Thing"]
''',
    "overlays/qlik_automation_connections/_tenant.py": '''from __future__ import annotations


class Tenant:
    """A tenant."""

    def __init__(self, url: str, *, timeout: float = 5) -> None:
        self._url = url

    def things(self, sort: str | None = None) -> list[str]:
        """Lists."""
        return [sort or ""]

    def close(self) -> None:
        """Closes."""
''',
    "overlays/qlik_automation_connections/py.typed": "",
    VERSION_FILE: '__version__ = "0.3.0"\n',
    "generated/qlik_automation_connections_api/__init__.py": "",
    "generated/qlik_automation_connections_api/py.typed": "",
    "generated/qlik_automation_connections_api/thing.py": '''from attrs import define as _attrs_define
from attrs import field as _attrs_field


@_attrs_define
class Thing:
    """A thing."""

    name: str | None = None
    parts: list[str] = _attrs_field(factory=list)
''',
    "tests/typing/user_code.py": """from qlik_automation_connections import Tenant

things: list[str] = Tenant("x").things(sort="name")
""",
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 0.3.0 - 2026-01-01\n\n### Added\n\n- **Breaking**: all.\n",
}


class Checkout:
    """A git repository with these files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit()

    def git(self, *arguments: str) -> None:
        nobody = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = [shutil.which("git") or "git", *nobody, *arguments]
        subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True)

    def commit(self, tag: str | None = None) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "state")
        if tag is not None:
            self.git("tag", tag)

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def enter(self, kind: str, entry: str) -> None:
        """Write an entry of the changelog."""
        self.edit("CHANGELOG.md", "## Unreleased\n", f"## Unreleased\n\n### {kind}\n\n- {entry}\n")


@pytest.fixture
def unreleased(tmp_path: Path) -> Checkout:
    """A repository without a tag."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    return Checkout(tmp_path / "small")


@pytest.fixture
def released(unreleased: Checkout) -> Checkout:
    """A repository whose only commit is the release of 0.3.0."""
    unreleased.git("tag", "v0.3.0")
    return unreleased
