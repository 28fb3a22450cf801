"""What a release changes in git: nothing, or a commit and its tag together."""

from __future__ import annotations

from pathlib import Path

import pytest

from releases.conftest import Repository
from releasing import checkout
from releasing.failure import ReleaseError


def committed(repository: Repository, target: Path, *, dry: bool) -> str:
    """A commit made in a clone."""
    checkout.clone(repository.folder, target)
    (target / "CHANGELOG.md").write_text("changed\n", encoding="utf-8")
    return checkout.commit(target, "Version 0.3.1", dry=dry)


def test_a_clone_has_what_is_committed_and_the_tags(repository: Repository, tmp_path: Path) -> None:
    repository.write("CHANGELOG.md", "not committed\n")
    checkout.clone(repository.folder, tmp_path / "clone")
    assert "## Unreleased" in (tmp_path / "clone" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert checkout.tags(tmp_path / "clone") == ["v0.3.0"]
    assert checkout.head(tmp_path / "clone") == checkout.head(repository.folder)
    assert checkout.uncommitted(repository.folder) == ["CHANGELOG.md"]


def test_a_dry_commit_stays_in_the_clone_and_needs_no_name(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "--unset", "user.name")
    repository.git("config", "--unset", "user.email")
    before = checkout.head(repository.folder)
    made = committed(repository, tmp_path / "clone", dry=True)
    assert made != before
    assert checkout.head(repository.folder) == before
    assert repository.git("cat-file", "--batch-check", "--batch-all-objects").find(made) == -1


def test_nothing_changed_is_no_commit(repository: Repository, tmp_path: Path) -> None:
    checkout.clone(repository.folder, tmp_path / "clone")
    assert checkout.commit(tmp_path / "clone", "Version 0.3.0", dry=True) == checkout.head(repository.folder)


def test_commit_and_tag_are_taken_over(repository: Repository, tmp_path: Path) -> None:
    before = checkout.head(repository.folder)
    made = committed(repository, tmp_path / "clone", dry=False)
    kind = checkout.take_over(repository.folder, tmp_path / "clone", made, before, "v0.3.1", "Version 0.3.1")
    assert kind == "annotated"
    assert repository.git("cat-file", "-t", "v0.3.1").strip() == "tag"
    assert repository.git("rev-parse", "main", "v0.3.1^{commit}").split() == [made, made]
    assert repository.git("log", "-1", "--format=%an <%ae> %s").strip() == "Someone <someone@example.com> Version 0.3.1"
    assert (repository.folder / "CHANGELOG.md").read_text(encoding="utf-8") == "changed\n"
    assert checkout.uncommitted(repository.folder) == []


def test_a_checkout_that_changed_meanwhile_stays_as_it_is(repository: Repository, tmp_path: Path) -> None:
    before = checkout.head(repository.folder)
    made = committed(repository, tmp_path / "clone", dry=False)
    later = repository.commit("meanwhile")
    with pytest.raises(ReleaseError, match="has changed"):
        checkout.take_over(repository.folder, tmp_path / "clone", made, before, "v0.3.1", "Version 0.3.1")
    assert (checkout.head(repository.folder), repository.tags) == (later, ["v0.3.0"])


def test_a_branch_that_cannot_move_gets_no_tag(repository: Repository, tmp_path: Path) -> None:
    before = checkout.head(repository.folder)
    made = committed(repository, tmp_path / "clone", dry=False)
    repository.git("config", "merge.ff", "false")
    (repository.folder / ".git" / "index.lock").touch()
    with pytest.raises(ReleaseError):
        checkout.take_over(repository.folder, tmp_path / "clone", made, before, "v0.3.1", "Version 0.3.1")
    assert (checkout.head(repository.folder), repository.tags) == (before, ["v0.3.0"])


def test_who_commits_must_be_known(repository: Repository) -> None:
    checkout.require_identity(repository.folder)
    repository.git("config", "user.name", "")
    repository.git("config", "user.useConfigOnly", "true")
    with pytest.raises(ReleaseError, match="who makes the version commit"):
        checkout.require_identity(repository.folder)


def test_git_s_own_words_are_shown(repository: Repository) -> None:
    with pytest.raises(ReleaseError, match="no-such-thing"):
        checkout.git(repository.folder, "rev-parse", "--verify", "no-such-thing^{commit}")
