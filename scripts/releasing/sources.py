"""The files that a build is made from, copied away from what lies beside them in the work tree."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from . import checkout

# For an unpacked sdist, which has no git to say what belongs to it.
_NOT_SOURCES = {"dist", "build", "node_modules", "__pycache__"}


def files_of(root: Path) -> list[PurePosixPath]:
    """Every file of the project, uncommitted ones too, sorted; nothing that .gitignore leaves out."""
    if checkout.is_checkout(root):
        listed = checkout.git(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
        return sorted(PurePosixPath(name) for name in set(listed) if name and (root / name).is_file())
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name for name in folders if name not in _NOT_SOURCES and (not name.startswith(".") or name == ".ci")
        ]
        found += [PurePosixPath((Path(folder) / name).relative_to(root).as_posix()) for name in names]
    return sorted(path for path in found if path.suffix != ".pyc" and path.name != "PKG-INFO")


def copy(root: Path, files: Sequence[PurePosixPath], target: Path) -> None:
    """Copies files; modes and times are those of new files."""
    for name in files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes((root / name).read_bytes())
