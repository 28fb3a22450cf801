"""The spec: valid, with examples that obey it, and with the facts of the reference page."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from qlik_automation_connections_api.fields import FIELDS
from qlik_automation_connections_api.operations import API_RELEASE, OPERATIONS, V1_ENDS
from spec.documents import LENIENT, SCHEMAS, SPEC, kind, schema_name

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
BASE = "/api/workflows/automation-connections"

# As the reference page has them: method, path, tier, requests a minute, success, errors, body, result.
PAGE: dict[str, tuple[str, str, str, int, str, set[str], str | None, str | None]] = {
    "getAutomationConnections": (
        *("GET", "", "1", 1000, "200"),
        {"400", "401", "403", "500", "503"},
        *(None, "AutomationConnectionsList"),
    ),
    "createAutomationConnection": (
        *("POST", "", "2", 100, "201"),
        {"400", "401", "403", "500", "503"},
        *("AutomationConnectionCreationObject", "AutomationConnectionDetailObject"),
    ),
    "getAutomationConnection": (
        *("GET", "/{id}", "1", 1000, "200"),
        {"400", "401", "403", "404", "500", "503"},
        *(None, "AutomationConnectionDetailObject"),
    ),
    "updateAutomationConnection": (
        *("PUT", "/{id}", "2", 100, "200"),
        {"400", "401", "403", "404", "409", "500", "503"},
        *("AutomationConnectionPutRequestObject", "AutomationConnectionDetailObject"),
    ),
    "deleteAutomationConnection": (
        *("DELETE", "/{id}", "2", 100, "204"),
        {"400", "401", "403", "404", "500", "503"},
        *(None, None),
    ),
    "automationConnectionChangeOwner": (
        *("POST", "/{id}/actions/change-owner", "2", 100, "204"),
        {"400", "401", "403", "404", "500", "503"},
        *("AutomationConnectionChangeOwnerObject", None),
    ),
    "automationConnectionChangeSpace": (
        *("POST", "/{id}/actions/change-space", "2", 100, "204"),
        {"400", "401", "403", "404", "500", "503"},
        *("AutomationConnectionChangeSpaceObject", None),
    ),
    "checkAutomationConnection": (
        *("POST", "/{id}/actions/check", "2", 100, "200"),
        {"400", "401", "403", "404", "500", "503"},
        *(None, "AutomationConnectionCheckObject"),
    ),
}

# As the vendor's OpenAPI has them, in the same order.
_WRITE_ERRORS = {"401", "403", "404", "500", "503"}
WRITES: dict[str, tuple[str, str, str, int, str, set[str], str | None, str | None]] = {
    "createAutomation": (
        *("POST", "", "2", 100, "201"),
        {"400", "401", "403", "500", "503"},
        *("AutomationDetailRequestObject", "AutomationDetailResponseObject"),
    ),
    "updateAutomation": (
        *("PUT", "/{id}", "2", 100, "200"),
        {"400", "409", *_WRITE_ERRORS},
        *("AutomationDetailUpdateRequestObject", "AutomationDetailResponseObject"),
    ),
    "deleteAutomation": ("DELETE", "/{id}", "2", 100, "204", _WRITE_ERRORS, None, None),
    "automationChangeOwner": (
        *("POST", "/{id}/actions/change-owner", "2", 100, "204"),
        {"400", *_WRITE_ERRORS},
        *("AutomationChangeOwnerObject", None),
    ),
    "automationChangeSpace": (
        *("POST", "/{id}/actions/change-space", "2", 100, "204"),
        {"400", *_WRITE_ERRORS},
        *("AutomationChangeSpaceObject", None),
    ),
    "enableAutomation": ("POST", "/{id}/actions/enable", "2", 100, "204", {"400", *_WRITE_ERRORS}, None, None),
    "disableAutomation": ("POST", "/{id}/actions/disable", "2", 100, "204", {"400", *_WRITE_ERRORS}, None, None),
}

# As the vendor's OpenAPI has them: path, path of v1 (None where there is none), errors, result.
LISTED_ERRORS = {"400", "401", "403", "500", "503"}
NEIGHBOURS: dict[str, tuple[str, str | None, set[str], str]] = {
    "getAutomationConnectors": (
        "/api/workflows/automation-connectors",
        "/api/v1/automation-connectors",
        LISTED_ERRORS,
        "AutomationConnectorsList",
    ),
    "getAutomationConnector": (
        "/api/workflows/automation-connectors/{id}",
        None,
        {*LISTED_ERRORS, "404"},
        "AutomationConnectorDetail",
    ),
    "getAutomations": ("/api/workflows/automations", "/api/v1/automations", LISTED_ERRORS, "AutomationList"),
    "getAutomation": (
        "/api/workflows/automations/{id}",
        "/api/v1/automations/{id}",
        {*LISTED_ERRORS, "404"},
        "AutomationDetailResponseObject",
    ),
    "getUsers": ("/api/v1/users", None, {"400", "401", "403", "500"}, "Users"),
    "getUserById": ("/api/v1/users/{id}", None, {"401", "403", "404", "500"}, "User"),
    "getSpaces": ("/api/v1/spaces", None, {"400", "401", "403", "500"}, "Spaces"),
    "getSpaceById": ("/api/v1/spaces/{id}", None, {"401", "403", "404", "500"}, "Space"),
}
ME = "getMe"
LISTS = ("getAutomationConnections", "getAutomationConnectors", "getAutomations")
LISTS_BY_NAME = ("getUsers", "getSpaces")
NOUNS = {**dict.fromkeys(PAGE, "connection"), "getAutomationConnectors": "connector", "getAutomations": "automation"}
NOUNS |= {"getAutomationConnector": "connector", "getAutomation": "automation"} | dict.fromkeys(WRITES, "automation")
NOUNS |= {
    **dict.fromkeys(("getUsers", ME, "getUserById"), "user"),
    **dict.fromkeys(("getSpaces", "getSpaceById"), "space"),
}

# Fields and their types, as the page's tables have them.
ITEM = {
    **dict.fromkeys(("id", "name", "ownerId", "spaceId", "connectorId"), "string"),
    **dict.fromkeys(("createdAt", "updatedAt"), "date-time"),
    "isConnected": "boolean",
}
CONNECTOR = {
    **dict.fromkeys(("id", "name", "description"), "string"),
    **dict.fromkeys(("billable", "hasWebhooks"), "boolean"),
}
AUTOMATION = {
    **dict.fromkeys(("id", "name", "state", "ownerId", "runMode", "spaceId", "description"), "string"),
    **dict.fromkeys(("createdAt", "updatedAt", "lastRunAt"), "date-time"),
    **dict.fromkeys(("lastRunStatus", "executionToken"), "string"),
    "connectorIds": "array",
    "maxConcurrentRuns": "integer",
}
SCHEDULE = {**dict.fromkeys(("startAt", "stopAt", "timezone"), "string"), "interval": "integer"}
DEFINITION = {
    **dict.fromkeys(("name", "description"), "string"),
    "schedules": "array",
    "workspace": "object",
    "maxConcurrentRuns": "integer",
}
TABLES: dict[str, dict[str, str]] = {
    "AutomationConnectionsList": {"data": "array", "links": "object"},
    "AutomationConnectionsListObject": ITEM,
    "AutomationConnectionDetailObject": {
        **ITEM,
        "error": "object",
        "params": "array",
        "redirect": "string",
        "oauthAccountName": "string",
    },
    "AutomationConnectionParamObject": {
        **dict.fromkeys(("id", "name", "value", "fieldType", "exampleValue", "documentation"), "string"),
        "meta": "array",
        "order": "integer",
        "isOptional": "boolean",
        "paramOptions": "array",
    },
    "AutomationConnectionParamOptionObject": {"id": "string", "value": "string"},
    "AutomationConnectionCreationObject": {
        "name": "string",
        "params": "array",
        "spaceId": "string",
        "connectorId": "string",
    },
    "AutomationConnectionParamCreateObject": {"name": "string", "value": "string"},
    "AutomationConnectionPutRequestObject": {"name": "string", "params": "array"},
    "AutomationConnectionParamPutObject": {"id": "string", "value": "string"},
    "AutomationConnectionCheckObject": {"connected": "boolean", "is_connected": "boolean"},
    "AutomationConnectionChangeOwnerObject": {"userId": "string"},
    "AutomationConnectionChangeSpaceObject": {"spaceId": "string"},
    "AutomationConnectorsList": {"data": "array", "links": "object"},
    "AutomationConnectorsListObject": CONNECTOR,
    "AutomationConnectorDetail": {**CONNECTOR, "params": "array", "connectDocumentation": "string"},
    "AutomationConnectorParam": {
        **dict.fromkeys(("id", "name", "description", "exampleValue", "fieldType"), "string"),
        **dict.fromkeys(("optional", "setting"), "boolean"),
        "options": "array",
    },
    "AutomationList": {"data": "array", "links": "object"},
    "AutomationListObject": AUTOMATION,
    "AutomationDetailResponseObject": {**AUTOMATION, "workspace": "object", "schedules": "array"},
    "AutomationDetailRequestObject": {**DEFINITION, "spaceId": "string"},
    "AutomationDetailUpdateRequestObject": DEFINITION,
    "AutomationChangeOwnerObject": {"userId": "string"},
    "AutomationChangeSpaceObject": {"spaceId": "string"},
    "ScheduleResponseObject": {**SCHEDULE, "id": "string", "lastStartedAt": "date-time"},
    "ScheduleRequestObject": SCHEDULE,
    "Users": {"data": "array", "links": "object"},
    "User": {
        **dict.fromkeys(("id", "name", "email", "subject", "status"), "string"),
        **dict.fromkeys(("createdAt", "lastUpdatedAt"), "date-time"),
        "assignedRoles": "array",
    },
    "AssignedRole": dict.fromkeys(("id", "name", "type", "level"), "string"),
    "Spaces": {"data": "array", "links": "object"},
    "Space": {
        **dict.fromkeys(("id", "name", "type", "ownerId", "description"), "string"),
        **dict.fromkeys(("createdAt", "updatedAt"), "date-time"),
    },
    "Links": {"next": "object", "prev": "object"},
    "PaginationLink": {"href": "string"},
    "ErrorResponse": {"errors": "array", "traceId": "string"},
    "Error": {"code": "string", "title": "string", "detail": "string"},
}


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        item[method]["operationId"]: (method.upper(), path, item[method])
        for path, item in SPEC["paths"].items()
        for method in METHODS
        if method in item
    }


def content_schema(part: dict[str, Any]) -> str | None:
    while "$ref" in part:
        name = schema_name(part)
        assert name is not None
        part = SPEC["components"]["responses"][name]
    content = part.get("content")
    if content is None:
        return None
    assert content.keys() == {"application/json"}
    return schema_name(content["application/json"]["schema"])


def test_the_spec_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(SPEC).iter_errors()) == []
    assert SPEC["openapi"].startswith("3.1.")


def test_the_operations_are_those_of_the_page() -> None:
    found = operations()
    assert found.keys() == PAGE.keys() | WRITES.keys() | NEIGHBOURS.keys() | {ME}
    assert len(found) == sum(method in item for item in SPEC["paths"].values() for method in METHODS)


@pytest.mark.parametrize("name", [*PAGE, *WRITES])
def test_an_operation_is_as_documented(name: str) -> None:
    method, ending, tier, limit, success, errors, body, result = (PAGE | WRITES)[name]
    found_method, path, operation = operations()[name]
    base = BASE if name in PAGE else "/api/workflows/automations"
    assert (found_method, path) == (method, base + ending)
    assert operation["x-qlik-tier"] == {"tier": tier, "limit": limit}
    assert operation["x-qlik-replaces"] == [
        {"namespace": "", "uniqueIdentifier": f"{method}:/v1/{base.rpartition('/')[2]}{ending}"}
    ]
    assert operation["responses"].keys() == {success, *errors}
    assert content_schema(operation["responses"][success]) == result
    for status in errors:
        assert content_schema(operation["responses"][status]) == "ErrorResponse"
    if body is None:
        assert "requestBody" not in operation
    else:
        assert operation["requestBody"].get("required", False) == (name != "automationChangeSpace")
        assert content_schema(operation["requestBody"]) == body
    if "{id}" in path:
        (parameter,) = SPEC["paths"][path]["parameters"]
        resolved = SPEC["components"]["parameters"][schema_name(parameter)]
        assert (resolved["name"], resolved["in"], resolved["required"]) == ("id", "path", True)
        assert resolved["schema"] == {"type": "string"}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_an_operation_on_neighbours_is_as_in_the_types(name: str) -> None:
    path, older, errors, result = NEIGHBOURS[name]
    method, found_path, operation = operations()[name]
    assert (method, found_path) == ("GET", path)
    replaced = [{"namespace": "", "uniqueIdentifier": f"GET:{older.removeprefix('/api')}"}] if older else []
    assert operation["x-qlik-replaces"] == replaced
    assert operation["x-qlik-tier"] == {"tier": "1", "limit": 1000}
    assert operation["responses"].keys() == {"200", *errors}
    assert content_schema(operation["responses"]["200"]) == result
    for status in errors:
        assert content_schema(operation["responses"][status]) == "ErrorResponse"
    if "{id}" in path:
        (parameter,) = SPEC["paths"][path]["parameters"]
        resolved = SPEC["components"]["parameters"][schema_name(parameter)]
        assert (resolved["name"], resolved["in"], resolved["required"]) == ("id", "path", True)


def test_the_callers_own_user_is_where_a_redirect_leads() -> None:
    method, path, operation = operations()[ME]
    assert (method, path) == ("GET", "/api/v1/users/me")
    assert operation["x-qlik-tier"] == {"tier": "1", "limit": 1000}
    assert operation["responses"].keys() == {"301", "401", "403"}
    assert "Location" in operation["responses"]["301"]["headers"]


def test_the_query_parameters_of_users_and_spaces_are_those_of_the_vendors_openapi() -> None:
    queries = queries_of(operations())
    sorts = {
        "getUsers": ("id", "name", "email", "subject", "status", "createdAt"),
        "getSpaces": ("name", "type", "createdAt"),
    }
    for name, fields in sorts.items():
        listed = queries[name]
        assert {"next", "prev", "limit", "sort"} < listed.keys()
        assert (listed["limit"]["schema"]["minimum"], listed["limit"]["schema"]["maximum"]) == (1, 100)
        assert listed["sort"]["schema"]["enum"] == [sign + field for sign in ("", "+", "-") for field in fields]
    assert {"fields", "filter"} < queries["getUsers"].keys()
    assert {"name", "ownerId", "type"} < queries["getSpaces"].keys()


def queries_of(operations: dict[str, tuple[str, str, dict[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Query parameters by operation and name."""
    shared = SPEC["components"]["parameters"]
    return {
        name: {
            parameter["name"]: parameter
            for parameter in (shared.get(schema_name(each), each) for each in operation.get("parameters", []))
        }
        for name, (_, _, operation) in operations.items()
    }


