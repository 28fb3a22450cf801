"""Schemathesis, a reading of the spec that is not ours, finds nothing in the sandbox that contradicts the spec.

The spec runs twice. As it stands, it says what must be refused: all of Schemathesis' checks, but that whatever the
schemas allow is taken, for the spec can't say which spaces, users and params a tenant has. Narrowed to what the
sandbox's tenant has, it says what must be taken; that the rest is refused isn't asked, for the narrowing is ours.
"""

from __future__ import annotations

import copy
import importlib.resources
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.operations import OPERATIONS

pytestmark = pytest.mark.exhaustive

Spec = dict[str, Any]
Case = schemathesis.Case[Any]

TEXT = importlib.resources.files("qlik_automation_connections_api").joinpath("openapi.json").read_text("utf-8")
FILTERS = {
    "/api/workflows/automation-connections": ['name eq "x"', 'ownerId ne "a" or not (spaceId pr)'],
    "/api/workflows/automation-connectors": ['name eq "x"', 'name co "a"'],
    "/api/workflows/automations": ['name eq "x"', 'ownerId ne "a" or not (spaceId pr)'],
    "/api/v1/users": ['id eq "x" or id eq "y"', 'name co "a" or email co "a"'],
    "/api/v1/spaces": [],
}
SIZE = 60
# Any two sandboxes of one size have the same ids, so the cases can be made up before one runs.
TENANT = Sandbox(SIZE, quirks=False)
# The same cases every run, and no record of failures that a later run would begin with.
few_cases = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def with_real_ids() -> Spec:
    """The spec with what the tenant has in the paths: what asks for others is only ever a 404."""
    spec: Spec = json.loads(TEXT)
    known = {
        # One in use is not deleted unless forced, which is a rule of the service and none of its schemas.
        "ConnectionId": [item["id"] for item in TENANT.snapshot() if item["id"] not in TENANT.in_use],
        "ConnectorId": [connector.id for connector in TENANT.connectors],
        "AutomationId": [automation.id for automation in TENANT.automations],
        "UserId": [user.id for user in TENANT.users],
        "SpaceId": [space.id for space in TENANT.spaces],
    }
    for name, ids in known.items():
        identifier = spec["components"]["parameters"][name]
        identifier.pop("example", None)
        identifier["schema"]["enum"] = ids
    return spec


def narrowed() -> Spec:
    """The spec as this tenant fills it: its connectors, spaces and users, names that aren't blank, no unknown field."""
    spec = copy.deepcopy(with_real_ids())
    schemas = spec["components"]["schemas"]
    for schema in schemas.values():
        schema.pop("example", None)
        if schema.get("x-reading") != "lenient":
            schema["additionalProperties"] = False
    spaces, users = ["", *(space.id for space in TENANT.spaces)], [user.id for user in TENANT.users]
    word = {"type": "string", "pattern": "^[A-Za-z]+$"}
    creation = schemas["AutomationConnectionCreationObject"]["properties"]
    creation["connectorId"]["enum"] = [connector.id for connector in TENANT.connectors]
    creation["spaceId"]["enum"] = spaces
    creation["name"] = word
    creation["params"]["maxItems"] = 1
    schemas["AutomationConnectionParamCreateObject"].update(required=["name"])
    schemas["AutomationConnectionParamCreateObject"]["properties"]["name"] = word
    change = schemas["AutomationConnectionPutRequestObject"]["properties"]
    change["name"] = word
    change["params"]["maxItems"] = 0
    for name in ("AutomationDetailRequestObject", "AutomationDetailUpdateRequestObject"):
        schemas[name]["properties"]["name"] = word
    schemas["AutomationDetailRequestObject"]["properties"]["spaceId"]["enum"] = spaces
    for name, field, values in (("ChangeOwner", "userId", users), ("ChangeSpace", "spaceId", spaces)):
        for noun in ("AutomationConnection", "Automation"):
            schema = schemas[f"{noun}{name}Object"]
            schema["required"] = [field]
            schema["properties"][field]["enum"] = values
    spec["paths"]["/api/workflows/automations/{id}/actions/change-space"]["post"]["requestBody"]["required"] = True
    for path, filters in FILTERS.items():
        shared = spec["components"]["parameters"]
        parameters = [
            copy.deepcopy(shared[parameter["$ref"].rpartition("/")[2]]) if "$ref" in parameter else parameter
            for parameter in spec["paths"][path]["get"]["parameters"]
        ]
        query = {parameter["name"]: parameter for parameter in parameters}
        for cursor in ("cursor", "next", "prev"):
            query.pop(cursor, None)
        if filters:
            query["filter"].pop("example", None)
            query["filter"]["schema"]["enum"] = filters
        spec["paths"][path]["get"]["parameters"] = list(query.values())
    return spec


SPEC_AS_IT_STANDS = schemathesis.openapi.from_dict(with_real_ids())
SPEC_OF_THIS_TENANT = schemathesis.openapi.from_dict(narrowed())
load_all_checks()
SUCCESS = {name: operation.success for name, operation in OPERATIONS.items()}
TAKES_WHAT_IS_VALID = CHECKS.get_by_names(["positive_data_acceptance"])
REFUSES_WHAT_IS_INVALID = CHECKS.get_by_names(["negative_data_rejection"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One of its own for each operation: what one deletes, another can't change."""
    with Sandbox(SIZE, quirks=False) as running:
        yield running


@pytest.fixture
def met(sandbox: Sandbox) -> Iterator[set[int]]:
    """The statuses that the cases of one operation must meet at least once: too few cases would show nothing."""
    wanted: set[int] = set()
    yield wanted
    statuses = {entry.status for entry in sandbox.ledger}
    assert wanted <= statuses, statuses


def send(case: Case, sandbox: Sandbox, excluded: list[Any]) -> None:
    case.call_and_validate(
        base_url=sandbox.url, headers={"Authorization": f"Bearer {sandbox.api_key}"}, excluded_checks=excluded
    )


@SPEC_AS_IT_STANDS.parametrize()
@few_cases
def test_what_the_spec_forbids_is_refused(case: Case, sandbox: Sandbox, met: set[int]) -> None:
    operation = case.operation.definition.raw
    met.add(401)
    if "parameters" in operation or "requestBody" in operation:
        met.add(400)
    elif "{id}" in case.operation.path:
        met.add(404)
    send(case, sandbox, TAKES_WHAT_IS_VALID)


@SPEC_OF_THIS_TENANT.parametrize()
@few_cases
def test_what_the_spec_allows_is_taken(case: Case, sandbox: Sandbox, met: set[int]) -> None:
    met |= {401, SUCCESS[case.operation.definition.raw["operationId"]]}
    send(case, sandbox, REFUSES_WHAT_IS_INVALID)


def test_all_operations_are_among_the_cases() -> None:
    for schema in (SPEC_AS_IT_STANDS, SPEC_OF_THIS_TENANT):
        assert schema.statistic.operations.selected == len(OPERATIONS)
