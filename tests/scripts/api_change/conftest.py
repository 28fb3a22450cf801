"""Throw-away repositories, as small as what is compared: a package, a generated model, users' code, and git's tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_history import CHANGELOG, VERSION_FILE
from scripts.repository import Repository

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
    CHANGELOG: "# Changelog\n\n## Unreleased\n\n## 0.3.0 - 2026-01-01\n\n### Added\n\n- **Breaking**: all.\n",
}


@pytest.fixture
def unreleased(tmp_path: Path, own_git: None) -> Repository:
    """A repository without a tag."""
    return Repository(tmp_path / "small", FILES)


@pytest.fixture
def released(unreleased: Repository) -> Repository:
    """A repository whose only commit is the release of 0.3.0."""
    unreleased.git("tag", "v0.3.0")
    return unreleased
