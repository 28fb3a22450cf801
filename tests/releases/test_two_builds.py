"""Two builds that are not the same, and where they differ."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from releases import archives
from releases.conftest import Repository
from releasing import building, sources
from releasing.failure import ReleaseError


def test_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    building.require_same(archives.wheel(tmp_path / "a", {"x": "1"}), archives.wheel(tmp_path / "b", {"x": "1"}))


@pytest.mark.parametrize("other", [{"x": "2", "y": ""}, {"x": "1"}, {"x": "1", "y": "", "z": ""}])
def test_the_file_that_differs_is_named(tmp_path: Path, other: dict[str, str]) -> None:
    one, two = archives.wheel(tmp_path / "a", {"x": "1", "y": ""}), archives.wheel(tmp_path / "b", other)
    (differing,) = [name for name in "xyz" if {"x": "1", "y": ""}.get(name) != other.get(name)]
    with pytest.raises(ReleaseError, match=f"differently in {differing}"):
        building.require_same(one, two)


def test_another_order_is_a_difference(tmp_path: Path) -> None:
    one = archives.sdist(tmp_path / "a", {"x": "1", "y": "2"})
    two = archives.sdist(tmp_path / "b", {"y": "2", "x": "1"})
    with pytest.raises(ReleaseError, match="the order of the files"):
        building.require_same(one, two)


def test_members_of_an_sdist_are_without_its_folder(tmp_path: Path) -> None:
    assert building.members(archives.sdist(tmp_path, {"docs/x.md": "text"})) == {"docs/x.md": b"text"}


def test_what_git_ignores_is_no_source_and_what_is_new_is(repository: Repository, tmp_path: Path) -> None:
    repository.write("build/log.txt", "x")
    repository.write("new.py", "x")
    (repository.folder / "CHANGELOG.md").unlink()
    files = sources.files_of(repository.folder)
    assert PurePosixPath("new.py") in files
    assert not {PurePosixPath("build/log.txt"), PurePosixPath("CHANGELOG.md")} & set(files)
    sources.copy(repository.folder, files, tmp_path / "copy")
    assert (tmp_path / "copy" / "new.py").read_text(encoding="utf-8") == "x"


def test_without_git_caches_and_builds_are_left_out(tmp_path: Path) -> None:
    for name in ("a.py", "b/__pycache__/a.pyc", "dist/x.whl", ".venv/y.py", "docs/page.md", "PKG-INFO"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert sources.files_of(tmp_path) == [PurePosixPath("a.py"), PurePosixPath("docs/page.md")]
