"""The environments that are measured: the wheel of this checkout with nothing else, and the clients of others.

They are made under build/bench, with compiled bytecode, and kept there by what is installed into them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from attrs import define, field, frozen

from releasing import environments, package_index
from releasing.commands import Commands
from releasing.environments import Environment
from releasing.failure import ReleaseError

from .failure import BenchmarkError
from .processes import told

NAME: Final = "qlik-automation-connections"
QLIK_SDK: Final = "qlik-sdk==0.17.0"
_KEPT_OF_A_KIND: Final = 3
_WHOLE: Final = ".whole"
_TO_DO: Final = "See the log that is named above; the packages come from where pip and npm are set up to find them."
_INSTALL_SECONDS: Final = 300


class PeerMissing(Exception):
    """Another client can't be installed here; the message says why."""


@frozen
class NodeClient:
    """Qlik's TypeScript client, installed.

    Attributes:
        command: what starts the program that lists with it.
        folder: where that runs.
    """

    command: tuple[str, ...]
    folder: Path


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


@define
class Environments:
    """Makes environments when they are first asked for.

    Args:
        root: the checkout.
        folder: where they are kept.
        wheel: what is measured; the wheel of the checkout, built when it is first needed, if it is not given.

    Attributes:
        versions: of what is in those that were asked for, by name.
    """

    root: Path
    folder: Path
    versions: dict[str, str] = field(factory=dict, init=False)
    _wheel: Path | None = field(default=None, alias="wheel", kw_only=True)
    _made: dict[str, Environment] = field(factory=dict, init=False)

    @property
    def _commands(self) -> Commands:
        return Commands(self.folder / "logs")

    def wheel(self) -> Path:
        """The wheel of this checkout, built once a run.

        Raises:
            BenchmarkError: it can't be built.
        """
        if self._wheel is None:
            built = self.folder / "built"
            shutil.rmtree(built, ignore_errors=True)
            try:
                self._commands.run(
                    "build of the wheel",
                    *(sys.executable, "-m", "uv", "build", "--wheel", "--out-dir", built),
                    folder=self.root,
                    to_do=_TO_DO,
                    environment=package_index.environment(),
                )
            except ReleaseError as error:
                raise BenchmarkError(str(error)) from None
            (wheel,) = built.glob("*.whl")
            kept = self.folder / "wheels" / _digest(wheel.read_bytes()) / wheel.name
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(wheel, kept)
            self._wheel = kept
        return self._wheel

    def ours(self, *extras: str) -> Path:
        """The interpreter of an environment with the wheel and extras.

        Raises:
            BenchmarkError: it can't be made.
        """
        wheel = self.wheel()
        requirement = environments.requirement(wheel, NAME, extras)
        try:
            return self._kept("-".join(extras) or "plain", requirement).python
        except ReleaseError as error:
            raise BenchmarkError(str(error)) from None

    def program(self, name: str, *extras: str) -> Path:
        """A program of such an environment."""
        return Environment(self.ours(*extras).parents[1]).program(name)

    def qlik_sdk(self) -> Path:
        """The interpreter of an environment with Qlik's Python client.

        Raises:
            PeerMissing: it can't be installed.
        """
        try:
            return self._kept("qlik-sdk", QLIK_SDK).python
        except ReleaseError:
            raise PeerMissing(f"{QLIK_SDK} can't be installed here.") from None

    def _kept(self, kind: str, requirement: str) -> Environment:
        found = self._made.get(kind)
        if found is None:
            folder = self.folder / "environments" / f"{kind}-{_digest(requirement.encode(), sys.version.encode())}"
            if not (folder / _WHOLE).is_file():
                shutil.rmtree(folder, ignore_errors=True)
                folder.parent.mkdir(parents=True, exist_ok=True)
                made = environments.make(
                    folder,
                    Path(sys.executable),
                    [requirement, "--compile-bytecode"],
                    self._commands,
                    what=kind,
                    to_do=_TO_DO,
                )
                (folder / _WHOLE).touch()
                _forget_older(folder.parent, kind)
            else:
                made = Environment(folder)
                (folder / _WHOLE).touch()
            found = self._made[kind] = made
            self._note(told(made.python, "installed"))
        return found

    def _note(self, versions: dict[str, str]) -> None:
        for name, version in versions.items():
            other = self.versions.setdefault(name, version)
            if other != version:
                raise BenchmarkError(
                    f"{name} is {other} in one environment and {version} in another: remove {self.folder}, and all of"
                    " them are made anew."
                )

    def node_client(self, program: Path, package: Path) -> NodeClient:
        """Qlik's TypeScript client, and a program that lists with it.

        Args:
            program: the program.
            package: the package.json that names the client's version.

        Raises:
            PeerMissing: Node.js or npm is missing, or the client can't be installed.
        """
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise PeerMissing("Node.js and npm are not installed here.")
        folder = self.folder / "node"
        folder.mkdir(parents=True, exist_ok=True)
        wanted = package.read_bytes()
        installed = folder / "package.json"
        if not (folder / _WHOLE).is_file() or installed.read_bytes() != wanted:
            (folder / _WHOLE).unlink(missing_ok=True)
            installed.write_bytes(wanted)
            _install_with(npm, folder)
            (folder / _WHOLE).touch()
        shutil.copyfile(program, folder / program.name)
        self.versions["@qlik/api"] = _node_version(folder / "node_modules" / "@qlik" / "api" / "package.json")
        self.versions["Node.js"] = _said_by(node, "--version").removeprefix("v")
        return NodeClient((node, program.name), folder)


def _forget_older(folder: Path, kind: str) -> None:
    """Removes the environments of a kind that were not asked for lately."""
    marks = [mark for mark in folder.glob(f"{kind}-*/{_WHOLE}") if mark.parent.name.rpartition("-")[0] == kind]
    for mark in sorted(marks, key=lambda each: each.stat().st_mtime)[:-_KEPT_OF_A_KIND]:
        shutil.rmtree(mark.parent, ignore_errors=True)


def _install_with(npm: str, folder: Path) -> None:
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise PeerMissing("npm did not come to an end.") from None
    if done.returncode:
        raise PeerMissing("npm can't install @qlik/api here.")


def _node_version(package: Path) -> str:
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])


@cache
def _said_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()
