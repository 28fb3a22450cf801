"""Spans of calls, where the application has loaded OpenTelemetry and set a tracer provider.

Nothing is imported for it, so it costs a look into `sys.modules` elsewhere. Spans hold no id, name, filter or value:
addresses are templates, and exceptions, whose messages quote ids, are not recorded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from .._headers import trace_id
from .._http import Request
from .._raw_response import RawResponse
from .._version import __version__
from ..errors import APIStatusError
from .call import Call
from .send import Flow, Outcome, Wait
from .signing import waited

T = TypeVar("T")

_NAME: Final = "qlik_automation_connections"
_SWITCH: Final = "QLIK_TELEMETRY"


def with_span(flow: Flow[T], call: Call[T], request: Request, api_version: str) -> Flow[T]:
    """Return a flow that also records its call as a span, if there is a tracer provider.

    Args:
        flow: Sends the call.
        call: The call.
        request: Its request.
        api_version: The version of the API that it goes to.
    """
    # The MCP SDK, for one, loads the API although nobody wants spans: then the provider is the API's placeholder.
    trace: Any = sys.modules.get("opentelemetry.trace")
    if trace is None or isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return flow
    if os.environ.get(_SWITCH, "").strip().lower() in ("off", "0", "false"):
        return flow
    template = call.operation.v1_path if api_version == "v1" else call.operation.path
    return _recorded(flow, call, request, template, trace)


def _recorded(flow: Flow[T], call: Call[T], request: Request, template: str, trace: Any) -> Flow[T]:
    attributes = {
        "http.request.method": request.method,
        "url.template": template,
        "server.address": request.url.host,
        "server.port": request.url.port or (443 if request.url.scheme == "https" else 80),
        "qlik.rate_tier": call.operation.tier,
    }
    outcome: Outcome | None = None
    last: RawResponse | None = None
    failure: BaseException | None = None
    tries, seconds = 0, 0.0
    # The span is current during the I/O, so that spans of the HTTP library belong to it.
    with trace.get_tracer(_NAME, __version__).start_as_current_span(
        call.operation.id,
        kind=trace.SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            while True:
                step = flow.send(outcome)
                if isinstance(step, Wait):
                    seconds += step.seconds
                else:
                    tries += 1
                outcome = yield step
                last = outcome if isinstance(outcome, RawResponse) else last
        except StopIteration as end:
            value: T = end.value
            return value
        except BaseException as error:
            # A driver that is interrupted closes the flow, and its exception is the context.
            failure = error.__context__ or error if isinstance(error, GeneratorExit) else error
            span.set_status(trace.StatusCode.ERROR)
            raise
        finally:
            span.set_attributes(_result(tries, seconds + waited(request), last, failure))


def _result(
    tries: int, seconds: float, last: RawResponse | None, failure: BaseException | None
) -> Mapping[str, str | int | float]:
    """Return the attributes that are known at the end of a call."""
    found: dict[str, str | int | float] = {"qlik.waited_seconds": seconds}
    if tries > 1:
        found["http.request.resend_count"] = tries - 1
    if last is not None:
        found["http.response.status_code"] = last.status
    if failure is not None:
        name = type(failure).__name__
        found["error.type"] = str(failure.status_code) if isinstance(failure, APIStatusError) else name
    trace = getattr(failure, "trace_id", None) or (trace_id(last.headers) if last is not None else None)
    if trace is not None:
        found["qlik.trace_id"] = trace
    return found
