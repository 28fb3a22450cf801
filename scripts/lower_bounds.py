"""Tries the lowest versions that pyproject.toml allows: `python scripts/lower_bounds.py [--audit]`.

uv finds the versions, pytest tries them and pip-audit, with `--audit`, looks for advisories that concern them; no lock
file is needed. If a test fails or an advisory is found, raise the bound. Exit codes: 0 fine; 1 something is wrong.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from build_dist import EXTRAS
from steps import ROOT, UV, environment, run, say

AUDIT = (*UV, "tool", "run", "--from", "pip-audit==2.10.1", "pip-audit")
# What the lower bounds are tried with, and what runs it. Schemathesis requires more than the lowest.
_TESTS = [f"tests/{folder}" for folder in ("auth", "cli", "core", "exchange", "pacing", "recorded", "sandbox")]
_TESTS += ["--ignore=tests/sandbox/test_schemathesis.py", "--ignore=tests/cli/test_mcp.py"]
_TOOLS = ("hypothesis", "junitparser", "pytest", "pytest-recording", "pytest-xdist", "trio", "vcrpy")
# The MCP SDK requires more of what the others use, so it is tried by itself.
_SETS = {
    "all but mcp": ([extra for extra in EXTRAS if extra != "mcp"], _TESTS),
    "mcp": (["mcp"], ["tests/cli/test_mcp.py"]),
}


def _resolved(clone: Path, file: Path, resolution: str, minor: str, extras: Sequence[str], *, audit: bool) -> Path:
    """Write the versions of what extras require into a file, and look for advisories if wanted."""
    chosen = [option for extra in extras for option in ("--extra", extra)]
    options = ("--quiet", "--no-header", "--resolution", resolution, "--python-version", minor, "-o", file)
    run(*UV, "pip", "compile", *options, *chosen, "pyproject.toml", folder=clone)
    if audit:
        run(*AUDIT, "--disable-pip", "--no-deps", "--requirement", file, folder=clone)
    return file


def try_lower_bounds(clone: Path, scratch: Path, wheel: Path, minor: str, python: str, *, audit: bool = False) -> None:
    """Run a part of the tests with the lowest versions that pyproject.toml allows for a Python such as `3.11`.

    With `audit`, look for advisories, too, also for the newest versions.

    Raises:
        StepError: A test fails, or there is an advisory. Raise the bound.
    """
    if audit:
        _resolved(clone, scratch / "newest.txt", "highest", minor, EXTRAS, audit=True)
    # Without the packages: the installed wheel is meant.
    files = scratch / f"files-{minor}"
    shutil.copytree(clone, files, ignore=shutil.ignore_patterns("overlays", "generated", ".git", ".venv"))
    for number, (name, (extras, tests)) in enumerate(_SETS.items()):
        say(f"the lowest requirements of {name} on Python {minor}")
        file = scratch / f"lowest-{minor}-{number}.txt"
        lowest = _resolved(clone, file, "lowest-direct", minor, extras, audit=audit)
        program = environment(scratch / f"lowest-{minor}-{number}", python, "-r", lowest, "--no-deps", wheel)
        run(*UV, "pip", "install", "--quiet", "--python", program, "-c", lowest, *_TOOLS, folder=scratch)
        run(program, "-m", "pytest", "-q", "-n", "auto", "-m", "not exhaustive", *tests, folder=files)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Try the lowest versions that pyproject.toml allows.")
    parser.add_argument("--audit", action="store_true", help="also look for advisories, with pip-audit")
    options = parser.parse_args()
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory(prefix="lowest-") as name:
        scratch = Path(name).resolve()
        run(sys.executable, "-m", "build", "--installer", "uv", "--wheel", "--outdir", scratch, folder=ROOT)
        (wheel,) = scratch.glob("*.whl")
        try_lower_bounds(ROOT, scratch, wheel, minor, sys.executable, audit=options.audit)


if __name__ == "__main__":
    main()
