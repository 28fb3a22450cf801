"""Throw-away checkouts, as small as what is compared: a spec, a package, documents, and git's tags."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import check_api
from api_change import releases

SPEC = """
openapi: 3.1.0
info: {title: Small, version: "1"}
paths:
  /things:
    get:
      operationId: getThings
      summary: List
      parameters:
        - {name: sort, in: query, schema: {type: string, enum: [name, id]}}
      responses:
        "200":
          description: Things.
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        name: {type: string}
"""
PACKAGE = '''
"""The package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qlik_automation_connections_api.thing import Thing as Thing

    from ._tenant import Tenant as Tenant
    from ._tenant import count as count

_HOME = {"Thing": "", "Tenant": "._tenant", "count": "._tenant"}
__all__ = sorted(_HOME)
'''
TENANT = '''
from __future__ import annotations


class _Base:
    """What both have."""

    def __init__(self, url: str, *, timeout: float = 5) -> None:
        self._url = url

    def close(self) -> None:
        """Closes."""


class Tenant(_Base):
    """A tenant."""

    def things(self, sort: str | None = None) -> list[str]:
        """Lists."""
        return [sort or ""]


def count(tenant: Tenant) -> int:
    """Counts."""
    return 1
'''
THING = '''
from attrs import define as _attrs_define
from attrs import field as _attrs_field


@_attrs_define
class Thing:
    """A thing."""

    name: str | None = None
    parts: list[str] = _attrs_field(factory=list)
'''
README = """# Small

```python
from qlik_automation_connections import Tenant

print(Tenant("x").things(sort="name"))
```
"""
CHANGELOG = """# Changelog

## Unreleased

## 0.3.0 - 2026-01-01

### Added

- **Breaking**: everything.
"""
FILES = {
    "spec/openapi.yaml": SPEC,
    "overlays/qlik_automation_connections/__init__.py": PACKAGE,
    "overlays/qlik_automation_connections/_tenant.py": TENANT,
    "overlays/qlik_automation_connections/py.typed": "",
    "generated/qlik_automation_connections_api/__init__.py": "",
    "generated/qlik_automation_connections_api/thing.py": THING,
    "generated/qlik_automation_connections_api/py.typed": "",
    "README.md": README,
    "CHANGELOG.md": CHANGELOG,
    "overlays/qlik_automation_connections/_version.py": '__version__ = "0.3.0"\n',
    "pyproject.toml": '[project]\nname = "small"\ndynamic = ["version"]\n',
}


class Checkout:
    """A folder with files, and mostly a git repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str) -> None:
        environment = {
            **os.environ,
            **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Test"),
            **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "test@example.org"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        command = [shutil.which("git") or "git", *arguments]
        subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True)

    def commit(self, tag: str | None = None) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "state")
        if tag is not None:
            self.git("tag", tag)

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{name} has no {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def enter(self, kind: str, entry: str, version: str = "") -> None:
        """Writes an entry of the changelog, and the version."""
        self.edit("CHANGELOG.md", "## Unreleased\n", f"## Unreleased\n\n### {kind}\n\n- {entry}\n")
        if version:
            self.edit(releases.VERSION_FILE, '"0.3.0"', f'"{version}"')


@pytest.fixture
def files(tmp_path: Path) -> Checkout:
    """The files without git."""
    for name, text in FILES.items():
        file = tmp_path / "small" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Checkout(tmp_path / "small")


@pytest.fixture
def unreleased(files: Checkout) -> Checkout:
    """A repository without a tag."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    files.git("init", "--quiet", "--initial-branch", "main")
    files.commit()
    return files


@pytest.fixture
def released(unreleased: Checkout) -> Checkout:
    """A repository whose only commit is the release of 0.3.0."""
    unreleased.git("tag", "v0.3.0")
    return unreleased


Check = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the command; returns its exit code and the JSON that it printed."""

    def run(checkout: Checkout, *options: str) -> tuple[int, dict[str, Any]]:
        code = check_api.main(["--root", str(checkout.folder), "--json", *options])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else {"error": said.err}

    return run
