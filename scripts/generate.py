"""Writes everything that is made from spec/openapi.yaml: `python scripts/generate.py [--check]`.

- generated/qlik_automation_connections_api/  the client, its tables and the spec as JSON
- tests/strict/models.py                      strict pydantic models, a second reading of the spec
- overlays/…/_resources/_sync/                the sync resources, from the async ones beside them

The generators are kept tools; this runs them one after the other, and leaves what was there if one warns about the
spec. With `--check` it fails if something differed: it sees files that are new or gone, committed or not, which
`git diff` does not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import unasync  # type: ignore[import-untyped]
import yaml
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

import tables
from spec_rules import flaws
from steps import ROOT, SPEC, StepError

PACKAGE = ROOT / "generated" / "qlik_automation_connections_api"
STRICT_MODELS = ROOT / "tests" / "strict" / "models.py"
RESOURCES = ROOT / "overlays" / "qlik_automation_connections" / "_resources"
HEADER = "# Written by `make generate` from {}. Do not edit: change {} and run it again.\n"
SPEC_HEADER = HEADER.format("spec/openapi.yaml", "the spec")
TOOLS = Path(sys.executable).parent
# What the overlay takes as an element of `params=` and `schedules=`.
PARAM_SCHEMAS = ("AutomationConnectionParamCreateObject", "AutomationConnectionParamPutObject", "ScheduleRequestObject")


def _run(*command: str | Path) -> None:
    """Run one of the tools of this virtual environment; anything but silent success is an error."""
    # The generator calls ruff by name and only warns if it isn't there.
    environment = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONHASHSEED": "0"}
    tool = TOOLS / command[0]
    done = subprocess.run([tool, *command[1:]], capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    if done.returncode or "warning" in (done.stdout + done.stderr).lower():
        raise StepError(f"{tool.name} rejects the spec:\n\n{done.stdout}{done.stderr}")


def _run_datamodel_codegen(spec: Path, target: Path, *options: str) -> None:
    _run(
        *("datamodel-codegen", "--input", spec, "--input-file-type", "openapi", "--output", target),
        *("--target-python-version", "3.11", "--disable-timestamp", "--formatters", "builtin"),
        *("--custom-file-header", SPEC_HEADER.strip(), "--use-schema-description", *options),
    )


def _write_client(package: Path) -> None:
    try:
        spec: dict[str, Any] = yaml.load(SPEC.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        validate(spec)
    except yaml.YAMLError as error:
        raise StepError(str(error)) from None
    except OpenAPIValidationError as error:
        where = "/".join(map(str, error.absolute_path)) or "the whole"
        raise StepError(f"{SPEC.name} is not valid OpenAPI: {where}: {error.message[:500]}") from None
    if found := list(flaws(spec)):
        raise StepError("\n  ".join([f"{SPEC.name} has what can't be generated:", *found]))
    _run(
        *("openapi-python-client", "generate", "--path", SPEC, "--config", ROOT / "spec" / "generator.yaml"),
        *("--custom-template-path", ROOT / "spec" / "templates", "--meta", "none"),
        *("--output-path", package, "--fail-on-warning"),
    )
    schemas = {name: spec["components"]["schemas"][name] for name in PARAM_SCHEMAS}
    part = package.with_name("params.json")
    part.write_text(json.dumps({**spec, "paths": {}, "components": {"schemas": schemas}}), encoding="utf-8")
    _run_datamodel_codegen(part, package / "param_dicts.py", "--output-model-type", "typing.TypedDict")
    (package / "operations.py").write_text(tables.operations(spec), encoding="utf-8")
    (package / "fields.py").write_text(tables.fields(spec), encoding="utf-8")
    for module in package.rglob("*.py"):
        text = module.read_text(encoding="utf-8").removeprefix(SPEC_HEADER).lstrip("\n")
        module.write_text(f"{SPEC_HEADER}\n{text}", encoding="utf-8")
    (package / "py.typed").touch()
    (package / "openapi.json").write_text(json.dumps(spec, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_sync_resources(target: Path) -> None:
    """Make the sync resources from the async ones by leaving out what is async."""
    source = target.with_name("_async")
    shutil.copytree(RESOURCES / "_async", source, ignore=shutil.ignore_patterns("__pycache__"))
    resources = ("Automations", "Connections", "Connectors", "Spaces", "Users")
    names = {f"Async{name}": name for name in (*resources, "Pager", "Sender")}
    rule = unasync.Rule("/_async/", "/_sync/", {**names, "async_pager": "pager"})
    unasync.unasync_files([str(file) for file in source.glob("*.py")], [rule])
    for module in target.glob("*.py"):
        text = module.read_text(encoding="utf-8").partition('"""\n')[2]
        module.write_text(HEADER.format(f"../_async/{module.name}", "that") + text, encoding="utf-8")


def _contents(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder, without what Python keeps beside them."""
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(folder): file.read_bytes() for file in files}


def main(*, check: bool = False) -> None:
    """Generate everything.

    Raises:
        StepError: The spec is flawed; or, with `check`, something differed.
    """
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        package, strict_models, resources = (scratch / name for name in (PACKAGE.name, "strict", "_sync"))
        made = {package: PACKAGE, strict_models: STRICT_MODELS.parent, resources: RESOURCES / "_sync"}
        strict = ["--output-model-type", "pydantic_v2.BaseModel", "--strict-types", "str", "bool", "int"]
        strict += ["--strict-nullable", "--extra-fields", "forbid", "--type-mappings", "string+password=string"]
        strict += ["--enum-field-as-literal", "all", "--field-constraints"]
        _write_client(package)
        strict_models.mkdir()
        _run_datamodel_codegen(SPEC, strict_models / STRICT_MODELS.name, *strict)
        _write_sync_resources(resources)
        for options in (("check", "--select", "I,F401", "--fix-only"), ("format", "--line-length", "120")):
            _run("ruff", *options, "--isolated", "--no-cache", "--quiet", *made)
        differing = []
        for new, old in made.items():
            after, before = _contents(new), _contents(old)
            names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            differing += [(old / name).relative_to(ROOT) for name in names]
            if names:
                shutil.rmtree(old, ignore_errors=True)
                shutil.copytree(new, old)
    if check and differing:
        files = "\n  ".join(map(str, differing))
        raise StepError(f"These files were not what `make generate` writes, and are now:\n  {files}")
    print("The generated code is up to date." if check else f"Wrote {len(differing)} files that differed.")


if __name__ == "__main__":
    main(check="--check" in sys.argv[1:])
