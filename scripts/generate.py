"""Writes everything that is made from spec/openapi.yaml: `python scripts/generate.py`.

- generated/qlik_automation_connections_api/  the client, its tables and the spec as JSON
- tests/strict/models.py                      strict pydantic models, a second reading of the spec
- overlays/…/_resources/_sync/                the sync resources, from the async ones beside them

The generators are kept tools; this runs them one after the other, and writes the tables that they have no template for.
Stops with the generator's own words, and leaves what was there, when a generator warns about the spec.
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

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec" / "openapi.yaml"
PACKAGE = ROOT / "generated" / "qlik_automation_connections_api"
STRICT_MODELS = ROOT / "tests" / "strict" / "models.py"
RESOURCES = ROOT / "overlays" / "qlik_automation_connections" / "_resources"
HEADER = "# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.\n"
TOOLS = Path(sys.executable).parent


class GenerationError(Exception):
    """A generator failed or warned."""


def run(*command: str) -> None:
    """Runs one of the tools of this virtual environment; anything but silent success is an error."""
    # The generator calls ruff by name and only warns if it isn't there. PYTHONWARNINGS: dmcg talks of its future.
    environment = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    if done.returncode or "warning" in (done.stdout + done.stderr).lower():
        raise GenerationError(f"{command[0]} is not happy with the spec:\n\n{done.stdout}{done.stderr}")


def generate_client(target: Path) -> None:
    run(
        "openapi-python-client",
        "generate",
        *("--path", str(SPEC), "--config", str(ROOT / "spec" / "generator.yaml")),
        *("--custom-template-path", str(ROOT / "spec" / "templates")),
        *("--meta", "none", "--output-path", str(target), "--fail-on-warning"),
    )


def generate_with_datamodel_codegen(target: Path, spec_file: Path, *options: str) -> None:
    run(
        "datamodel-codegen",
        *("--input", str(spec_file), "--input-file-type", "openapi", "--output", str(target)),
        *("--target-python-version", "3.11", "--disable-timestamp", "--formatters", "builtin"),
        *("--custom-file-header", HEADER.strip(), "--use-schema-description", *options),
    )


def generate_strict_models(target: Path) -> None:
    generate_with_datamodel_codegen(
        target,
        SPEC,
        *("--output-model-type", "pydantic_v2.BaseModel", "--strict-types", "str", "bool", "int"),
        *("--strict-nullable", "--extra-fields", "forbid", "--type-mappings", "string+password=string"),
    )


def generate_param_dicts(spec: dict[str, Any], target: Path, scratch: Path) -> None:
    """TypedDicts of what the overlay takes as an element of `params=`."""
    wanted = ["AutomationConnectionParamCreateObject", "AutomationConnectionParamPutObject"]
    part = {**spec, "paths": {}, "components": {"schemas": {n: spec["components"]["schemas"][n] for n in wanted}}}
    part_file = scratch / "params.json"
    part_file.write_text(json.dumps(part), encoding="utf-8")
    generate_with_datamodel_codegen(target, part_file, "--output-model-type", "typing.TypedDict")


def write_client(scratch: Path) -> Path:
    spec: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    validate(spec)
    package = scratch / PACKAGE.name
    generate_client(package)
    generate_param_dicts(spec, package / "param_dicts.py", scratch)
    (package / "operations.py").write_text(tables.operations(spec), encoding="utf-8")
    (package / "fields.py").write_text(tables.fields(spec), encoding="utf-8")
    for module in package.rglob("*.py"):
        text = module.read_text(encoding="utf-8").removeprefix(HEADER).lstrip("\n")
        module.write_text(f"{HEADER}\n{text}", encoding="utf-8")
    (package / "py.typed").touch()
    (package / "openapi.json").write_text(json.dumps(spec, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return package


def write_sync_resources(scratch: Path) -> Path:
    """The sync resources, made from the async ones by leaving out what is async."""
    source, target = scratch / "_async", scratch / "_sync"
    shutil.copytree(RESOURCES / "_async", source, ignore=shutil.ignore_patterns("__pycache__"))
    names = {f"Async{name}": name for name in ("Automations", "Connections", "Connectors", "Pager", "Sender")}
    rule = unasync.Rule("/_async/", "/_sync/", {**names, "async_pager": "pager"})
    unasync.unasync_files([str(file) for file in source.glob("*.py")], [rule])
    for module in target.glob("*.py"):
        header = (
            f"# Written by `make generate` from ../_async/{module.name}. Do not edit: change that and run it again.\n"
        )
        module.write_text(header + module.read_text(encoding="utf-8").partition('"""\n')[2], encoding="utf-8")
    return target


def format_code(*paths: Path) -> None:
    for command in (["check", "--select", "I,F401", "--fix-only"], ["format", "--line-length", "120"]):
        run("ruff", command[0], *map(str, paths), "--isolated", "--no-cache", "--quiet", *command[1:])


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        strict_models = scratch / "models.py"
        try:
            package = write_client(scratch)
            generate_strict_models(strict_models)
            resources = write_sync_resources(scratch)
            format_code(package, strict_models, resources)
        except OpenAPIValidationError as error:
            where = "/".join(map(str, error.absolute_path)) or "the whole"
            print(f"{SPEC.name} is no valid OpenAPI: {where}: {error.message[:500]}", file=sys.stderr)
            return 1
        except (GenerationError, yaml.YAMLError, tables.SpecError) as error:
            print(error, file=sys.stderr)
            return 1
        shutil.rmtree(PACKAGE, ignore_errors=True)
        shutil.copytree(package, PACKAGE)
        STRICT_MODELS.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(strict_models, STRICT_MODELS)
        shutil.rmtree(RESOURCES / "_sync", ignore_errors=True)
        shutil.copytree(resources, RESOURCES / "_sync")
    written = (PACKAGE, STRICT_MODELS, RESOURCES / "_sync")
    print("wrote", ", ".join(str(path.relative_to(ROOT)) for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
