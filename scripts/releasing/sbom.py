"""What the wheel and all its extras bring along, as CycloneDX JSON."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from . import forbidden_text, package_index
from .commands import Commands
from .environments import Environment
from .failure import ReleaseError

_SCHEMA = "1.6"
_TO_DO = "See what cyclonedx-py says, and whether `make install` brought it."
Document = dict[str, Any]


def _without_places(component: Document, hosts: Iterable[str]) -> Document:
    """A component without the addresses it was fetched from; those of its project stay."""
    kept = [
        each
        for each in component.get("externalReferences", ())
        if each["url"].startswith(("http://", "https://"))
        and not any(forbidden_text.complaints({"url": each["url"].encode()}, (), hosts))
    ]
    rest = {name: value for name, value in component.items() if name != "externalReferences"}
    return {**rest, "externalReferences": kept} if kept else rest


def about(document: Document, name: str, wheel_hash: str, hosts: Iterable[str]) -> Document:
    """A list of an environment's packages, turned into one of what a package brings along.

    Args:
        document: what the tool wrote: all packages side by side.
        name: the package that it is about.
        wheel_hash: SHA-256 of its wheel.
        hosts: hosts of registries, which are left out.

    Raises:
        ReleaseError: the package is not in the list.
    """
    components = [_without_places(each, hosts) for each in document.get("components", ())]
    own = [each for each in components if each["name"] == name]
    if len(own) != 1:
        raise ReleaseError(f"The SBOM has {len(own)} components {name}.", _TO_DO)
    (root,) = own
    root = {
        **root,
        "type": "library",
        "hashes": [{"alg": "SHA-256", "content": wheel_hash}],
        "purl": f"pkg:pypi/{name}@{root['version']}",
    }
    described = {**document["metadata"], "component": root}
    if "tools" in described:
        tools = [_without_places(each, hosts) for each in described["tools"].get("components", ())]
        described["tools"] = {**described["tools"], "components": tools}
    return {
        **document,
        "components": [each for each in components if each["name"] != name],
        "metadata": described,
    }


def write(
    wheel: Path, environment: Environment, name: str, out: Path, commands: Commands, epoch: int | None
) -> tuple[Path, int]:
    """Writes the SBOM of a wheel.

    Args:
        wheel: the wheel.
        environment: one in which it is installed with all extras, and nothing else.
        name: the package.
        out: the folder of the file.
        commands: runs the tool.
        epoch: the time that it bears, in seconds since 1970; None for no time.

    Returns:
        The file, and how many packages it lists.

    Raises:
        ReleaseError: the tool fails, or what it wrote is not as it must be.
    """
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    for old in out.glob("*.cdx.json"):
        old.unlink()
    commands.run(
        "sbom",
        *(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--sv", _SCHEMA),
        *("--of", "JSON", "-o", file, environment.python),
        folder=out,
        to_do=_TO_DO,
        environment=package_index.environment(**({} if epoch is None else {"SOURCE_DATE_EPOCH": str(epoch)})),
    )
    hosts = package_index.hosts()
    document = about(
        json.loads(file.read_text(encoding="utf-8")), name, hashlib.sha256(wheel.read_bytes()).hexdigest(), hosts
    )
    text = json.dumps(document, indent=2, sort_keys=True) + "\n"
    file.write_text(text, encoding="utf-8", newline="\n")
    invalid = JsonStrictValidator(SchemaVersion.from_version(_SCHEMA)).validate_str(text)
    paths = forbidden_text.machine_paths(environment.folder, wheel.parent)
    found = [*([f"it is no CycloneDX {_SCHEMA}: {invalid!r}"] if invalid else [])]
    found += forbidden_text.complaints({file.name: text.encode()}, paths, hosts)
    if found:
        raise ReleaseError(
            f"{file.name}: " + "; ".join(found), "Leave such references out in scripts/releasing/sbom.py."
        )
    return file, len(document["components"])
