"""What no published file may hold: paths of a machine, hosts of package registries, credentials in recorded answers."""

from __future__ import annotations

import os
import re
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

_HOMES = re.compile(r"(?<![\w.}/])(?:/(?:home|Users)/\w|/(?:private/)?var/folders/\w|[A-Za-z]:\\{1,2}Users\\)")
_CREDENTIALS = re.compile(r"(?i)authorization|\bbearer\b|set-cookie|\bcookie\b|eyJ[\w-]{8,}")
_PUBLIC = ("pypi.org", "pythonhosted.org", "registry.npmjs.org")


def hosts() -> Iterator[str]:
    """Hosts that packages come from: the public ones, and those that pip and uv are told here."""
    yield from _PUBLIC
    for name, value in os.environ.items():
        if name.startswith(("PIP_", "UV_")):
            yield from re.findall(r"https?://(?:[^\s/@]+@)?([^\s/@\"'?#]+)", value)


def members(archive: Path) -> dict[str, bytes]:
    """The files of a wheel or an sdist; those of an sdist without its top folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(archive) as sdist:
        files = ((member.name, sdist.extractfile(member)) for member in sdist if member.isfile())
        return {name.partition("/")[2]: content.read() for name, content in files if content is not None}


def found(files: Mapping[str, bytes], *paths: Path) -> Iterator[str]:
    """What must not be in files, each with its place.

    Args:
        files: contents by name.
        paths: folders of this machine, beside the home folder and the temporary one.
    """
    registry = "|".join(re.escape(host) for host in sorted(set(hosts())))
    patterns = {
        "a path of somebody's machine": _HOMES,
        "a host of a package registry": re.compile(rf"(?i)//(?:[^\s/@]+@)?(?:[\w-]+\.)*(?:{registry})(?![\w.-]*\w)"),
    }
    # A short one, such as a slash or `/tmp`, is a word of any document.
    folders = [path for path in (Path.home(), Path(tempfile.gettempdir()), *paths) if len(path.parts) > 2]
    for name, content in files.items():
        yield from (f"{name}: {folder}" for folder in folders if str(folder).encode() in content)
        text = content.decode(errors="replace")
        for what, pattern in patterns.items():
            if (match := pattern.search(text)) is not None:
                yield f"{name}:{text.count(chr(10), 0, match.start()) + 1} holds {what}"
        if "cassettes/" in name and _CREDENTIALS.search(text):
            yield f"{name} may hold a credential"
