"""Wheel and sdist, built twice in different places: the bytes must be the same."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from attrs import frozen

from . import checkout, package_index, sources
from .commands import Commands
from .failure import ReleaseError

_OLD_TIME = 946_684_800
_TO_DO = "Mend what the build says; `make build` builds alone."


@frozen
class Artefacts:
    """What is published."""

    wheel: Path
    sdist: Path

    @property
    def both(self) -> tuple[Path, Path]:
        return self.wheel, self.sdist


def artefacts_in(folder: Path) -> Artefacts:
    """The one wheel and the one sdist in a folder."""
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Artefacts(wheel, sdist)


def members(archive: Path) -> dict[str, bytes]:
    """The files of a wheel or an sdist; those of an sdist without its top folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist() if not name.endswith("/")}
    found = {}
    with tarfile.open(archive) as sdist:
        for member in sdist:
            content = sdist.extractfile(member) if member.isfile() else None
            if content is not None:
                found[member.name.partition("/")[2]] = content.read()
    return found


def build_twice(root: Path, files: Sequence[PurePosixPath], scratch: Path, out: Path, commands: Commands) -> Artefacts:
    """Builds from two copies of the files.

    The first makes sdist and wheel from the files. The second lies elsewhere, with other modes and times of its files,
    in another time zone and with another seed of hashes; its wheel is made from its sdist.

    Args:
        root: the checkout.
        files: what belongs to it.
        scratch: an empty folder for the copies.
        out: where the artefacts go; those of earlier builds are removed.
        commands: runs the builds.

    Raises:
        ReleaseError: a build fails, or the bytes differ.
    """
    first, second = scratch / "first", scratch / "elsewhere" / "second"
    for copy in (first, second):
        sources.copy(root, files, copy)
    for name in files:
        os.utime(second / name, (_OLD_TIME, _OLD_TIME))
        (second / name).chmod(0o600)
    time = checkout.commit_time(root)
    epoch = {} if time is None else {"SOURCE_DATE_EPOCH": str(time)}
    here = package_index.environment(**epoch, PYTHONHASHSEED="1", TZ="UTC")
    there = package_index.environment(**epoch, PYTHONHASHSEED="2", TZ="Asia/Kathmandu")
    build = (sys.executable, "-m", "build", "--installer", "uv")
    commands.run(
        "first build",
        *(*build, "--sdist", "--wheel", "--outdir", scratch / "dist 1"),
        folder=first,
        to_do=_TO_DO,
        environment=here,
    )
    commands.run(
        "second build",
        *(*build, "--outdir", scratch / "dist 2"),
        folder=second,
        to_do=_TO_DO,
        environment=there,
        umask=0o077,
    )
    one, two = artefacts_in(scratch / "dist 1"), artefacts_in(scratch / "dist 2")
    for mine, other in zip(one.both, two.both, strict=True):
        require_same(mine, other)
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("*.whl"), *out.glob("*.tar.gz")]:
        old.unlink()
    for made in one.both:
        shutil.copyfile(made, out / made.name)
    return artefacts_in(out)


def require_same(one: Path, other: Path) -> None:
    """Refuses two artefacts that are not the same, byte for byte.

    Raises:
        ReleaseError: they aren't; it names the files in which they differ.
    """
    if one.name == other.name and one.read_bytes() == other.read_bytes():
        return
    before, after = members(one), members(other)
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    where = ", ".join(differing[:5]) or "times, modes or the order of the files"
    raise ReleaseError(
        f"{one.name} was built twice, and the second time came out differently in {where}.",
        "Find what goes into the build beside the files: a time, a path, the order of a folder.",
    )
