"""Fails if what is here is not what `make generate` writes: `python scripts/check_generated.py`.

Deletes, generates anew and compares, so that files that are new or gone are seen too, committed or not, which
`git diff` does not do.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import generate

FOLDERS = (generate.PACKAGE, generate.STRICT_MODELS.parent, generate.RESOURCES / "_sync")


def contents() -> dict[Path, bytes]:
    """Every generated file, without what Python keeps beside them."""
    files = (file for folder in FOLDERS for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(generate.ROOT): file.read_bytes() for file in files if "__pycache__" not in file.parts}


def restore(files: dict[Path, bytes]) -> None:
    for path, content in files.items():
        target = generate.ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def main() -> int:
    before = contents()
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    code = generate.main()
    if code:
        restore(before)
        return code
    after = contents()
    differing = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    if differing:
        print("These files were not what `make generate` writes, and are now:", *differing, sep="\n  ", file=sys.stderr)
        return 1
    print("generated code is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
