"""Which versions may be released, and where the version is written."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from api_change.releases import VERSION_FILE, version_of
from qlik_automation_connections import __version__
from releasing import versions
from releasing.failure import ReleaseError

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = st.tuples(*[st.integers(0, 99)] * 3, st.integers(0, 9)).map(
    lambda parts: "{}.{}.{}".format(*parts[:3]) + (f"rc{parts[3]}" if parts[3] else "")
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "v1.2.3",
        "1.2.3.4",
        "1.2.3-rc1",
        "1.2.3rc0",
        "1.2.3a1",
        "1.2.3.dev1",
        "1.2.3+local",
        "01.2.3",
        " 1.2.3",
    ],
)
def test_anything_else_is_no_version(text: str) -> None:
    with pytest.raises(ReleaseError, match=r"VERSION=1\.2\.3"):
        versions.parsed(text)


@given(text=NUMBERS, last=NUMBERS)
def test_a_version_must_come_after_all_that_are_tagged(text: str, last: str) -> None:
    version, tags = versions.parsed(text), ["v0.0.0rc1", f"v{last}", "vacation", "v"]
    assert str(version) == text
    if Version(text) > max(Version(last), Version("0.0.0rc1")):
        assert versions.require_newer(version, tags)
    else:
        with pytest.raises(ReleaseError, match="does not come after"):
            versions.require_newer(version, tags)


def test_a_candidate_comes_before_its_version() -> None:
    assert versions.require_newer(Version("1.0.0"), ["v1.0.0rc2"]) == "after 1.0.0rc2"
    with pytest.raises(ReleaseError):
        versions.require_newer(Version("1.0.0rc3"), ["v1.0.0"])
    assert versions.require_newer(Version("0.1.0"), ["other"]) == "the first release"


@given(text=NUMBERS)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.mktemp("checkout")
    file = root / VERSION_FILE
    file.parent.mkdir(parents=True)
    file.write_text('"""Doc."""\n\n__version__ = "0.1.0"\n', encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\ndynamic = ["version"]\n', encoding="utf-8")
    versions.write(root, Version(text))
    assert version_of(root) == text
    assert file.read_text(encoding="utf-8").startswith('"""Doc."""\n')


@pytest.mark.parametrize("text", ["", '__version__ = "1"\n__version__ = "2"\n', "version = 1\n"])
def test_a_file_with_another_number_of_versions_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / VERSION_FILE
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match="__version__"):
        versions.write(tmp_path, Version("1.2.3"))
    assert file.read_text(encoding="utf-8") == text


def test_the_version_of_this_project_is_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == VERSION_FILE
    assert version_of(ROOT) == __version__


def test_the_version_is_cheap_to_read() -> None:
    script = (
        "import sys, qlik_automation_connections as package\n"
        "before = set(sys.modules)\n"
        "assert package.__version__\n"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True, timeout=30)
    assert done.stdout.strip() == "['qlik_automation_connections']"
