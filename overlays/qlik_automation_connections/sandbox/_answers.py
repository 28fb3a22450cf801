"""What goes back to the client: answers, and refusals in the documented error form."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import attrs

JSON_TYPE = "application/json"


@attrs.frozen
class Answer:
    """One answer, ready to be sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of_json(cls, status: int, document: Any, headers: Mapping[str, str] | None = None) -> "Answer":
        """Write a JSON document as an answer."""
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, {"content-type": JSON_TYPE, **(headers or {})})


class Refusal(Exception):
    """A request that is not served, with the status and the detail that the client is told.

    Args:
        status: HTTP status, 400 to 599.
        detail: What is wrong. Must not repeat a param's value.
        headers: Further headers of the answer.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def error_document(status: int, detail: str, trace_id: str) -> dict[str, Any]:
    """Return the body of an error in the form that the service documents.

    Args:
        status: HTTP status of the answer.
        detail: What is wrong, in full.
        trace_id: 32 hexadecimal digits that name the request.
    """
    # The published limits name HTTP-429; the other codes are not published, and these are the spec's own example.
    code = "HTTP-429" if status == 429 else f"AC-{status}"
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    return {"errors": [{"code": code, "title": title, "detail": detail}], "traceId": trace_id}


def error_answer(status: int, detail: str, trace_id: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an error in the form that the service documents.

    Args:
        status: HTTP status of the answer.
        detail: What is wrong, in full.
        trace_id: 32 hexadecimal digits that name the request.
        headers: Further headers of the answer.
    """
    return Answer.of_json(status, error_document(status, detail, trace_id), headers)
