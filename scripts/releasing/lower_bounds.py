"""The wheel with the lowest versions of its requirements that pyproject.toml allows, and the tests run against them."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement

from . import environments, package_index, sources
from .commands import Commands
from .environments import Environment
from .metadata import DEVELOPERS_EXTRA, Metadata
from .pythons import Interpreter

FOLDERS = ("core", "recorded", "retrying", "sandbox", "sign_in", "pacing", "cli")
# They need tools of the extra `dev` that bring requirements of their own, at versions of their own.
_LEFT_OUT = ("sandbox/test_schemathesis.py",)
_TOOLS = ("hypothesis", "pytest", "pytest-recording", "pytest-rerunfailures", "trio", "vcrpy")
_CONSTRAINTS = "lowest.txt"
_COUNT = re.compile(r"^\d+ passed.*?(?= in |$)", re.MULTILINE)
_TO_DO = (
    "Raise the lower bound of the requirement in pyproject.toml, and say in CHANGELOG.md that it was raised;"
    " or mend the code for the version that is named."
)


def _plain(requirement: Requirement) -> str:
    """A requirement without the extra it belongs to."""
    return f"{requirement.name}{requirement.specifier}"


def lowest(metadata: Metadata, python: Interpreter, scratch: Path, commands: Commands) -> list[str]:
    """The lowest versions of all direct requirements, as `name==version`.

    Raises:
        ReleaseError: they don't fit together.
    """
    direct = [each for extra in ("", *metadata.extras) for each in metadata.needed_for(extra)]
    resolved = environments.resolve(
        [_plain(each) for each in direct],
        python.program,
        scratch,
        commands,
        what=f"lowest {python.minor}",
        to_do=_TO_DO,
    )
    names = {_normal(each.name) for each in direct}
    return [line for line in resolved if _normal(line.partition("==")[0]) in names]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def install(wheel: Path, metadata: Metadata, python: Interpreter, scratch: Path, commands: Commands) -> Environment:
    """An environment with the wheel, all extras, the lowest of each direct requirement, and what runs tests.

    Raises:
        ReleaseError: one can't be installed.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    constraints = scratch / _CONSTRAINTS
    constraints.write_text("\n".join(lowest(metadata, python, scratch, commands)) + "\n", encoding="utf-8")
    tools = [_plain(each) for each in metadata.needed_for(DEVELOPERS_EXTRA) if _normal(each.name) in _TOOLS]
    asked = environments.requirement(wheel, metadata.raw.get("name", ""), metadata.extras)
    return environments.make(
        scratch / "environment",
        python.program,
        ["--constraints", str(constraints), asked, *tools],
        commands,
        what=f"lowest {python.minor}",
        to_do=_TO_DO,
    )


def run_tests(environment: Environment, root: Path, scratch: Path, python: Interpreter, commands: Commands) -> str:
    """Runs a part of the tests against an installed wheel, from a copy of the files.

    Args:
        environment: where the wheel is installed.
        root: the checkout that it was built from.
        scratch: an empty folder for the copy.
        python: the interpreter.
        commands: runs pytest.

    Returns:
        How many passed.

    Raises:
        ReleaseError: a test fails.
    """
    copy = scratch / "files"
    # Without the packages: the installed ones are meant.
    files = [name for name in sources.files_of(root) if name.parts[0] not in ("overlays", "generated")]
    sources.copy(root, files, copy)
    printed = commands.run(
        f"tests lowest {python.minor}",
        *(environment.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *(f"tests/{folder}" for folder in FOLDERS),
        *(f"--ignore=tests/{name}" for name in _LEFT_OUT),
        folder=copy,
        to_do=_TO_DO,
        environment=package_index.environment(),
    )
    counted = _COUNT.findall(printed)
    return counted[-1] if counted else "no count"


def said(scratch: Path) -> str:
    """The versions that `install` took, in a few words."""
    lines = (scratch / _CONSTRAINTS).read_text(encoding="utf-8").split()
    return ", ".join(line.replace("==", " ") for line in lines)
