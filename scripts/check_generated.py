"""Fails if what is checked in is not what `make generate` writes: `python scripts/check_generated.py`.

Deletes, generates anew and asks git, which also sees files that are new or gone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

import generate


def changed_paths() -> str:
    paths = [str(path.relative_to(generate.ROOT)) for path in (generate.PACKAGE, generate.STRICT_MODELS.parent)]
    git = shutil.which("git")
    if git is None:
        raise SystemExit("git is needed to compare what was generated with what is checked in")
    return subprocess.run(
        [git, "status", "--porcelain", "--untracked-files=all", "--", *paths],
        capture_output=True,
        text=True,
        cwd=generate.ROOT,
        check=True,
    ).stdout


def main() -> int:
    shutil.rmtree(generate.PACKAGE, ignore_errors=True)
    shutil.rmtree(generate.STRICT_MODELS.parent, ignore_errors=True)
    code = generate.main()
    if code:
        return code
    changes = changed_paths()
    if changes:
        print(f"What is checked in differs from what `make generate` writes:\n{changes}", file=sys.stderr)
        return 1
    print("generated code is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
