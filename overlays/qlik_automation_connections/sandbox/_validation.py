"""Validate requests against the spec: query parameters and JSON bodies. Errors name the field, never its value."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from ._responses import JSON_TYPE, HTTPError
from ._spec import Operation, Spec

MAX_BODY_BYTES = 1_048_576
_INTEGER = re.compile(r"-?[0-9]{1,1000}")
_BOOLEANS = {"true": True, "false": False}


class RequestValidator:
    """Validates requests against a spec.

    Args:
        spec: The spec.
    """

    def __init__(self, spec: Spec) -> None:
        document = {**spec.document, "components": dict(spec.document["components"])}
        # The spec is silent on unknown request fields. Refusing them reveals typos.
        document["components"]["schemas"] = {
            name: schema if schema.get("x-reading") == "lenient" else {**schema, "additionalProperties": False}
            for name, schema in document["components"]["schemas"].items()
        }
        self._registry: Registry[Any] = Registry().with_resource("urn:spec", DRAFT202012.create_resource(document))
        self._validator = cache(self._new_validator)

    def query(self, operation: Operation, query_string: bytes) -> dict[str, Any]:
        """Parse and validate the query parameters of a request.

        Args:
            operation: The operation requested.
            query_string: The query without its question mark.

        Returns:
            The parameters that were sent, converted to their declared types.

        Raises:
            HTTPError: With status 400.
        """
        try:
            pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
        except ValueError:
            raise HTTPError(400, "The query is not percent-encoded UTF-8.") from None
        arguments: dict[str, Any] = {}
        for name, text in pairs:
            if name not in operation.query:
                raise HTTPError(400, f"The query parameter {name[:50]!r} is unknown.")
            if name in arguments:
                raise HTTPError(400, f"The query parameter {name!r} occurs more than once.")
            schema = operation.query[name]
            arguments[name] = _typed(text, schema)
            for error in Draft202012Validator(schema).iter_errors(arguments[name]):
                raise HTTPError(400, f"The query parameter {name!r} {_complaint(error)}.")
        return arguments

    def body(self, operation: Operation, content_type: str, body: bytes) -> dict[str, Any]:
        """Parse and validate the JSON body of a request.

        Args:
            operation: The operation requested. It must take a body.
            content_type: Content type of the request.
            body: The body.

        Returns:
            The JSON object.

        Raises:
            HTTPError: With status 400.
        """
        document = read_json_object(content_type, body)
        for error in self._validator(operation.body or "").iter_errors(document):
            raise HTTPError(400, f"The field {error.json_path.removeprefix('$.')!r} {_complaint(error)}.")
        return document

    def _new_validator(self, schema: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": f"urn:spec#/components/schemas/{schema}"}, registry=self._registry)


def read_json_object(content_type: str, body: bytes) -> dict[str, Any]:
    """Parse a body as a JSON object.

    Raises:
        HTTPError: With status 400.
    """
    if media_type(content_type) != JSON_TYPE:
        raise HTTPError(400, f"The content type must be {JSON_TYPE}.")
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_as_dict, parse_constant=_refuse)
        # JSON can escape a lone surrogate, but a response can't contain one.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise HTTPError(400, "The body is not valid JSON.") from None
    if not isinstance(document, dict):
        raise HTTPError(400, "The body must be a JSON object.")
    return document


def media_type(content_type: str) -> str:
    """Return the media type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    if schema.get("type") == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if schema.get("type") == "boolean":
        return _BOOLEANS.get(text, text)
    return text


def _as_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("duplicate key")
    return document


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _complaint(error: ValidationError) -> str:
    # jsonschema's own messages quote the value, which may be a secret.
    expected: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "type":
            complaint = f"must be of type {expected}"
        case "required":
            complaint = f"lacks {', '.join(name for name in expected if name not in instance)}"
        case "additionalProperties":
            unknown = sorted(set(instance) - set(schema.get("properties", {})))
            complaint = f"has unknown fields: {', '.join(name[:50] for name in unknown)}"
        case "enum":
            complaint = f"must be one of {', '.join(expected)}"
        case "minimum":
            complaint = f"must be at least {expected}"
        case "maximum":
            complaint = f"must be at most {expected}"
        case keyword:
            complaint = f"does not meet {keyword}"
    return complaint
