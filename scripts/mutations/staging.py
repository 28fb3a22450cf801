"""A copy of the project in the layout that mutmut knows: one folder of sources, named `src`.

mutmut takes the name of a module from its path, less a leading `src`. With the two roots of this project it would ask
for mutants of `overlays.qlik_automation_connections`, which no test imports.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from .mutant import PACKAGE

ROOT: Final = Path(__file__).resolve().parents[2]
STAGE: Final = ROOT / "build" / "mutation"
SOURCES: Final = (ROOT / "overlays" / PACKAGE, ROOT / "generated" / f"{PACKAGE}_api")
TESTS: Final = ("conftest.py", "core", "retrying")
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__")


def copy_into(place: Path) -> None:
    """Copies the sources, the tests and their configuration into an empty folder."""
    for source in SOURCES:
        shutil.copytree(source, place / "src" / source.name, ignore=_LEFT_OUT)
    (place / "tests").mkdir()
    for name in TESTS:
        test = ROOT / "tests" / name
        if test.is_dir():
            shutil.copytree(test, place / "tests" / name, ignore=_LEFT_OUT)
        else:
            shutil.copy2(test, place / "tests" / name)
    shutil.copy2(ROOT / "pyproject.toml", place / "pyproject.toml")


def stage() -> Path:
    """Makes the copy anew, and returns its folder."""
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True)
    copy_into(STAGE)
    return STAGE
