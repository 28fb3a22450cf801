"""`scripts/release.py`: what it refuses before anything is built, and that a refusal changes nothing."""

from __future__ import annotations

import pytest

import release
from releases.conftest import Repository


def refused(repository: Repository, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said; the repository must be as it was."""
    before = (repository.git("rev-parse", "HEAD"), repository.tags, repository.git("status", "--porcelain"))
    assert release.main(["--root", str(repository.folder), *arguments]) == 1
    assert (repository.git("rev-parse", "HEAD"), repository.tags, repository.git("status", "--porcelain")) == before
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "said"), [("1.2", "no version"), ("0.3.0", "does not come after 0.3.0"), ("0.2.9rc1", "0.3.0")]
)
def test_a_version_that_cannot_follow(
    repository: Repository, capsys: pytest.CaptureFixture[str], version: str, said: str
) -> None:
    text = refused(repository, capsys, "release", version)
    assert said in text
    assert "To do: Name " in text


def test_publishing_wants_everything_committed(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("CHANGELOG.md", "not committed\n")
    assert "Not committed: CHANGELOG.md." in refused(repository, capsys, "release", "0.3.1", "--publish")


def test_publishing_wants_a_branch(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.git("checkout", "--quiet", "--detach")
    assert "No branch" in refused(repository, capsys, "release", "0.3.1", "--publish")


def test_a_changelog_without_entries_stops_it(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n")
    repository.commit()
    assert "has no entry" in refused(repository, capsys, "release", "0.3.1")


def test_what_will_be_done_is_said_first(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n")
    repository.commit()
    release.main(["--root", str(repository.folder), "release", "0.3.1"])
    dry = capsys.readouterr().out
    release.main(["--root", str(repository.folder), "release", "0.3.1", "--publish"])
    publishing = capsys.readouterr().out
    assert dry.startswith("Dry run of 0.3.1")
    assert publishing.startswith("Release of 0.3.1")
    assert "v0.3.1" in publishing
    assert "on the branch main" in publishing


@pytest.mark.parametrize(("tag", "said"), [("v0.3.1", "the version of the files 0.3.0"), ("v0.3.0", "another commit")])
def test_artefacts_of_a_tag_want_that_tag(
    repository: Repository, capsys: pytest.CaptureFixture[str], tag: str, said: str
) -> None:
    repository.write("pyproject.toml", '[project]\ndynamic = ["version"]\n')
    repository.commit()
    assert said in refused(repository, capsys, "artefacts", "--tag", tag)


def test_artefacts_of_a_tag_want_a_clean_checkout(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("pyproject.toml", '[project]\ndynamic = ["version"]\n')
    repository.commit()
    repository.git("tag", "--force", "v0.3.0")
    repository.write("new.py", "")
    assert "Not committed: new.py." in refused(repository, capsys, "artefacts", "--tag", "v0.3.0")
