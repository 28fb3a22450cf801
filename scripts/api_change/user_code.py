"""The last release's examples and tests, type-checked against the package as it is now.

What mypy says of the old code with the new package, and did not say with the old package, is what users would meet.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from .python_package import FOLDERS, PACKAGE, PACKAGES, ROOTS
from .reasons import CannotCompareError, Level, Reason

_FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SETTINGS = """[mypy]
check_untyped_defs = True
ignore_missing_imports = True
namespace_packages = True
explicit_package_bases = True
"""


@frozen
class _Complaint:
    """What mypy says of one line. The code is the same both times, so the lines are too."""

    file: str
    line: int
    code: str
    message: str


def compare(old: Path, new: Path) -> Iterator[Reason]:
    """What the new package breaks in the code that came with the old one.

    Args:
        old: files of the last release.
        new: the checkout.

    Raises:
        CannotCompareError: mypy did not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        files = {**_examples(old, code), **_tests(old)}
        if not files:
            return
        before = _complaints(list(files), old, old, Path(folder, "before"))
        after = _complaints(list(files), old, new, Path(folder, "after"))
        for complaint in Counter(after) - Counter(before):
            where = f"{files[Path(complaint.file)]}:{complaint.line}"
            yield Reason(Level.MAJOR, "user code", where, f"{complaint.message} [{complaint.code}]")


def _examples(checkout: Path, folder: Path) -> dict[Path, str]:
    """Writes every Python example of the documents into a file, its lines where they are in the document."""
    folder.mkdir()
    found = {}
    for document in (checkout / "README.md", *sorted((checkout / "docs").rglob("*.md"))):
        if not document.is_file():
            continue
        text = document.read_text(encoding="utf-8")
        name = document.relative_to(checkout).as_posix()
        for number, fence in enumerate(_FENCE.finditer(text)):
            above = text.count("\n", 0, fence.start(1))
            file = folder / f"{re.sub(r'[^A-Za-z0-9]', '_', name)}_{number}.py"
            file.write_text("\n" * above + fence[1], encoding="utf-8")
            found[file] = name
    return found


def _tests(checkout: Path) -> dict[Path, str]:
    """The tests that use nothing but public names of the package, as users' code does."""
    return {
        file: file.relative_to(checkout).as_posix()
        for file in sorted((checkout / "tests").rglob("*.py"))
        if _uses_public_names_alone(file.read_text(encoding="utf-8"))
    }


def _uses_public_names_alone(source: str) -> bool:
    modules = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            # `from package import module` is as private as the module.
            package = node.module or ""
            modules += [
                package,
                *(f"{package}.{name.name}" for name in node.names if name.name.islower() and name.name[0] != "_"),
            ]
        elif isinstance(node, ast.Import):
            modules += [name.name for name in node.names]
    ours = {module for module in modules if module.partition(".")[0] in PACKAGES}
    functions = {module for module in ours if module.rpartition(".")[0] == f"{PACKAGE}.admin"}
    return bool(ours) and ours - functions <= set(ROOTS)


def _complaints(files: list[Path], code: Path, package: Path, scratch: Path) -> list[_Complaint]:
    scratch.mkdir()
    settings = scratch / "mypy.ini"
    settings.write_text(_SETTINGS, encoding="utf-8")
    # The package first, so that one that is installed is not taken instead; then what the tests import of each other.
    path = [*(package / folder for folder in FOLDERS), code / "tests", code / "scripts"]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(str(part) for part in path if part.is_dir())}
    command = [sys.executable, "-m", "mypy", "--config-file", str(settings), "--output", "json", "--no-error-summary"]
    done = subprocess.run(
        [*command, "--cache-dir", str(scratch.parent / "cache"), *map(str, files)],
        cwd=scratch,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 1) or (done.returncode and not done.stdout):
        raise CannotCompareError(f"mypy can't check the last release's code: {(done.stderr or done.stdout)[-1000:]}")
    wanted = {file.resolve(): str(file) for file in files}
    found = []
    for line in done.stdout.splitlines():
        said = json.loads(line)
        file = wanted.get((scratch / said["file"]).resolve())
        if file is not None and said["severity"] == "error":
            found.append(_Complaint(file, said["line"], said["code"] or "misc", said["message"]))
    return found
