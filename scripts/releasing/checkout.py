"""What a release asks of git, and the few things that it changes there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .commands import clean_environment
from .failure import ReleaseError

# What makes a commit somebody's, and a tag a signed one.
_COPIED = r"^(user|gpg)\.|^(commit|tag)\.gpgsign$"


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints.

    Raises:
        ReleaseError: git is missing, or says no.
    """
    program = shutil.which("git")
    if program is None:
        raise ReleaseError("git is not installed.", "Install git: a release is made of a commit and its tag.")
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise ReleaseError(
            f"git {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}",
            "Put right what git complains about, and run the release again.",
        )
    return done.stdout


def is_checkout(root: Path) -> bool:
    """Whether a folder is the top of a git checkout; an unpacked sdist is none."""
    return (root / ".git").exists() and shutil.which("git") is not None


def uncommitted(root: Path) -> list[str]:
    """Files that are not as in HEAD."""
    return [line[3:] for line in git(root, "status", "--porcelain").splitlines()]


def branch(root: Path) -> str:
    """The branch that is checked out; empty where none is."""
    return git(root, "branch", "--show-current").strip()


def head(root: Path) -> str:
    return git(root, "rev-parse", "HEAD").strip()


def tags(root: Path) -> list[str]:
    """All tags `v*`, whether they are in the history of HEAD or not."""
    return git(root, "tag", "--list", "v*").split()


def commit_time(root: Path) -> int | None:
    """When HEAD was committed, in seconds since 1970; None without git."""
    return int(git(root, "log", "-1", "--format=%ct")) if is_checkout(root) else None


def require_identity(root: Path) -> None:
    """Refuses a checkout in which git does not know who commits.

    Raises:
        ReleaseError: it doesn't.
    """
    try:
        git(root, "var", "GIT_COMMITTER_IDENT")
    except ReleaseError:
        raise ReleaseError(
            "git does not know who makes the version commit.", "Set user.name and user.email with `git config`."
        ) from None


def clone(root: Path, target: Path) -> None:
    """HEAD and all tags in a folder of their own, with the settings by which commits are signed."""
    git(root, "clone", "--quiet", "--no-hardlinks", "--no-checkout", str(root), str(target))
    git(target, "checkout", "--quiet", "--detach", head(root))
    try:
        settings = git(root, "config", "--null", "--get-regexp", _COPIED)
    except ReleaseError:  # none is set
        return
    for setting in filter(None, settings.split("\0")):
        name, _, value = setting.partition("\n")
        git(target, "config", name, value)


def commit(folder: Path, message: str, *, dry: bool) -> str:
    """Commits what was changed in the clone.

    Args:
        folder: the clone.
        message: the commit's message.
        dry: whether the commit is thrown away with the clone; then it needs nobody's name, and is not signed.

    Returns:
        The commit; HEAD where nothing was changed.
    """
    if uncommitted(folder):
        nobody = ("-c", "user.name=dry run", "-c", "user.email=dry-run@example.com", "-c", "commit.gpgsign=false")
        git(folder, *(nobody if dry else ()), "commit", "--quiet", "--all", "--message", message)
    return head(folder)


def take_over(root: Path, cloned: Path, made: str, before: str, tag: str, message: str) -> str:
    """Tags a commit that was made in a clone, and moves the branch of the checkout on to it: both, or neither.

    Args:
        root: the checkout.
        cloned: the clone.
        made: the commit.
        before: the HEAD that the clone was made of.
        tag: name of the tag; signed where `tag.gpgSign` says so, else annotated.
        message: the tag's message.

    Returns:
        `signed` or `annotated`.

    Raises:
        ReleaseError: the checkout has changed meanwhile, or git says no.
    """
    if head(root) != before or uncommitted(root):
        raise ReleaseError(
            "The checkout has changed while the release was checked.",
            "Commit or put back what changed, and run the release again.",
        )
    git(root, "fetch", "--quiet", "--no-tags", str(cloned), made)
    git(root, "tag", "--annotate", tag, made, "--message", message)
    try:
        git(root, "merge", "--quiet", "--ff-only", made)
    except ReleaseError:
        git(root, "tag", "--delete", tag)
        raise
    return "signed" if "-----BEGIN " in git(root, "cat-file", "tag", tag) else "annotated"
