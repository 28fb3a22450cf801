"""Faults on demand: which requests fail, how, and how often."""

import json
import random
import threading
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, get_args

import attrs

from ._answers import Answer, error_answer

FaultKind = Literal["status", "html", "delay", "reset", "reset-after-processing", "truncate"]

_HTML = b"<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"


def _status(_: object, __: object, value: int | None) -> None:
    if value is not None and not 200 <= value <= 599:
        raise ValueError("status must be between 200 and 599")


def _kind(_: object, __: object, value: str) -> None:
    if value not in get_args(FaultKind):
        raise ValueError(f"kind must be one of {', '.join(get_args(FaultKind))}")


def _not_negative(_: object, attribute: "attrs.Attribute[Any]", value: float | None) -> None:
    if value is not None and value < 0:
        raise ValueError(f"{attribute.name} must not be negative")


def _probability(_: object, __: object, value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError("probability must be above 0 and at most 1")


@attrs.define(eq=False)
class Fault:
    """One rule: which requests fail, and how.

    The kinds: "status" answers with an error in the documented form and "html" with a proxy's page, both before any
    work is done; "reset" drops the connection before the work and "reset-after-processing" after it; "delay" does the
    work and holds the answer back; "truncate" does the work and breaks the connection in mid-answer, or resets it where
    the answer has no body.

    Args:
        operation: operationId that it strikes, "oauthToken" for the token endpoint, None for any.
        kind: What happens.
        status: Status for "status" (default 500) and "html" (default 502), 200 to 599.
        body: What "status" and "html" answer instead of their own body: bytes, text, or JSON as a mapping.
        headers: Further headers of "status" and "html".
        retry_after: Value of the header `Retry-After` for "status" and "html", a number in seconds.
        seconds: How long "delay" holds the answer back, 0 or more.
        times: How many requests it strikes, None for all.
        after: How many matching requests pass before the first that it strikes.
        probability: Share of the matching requests that it strikes, above 0 and at most 1.

    Raises:
        ValueError: A value is out of its range.
    """

    operation: str | None = None
    kind: FaultKind = attrs.field(default="status", validator=_kind)
    status: int | None = attrs.field(default=None, validator=_status)
    body: bytes | str | Mapping[str, Any] | None = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    retry_after: float | str | None = None
    seconds: float = attrs.field(default=1.0, validator=_not_negative)
    times: int | None = attrs.field(default=1, validator=_not_negative)
    after: int = attrs.field(default=0, validator=_not_negative)
    probability: float = attrs.field(default=1.0, validator=_probability)
    _seen: int = attrs.field(default=0, init=False)
    _struck: int = attrs.field(default=0, init=False)

    @property
    def struck(self) -> int:
        """How many requests it struck so far."""
        return self._struck

    def strikes(self, operation: str, chance: random.Random) -> bool:
        """Say whether it strikes a request, and count the request.

        Args:
            operation: operationId of the request.
            chance: Source of the dice for `probability`.

        Returns:
            Whether the request fails.
        """
        if self.operation not in (None, operation) or (self.times is not None and self._struck >= self.times):
            return False
        self._seen += 1
        if self._seen <= self.after or (self.probability < 1 and chance.random() >= self.probability):
            return False
        self._struck += 1
        return True

    def answer(self, trace_id: str) -> Answer:
        """Write the answer of a "status" or "html" fault."""
        extra = dict(self.headers)
        if self.retry_after is not None:
            extra["Retry-After"] = str(self.retry_after).removesuffix(".0")
        if self.kind == "html":
            answer = Answer(self.status or 502, _HTML, {"content-type": "text/html", **extra})
        else:
            answer = error_answer(self.status or 500, "This failure was asked for.", trace_id, extra)
        if self.body is None:
            return answer
        body = json.dumps(self.body) if isinstance(self.body, Mapping) else self.body
        return attrs.evolve(answer, body=body.encode() if isinstance(body, str) else body)


class FaultPlan:
    """The rules in force. The first rule that strikes decides.

    Args:
        faults: The rules.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        self._lock = threading.Lock()
        # Seeded, so that the same requests in the same order meet the same faults.
        self._chance = random.Random(20271130)  # noqa: S311 - dice, not secrets

    def check(self, operations: Collection[str]) -> None:
        """Refuse rules that could never strike.

        Args:
            operations: Every operationId there is.

        Raises:
            ValueError: A rule names another operation.
        """
        for fault in list(self.faults):
            if fault.operation is not None and fault.operation not in operations:
                raise ValueError(f"a fault's operation must be None or one of {', '.join(operations)}")

    def strike(self, operation: str) -> Fault | None:
        """Return the fault that strikes a request, None if it is spared."""
        with self._lock:
            return next((fault for fault in list(self.faults) if fault.strikes(operation, self._chance)), None)
