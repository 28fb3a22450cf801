"""Faults on demand: which requests fail, how, and how often."""

import json
import random
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Literal, get_args

import attrs

from ._responses import Response, error_document

FaultKind = Literal["status", "html", "delay", "reset", "reset-after-processing", "truncate"]

_HTML = b"<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"


def _one_of_the_kinds(_: object, __: object, value: str) -> None:
    if value not in get_args(FaultKind):
        raise ValueError(f"kind must be one of {', '.join(get_args(FaultKind))}")


def _between(low: int, high: int | None = None) -> Callable[[object, "attrs.Attribute[Any]", float | None], None]:
    def validate(_: object, attribute: "attrs.Attribute[Any]", value: float | None) -> None:
        if value is not None and (value < low or (high is not None and value > high)):
            allowed = f"between {low} and {high}" if high is not None else f"{low} or more"
            raise ValueError(f"{attribute.name} must be {allowed}")

    return validate


def _probability(_: object, __: object, value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError("probability must be above 0 and at most 1")


@attrs.define(eq=False)
class Fault:
    """A rule: which requests fail, and how.

    The kinds: "status" responds with an error in the documented form and "html" with a proxy's error page, both before
    any work is done; "reset" drops the connection before the work and "reset-after-processing" after it; "delay" does
    the work and delays the response; "truncate" does the work and cuts the connection in the middle of the response, or
    resets it if the response has no body.

    Args:
        operation: operationId of the requests that may fail, "oauthToken" for the token endpoint, None for any.
        kind: What happens.
        status: Status for "status" (default 500) and "html" (default 502), 200 to 599.
        body: Body for "status" and "html" instead of the default: bytes, text, or JSON as a mapping.
        headers: Additional headers for "status" and "html".
        retry_after: Value of the header `Retry-After` for "status" and "html"; a number is in seconds.
        seconds: How long "delay" delays the response, 0 or more.
        times: How many requests fail, None for all.
        after: How many matching requests succeed before the first one fails.
        probability: Share of the matching requests that fail, above 0 and at most 1.

    Raises:
        ValueError: A value is out of range.
    """

    operation: str | None = None
    kind: FaultKind = attrs.field(default="status", validator=_one_of_the_kinds)
    status: int | None = attrs.field(default=None, validator=_between(200, 599))
    body: bytes | str | Mapping[str, Any] | None = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    retry_after: float | str | None = None
    seconds: float = attrs.field(default=1.0, validator=_between(0))
    times: int | None = attrs.field(default=1, validator=_between(0))
    after: int = attrs.field(default=0, validator=_between(0))
    probability: float = attrs.field(default=1.0, validator=_probability)
    _seen: int = attrs.field(default=0, init=False)
    _struck: int = attrs.field(default=0, init=False)

    @property
    def struck(self) -> int:
        """Number of requests that have failed so far."""
        return self._struck


def fault_response(fault: Fault, trace_id: str) -> Response:
    """Return the response that a fault sends instead of performing the operation."""
    headers = dict(fault.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after).removesuffix(".0")
    if fault.kind == "html":
        response = Response(fault.status or 502, _HTML, {"content-type": "text/html", **headers})
    else:
        status = fault.status or 500
        response = Response.of_json(status, error_document(status, "This failure was injected.", trace_id), headers)
    if fault.body is None:
        return response
    body = json.dumps(fault.body) if isinstance(fault.body, Mapping) else fault.body
    return attrs.evolve(response, body=body.encode() if isinstance(body, str) else body)


class FaultPlan:
    """The rules in force. The first rule that matches decides.

    Args:
        faults: The rules.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        self._lock = threading.Lock()
        # Seeded, so that the same sequence of requests gets the same faults.
        self._dice = random.Random(20271130)  # noqa: S311 - dice, not secrets

    def check(self, operations: Collection[str]) -> None:
        """Check that the rules name operations that exist.

        Raises:
            ValueError: A rule names another operation.
        """
        for fault in list(self.faults):
            if fault.operation is not None and fault.operation not in operations:
                raise ValueError(f"a fault's operation must be None or one of {', '.join(operations)}")

    def strike(self, operation: str) -> Fault | None:
        """Count a request, and return the fault that applies to it, or None."""
        with self._lock:
            return next((fault for fault in list(self.faults) if self._strikes(fault, operation)), None)

    def _strikes(self, fault: Fault, operation: str) -> bool:
        spent = fault.times is not None and fault.struck >= fault.times
        if spent or fault.operation not in (None, operation):
            return False
        fault._seen += 1
        if fault._seen <= fault.after or (fault.probability < 1 and self._dice.random() >= fault.probability):
            return False
        fault._struck += 1
        return True
