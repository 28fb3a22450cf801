"""Wheel and sdist in the folder DIST: their contents, and the wheel in empty environments. `make build` runs this."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

import build_dist
from pacing.server import PROGRAM, RedisServer
from qlik_automation_connections.sandbox import Sandbox
from release_history import version_of
from scripts.releases import forbidden
from steps import environment, git

ROOT = Path(__file__).resolve().parents[3]
EXERCISES = Path(__file__).parent / "exercises"
DIST = os.environ.get("DIST", "")
PYTHONS = os.environ.get("DIST_PYTHONS", sys.executable).split(os.pathsep)
INFO = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
# What hatchling adds to every sdist.
ALWAYS = {"pyproject.toml", "README.md", "LICENSE", ".gitignore", "PKG-INFO"}

pytestmark = pytest.mark.skipif(not DIST, reason="nothing was built: `make build` builds it and runs this")


@pytest.fixture(scope="module")
def wheel() -> Path:
    (file,) = Path(DIST).glob("*.whl")
    return file


@pytest.fixture(scope="module")
def sdist() -> Path:
    (file,) = Path(DIST).glob("*.tar.gz")
    return file


@pytest.fixture(scope="module")
def sources() -> list[PurePosixPath]:
    return [PurePosixPath(name) for name in git(ROOT, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0") if name]


def targets() -> dict[str, dict[str, list[str]]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, list[str]]] = settings["tool"]["hatch"]["build"]["targets"]
    return found


def test_the_wheel_has_the_packages_and_nothing_else(wheel: Path, sources: list[PurePosixPath]) -> None:
    info = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    packages = [PurePosixPath(name) for name in targets()["wheel"]["packages"]]
    expected = {
        str(name.relative_to(each.parent)) for name in sources for each in packages if name.is_relative_to(each)
    }
    names = set(forbidden.members(wheel))
    assert names == expected | {f"{info}/{name}" for name in INFO}
    assert {"qlik_automation_connections/py.typed", "qlik_automation_connections_api/openapi.json"} <= names
    assert not [name for name in names if any(word in name for word in (".jinja", "cassettes", ".env", ".log"))]


def test_the_sdist_has_what_is_named_and_nothing_else(sdist: Path, sources: list[PurePosixPath]) -> None:
    included = [PurePosixPath(name.lstrip("/")) for name in targets()["sdist"]["include"]]
    expected = {str(name) for name in sources if any(name.is_relative_to(each) for each in included)}
    assert set(forbidden.members(sdist)) == expected | ALWAYS


def test_nothing_forbidden_is_in_them(wheel: Path, sdist: Path) -> None:
    for archive in (wheel, sdist):
        assert list(forbidden.found(forbidden.members(archive), ROOT, Path(DIST).resolve())) == []


def test_the_metadata_say_what_they_must(wheel: Path) -> None:
    files = forbidden.members(wheel)
    (name,) = (name for name in files if name.endswith(".dist-info/METADATA"))
    metadata = BytesParser().parsebytes(files[name])
    expected = {
        "Name": "qlik-automation-connections",
        "Version": str(version_of(ROOT)),
        "License-Expression": "MIT",
        "Requires-Python": ">=3.11",
        "Description-Content-Type": "text/markdown",
    }
    assert {name: metadata[name] for name in expected} == expected
    assert {*build_dist.EXTRAS, "dev"} == set(metadata.get_all("Provides-Extra", []))
    for text in metadata.get_all("Requires-Dist", []):
        requirement = Requirement(text)
        assert requirement.url is None, text
        bounds = {part.operator for part in requirement.specifier} & {">=", "==", "~="}
        assert bounds or 'extra == "dev"' in str(requirement.marker), f"{text} has no lower bound"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=7) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """The address of a Redis; empty without one."""
    if PROGRAM is None:
        yield ""
        return
    server = RedisServer()
    server.start()
    yield server.url
    server.kill()


COMBINATIONS = [(), *((extra,) for extra in build_dist.EXTRAS), build_dist.EXTRAS]


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
@pytest.mark.parametrize("extras", COMBINATIONS, ids=lambda extras: "+".join(extras) or "none")
def test_the_wheel_in_an_empty_environment(
    wheel: Path, sandbox: Sandbox, redis_url: str, tmp_path: Path, python: str, extras: tuple[str, ...]
) -> None:
    """What is installed works; what isn't names the extra to install."""
    chosen = f"[{','.join(extras)}]" if extras else ""
    asked = f"qlik-automation-connections{chosen} @ {wheel.resolve().as_uri()}"
    program = environment(tmp_path / "environment", python, asked)
    variables = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "REDIS_URL": redis_url, "HOME": str(tmp_path)}

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            [str(each) for each in command],
            cwd=tmp_path,
            env={**os.environ, **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    strict, served = (program, "-I", "-W", "error"), (sandbox.url, sandbox.api_key)
    run(*strict, EXERCISES / "base.py", str(version_of(ROOT)), *served)
    # The command line reads contexts, and the MCP SDK brings what the sandbox needs.
    brought = {"cli": ["context"], "mcp": ["cli", "context", "sandbox"]}
    works = {*extras, *(other for extra in extras for other in brought.get(extra, ()))}
    for extra in build_dist.EXTRAS:
        run(*strict, EXERCISES / "extras.py", extra, "works" if extra in works else "lacks", *served)
    if {"cli", "sandbox"} <= set(extras):
        run(program.with_name("qac.exe" if os.name == "nt" else "qac"), "demo")