def test_the_query_parameters_of_neighbours_are_those_of_the_vendors_openapi() -> None:
    queries = queries_of(operations())
    sorts = {
        "getAutomationConnectors": ("id", "name"),
        "getAutomations": (
            *("id", "name", "runMode", "state", "createdAt", "updatedAt", "lastRunAt", "lastRunStatus"),
            "maxConcurrentRuns",
        ),
    }
    for name, fields in sorts.items():
        listed = queries[name]
        wanted = {"cursor": "string", "filter": "string", "limit": "integer", "sort": "string"}
        if name == "getAutomations":
            wanted["listAll"] = "boolean"
        assert {each: parameter["schema"]["type"] for each, parameter in listed.items()} == wanted
        assert listed["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "x-default": 100}
        assert listed["sort"]["schema"]["enum"] == [sign + field for sign in ("", "+", "-") for field in fields]
        for parameter in listed.values():
            assert parameter["in"] == "query"
            assert not parameter.get("required", False)
            assert "default" not in parameter["schema"]


def test_the_query_parameters_are_those_of_the_page() -> None:
    queries = {name: query for name, query in queries_of(operations()).items() if name in PAGE}
    listed = queries.pop("getAutomationConnections")
    assert {name: parameter["schema"]["type"] for name, parameter in listed.items()} == {
        "cursor": "string",
        "filter": "string",
        "limit": "integer",
        "listAll": "boolean",
        "sort": "string",
    }
    assert (listed["limit"]["schema"]["minimum"], listed["limit"]["schema"]["maximum"]) == (1, 200)
    fields = ("id", "name", "createdAt", "updatedAt")
    assert listed["sort"]["schema"]["enum"] == [sign + field for sign in ("", "+", "-") for field in fields]
    deletion = queries.pop("deleteAutomationConnection")
    assert {name: parameter["schema"] for name, parameter in deletion.items()} == {
        "forced": {"type": "boolean", "x-default": False}
    }
    for parameter in (*listed.values(), *deletion.values()):
        assert parameter["in"] == "query"
        assert not parameter.get("required", False)
        # A default would be sent by the generated client each time.
        assert "default" not in parameter["schema"]
    assert not any(queries.values())


def test_what_the_service_assumes_is_stated_and_not_sent() -> None:
    defaults = {
        name: {key: each["schema"]["x-default"] for key, each in query.items() if "x-default" in each["schema"]}
        for name, query in queries_of(operations()).items()
    }
    assert {name: found for name, found in defaults.items() if found} == {
        "getAutomationConnections": {"limit": 100, "listAll": False, "sort": "id"},
        "deleteAutomationConnection": {"forced": False},
        "getAutomationConnectors": {"limit": 100, "sort": "id"},
        "getAutomations": {"limit": 100, "listAll": True, "sort": "id"},
        "getUsers": {"limit": 20, "sort": "+name"},
        "getSpaces": {"limit": 10},
    }


def test_the_schemas_are_those_of_the_page() -> None:
    # At least these: the page may have grown since, and the spec with it.
    for name, fields in TABLES.items():
        assert fields.items() <= {field: kind(part) for field, part in SCHEMAS[name]["properties"].items()}.items()


def test_what_is_required_is_what_the_vendor_requires() -> None:
    assert {name: schema["required"] for name, schema in SCHEMAS.items() if "required" in schema} == {
        "AutomationConnectionCreationObject": ["connectorId"],
        "AutomationDetailRequestObject": ["name"],
        "AutomationChangeOwnerObject": ["userId"],
        "AutomationChangeSpaceObject": ["spaceId"],
        "Error": ["code", "title"],
    }


def test_the_filterable_fields() -> None:
    marked = {
        (name, field)
        for name, schema in SCHEMAS.items()
        for field, part in schema["properties"].items()
        if part.get("x-qlik-filterable")
    }
    wanted = {
        "AutomationConnectionsListObject": ("name", "ownerId", "spaceId", "connectorId"),
        "AutomationConnectorsListObject": ("name",),
        "AutomationListObject": ("name", "runMode", "lastRunStatus", "ownerId", "spaceId"),
        "User": ("id", "name", "email", "subject", "status"),
    }
    assert marked == {(name, field) for name, fields in wanted.items() for field in fields}


def test_secrets_are_marked() -> None:
    marked = {
        (name, field)
        for name, schema in SCHEMAS.items()
        for field, part in schema["properties"].items()
        if part.get("format") == "password"
    }
    assert marked == {
        ("AutomationConnectionParamObject", "value"),
        ("AutomationConnectionParamCreateObject", "value"),
        ("AutomationConnectionParamPutObject", "value"),
        ("AutomationListObject", "executionToken"),
        ("AutomationDetailResponseObject", "executionToken"),
    }


def closed() -> dict[str, Any]:
    """The spec with schemas that allow no other fields than they name, so that a typing error in an example is seen."""
    document = copy.deepcopy(SPEC)
    for schema in document["components"]["schemas"].values():
        schema["additionalProperties"] = False
    return document


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_timestamp(text: object) -> bool:
    return not isinstance(text, str) or datetime.datetime.fromisoformat(text).tzinfo is not None


def examples() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    def walk(where: str, part: Any) -> Iterator[tuple[str, Any, dict[str, Any]]]:
        if isinstance(part, list):
            for number, element in enumerate(part):
                yield from walk(f"{where}/{number}", element)
        elif isinstance(part, dict):
            if "example" in part and "properties" not in part.get("properties", {}):
                yield where, part["example"], part.get("schema", part)
            for key, inner in part.items():
                if key != "example":
                    yield from walk(f"{where}/{key}", inner)

    yield from walk("", SPEC["paths"])
    for section, entries in SPEC["components"].items():
        for name, entry in entries.items():
            for where, example, schema in walk("", entry):
                whole = section == "schemas" and not where
                yield f"{name}{where}", example, {"$ref": f"#/components/schemas/{name}"} if whole else schema


@pytest.mark.parametrize(("example", "schema"), [pytest.param(e, s, id=where) for where, e, s in examples()])
def test_an_example_obeys_its_schema(example: Any, schema: dict[str, Any]) -> None:
    document = {**closed(), **schema}
    errors = Draft202012Validator(document, format_checker=FORMATS).iter_errors(example)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_there_are_examples_to_check() -> None:
    found = {where for where, _, _ in examples()}
    assert {"AutomationConnectionsList", "AutomationConnectionDetailObject", "ErrorResponse"} <= found
    assert len(found) >= 8


@pytest.mark.parametrize("name", [*PAGE, *WRITES, *NEIGHBOURS, ME])
def test_the_table_of_operations_agrees_with_the_spec(name: str) -> None:
    method, path, operation = operations()[name]
    row = OPERATIONS[name]
    assert (row.id, row.method, row.path, row.summary) == (name, method, path, operation["summary"])
    assert str(row.tier) == operation["x-qlik-tier"]["tier"]
    assert row.requests_per_minute == operation["x-qlik-tier"]["limit"]
    replaced = operation["x-qlik-replaces"]
    if replaced:
        assert f"{method}:{row.v1_path.removeprefix('/api')}" == replaced[0]["uniqueIdentifier"]
        assert row.v1_path.startswith("/api/v1/")
    else:
        assert row.v1_path == path
    assert row.noun == NOUNS[name]
    assert str(row.success) in operation["responses"]
    assert row.result == content_schema(operation["responses"][str(row.success)])
    assert row.bounds == (
        {"limit": (1, 200)} if name in LISTS else {"limit": (1, 100)} if name in LISTS_BY_NAME else {}
    )
    assert row.cursor == ("cursor" if name in LISTS else "next" if name in LISTS_BY_NAME else "")


def test_the_table_has_no_other_operation() -> None:
    assert OPERATIONS.keys() == PAGE.keys() | WRITES.keys() | NEIGHBOURS.keys() | {ME}


def test_only_a_creation_must_not_be_repeated() -> None:
    assert [name for name, row in OPERATIONS.items() if not row.repeatable] == [
        "createAutomationConnection",
        "createAutomation",
    ]


def test_the_page_that_is_linked_and_watched_is_that_of_the_base_path() -> None:
    page = f"https://qlik.dev/apis/rest{BASE.removeprefix('/api')}"
    assert SPEC["externalDocs"]["url"] == SPEC["info"]["contact"]["url"] == page
    root = Path(__file__).resolve().parents[2]
    texts = {
        file: file.read_text(encoding="utf-8")
        for folder in ("docs", "overlays", "spec", ".github")
        for file in (root / folder).rglob("*")
        if file.suffix in (".md", ".py", ".yaml", ".yml")
    }
    texts[root / "README.md"] = (root / "README.md").read_text(encoding="utf-8")
    linked = {
        (file.name, found)
        for file, text in texts.items()
        for found in re.findall(r"https://qlik\.dev/apis/[\w/-]+", text)
    }
    assert {found for _, found in linked} == {page}
    assert {"README.md", "upstream.yml", "maintaining.md"} <= {name for name, _ in linked}


def test_the_openapi_that_is_watched_is_that_of_each_base_path() -> None:
    root = Path(__file__).resolve().parents[2]
    watched = (root / ".github" / "workflows" / "upstream.yml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"for api in ([\w/ -]+);", watched)
    assert "https://qlik.dev/specs/rest/$api.json" in watched
    bases = {"/".join(path.split("/")[:4]) for path in SPEC["paths"]}
    # The vendor's files of v1 leave its name out.
    assert {f"/api/{api}" if "/" in api else f"/api/v1/{api}" for api in listed.split()} == bases


def test_the_end_of_v1() -> None:
    assert SPEC["info"]["x-v1-ends"] == V1_ENDS == "2027-11-30"


def test_the_release_of_the_spec_is_documented() -> None:
    assert SPEC["info"]["x-api-release"] == API_RELEASE
    page = (Path(__file__).resolve().parents[2] / "docs" / "compatibility.md").read_text(encoding="utf-8")
    assert f"| {API_RELEASE}, which is sent" in page


def test_the_table_of_fields_agrees_with_the_spec() -> None:
    assert sorted(FIELDS) == LENIENT
    for name, columns in FIELDS.items():
        assert list(columns) == list(SCHEMAS[name]["properties"])
        assert TABLES[name].items() <= {field: column.kind for field, column in columns.items()}.items()
        for field, column in columns.items():
            part = SCHEMAS[name]["properties"][field]
            assert column.schema == (schema_name(part) or schema_name(part.get("items", {})))
            assert column.filterable == bool(part.get("x-qlik-filterable"))
            assert column.element == (None if column.schema else part.get("items", {}).get("type"))
