"""What machine this is, in words that name nobody."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path


def processor_of(text: str) -> str:
    """The model in what Linux says of its processors; nothing if it names none."""
    found = re.search(r"^model name\s*:\s*(.+?)\s*$", text, re.MULTILINE)
    return found[1] if found else ""


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    return processor_of(text) or platform.processor() or platform.machine() or "unknown processor"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}".strip()


def machine() -> str:
    """Cores, processor and operating system."""
    cores = os.cpu_count() or 1
    return f"{cores} core{'' if cores == 1 else 's'} of {_processor()}, {_system()}"


def versions_in_words(versions: dict[str, str]) -> str:
    """Versions by name, in words."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())
