"""Holds requests against the spec: query parameters and JSON bodies. Refusals name the field, never its value."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from ._answers import JSON_TYPE, Refusal
from ._contract import Contract, Operation

MAX_BODY_BYTES = 1_048_576
_INTEGER = re.compile(r"-?[0-9]{1,1000}")
_BOOLEANS = {"true": True, "false": False}


class RequestValidator:
    """Checks requests against a spec.

    Args:
        contract: The spec.
    """

    def __init__(self, contract: Contract) -> None:
        document = {**contract.document, "components": dict(contract.document["components"])}
        # The spec is silent on unknown fields of a request; here they are refused, so that a misspelling shows.
        document["components"]["schemas"] = {
            name: schema if schema.get("x-reading") == "lenient" else {**schema, "additionalProperties": False}
            for name, schema in document["components"]["schemas"].items()
        }
        self._registry: Registry[Any] = Registry().with_resource("urn:spec", DRAFT202012.create_resource(document))
        self._validators: dict[str, Draft202012Validator] = {}

    def query(self, operation: Operation, query_string: bytes) -> dict[str, Any]:
        """Read and check the query parameters of a request.

        Args:
            operation: The operation that is asked for.
            query_string: What stands behind the question mark.

        Returns:
            The parameters that were sent, as the types that the spec declares.

        Raises:
            Refusal: With status 400.
        """
        try:
            pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
        except ValueError:
            raise Refusal(400, "The query is not percent-encoded UTF-8.") from None
        arguments: dict[str, Any] = {}
        for name, text in pairs:
            if name not in operation.query:
                raise Refusal(400, f"The query parameter {name[:50]!r} is not known.")
            if name in arguments:
                raise Refusal(400, f"The query parameter {name!r} is given more than once.")
            schema = operation.query[name]
            arguments[name] = _typed(text, schema)
            for error in Draft202012Validator(schema).iter_errors(arguments[name]):
                raise Refusal(400, f"The query parameter {name!r} {_complaint(error)}.")
        return arguments

    def body(self, operation: Operation, content_type: str, body: bytes) -> dict[str, Any]:
        """Read and check the JSON body of a request.

        Args:
            operation: The operation that is asked for; one that takes a body.
            content_type: The request's content type.
            body: The body's bytes.

        Returns:
            The JSON object.

        Raises:
            Refusal: With status 400.
        """
        document = read_json_object(content_type, body)
        reference = operation.body or ""
        validator = self._validators.get(reference)
        if validator is None:
            validator = Draft202012Validator({"$ref": "urn:spec" + reference}, registry=self._registry)
            self._validators[reference] = validator
        for error in validator.iter_errors(document):
            raise Refusal(400, f"The field {error.json_path.removeprefix('$.')!r} {_complaint(error)}.")
        return document


def read_json_object(content_type: str, body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Args:
        content_type: The request's content type; anything but JSON is refused.
        body: The body's bytes.

    Returns:
        The object.

    Raises:
        Refusal: With status 400.
    """
    if media_type(content_type) != JSON_TYPE:
        raise Refusal(400, f"The content type must be {JSON_TYPE}.")
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
        # Half a surrogate pair can be escaped in JSON and written in no answer.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "The body is not valid JSON.") from None
    if not isinstance(document, dict):
        raise Refusal(400, "The body must be a JSON object.")
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


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands twice")
    return document


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _complaint(error: ValidationError) -> str:
    # The library's own messages quote the value, which may be a secret.
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
