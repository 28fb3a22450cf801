"""The spec that the sandbox serves: operations, both generations of paths, schemas and rate tiers."""

import importlib.resources
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

SPEC_PACKAGE = "qlik_automation_connections_api"
SIGN_IN_OPERATION = "oauthToken"

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SIGN_IN_TIER = 2


@attrs.frozen
class Operation:
    """One operation of the service.

    Attributes:
        id: operationId.
        method: HTTP method, upper case.
        path: Path template of the current generation.
        noun: Kind of item that the operation acts on, such as "connection".
        tier: Rate tier.
        requests_per_minute: Requests that the tier allows per minute.
        status: Status of a successful response.
        response: Schema of a successful response, None if it has no body.
        body: Schema of the request body, None if the operation takes none.
        query: Definition of each query parameter.
        older_path: Path template of the generation that `path` replaces, None if absent.
    """

    id: str
    method: str
    path: str
    noun: str
    tier: int
    requests_per_minute: int
    status: int = 200
    response: str | None = None
    body: str | None = None
    query: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    older_path: str | None = None


@attrs.frozen
class Field:
    """One declared field.

    Attributes:
        name: Name in JSON.
        attribute: Name in Python.
        filterable: Whether list filters may use it.
        items: Schema of the elements, or None if it isn't a list of objects.
    """

    name: str
    attribute: str
    filterable: bool
    items: str | None


@attrs.frozen
class Spec:
    """The whole spec.

    Attributes:
        document: The spec as JSON.
        operations: Operations by operationId, including the token endpoint.
    """

    document: Mapping[str, Any]
    operations: Mapping[str, Operation]

    def fields(self, schema: str) -> tuple[Field, ...]:
        """Return the fields of a schema."""
        return tuple(
            Field(
                name,
                attribute_name(name),
                declared.get("x-qlik-filterable", False),
                _referenced(declared.get("items", {})),
            )
            for name, declared in self.document["components"]["schemas"][schema]["properties"].items()
        )

    def item_schema(self, schema: str) -> str | None:
        """Return the schema of a list's items, or None if `schema` isn't a list's."""
        return next((field.items for field in self.fields(schema) if field.name == "data"), None)


@cache
def attribute_name(field: str) -> str:
    """Return the Python name of a JSON field: `owner_id` for `ownerId`."""
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", field)


@cache
def load() -> Spec:
    """Read the spec from the generated package."""
    document = json.loads(importlib.resources.files(SPEC_PACKAGE).joinpath("openapi.json").read_text("utf-8"))
    operations = {
        entry["operationId"]: _operation(document, path, method, entry)
        for path, item in document["paths"].items()
        for method, entry in item.items()
        if method in _METHODS
    }
    # The service documents its token endpoint elsewhere.
    limit = next(other.requests_per_minute for other in operations.values() if other.tier == _SIGN_IN_TIER)
    operations[SIGN_IN_OPERATION] = Operation(
        SIGN_IN_OPERATION, "POST", "/oauth/token", "token", _SIGN_IN_TIER, requests_per_minute=limit
    )
    return Spec(document, operations)


def _operation(document: Mapping[str, Any], path: str, method: str, entry: Mapping[str, Any]) -> Operation:
    replaced = entry.get("x-qlik-replaces")
    tier = entry["x-qlik-tier"]
    shared = document["components"]["parameters"]
    parameters = [shared.get(_referenced(parameter), parameter) for parameter in entry.get("parameters", [])]
    status = next(status for status in entry["responses"] if status.startswith(("2", "3")))
    return Operation(
        id=entry["operationId"],
        method=method.upper(),
        path=path,
        noun=next(tag["x-noun"] for tag in document["tags"] if tag["name"] in entry["tags"]),
        tier=int(tier["tier"]),
        requests_per_minute=int(tier["limit"]),
        status=int(status),
        response=_schema(entry["responses"][status]),
        body=_schema(entry.get("requestBody", {})),
        query={parameter["name"]: parameter["schema"] for parameter in parameters if parameter["in"] == "query"},
        # The vendor writes operations as METHOD:/path, without the leading /api.
        older_path="/api" + replaced[0]["uniqueIdentifier"].partition(":")[2] if replaced else None,
    )


def _schema(message: Mapping[str, Any]) -> str | None:
    content = message.get("content")
    return _referenced(content["application/json"]["schema"]) if content else None


def _referenced(node: Mapping[str, Any]) -> str | None:
    return node["$ref"].rpartition("/")[2] if "$ref" in node else None
