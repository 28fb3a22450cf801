"""Exactly the files that belong there, and nothing in them that must not be."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from releases import archives
from releasing import contents, package_index
from releasing.building import Artefacts
from releasing.failure import ReleaseError

PYPROJECT = """
[tool.hatch.build.targets.wheel]
packages = ["overlays/qlik_automation_connections", "generated/qlik_automation_connections_api"]
[tool.hatch.build.targets.sdist]
include = ["/overlays", "/generated", "/docs"]
"""
INFO = f"{archives.NAME}.dist-info"
PACKAGES = {
    "qlik_automation_connections/__init__.py": "",
    "qlik_automation_connections/py.typed": "",
    "qlik_automation_connections_api/py.typed": "",
    "qlik_automation_connections_api/openapi.json": "{}",
}
DESCRIBED = {f"{INFO}/{name}": "" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
SOURCES = {
    "overlays/qlik_automation_connections/__init__.py": "",
    "overlays/qlik_automation_connections/py.typed": "",
    "generated/qlik_automation_connections_api/py.typed": "",
    "generated/qlik_automation_connections_api/openapi.json": "{}",
    "docs/page.md": "",
    "pyproject.toml": PYPROJECT,
    "README.md": "",
    "LICENSE": "",
}
NOT_SHIPPED = {"tests/test_x.py": "", "scripts/build.py": "", "spec/templates/model.py.jinja": ""}


@pytest.fixture(autouse=True)
def known_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts that are those of no machine's settings."""
    monkeypatch.setattr(package_index, "hosts", lambda: frozenset({"index.example.org"}))


def complaints(
    tmp_path: Path, wheel: dict[str, str] | None = None, sdist: dict[str, str] | None = None, *, without: str = ""
) -> list[str]:
    """What is said of a wheel and an sdist that are right but for these files."""
    root = tmp_path / "checkout"
    for name, text in {**SOURCES, **NOT_SHIPPED}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    in_wheel = {**PACKAGES, **DESCRIBED, **(wheel or {})}
    in_sdist = {**SOURCES, "PKG-INFO": "", **(sdist or {})}
    in_wheel.pop(without, None)
    in_sdist.pop(without, None)
    made = Artefacts(archives.wheel(tmp_path / "dist", in_wheel), archives.sdist(tmp_path / "dist", in_sdist))
    files = [PurePosixPath(name) for name in {**SOURCES, **NOT_SHIPPED}]
    return list(contents.complaints(root, files, made, tmp_path / "scratch"))


def test_what_is_right_is_right(tmp_path: Path) -> None:
    assert complaints(tmp_path) == []


@pytest.mark.parametrize("name", [*PACKAGES, f"{INFO}/licenses/LICENSE", f"{INFO}/entry_points.txt"])
def test_a_file_that_is_missing_from_the_wheel_is_named(tmp_path: Path, name: str) -> None:
    assert f"{archives.NAME}-py3-none-any.whl lacks {name}" in complaints(tmp_path, without=name)


@pytest.mark.parametrize(
    "name",
    ["tests/test_x.py", "scripts/build.py", "qlik_automation_connections/__pycache__/a.cpython-311.pyc",
     "qlik_automation_connections/templates/model.py.jinja", "conftest.py", f"{INFO}/direct_url.json"],
)  # fmt: skip
def test_a_file_that_does_not_belong_into_the_wheel_is_named(tmp_path: Path, name: str) -> None:
    assert f"{archives.NAME}-py3-none-any.whl should not have {name}" in complaints(tmp_path, {name: ""})


@pytest.mark.parametrize("name", ["docs/page.md", "pyproject.toml", "LICENSE"])
def test_a_file_that_is_missing_from_the_sdist_is_named(tmp_path: Path, name: str) -> None:
    assert complaints(tmp_path, without=name) == [f"{archives.NAME}.tar.gz lacks {name}"]


@pytest.mark.parametrize("name", ["tests/test_x.py", ".env", "build/release/summary.txt"])
def test_a_file_that_does_not_belong_into_the_sdist_is_named(tmp_path: Path, name: str) -> None:
    assert complaints(tmp_path, sdist={name: ""}) == [f"{archives.NAME}.tar.gz should not have {name}"]


def test_what_must_not_be_in_a_file_is_named_with_the_archive(tmp_path: Path) -> None:
    text = "see https://index.example.org/simple"
    (found,) = complaints(tmp_path, {"qlik_automation_connections/__init__.py": text})
    assert found.startswith(f"{archives.NAME}-py3-none-any.whl: qlik_automation_connections/__init__.py:1 holds a host")


def test_a_path_of_the_build_is_named(tmp_path: Path) -> None:
    (found,) = complaints(tmp_path, sdist={"docs/page.md": f"{tmp_path}/scratch/build/x"})
    assert "a path of this machine" in found


def test_a_refusal_names_every_complaint(tmp_path: Path) -> None:
    assert complaints(tmp_path) == []
    made = Artefacts(archives.wheel(tmp_path / "dist", PACKAGES), archives.sdist(tmp_path / "dist", SOURCES))
    with pytest.raises(ReleaseError) as caught:
        contents.require(tmp_path / "checkout", [PurePosixPath(name) for name in SOURCES], made, tmp_path / "scratch")
    assert all(name in caught.value.problem for name in (*DESCRIBED, "lacks PKG-INFO"))
