"""What a change of the spec is: planted into the project's own spec, one at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api_change import spec_operations
from api_change.reasons import CannotCompareError, Level, highest, sorted_reasons

Spec = dict[str, Any]
Change = Callable[[Spec], Any]

ROOT = Path(__file__).resolve().parents[2]
SPEC: Spec = spec_operations.load(ROOT)
LIST = "/api/workflows/automation-connections"
ONE = f"{LIST}/{{id}}"
PART = {"type": "string", "description": "Something."}


def schema(spec: Spec, name: str) -> Spec:
    found: Spec = spec["components"]["schemas"][f"AutomationConnection{name}Object"]
    return found


def fields(spec: Spec, name: str) -> Spec:
    found: Spec = schema(spec, name)["properties"]
    return found


def query(spec: Spec, name: str) -> Spec:
    return next(each for each in spec["paths"][LIST]["get"]["parameters"] if each["name"] == name)


def parameters(spec: Spec) -> list[Spec]:
    found: list[Spec] = spec["paths"][LIST]["get"]["parameters"]
    return found


def responses(spec: Spec, path: str, method: str) -> Spec:
    found: Spec = spec["paths"][path][method]["responses"]
    return found


def move(node: Spec, old: str, new: str) -> None:
    node[new] = node.pop(old)


PATCH, MINOR, MAJOR = Level.PATCH, Level.MINOR, Level.MAJOR
CHANGES: dict[str, tuple[Change, Level, str]] = {
    "another summary": (lambda s: s["paths"][LIST]["get"].update(summary="x"), PATCH, "openapi.yaml"),
    "another example": (lambda s: schema(s, "Detail").pop("example"), PATCH, "openapi.yaml"),
    "another title": (lambda s: s["info"].update(title="x"), PATCH, "openapi.yaml"),
    "another tier": (
        lambda s: s["paths"][LIST]["get"].update({"x-qlik-tier": {"tier": "2", "limit": 100}}),
        *(PATCH, "getAutomationConnections"),
    ),
    "an answer has one more field": (
        lambda s: fields(s, "Detail").update(note=PART),
        *(MINOR, "AutomationConnectionDetailObject.note"),
    ),
    "an answer lacks a field": (
        lambda s: fields(s, "Detail").pop("redirect"),
        *(MAJOR, "AutomationConnectionDetailObject.redirect"),
    ),
    "an answer within an answer lacks a field": (
        lambda s: s["components"]["schemas"]["PaginationLink"]["properties"].pop("href"),
        *(MAJOR, "PaginationLink.href"),
    ),
    "an answer's field has another type": (
        lambda s: fields(s, "Detail")["isConnected"].update(type="string"),
        *(MAJOR, "AutomationConnectionDetailObject.isConnected"),
    ),
    "an answer's field may be null": (
        lambda s: fields(s, "Detail")["name"].update(type=["string", "null"]),
        *(MAJOR, "AutomationConnectionDetailObject.name"),
    ),
    "an answer's field has another format": (
        lambda s: fields(s, "Detail")["createdAt"].pop("format"),
        *(MAJOR, "AutomationConnectionDetailObject.createdAt"),
    ),
    "an answer's elements have another type": (
        lambda s: fields(s, "Param")["paramOptions"].update(items=PART),
        *(MAJOR, "AutomationConnectionParamObject.paramOptions[]"),
    ),
    "an answer's field takes certain values only": (
        lambda s: fields(s, "Param")["fieldType"].update(enum=["string"]),
        *(MINOR, "AutomationConnectionParamObject.fieldType"),
    ),
    "a lenient answer's field is required": (
        lambda s: schema(s, "Detail").update(required=["id"]),
        *(PATCH, "AutomationConnectionDetailObject.id"),
    ),
    "a request must have a field": (
        lambda s: schema(s, "Creation").update(required=["connectorId", "name"]),
        *(MAJOR, "AutomationConnectionCreationObject.name"),
    ),
    "a request need not have a field": (
        lambda s: schema(s, "Creation").pop("required"),
        *(MINOR, "AutomationConnectionCreationObject.connectorId"),
    ),
    "a request may have one more field": (
        lambda s: fields(s, "Creation").update(note=PART),
        *(MINOR, "AutomationConnectionCreationObject.note"),
    ),
    "a request must have one more field": (
        lambda s: (
            fields(s, "Creation").update(note=PART),
            schema(s, "Creation").update(required=["connectorId", "note"]),
        ),
        *(MAJOR, "AutomationConnectionCreationObject.note"),
    ),
    "a request lacks a field": (
        lambda s: fields(s, "Creation").pop("spaceId"),
        *(MAJOR, "AutomationConnectionCreationObject.spaceId"),
    ),
    "a request's field may be null": (
        lambda s: fields(s, "Creation")["spaceId"].update(type=["string", "null"]),
        *(MINOR, "AutomationConnectionCreationObject.spaceId"),
    ),
    "a request's field is longer at most": (
        lambda s: fields(s, "Creation")["name"].update(maxLength=100),
        *(MAJOR, "AutomationConnectionCreationObject.name"),
    ),
    "a request's field has a pattern": (
        lambda s: fields(s, "Creation")["name"].update(pattern="x"),
        *(MAJOR, "AutomationConnectionCreationObject.name"),
    ),
    "one more parameter": (
        lambda s: parameters(s).append({"name": "q", "in": "query", "schema": PART}),
        *(MINOR, "getAutomationConnections(q)"),
    ),
    "one more required parameter": (
        lambda s: parameters(s).append({"name": "q", "in": "query", "required": True, "schema": PART}),
        *(MAJOR, "getAutomationConnections(q)"),
    ),
    "one parameter less": (
        lambda s: parameters(s).remove(query(s, "cursor")),
        *(MAJOR, "getAutomationConnections(cursor)"),
    ),
    "a parameter is required": (
        lambda s: query(s, "limit").update(required=True),
        *(MAJOR, "getAutomationConnections(limit)"),
    ),
    "one more value of a parameter": (
        lambda s: query(s, "sort")["schema"]["enum"].append("ownerId"),
        *(MINOR, "getAutomationConnections(sort)"),
    ),
    "one value of a parameter less": (
        lambda s: query(s, "sort")["schema"]["enum"].pop(),
        *(MAJOR, "getAutomationConnections(sort)"),
    ),
    "a parameter's maximum is less": (
        lambda s: query(s, "limit")["schema"].update(maximum=100),
        *(MAJOR, "getAutomationConnections(limit)"),
    ),
    "a parameter's maximum is more": (
        lambda s: query(s, "limit")["schema"].update(maximum=500),
        *(MINOR, "getAutomationConnections(limit)"),
    ),
    "a parameter's minimum is more": (
        lambda s: query(s, "limit")["schema"].update(minimum=2),
        *(MAJOR, "getAutomationConnections(limit)"),
    ),
    "a parameter is written otherwise": (
        lambda s: query(s, "filter").update(style="deepObject"),
        *(MAJOR, "getAutomationConnections(filter)"),
    ),
    "one operation less": (lambda s: s["paths"][LIST].pop("post"), MAJOR, "createAutomationConnection"),
    "one operation more": (
        lambda s: s["paths"][ONE].update(patch={**s["paths"][ONE]["put"], "operationId": "patchIt"}),
        *(MINOR, "patchIt"),
    ),
    "another operationId": (
        lambda s: s["paths"][LIST]["post"].update(operationId="makeIt"),
        *(MAJOR, "createAutomationConnection"),
    ),
    "another path": (lambda s: move(s["paths"], LIST, f"{LIST}s"), MAJOR, "createAutomationConnection"),
    "another method": (lambda s: move(s["paths"][ONE], "put", "patch"), MAJOR, "updateAutomationConnection"),
    "an operation is deprecated": (
        lambda s: s["paths"][LIST]["post"].update(deprecated=True),
        *(MINOR, "createAutomationConnection"),
    ),
    "one error less": (lambda s: responses(s, ONE, "put").pop("409"), PATCH, "updateAutomationConnection 409"),
    "one error more": (
        lambda s: responses(s, ONE, "delete").update({"409": responses(s, ONE, "put")["409"]}),
        *(MINOR, "deleteAutomationConnection 409"),
    ),
    "another success": (
        lambda s: move(responses(s, LIST, "post"), "201", "200"),
        *(MAJOR, "createAutomationConnection 201"),
    ),
    "a success has another schema": (
        lambda s: responses(s, LIST, "post")["201"]["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/AutomationConnectionsListObject"}
        ),
        *(MAJOR, "createAutomationConnection 201"),
    ),
    "a success has no content": (
        lambda s: responses(s, LIST, "post")["201"].pop("content"),
        *(MAJOR, "createAutomationConnection 201"),
    ),
    "one more body": (
        lambda s: s["paths"][f"{ONE}/actions/check"]["post"].update(requestBody=s["paths"][ONE]["put"]["requestBody"]),
        *(MAJOR, "checkAutomationConnection body"),
    ),
    "one body less": (lambda s: s["paths"][ONE]["put"].pop("requestBody"), MAJOR, "updateAutomationConnection body"),
    "another way to sign in": (
        lambda s: s["components"]["securitySchemes"]["bearer"].update(scheme="basic"),
        *(MAJOR, "securitySchemes"),
    ),
}


def changed(name: str) -> Spec:
    spec = copy.deepcopy(SPEC)
    CHANGES[name][0](spec)
    assert spec != SPEC
    return spec


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_has_its_level_and_its_place(name: str) -> None:
    _, level, where = CHANGES[name]
    reasons = sorted_reasons(spec_operations.compare(SPEC, changed(name)))
    assert highest(reasons) is level, reasons
    assert where in {reason.where for reason in reasons if reason.level is level}


@pytest.mark.parametrize("name", [name for name, (_, level, _) in CHANGES.items() if level is PATCH])
def test_the_way_back_from_what_only_readers_see_is_no_more(name: str) -> None:
    if CHANGES[name][2] == "openapi.yaml":
        assert highest(spec_operations.compare(changed(name), SPEC)) is PATCH


@pytest.mark.parametrize("name", [name for name, (_, level, _) in CHANGES.items() if level is MINOR])
def test_the_way_back_from_what_is_new_breaks(name: str) -> None:
    # But for the three that take nothing away from anybody.
    expected = {
        "an operation is deprecated": PATCH,
        "one error more": PATCH,
    }.get(name, MAJOR)
    assert highest(spec_operations.compare(changed(name), SPEC)) is expected


def test_the_same_spec_is_no_change() -> None:
    assert list(spec_operations.compare(SPEC, copy.deepcopy(SPEC))) == []


def test_what_nobody_uses_changes_nothing_for_users() -> None:
    spec = copy.deepcopy(SPEC)
    spec["components"]["schemas"]["Unused"] = {"type": "object"}
    assert highest(spec_operations.compare(SPEC, spec)) is PATCH


@pytest.mark.parametrize("text", ["", "[]", "paths: 1", "{", None])
def test_what_is_no_spec_can_not_be_compared(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "spec").mkdir()
        (tmp_path / "spec" / "openapi.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CannotCompareError, match=r"openapi\.yaml"):
        spec_operations.load(tmp_path)
