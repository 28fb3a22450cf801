"""The pipeline: a flawed spec is refused with a word and changes nothing; a new field appears; nothing is random."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import generate
import tables
from sampling import few
from spec_rules import flaws

Spec = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the pipeline reads, copied to where it can be changed."""
    for folder in ("spec", "scripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    resources = generate.RESOURCES.relative_to(ROOT)
    shutil.copytree(ROOT / resources, tmp_path / resources, ignore=shutil.ignore_patterns("__pycache__", "_sync"))
    return tmp_path


def edit(project: Path, change: Callable[[Spec], Any]) -> None:
    file = project / "spec" / "openapi.yaml"
    spec = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    change(spec)
    file.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")


def detail(spec: Spec) -> Spec:
    properties: Spec = spec["components"]["schemas"]["AutomationConnectionDetailObject"]["properties"]
    return properties


def creation(spec: Spec) -> Spec:
    operation: Spec = spec["paths"]["/api/workflows/automation-connections"]["post"]
    return operation


FLAWS: dict[str, tuple[Callable[[Spec], Any], str]] = {
    "a default of the wrong type": (lambda s: detail(s)["isConnected"].update(default="perhaps"), "perhaps"),
    "a body in no known format": (
        lambda s: creation(s)["requestBody"].update(content={"text/x-odd": {"schema": {"type": "string"}}}),
        "text/x-odd",
    ),
    "no tier": (lambda s: creation(s).pop("x-qlik-tier"), "createAutomationConnection"),
    "nothing replaced": (lambda s: creation(s).pop("x-qlik-replaces"), "x-qlik-replaces"),
    "an operationId twice": (
        lambda s: creation(s).update(operationId="getAutomationConnections"),
        "getAutomationConnections",
    ),
    "a tag without a noun": (lambda s: s["tags"][0].pop("x-noun"), "x-noun"),
    "no operationId": (lambda s: creation(s).pop("operationId"), "operationId"),
    "an undeclared tag": (lambda s: creation(s).update(tags=["odd"]), "the list of tags has no odd"),
    "no limit": (lambda s: creation(s)["x-qlik-tier"].pop("limit"), "limit"),
}

UNREADABLE: dict[str, tuple[Spec, str]] = {
    "an inline object": ({"type": "object", "properties": {"a": {"type": "string"}}}, "a schema of its own"),
    "an object of requests": ({"$ref": "#/components/schemas/ScheduleRequestObject"}, "x-reading: lenient"),
    "two types": ({"type": ["string", "null"]}, "null is read wherever it comes"),
    "no type": ({"description": "Anything."}, "its type must be"),
    "a choice": ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "its type must be"),
    "a date": ({"type": "string", "format": "date"}, "leave the format date out"),
    "numbers to choose from": ({"type": "integer", "enum": [1, 2]}, "only strings can have an enum"),
    "a constant": ({"type": "string", "const": "a"}, "nothing a const"),
    "an empty number": ({"type": "integer", "x-empty-is-none": True}, "x-empty-is-none is for strings"),
    "a number that identifies": ({"type": "integer", "x-identifies": True}, "x-identifies is for strings"),
    "a misspelt extension": ({"type": "string", "x-empty-is-non": True}, "x-empty-is-non is not an extension"),
    "lists of lists": ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "elements can be"),
    "a list of moments": ({"type": "array", "items": {"type": "string", "format": "date-time"}}, "elements can be"),
    "a list of dictionaries": ({"type": "array", "items": {"type": "object"}}, "elements can be"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_field_that_models_could_not_read_is_refused_with_its_place(name: str) -> None:
    spec = yaml.load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert list(flaws(spec)) == []
    part, says = UNREADABLE[name]
    detail(spec)["odd"] = part
    (found,) = flaws(spec)
    assert found.startswith("AutomationConnectionDetailObject.odd")
    assert says in found


def test_a_name_a_reading_and_a_result_that_models_can_not_have_are_refused() -> None:
    spec = yaml.load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    detail(spec)["to_row"] = {"type": "string"}
    spec["components"]["schemas"]["Links"]["x-reading"] = "lenent"
    creation(spec)["responses"]["201"]["content"]["application/json"]["schema"] = {"type": "array", "items": {}}
    places = {found.partition(":")[0] for found in flaws(spec)}
    assert places > {
        "AutomationConnectionDetailObject.to_row",
        "Links",
        "AutomationConnectionsList.links",
        "POST /api/workflows/automation-connections, response 201",
    }


@pytest.mark.parametrize("name", few(list(FLAWS)))
def test_a_flawed_spec_is_refused_and_changes_nothing(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, says = FLAWS[name]
    edit(project, change)
    package = project / "generated" / "client"
    models = project / "tests" / "models.py"
    for file in (package / "old.py", models):
        file.parent.mkdir(parents=True)
        file.write_text("old", encoding="utf-8")
    monkeypatch.setattr(generate, "ROOT", project)
    monkeypatch.setattr(generate, "SPEC", project / "spec" / "openapi.yaml")
    monkeypatch.setattr(generate, "PACKAGE", package)
    monkeypatch.setattr(generate, "RESOURCES", project / generate.RESOURCES.relative_to(ROOT))
    monkeypatch.setattr(generate, "STRICT_MODELS", models)
    with pytest.raises(SystemExit, match=re.escape(says)):
        generate.main()
    assert [file.name for file in package.iterdir()] == ["old.py"]
    assert models.read_text(encoding="utf-8") == (package / "old.py").read_text(encoding="utf-8") == "old"


def written(project: Path, seed: str) -> dict[str, bytes]:
    """The files of one run, with a seed for the order of sets."""
    shutil.rmtree(project / "generated", ignore_errors=True)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(project / "scripts" / "generate.py")]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    roots = (project / "generated", project / "tests")
    return {
        str(file.relative_to(project)): file.read_bytes()
        for root in roots
        for file in root.rglob("*")
        if file.is_file()
    }


def test_an_operation_without_a_predecessor_has_its_own_path_in_v1_too(project: Path) -> None:
    spec = yaml.load((project / "spec" / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    creation(spec)["x-qlik-replaces"] = []
    (row,) = (
        line for line in tables.operations(spec).splitlines() if "'createAutomationConnection': Operation(" in line
    )
    assert "v1_path='/api/workflows/automation-connections'" in row


@pytest.mark.exhaustive
def test_a_new_field_is_written_everywhere_and_twice_alike(project: Path) -> None:
    def add(spec: Spec) -> None:
        # Above the id, which has no default.
        others = dict(detail(spec))
        detail(spec).clear()
        detail(spec).update({"description": {"type": "string", "description": "What it is for."}} | others)

    edit(project, add)
    first = written(project, "1")
    assert first == written(project, "4242")

    package = "generated/qlik_automation_connections_api"
    module = ast.parse(first[f"{package}/models/connection.py"])
    (model,) = (node for node in module.body if isinstance(node, ast.ClassDef))
    attributes = [ast.unparse(node) for node in model.body if isinstance(node, ast.AnnAssign)]
    assert attributes[:2] == ["id: str", "description: str | None = None"]
    assert "'description': Field('string', None, False)" in ast.unparse(ast.parse(first[f"{package}/fields.py"]))
    assert b"description: StrictStr | None" in first["tests/strict/models.py"]
    assert b"What it is for." in first[f"{package}/openapi.json"]

    assert f"{package}/py.typed" in first
    for name, content in first.items():
        if name.endswith(".py"):
            assert content.startswith(b"# Written by `make generate`"), name
        assert str(project).encode() not in content, name
