"""Where packages are installed from: what pip is told here, uv is told too. Nothing of it is written anywhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from twine.utils import DEFAULT_REPOSITORY

from .commands import clean_environment

_ASKED_SECONDS = 60
_HOST = re.compile(r"https?://(?:[^\s/@]+@)?([^\s/@\"'?#]+)")


def _ask(*command: str) -> str:
    """What a program prints; nothing where it isn't there or says no."""
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *command[1:]], capture_output=True, encoding="utf-8", timeout=_ASKED_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@cache
def _pip_settings() -> dict[str, str]:
    """pip's settings by their short names; those of the environment win, as with pip."""
    listed: dict[str, str] = {}
    for line in _ask(sys.executable, "-m", "pip", "config", "list").splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.strip().partition(".")
        if section in ("global", "install"):
            listed[option] = value.strip().strip("'\"")
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            listed[name.removeprefix("PIP_").lower().replace("_", "-")] = value
    return listed


def environment(**more: str) -> dict[str, str]:
    """A clean environment in which uv installs from where pip does; what is set for uv itself stays.

    Args:
        more: variables to set.
    """
    settings = _pip_settings()
    found = {
        variable: settings[option]
        for variable, option in (("UV_DEFAULT_INDEX", "index-url"), ("SSL_CERT_FILE", "cert"))
        if settings.get(option) and variable not in os.environ
    }
    if "UV_INDEX_URL" in os.environ:
        found.pop("UV_DEFAULT_INDEX", None)
    return clean_environment(UV_NO_PROGRESS="1", UV_PYTHON_DOWNLOADS="never", **found, **more)


def _addresses() -> Iterator[str]:
    settings = _pip_settings()
    for option in ("index-url", "extra-index-url", "find-links"):
        yield from settings.get(option, "").split()
    for variable in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"):
        yield from os.environ.get(variable, "").split()
    yield _ask("npm", "config", "get", "registry")


@cache
def hosts() -> frozenset[str]:
    """Hosts that packages come from: the public index with all below it, and those of the settings of pip, uv and npm.

    Those of settings are with their ports if they have some.
    """
    public = urlsplit(DEFAULT_REPOSITORY).hostname or ""
    found = {".".join(public.split(".")[-2:])}
    for address in _addresses():
        found |= {host.lower() for host in _HOST.findall(address)}
    return frozenset(found)
