"""The command that adds an extra, by how the package was installed."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections import _extras as extras
from qlik_automation_connections._extras import install_hint

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="quotes of POSIX shells")


class Installed:
    """A distribution with this origin."""

    def __init__(self, origin: dict[str, Any] | None) -> None:
        self._origin = origin

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return None if self._origin is None else json.dumps(self._origin)


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        (None, "'qlik-automation-connections[cli]'"),
        ({"url": "file:///a%20b", "dir_info": {}}, "'qlik-automation-connections[cli] @ file:///a%20b'"),
        ({"url": "file:///a%20b", "dir_info": {"editable": True}}, "--editable '/a b[cli]'"),
        ({"url": "file:///d/x.whl", "archive_info": {}}, "'qlik-automation-connections[cli] @ file:///d/x.whl'"),
        (
            {"url": "https://example.com/x", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}},
            "'qlik-automation-connections[cli] @ git+https://example.com/x@c0ffee'",
        ),
    ],
    ids=["index", "folder", "editable", "file", "repository"],
)
@pytest.mark.parametrize("has_pip", [True, False])
def test_it_names_the_origin(
    origin: dict[str, Any] | None, requirement: str, has_pip: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "distribution", lambda name: Installed(origin))
    monkeypatch.setattr(extras, "distributions", lambda name: [name] * has_pip)
    tool = f"{sys.executable} -m pip install" if has_pip else f"uv pip install --python {sys.executable}"
    assert install_hint("cli") == f"{tool} {requirement}"


def test_what_was_never_installed_has_the_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(extras, "distribution", missing)
    assert install_hint("socks").endswith(" 'qlik-automation-connections[socks]'")


@pytest.mark.exhaustive
def test_the_command_works(tmp_path: Path) -> None:
    root, python = Path(__file__).parents[2], tmp_path / "venv" / "bin" / "python"
    uv = (sys.executable, "-m", "uv")
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv"], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, root], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    qac = [str(python), "-m", "qlik_automation_connections", "--help"]
    refused = subprocess.run(qac, env=environment, capture_output=True, text=True, check=False)
    command = refused.stderr.strip().removeprefix("The command line needs an extra: uv ")
    subprocess.run(f"'{sys.executable}' -m uv {command} --quiet", shell=True, check=True)
    shown = subprocess.run(qac, env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("Usage: ")


@pytest.mark.parametrize(
    ("file", "kept", "command"),
    [
        ("uv-receipt.toml", 'requirements = [{ name = "x", extras = ["cli", "redis"] }]', "uv tool install"),
        ("pipx_metadata.json", '{"main_package": {"package_or_url": "x[cli,redis]"}}', "pipx install --force"),
    ],
)
def test_a_tool_of_uv_or_pipx_keeps_its_other_extras(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, kept: str, command: str
) -> None:
    (tmp_path / file).write_text(kept, encoding="utf-8")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert install_hint("sandbox").startswith(f"{command} ")
    assert "[cli,redis,sandbox]" in install_hint("sandbox")
