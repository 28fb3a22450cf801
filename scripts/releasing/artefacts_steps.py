"""The steps that make and check artefacts: of a release, of `make build`, of the forge's workflow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from attrs import Factory, define

from api_change.releases import version_of

from . import building, checkout, contents, installed_use, lock_files, metadata, package_index, pythons, sbom, sources
from .building import Artefacts
from .commands import Commands
from .environments import Environment
from .failure import ReleaseError
from .installed_use import Exercises, Use
from .metadata import Metadata
from .pythons import Interpreter
from .steps import Steps


def check_lock_files(root: Path, files: Sequence[PurePosixPath]) -> str:
    """Refuses a lock file that names a host."""
    found = lock_files.complaints_of_tree(root, files)
    if found:
        raise ReleaseError(
            "\n".join(found),
            "Write the lock file without addresses, or leave it out: others can't reach the host that it names.",
        )
    count = sum(lock_files.is_lock_file(str(name)) for name in files)
    return f"{count or 'no'} lock file{'' if count == 1 else 's'}, no host"


@define
class ArtefactSteps:
    """Makes and checks artefacts.

    Args:
        root: the checkout.
        scratch: a folder that is thrown away.
        out: where wheel and sdist go.
        sbom_out: where the SBOM goes.
        commands: runs what is run.
        steps: prints a line for each.
    """

    root: Path
    scratch: Path
    out: Path
    sbom_out: Path
    commands: Commands
    steps: Steps
    uses: list[Use] = Factory(list)

    def build(self) -> tuple[Artefacts, Metadata]:
        """Builds twice, and checks what came."""
        version, files = version_of(self.root), sources.files_of(self.root)
        self.steps.run("lock files", lambda: check_lock_files(self.root, files))
        made = self.steps.run(
            "build, twice",
            lambda: building.build_twice(self.root, files, self.scratch / "build", self.out, self.commands),
            lambda artefacts: f"{artefacts.wheel.name}, {artefacts.sdist.name}: the same bytes",
        )
        self.steps.run("contents", lambda: contents.require(self.root, files, made, self.scratch))
        read = self.steps.run(
            "metadata",
            lambda: self._metadata(made, version),
            lambda read: f"version {read.version}, extras {', '.join(read.extras)}",
        )
        return made, read

    def _metadata(self, made: Artefacts, version: str) -> Metadata:
        read = metadata.require(made.wheel, version)
        self.commands.run(
            "twine check",
            *(sys.executable, "-m", "twine", "check", "--strict", *made.both),
            folder=self.scratch,
            to_do="Put README.md or [project] of pyproject.toml right.",
            environment=package_index.environment(),
        )
        installed_use.require_exercises(read)
        return read

    def with_all_extras(self, made: Artefacts, read: Metadata, python: Interpreter) -> tuple[Exercises, Environment]:
        """An environment with nothing but the wheel and all its extras."""
        exercises = Exercises(made.wheel, read, self.scratch / "environments", self.commands)
        exercises.scratch.mkdir(parents=True, exist_ok=True)
        environment = self.steps.run(
            "all extras installed",
            lambda: exercises.install(python, read.extras),
            lambda _: f"Python {python.version}",
        )
        return exercises, environment

    def write_sbom(self, made: Artefacts, read: Metadata, environment: Environment) -> Path:
        """Writes the SBOM."""
        name, epoch = read.raw.get("name", ""), checkout.commit_time(self.root)
        file, _ = self.steps.run(
            "SBOM",
            lambda: sbom.write(made.wheel, environment, name, self.sbom_out, self.commands, epoch),
            lambda written: f"{written[0].name}, {written[1]} packages",
        )
        return file

    def use(self, exercises: Exercises, environment: Environment, interpreters: list[Interpreter]) -> None:
        """Uses the wheel in every combination of extras."""
        self.uses = self.steps.run(
            "use of the wheel", lambda: list(exercises.all_uses(interpreters, environment)), installed_use.said
        )


def this_python() -> Interpreter:
    """The interpreter that runs this."""
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = pythons.find(minor)
    if found is None:
        raise ReleaseError(
            f"{sys.executable} does not run.", "Make the virtual environment anew: `make clean install`."
        )
    return found
