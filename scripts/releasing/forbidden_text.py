"""What no published file may hold: paths of a machine, hosts of package registries, credentials in recorded answers."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from . import package_index

_HOMES = re.compile(r"(?<![\w.}/])(?:/(?:home|Users)/\w|/(?:private/)?var/folders/\w|[A-Za-z]:\\{1,2}Users\\)")
_USER = re.compile(r"//[^\s/@]+@")
_RECORDED = re.compile(r"(?:^|/)cassettes/")
_CREDENTIALS = re.compile(r"(?i)authorization|\bbearer\b|set-cookie|\bcookie\b|eyJ[\w-]{8,}")


def machine_paths(*more: Path) -> frozenset[str]:
    """Folders whose names tell where something was built.

    Args:
        more: those of the build, beside the home folder and the temporary one.
    """
    home = Path.home()
    found = {f"{home}{os.sep}", f"{home.as_posix()}/"}
    for folder in (Path(tempfile.gettempdir()), *more):
        # A short one, such as a slash or `/tmp`, is a word of any document.
        if len(folder.parts) > 2:
            found |= {str(folder), folder.as_posix()}
    return frozenset(found)


def without_user(address: str) -> str:
    """An address without the user and the password that it may have."""
    return _USER.sub("//", address)


def _host_pattern(hosts: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(host) for host in sorted(hosts))
    return re.compile(rf"(?i)(?:https?:)?//(?:[^\s/@]+@)?(?:[\w-]+\.)*(?:{alternatives})(?![\w.-]*\w)")


def complaints(files: Mapping[str, bytes], paths: Iterable[str], hosts: Iterable[str] | None = None) -> Iterator[str]:
    """What must not be in files, each with its place.

    Args:
        files: contents by name; what is no UTF-8 text is searched for the paths alone.
        paths: as of `machine_paths`.
        hosts: hosts of registries; by default those of `package_index.hosts`.
    """
    registry = _host_pattern(package_index.hosts() if hosts is None else hosts)
    needles = [(path, path.encode()) for path in paths]
    for name, content in files.items():
        for path, needle in needles:
            if needle in content:
                yield f"{name} holds {path}, a path of this machine"
        try:
            text = content.decode()
        except UnicodeDecodeError:
            continue
        for what, pattern in (("a path of somebody's machine", _HOMES), ("a host of a package registry", registry)):
            if (found := pattern.search(text)) is not None:
                yield f"{name}:{text.count(chr(10), 0, found.start()) + 1} holds {what}: {without_user(found[0])}"
        if _RECORDED.search(name) and (found := _CREDENTIALS.search(text)) is not None:
            # What was found may be a credential, so it is not repeated.
            yield f"{name}:{text.count(chr(10), 0, found.start()) + 1} may hold a credential"
