"""How to install what is missing; imported where that has to be said, as it loads much for a sentence."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

_NAME: Final = "qlik-automation-connections"
_TOOLS: Final = {
    "uv-receipt.toml": (["uv", "tool", "install"], re.compile(r"extras = \[(.*?)\]")),
    "pipx_metadata.json": (["pipx", "install", "--force"], re.compile(r'"package_or_url": "[^"\[]*\[(.*?)\]')),
}
"""What installed a tool in an environment of its own, by the file it keeps there, which has the extras it was given.

An extra that pip adds there is lost with the next upgrade.
"""


def install_hint(extra: str) -> str:
    """Return the command that adds an extra to this installation, be it from a checkout, a file, or an index."""
    words = _for_tool(extra) or _for_environment(extra)
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _for_tool(extra: str) -> list[str] | None:
    for name, (command, given) in _TOOLS.items():
        file = Path(sys.prefix, name)
        if file.is_file():
            found = given.search(file.read_text(encoding="utf-8"))
            extras = {extra, *re.findall(r"[\w-]+", found[1] if found else "")}
            return [*command, *_requirement(",".join(sorted(extras)))]
    return None


def _for_environment(extra: str) -> list[str]:
    python = sys.executable or "python"
    # uv makes environments without pip.
    with_pip = [python, "-m", "pip", "install"]
    tool = with_pip if any(distributions(name="pip")) else ["uv", "pip", "install", "--python", python]
    return [*tool, *_requirement(extra)]


def _requirement(extra: str) -> list[str]:
    try:
        # Where it was installed from, unless from an index: PEP 610.
        origin = json.loads(distribution(_NAME).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = origin.get("url")
    if url is None:
        return [f"{_NAME}[{extra}]"]
    if origin.get("dir_info", {}).get("editable"):
        return ["--editable", f"{url2pathname(urlsplit(url).path)}[{extra}]"]
    if "vcs_info" in origin:
        url = f"{origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}"
    return [f"{_NAME}[{extra}] @ {url}"]
