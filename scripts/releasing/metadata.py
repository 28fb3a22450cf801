"""What the wheel says of itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from packaging.metadata import RawMetadata, parse_email
from packaging.requirements import Requirement

from .failure import ReleaseError

DEVELOPERS_EXTRA = "dev"
_FIELDS: dict[str, str] = {
    "name": "qlik-automation-connections",
    "license_expression": "MIT",
    "requires_python": ">=3.11",
    "description_content_type": "text/markdown",
}
_FILLED = ("summary", "description", "keywords", "classifiers", "license_files", "requires_dist", "provides_extra")
_PYTHON = re.compile(r"Programming Language :: Python :: (3\.\d+)")


@frozen
class Metadata:
    """The file METADATA of a wheel."""

    raw: RawMetadata
    unknown: dict[str, list[str]]

    @property
    def version(self) -> str:
        return self.raw.get("version", "")

    @property
    def extras(self) -> list[str]:
        """The extras for users, sorted."""
        return sorted(extra for extra in self.raw.get("provides_extra", ()) if extra != DEVELOPERS_EXTRA)

    @property
    def pythons(self) -> list[str]:
        """The versions of Python that the classifiers name, such as `3.11`, from the oldest."""
        found = filter(None, map(_PYTHON.fullmatch, self.raw.get("classifiers", ())))
        return sorted((match[1] for match in found), key=lambda text: int(text.partition(".")[2]))

    @property
    def requirements(self) -> list[Requirement]:
        return [Requirement(text) for text in self.raw.get("requires_dist", ())]

    def needed_for(self, extra: str = "") -> list[Requirement]:
        """What is installed with an extra, or without any."""
        found = []
        for each in self.requirements:
            alone = each.marker is None or each.marker.evaluate({"extra": ""})
            if (alone and not extra) or (
                extra and not alone and each.marker and each.marker.evaluate({"extra": extra})
            ):
                found.append(each)
        return found


def read(wheel: Path) -> Metadata:
    """The metadata of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Metadata(*parse_email(archive.read(name)))


def complaints(metadata: Metadata, version: str) -> Iterator[str]:
    """What is wrong with the metadata.

    Args:
        metadata: the wheel's.
        version: the version that it must have.
    """
    raw: dict[str, object] = {**metadata.raw}
    for name, expected in {**_FIELDS, "version": version}.items():
        if raw.get(name) != expected:
            yield f"{name} is {raw.get(name)!r}, not {expected!r}"
    yield from (f"{name} is empty" for name in _FILLED if not raw.get(name))
    yield from (f"{name} is no known field" for name in metadata.unknown)
    if not metadata.pythons:
        yield "no classifier names a version of Python"
    for extra in ("", *metadata.extras):
        for each in metadata.needed_for(extra):
            if each.url is not None:
                yield f"{each.name} is required from an address"
            elif not any(part.operator in (">=", "==", "~=") for part in each.specifier):
                yield f"{each.name} is required without a lower bound"


def require(wheel: Path, version: str) -> Metadata:
    """Refuses a wheel whose metadata are not as they must be.

    Raises:
        ReleaseError: it names every complaint.
    """
    metadata = read(wheel)
    found = list(complaints(metadata, version))
    if found:
        raise ReleaseError(f"{wheel.name}: METADATA: " + "; ".join(found), "Put [project] of pyproject.toml right.")
    return metadata
