"""Lock files name packages, not where they were fetched: a host in one sends others to a machine they can't reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from .forbidden_text import without_user

_NAMES = re.compile(
    r"(?i)(.*\.lock|.*\.lockb|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pylock(\..*)?\.toml"
    r"|(.*[-_.])?(requirements|constraints)([-_.].*)?\.txt|\.npmrc|\.yarnrc(\.yml)?|pip\.conf|pip\.ini|uv\.toml)"
)
_ADDRESS = re.compile(
    r"(?i)https?://[^\s\"'<>]+?(?:\.whl|\.tar\.(?:gz|bz2|xz)|\.tgz|\.zip)(?![\w.])|https?://[^\s\"'<>]+/simple\b/?"
)
_SETTING = re.compile(
    r"(?im)^[\s\"']*(?:--?(?:index-url|extra-index-url|find-links|i|f)\b|(?:@[\w-]+:)?registry\b|index-url\b"
    r"|extra-index-url\b|resolved\b|source\b|index\b|npmRegistryServer\b)[\s\"'=:{]+[^\n]*?https?://[^\s\"'}]+"
)


def is_lock_file(name: str) -> bool:
    """Whether a file is one that package clients write or read their sources from."""
    return _NAMES.fullmatch(PurePosixPath(name).name) is not None


def complaints(files: Mapping[str, bytes]) -> Iterator[str]:
    """Where a lock file names the host that packages were fetched from.

    Args:
        files: contents by name; those that are no lock files are passed over.
    """
    for name, content in files.items():
        if not is_lock_file(name):
            continue
        text = content.decode(errors="replace")
        found = _ADDRESS.search(text) or _SETTING.search(text)
        if found is not None:
            line = text.count("\n", 0, found.start()) + 1
            yield f"{name}:{line} names where packages are fetched: {without_user(found[0].strip())}"


def complaints_of_tree(root: Path, files: Iterable[PurePosixPath]) -> list[str]:
    """The same for files of a checkout."""
    return list(complaints({str(name): (root / name).read_bytes() for name in files if is_lock_file(str(name))}))
