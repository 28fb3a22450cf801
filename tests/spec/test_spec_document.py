"""The spec: valid, with examples that obey it, and with the facts of the reference page."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from looping import for_each
from qlik_automation_connections_api.fields import FIELDS
from qlik_automation_connections_api.operations import API_RELEASE, OPERATIONS, V1_ENDS
from spec.documents import LENIENT, SCHEMAS, SPEC, kind, schema_name

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")

READ_ERRORS = {"401", "403", "500"}
LIST_ERRORS = {"400", *READ_ERRORS, "503"}
ERRORS = {*LIST_ERRORS, "404"}
WORKFLOWS = "/api/workflows"
ACTION = "automation-connections/{id}/actions"

# As the reference page and the vendor's OpenAPI have them: method, path, success, errors, body, result.
PAGE: dict[str, tuple[str, str, str, set[str], str | None, str | None]] = {
    "getAutomationConnections": (
        *("GET", "automation-connections", "200", LIST_ERRORS),
        *(None, "AutomationConnectionsList"),
    ),
    "createAutomationConnection": (
        *("POST", "automation-connections", "201", LIST_ERRORS),
        *("AutomationConnectionCreationObject", "AutomationConnectionDetailObject"),
    ),
    "getAutomationConnection": (
        *("GET", "automation-connections/{id}", "200", ERRORS),
        *(None, "AutomationConnectionDetailObject"),
    ),
    "updateAutomationConnection": (
        *("PUT", "automation-connections/{id}", "200", {*ERRORS, "409"}),
        *("AutomationConnectionPutRequestObject", "AutomationConnectionDetailObject"),
    ),
    "deleteAutomationConnection": ("DELETE", "automation-connections/{id}", "204", ERRORS, None, None),
    "automationConnectionChangeOwner": (
        *("POST", f"{ACTION}/change-owner", "204", ERRORS),
        *("AutomationConnectionChangeOwnerObject", None),
    ),
    "automationConnectionChangeSpace": (
        *("POST", f"{ACTION}/change-space", "204", ERRORS),
        *("AutomationConnectionChangeSpaceObject", None),
    ),
    "checkAutomationConnection": ("POST", f"{ACTION}/check", "200", ERRORS, None, "AutomationConnectionCheckObject"),
    "createAutomation": (
        *("POST", "automations", "201", LIST_ERRORS),
        *("AutomationDetailRequestObject", "AutomationDetailResponseObject"),
    ),
    "updateAutomation": (
        *("PUT", "automations/{id}", "200", {*ERRORS, "409"}),
        *("AutomationDetailUpdateRequestObject", "AutomationDetailResponseObject"),
    ),
    "deleteAutomation": ("DELETE", "automations/{id}", "204", ERRORS - {"400"}, None, None),
    "automationChangeOwner": (
        *("POST", "automations/{id}/actions/change-owner", "204", ERRORS),
        *("AutomationChangeOwnerObject", None),
    ),
    "automationChangeSpace": (
        *("POST", "automations/{id}/actions/change-space", "204", ERRORS),
        *("AutomationChangeSpaceObject", None),
    ),
    "enableAutomation": ("POST", "automations/{id}/actions/enable", "204", ERRORS, None, None),
    "disableAutomation": ("POST", "automations/{id}/actions/disable", "204", ERRORS, None, None),
    "getAutomationConnectors": (
        *("GET", "automation-connectors", "200", LIST_ERRORS),
        *(None, "AutomationConnectorsList"),
    ),
    "getAutomationConnector": (
        *("GET", "automation-connectors/{id}", "200", ERRORS),
        *(None, "AutomationConnectorDetail"),
    ),
    "getAutomations": ("GET", "automations", "200", LIST_ERRORS, None, "AutomationList"),
    "getAutomation": ("GET", "automations/{id}", "200", ERRORS, None, "AutomationDetailResponseObject"),
    "getUsers": ("GET", "/api/v1/users", "200", {"400", *READ_ERRORS}, None, "Users"),
    "getUserById": ("GET", "/api/v1/users/{id}", "200", {"404", *READ_ERRORS}, None, "User"),
    "getSpaces": ("GET", "/api/v1/spaces", "200", {"400", *READ_ERRORS}, None, "Spaces"),
    "getSpaceById": ("GET", "/api/v1/spaces/{id}", "200", {"404", *READ_ERRORS}, None, "Space"),
}
WITHOUT_V1 = "getAutomationConnector"
ME = "getMe"
LISTS = ("getAutomationConnections", "getAutomationConnectors", "getAutomations")
LISTS_BY_NAME = ("getUsers", "getSpaces")
NOUNS = {"automation-connections": "connection", "automation-connectors": "connector", "automations": "automation"}
NOUNS |= {"users": "user", "spaces": "space"}

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
    assert found.keys() == OPERATIONS.keys() == PAGE.keys() | {ME}
    assert len(found) == sum(method in item for item in SPEC["paths"].values() for method in METHODS)


@for_each("name", PAGE)
def test_an_operation_is_as_documented(name: str) -> None:
    method, ending, success, errors, body, result = PAGE[name]
    found_method, path, operation = operations()[name]
    assert (found_method, path) == (method, ending if ending.startswith("/") else f"{WORKFLOWS}/{ending}")
    tier, limit = ("1", 1000) if method == "GET" else ("2", 100)
    assert operation["x-qlik-tier"] == {"tier": tier, "limit": limit}
    older = not ending.startswith("/") and name != WITHOUT_V1
    replaced = [{"namespace": "", "uniqueIdentifier": f"{method}:/v1/{ending}"}] if older else []
    assert operation["x-qlik-replaces"] == replaced
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


def test_the_callers_own_user_is_where_a_redirect_leads() -> None:
    method, path, operation = operations()[ME]
    assert (method, path) == ("GET", "/api/v1/users/me")
    assert operation["x-qlik-tier"] == {"tier": "1", "limit": 1000}
    assert operation["responses"].keys() == {"301", "401", "403"}
    assert "Location" in operation["responses"]["301"]["headers"]


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


QUERIES = {
    "getAutomationConnections": {"cursor", "filter", "limit", "listAll", "sort"},
    "deleteAutomationConnection": {"forced"},
    "getAutomationConnectors": {"cursor", "filter", "limit", "sort"},
    "getAutomations": {"cursor", "filter", "limit", "listAll", "sort"},
}
SORTS = {
    "getAutomationConnections": ("id", "name", "createdAt", "updatedAt"),
    "getAutomationConnectors": ("id", "name"),
    "getAutomations": (
        *("id", "name", "runMode", "state", "createdAt", "updatedAt", "lastRunAt", "lastRunStatus"),
        "maxConcurrentRuns",
    ),
    "getUsers": ("id", "name", "email", "subject", "status", "createdAt"),
    "getSpaces": ("name", "type", "createdAt"),
}


def test_the_query_parameters_are_those_of_the_page() -> None:
    queries = {name: query for name, query in queries_of(operations()).items() if query}
    assert queries.keys() == QUERIES.keys() | set(LISTS_BY_NAME)
    assert {name: queries[name].keys() for name in QUERIES} == QUERIES
    assert {"next", "prev", "limit", "sort", "fields", "filter"} <= queries["getUsers"].keys()
    assert {"next", "prev", "limit", "sort", "name", "ownerId", "type"} <= queries["getSpaces"].keys()
    types = {"limit": "integer", "listAll": "boolean", "forced": "boolean"}
    for name, query in queries.items():
        for parameter, found in query.items():
            assert found["in"] == "query"
            assert not found.get("required", False)
            if name in QUERIES:
                assert found["schema"]["type"] == types.get(parameter, "string")
                # A default would be sent by the generated client each time.
                assert "default" not in found["schema"]
    for name, fields in SORTS.items():
        limit = queries[name]["limit"]["schema"]
        assert (limit["minimum"], limit["maximum"]) == (1, 200 if name in LISTS else 100)
        assert queries[name]["sort"]["schema"]["enum"] == [sign + field for sign in ("", "+", "-") for field in fields]


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


def test_each_example_obeys_its_schema() -> None:
    document = closed()
    wrong = [
        f"{where} {error.json_path}: {error.message}"
        for where, example, schema in examples()
        for error in Draft202012Validator({**document, **schema}, format_checker=FORMATS).iter_errors(example)
    ]
    assert wrong == []


def test_there_are_examples_to_check() -> None:
    found = {where for where, _, _ in examples()}
    assert {"AutomationConnectionsList", "AutomationConnectionDetailObject", "ErrorResponse"} <= found
    assert len(found) >= 8


@for_each("name", [*PAGE, ME])
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
    assert row.noun == NOUNS[path.split("/")[3]]
    assert str(row.success) in operation["responses"]
    assert row.result == content_schema(operation["responses"][str(row.success)])
    assert row.bounds == (
        {"limit": (1, 200)} if name in LISTS else {"limit": (1, 100)} if name in LISTS_BY_NAME else {}
    )
    assert row.cursor == ("cursor" if name in LISTS else "next" if name in LISTS_BY_NAME else "")


def test_only_a_creation_must_not_be_repeated() -> None:
    assert [name for name, row in OPERATIONS.items() if not row.repeatable] == [
        "createAutomationConnection",
        "createAutomation",
    ]


def test_the_page_that_is_linked_and_watched_is_that_of_the_base_path() -> None:
    page = "https://qlik.dev/apis/rest/workflows/automation-connections"
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
