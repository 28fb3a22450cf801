"""Prints the versions of what is installed in the environment that runs it. Needs the standard library alone."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Sequence
from typing import Final

_TOLD: Final = (
    "qlik-automation-connections",
    "httpx",
    "httpcore",
    "anyio",
    "attrs",
    "orjson",
    "click",
    "qlik-sdk",
    "requests",
)


def main(_: Sequence[str]) -> None:
    """Prints them by name, as JSON."""
    found = {"Python": platform.python_version()}
    for name in _TOLD:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    print(json.dumps(found))
