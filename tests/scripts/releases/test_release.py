"""`scripts/release.py` and `build_dist.py`: what they refuse, and that git is changed wholly or not at all."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from packaging.version import Version

import build_dist
import release
from release_history import CHANGELOG, VERSION_FILE, changelog_section, has_entries, version_of
from scripts.releases.conftest import TEXT
from scripts.repository import Repository
from steps import StepError

NEXT = Version("0.3.1")
DAY = datetime.date(2026, 3, 4)


def refused(repository: Repository, *arguments: str) -> str:
    """What is said; the repository must be as it was."""
    before = repository.state
    with pytest.raises(SystemExit) as stopped:
        release.main(["--root", str(repository.folder), *arguments])
    assert repository.state == before
    return str(stopped.value)


def test_a_version_that_cannot_follow(repository: Repository) -> None:
    for version in ("1.2", "1.2.3.dev1", "v1.2.3"):
        assert "is not a version such as" in refused(repository, version)
    for version in ("0.3.0", "0.2.9rc1", "0.03.1"):
        assert "does not come after 0.3.0" in refused(repository, version)


def test_publishing_wants_somebody_who_commits_everything_on_a_branch(repository: Repository) -> None:
    repository.write("new.py", "")
    assert "Not everything is committed" in refused(repository, "0.3.1", "--publish")
    repository.commit()
    repository.git("checkout", "--quiet", "--detach")
    assert "No branch" in refused(repository, "0.3.1", "--publish")
    repository.git("checkout", "--quiet", "main")
    repository.git("config", "user.name", "")
    repository.git("config", "user.useConfigOnly", "true")
    assert "git var" in refused(repository, "0.3.1", "--publish")


def test_a_changelog_without_entries_stops_it(repository: Repository) -> None:
    repository.write(CHANGELOG, "# Changelog\n\n## Unreleased\n")
    repository.commit()
    assert "has no entry" in refused(repository, "0.3.1")


def test_unreleased_becomes_the_version() -> None:
    changed = release.changelog_of(TEXT, NEXT, DAY)
    assert changed == TEXT.replace("## Unreleased\n", "## Unreleased\n\n## 0.3.1 - 2026-03-04\n")
    assert has_entries(changelog_section(changed, "0.3.1"))
    assert not has_entries(changelog_section(changed, "Unreleased"))


def test_a_candidate_leaves_the_changelog_alone() -> None:
    assert release.changelog_of(TEXT, Version("0.3.1rc1"), DAY) == TEXT


def test_a_version_that_has_a_section_is_refused() -> None:
    with pytest.raises(StepError, match="has a section"):
        release.changelog_of(f"{TEXT}\n## [0.3.1]\n", NEXT, DAY)


def test_a_dry_commit_stays_in_the_clone_and_needs_no_name(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "--unset", "user.name")
    repository.git("config", "--unset", "user.email")
    before = repository.state
    made = release.version_commit(repository.folder, tmp_path / "clone", NEXT, dry=True)
    assert made != before[0]
    assert repository.state == before
    assert version_of(tmp_path / "clone") == NEXT


def test_commit_and_tag_are_taken_over(repository: Repository, tmp_path: Path) -> None:
    before = repository.state[0]
    made = release.version_commit(repository.folder, tmp_path / "clone", NEXT, dry=False)
    release.take_over(repository.folder, tmp_path / "clone", made, before, NEXT)
    assert repository.git("cat-file", "-t", "v0.3.1") == "tag"
    assert repository.git("rev-parse", "main", "v0.3.1^{commit}").split() == [made, made]
    assert repository.git("log", "-1", "--format=%an <%ae> %s") == "Someone <someone@example.com> Version 0.3.1"
    assert version_of(repository.folder) == NEXT
    assert repository.git("status", "--porcelain") == ""


def test_a_checkout_that_changed_meanwhile_stays_as_it_is(repository: Repository, tmp_path: Path) -> None:
    before = repository.state[0]
    made = release.version_commit(repository.folder, tmp_path / "clone", NEXT, dry=False)
    later = repository.commit()
    with pytest.raises(StepError, match="has changed"):
        release.take_over(repository.folder, tmp_path / "clone", made, before, NEXT)
    assert repository.state == (later, "v0.3.0", "")


def test_a_branch_that_cannot_move_gets_no_tag(repository: Repository, tmp_path: Path) -> None:
    state = repository.state
    made = release.version_commit(repository.folder, tmp_path / "clone", NEXT, dry=False)
    (repository.folder / ".git" / "index.lock").touch()
    with pytest.raises(StepError):
        release.take_over(repository.folder, tmp_path / "clone", made, state[0], NEXT)
    (repository.folder / ".git" / "index.lock").unlink()
    assert repository.state == state


def test_a_build_of_a_tag_wants_that_tag(repository: Repository) -> None:
    build = ["--root", str(repository.folder), "--tag"]
    repository.write("new.py", "")
    with pytest.raises(StepError, match=r"is not what v0\.3\.0 names"):
        build_dist.main([*build, "v0.3.0"])
    repository.commit()
    with pytest.raises(StepError, match=r"is not what v0\.3\.0 names"):
        build_dist.main([*build, "v0.3.0"])
    with pytest.raises(StepError, match=r"the version of the files is 0\.3\.0"):
        build_dist.main([*build, "v0.3.1"])


def test_the_version_is_written_once(repository: Repository) -> None:
    repository.write(VERSION_FILE, '__version__ = "1.0.0"\n__version__ = "1.0.1"\n')
    with pytest.raises(StepError, match="2 lines"):
        version_of(repository.folder)
