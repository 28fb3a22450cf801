"""Builds wheel, sdist, SBOM and single file of the last commit, and checks them: `python scripts/build_dist.py`.

`python -m build`, twine, validate-pyproject, cyclonedx-py and shiv do the work. This script builds in two clones that
differ in all that must not matter and compares the bytes, which none of them does. `tests/scripts/releases` looks into
the files and uses the wheel in empty environments. Exit codes: 0 fine; 1 something is wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from release_history import version_of
from steps import ROOT, UV, StepError, environment, git, run, say

# In an environment of its own: its jsonschema[format] would cost every process that loads jsonschema two seconds.
SBOM_TOOL = (*UV, "tool", "run", "--from", "cyclonedx-bom==7.5.0", "cyclonedx-py")
PYZ_TOOL = (*UV, "tool", "run", "--from", "shiv==1.0.8", "shiv")
EXTRAS = ("cli", "context", "mcp", "otel", "redis", "sandbox", "socks", "speed")
EXTRA_OPTIONS = [option for extra in EXTRAS for option in ("--extra", extra)]


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def build_twice(root: Path, scratch: Path, out: Path) -> tuple[Path, Path]:
    """Build wheel and sdist from two clones of the last commit, and return both.

    The second lies elsewhere, with other modes and times, in another time zone; its wheel is made from its sdist.
    Those of earlier builds are removed from `out`.

    Raises:
        StepError: A build fails, or the bytes differ.
    """
    epoch, made = git(root, "log", "-1", "--format=%ct"), []
    for number, targets, zone, umask in ((1, ("--sdist", "--wheel"), "UTC", 0o022), (2, (), "Asia/Kathmandu", 0o077)):
        clone, dist = scratch / f"clone{'-elsewhere' * (number - 1)}", scratch / f"dist{number}"
        say(f"build {number} of 2")
        before = os.umask(umask)
        try:
            git(root, "clone", "--quiet", "--no-hardlinks", str(root), str(clone))
            for file in clone.rglob("*") if number == 2 else ():
                os.utime(file, (0, 0))
            command = (sys.executable, "-m", "build", "--installer", "uv", *targets, "--outdir", dist)
            run(*command, folder=clone, SOURCE_DATE_EPOCH=epoch, TZ=zone, PYTHONHASHSEED=str(number))
        finally:
            os.umask(before)
        made.append(sorted(dist.iterdir(), key=lambda file: file.suffix, reverse=True))
    for one, other in zip(*made, strict=True):
        if (one.name, digest(one)) != (other.name, digest(other)):
            raise StepError(f"{one.name} came out differently the second time. Compare two builds with diffoscope.")
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.whl"), *out.glob("*.tar.gz")):
        old.unlink()
    wheel, sdist = (Path(shutil.copy(file, out)) for file in made[0])
    return wheel, sdist


def check(root: Path, dist: Path, pythons: Sequence[str] = (sys.executable,)) -> None:
    """Check the wheel and the sdist of a folder: metadata, contents, and the use of the wheel on some Pythons."""
    say("metadata, contents, and the wheel in empty environments")
    run(sys.executable, "-m", "validate_pyproject", "pyproject.toml", folder=root)
    files = [file.name for file in (*dist.glob("*.whl"), *dist.glob("*.tar.gz"))]
    run(sys.executable, "-m", "twine", "check", "--strict", *files, folder=dist)
    tests = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/scripts/releases/test_artefacts.py")
    run(*tests, folder=root, DIST=str(dist), DIST_PYTHONS=os.pathsep.join(pythons))


def write_sbom(root: Path, scratch: Path, wheel: Path, out: Path) -> Path:
    """Write what the wheel and all its extras bring along, as CycloneDX JSON."""
    say("SBOM")
    environment(scratch / "sbom", sys.executable, "-r", root / "pyproject.toml", *EXTRA_OPTIONS)
    version = wheel.name.split("-")[1]
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"qlik_automation_connections-{version}.cdx.json"
    options = ("--mc-type", "library", "--sv", "1.6", "--output-reproducible", "--pyproject", "pyproject.toml")
    command = (*SBOM_TOOL, "environment", *options, "-o", file, scratch / "sbom")
    run(*command, folder=root, SOURCE_DATE_EPOCH=git(root, "log", "-1", "--format=%ct"))
    # The tool does not know a version that is not in pyproject.toml, nor the wheel.
    document = json.loads(file.read_text(encoding="utf-8"))
    about = document["metadata"]["component"]
    about |= {"version": version, "purl": f"pkg:pypi/{about['name']}@{version}"}
    about["hashes"] = [{"alg": "SHA-256", "content": digest(wheel)}]
    file.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
    return file


def write_pyz(root: Path, scratch: Path, wheel: Path, out: Path) -> Path:
    """Write `qac` as a single file that any Python runs, and try it in an empty environment."""
    say("qac.pyz")
    out.mkdir(parents=True, exist_ok=True)
    file = out / "qac.pyz"
    # With the extra alone that needs nothing compiled, so that one file serves all systems.
    asked = f"qlik-automation-connections[cli] @ {wheel.resolve().as_uri()}"
    options = ("--reproducible", "--console-script", "qac", "--python", "/usr/bin/env python3", "--output-file", file)
    epoch = git(root, "log", "-1", "--format=%ct")
    run(*PYZ_TOOL, *options, asked, folder=scratch, capture=True, SOURCE_DATE_EPOCH=epoch)
    program = environment(scratch / "pyz", sys.executable)
    from qlik_automation_connections.sandbox import Sandbox

    with Sandbox(connections=3) as sandbox:
        command, url, key = (program, "-I", file, "audit", "--all", "--json"), sandbox.url, sandbox.api_key
        unpacked = str(scratch / "shiv")
        shown = run(*command, folder=scratch, capture=True, QLIK_TENANT_URL=url, QLIK_API_KEY=key, SHIV_ROOT=unpacked)
    if json.loads(shown)["summary"]["connections"] != 3:
        raise StepError("qac.pyz does not show what is in the tenant.")
    return file


def require_tag(root: Path, tag: str) -> None:
    """Refuse a checkout that is not exactly what a tag names."""
    version, changed = version_of(root), git(root, "status", "--porcelain")
    if tag != f"v{version}":
        raise StepError(f"The tag is {tag}, but the version of the files is {version}.")
    if git(root, "rev-parse", f"{tag}^{{commit}}") != git(root, "rev-parse", "HEAD") or changed:
        raise StepError(f"The checkout is not what {tag} names. Check the tag out in a clean clone.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Build wheel and sdist of the last commit twice, and check them.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: that of this script)")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of wheel and sdist (default: dist)")
    parser.add_argument("--sbom", type=Path, metavar="DIR", help="write the SBOM into this folder, too")
    parser.add_argument("--pyz", type=Path, metavar="DIR", help="write qac.pyz into this folder, too")
    parser.add_argument("--tag", metavar="vVERSION", help="fail unless the checkout is clean and at this tag")
    options = parser.parse_args(arguments)
    root, out = options.root.resolve(), options.out.resolve()
    if options.tag is not None:
        require_tag(root, options.tag)
    if changed := git(root, "status", "--porcelain").splitlines():
        print(f"Left out, as not committed: {len(changed)} files.")
    # Resolved: a temporary folder may be a link.
    with tempfile.TemporaryDirectory(prefix="build-") as name:
        scratch = Path(name).resolve()
        files = [*build_twice(root, scratch, out)]
        check(root, out)
        if options.sbom is not None:
            files.append(write_sbom(root, scratch, files[0], options.sbom.resolve()))
        if options.pyz is not None:
            files.append(write_pyz(root, scratch, files[0], options.pyz.resolve()))
    for file in files:
        print(f"{digest(file)}  {file.name}")


if __name__ == "__main__":
    main()
