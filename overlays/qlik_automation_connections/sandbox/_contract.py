"""What the spec says, read from the spec: operations, paths of both generations, parameters, bodies, tiers."""

import importlib.resources
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

SPEC_PACKAGE = "qlik_automation_connections_api"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@attrs.frozen
class Operation:
    """One operation of the service.

    Attributes:
        id: operationId.
        method: HTTP method, upper case.
        path: Path template of the present generation.
        older_path: Path template of the generation that it replaces, None if there is none.
        noun: What a thing that it is about is called.
        tier: Rate tier.
        requests_per_minute: What the tier allows in one minute.
        query: Schema of each query parameter.
        body: Reference of the request body's schema inside the spec, None if the operation takes no body.
        statuses: Statuses that the spec documents.
    """

    id: str
    method: str
    path: str
    older_path: str | None
    noun: str
    tier: int
    requests_per_minute: int
    query: Mapping[str, Mapping[str, Any]]
    body: str | None
    statuses: frozenset[int]


@attrs.frozen
class Contract:
    """The whole spec.

    Attributes:
        document: The spec as it stands.
        operations: The operations by operationId.
    """

    document: Mapping[str, Any]
    operations: Mapping[str, Operation]

    def filterable_fields(self, schema: str) -> tuple[str, ...]:
        """Return the names of the fields that may stand in the filter of a list, given the schema of its items."""
        properties = self.document["components"]["schemas"][schema]["properties"]
        return tuple(name for name, schema in properties.items() if schema.get("x-qlik-filterable"))

    def requests_per_minute(self, tier: int) -> int:
        """Return what a tier allows in one minute."""
        return next(operation.requests_per_minute for operation in self.operations.values() if operation.tier == tier)


@cache
def load() -> Contract:
    """Read the spec that the generated package carries."""
    text = importlib.resources.files(SPEC_PACKAGE).joinpath("openapi.json").read_text("utf-8")
    document = json.loads(text)
    operations = {
        entry["operationId"]: _operation(document, path, method, entry)
        for path, item in document["paths"].items()
        for method, entry in item.items()
        if method in METHODS
    }
    return Contract(document, operations)


def _operation(document: Mapping[str, Any], path: str, method: str, entry: Mapping[str, Any]) -> Operation:
    replaced = entry.get("x-qlik-replaces") or []
    tier = entry["x-qlik-tier"]
    parameters = [_resolved(document, parameter) for parameter in entry.get("parameters", [])]
    body = entry.get("requestBody")
    return Operation(
        id=entry["operationId"],
        method=method.upper(),
        path=path,
        # The vendor names an operation as METHOD:/path, the path without its leading /api.
        older_path="/api" + replaced[0]["uniqueIdentifier"].partition(":")[2] if replaced else None,
        noun=next(tag["x-noun"] for tag in document["tags"] if tag["name"] in entry["tags"]),
        tier=int(tier["tier"]),
        requests_per_minute=int(tier["limit"]),
        query={parameter["name"]: parameter["schema"] for parameter in parameters if parameter["in"] == "query"},
        body=body["content"]["application/json"]["schema"]["$ref"] if body else None,
        statuses=frozenset(int(status) for status in entry["responses"]),
    )


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return dict(target)
