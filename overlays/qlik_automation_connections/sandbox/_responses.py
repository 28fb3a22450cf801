"""Responses, and errors in the documented form."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import attrs

JSON_TYPE = "application/json"


@attrs.frozen
class Response:
    """A response, ready to be sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of_json(cls, status: int, document: Any, headers: Mapping[str, str] | None = None) -> "Response":
        """Write a JSON document as a response."""
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, {"content-type": JSON_TYPE, **(headers or {})})


class HTTPError(Exception):
    """A refused request.

    Args:
        status: HTTP status, 400 to 599.
        detail: What is wrong. Must not repeat a param's value.
        headers: Additional headers of the response.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def error_document(status: int, detail: str, trace_id: str) -> dict[str, Any]:
    """Return the body of an error, in the documented form.

    Args:
        status: HTTP status of the response.
        detail: What is wrong, in full.
        trace_id: Identifier of the request, 32 hexadecimal digits.
    """
    # HTTP-429 is published with the limits. The other codes are not; these follow the spec's example.
    code = "HTTP-429" if status == 429 else f"AC-{status}"
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    return {"errors": [{"code": code, "title": title, "detail": detail}], "traceId": trace_id}
