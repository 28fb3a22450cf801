"""Spans of calls: what they are called and hold, when there are none, and what they never show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from exchange.clock import Clock
from exchange.scripted import KINDS, URL, Ask, Kind, Service, answers, ask_once, fails, run, success
from qlik_automation_connections import APIConnectionError, AsyncTenant, ConflictError, Tenant, TokenCallable

GET = "getAutomationConnection"
TRACE = "463ac35c9f6413ad48485a3953bb6124"
ALL_KINDS = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What an application sets up. A provider can be set once a process, hence the patch."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()


def only(exporter: InMemorySpanExporter) -> tuple[ReadableSpan, dict[str, Any]]:
    (span,) = exporter.get_finished_spans()
    return span, dict(span.attributes or {})


@ALL_KINDS
def test_a_call_is_a_span(exporter: InMemorySpanExporter, kind: Kind) -> None:
    ask_once(kind, GET, Service(answers(200, {"x-b3-traceid": TRACE}, {"id": "c-1"})))
    span, attributes = only(exporter)
    assert (span.name, span.kind, span.status.status_code) == (GET, trace.SpanKind.CLIENT, trace.StatusCode.UNSET)
    assert attributes == {
        "http.request.method": "GET",
        "url.template": "/api/workflows/automation-connections/{id}",
        "server.address": "tenant.example",
        "server.port": 443,
        "qlik.rate_tier": 1,
        "http.response.status_code": 200,
        "qlik.waited_seconds": 0.0,
        "qlik.trace_id": TRACE,
    }


@ALL_KINDS
def test_tries_and_waits_are_counted(exporter: InMemorySpanExporter, clock: Clock, kind: Kind) -> None:
    service = Service(fails(httpx.ConnectError), answers(503, {"retry-after": "7"}), success(GET))
    ask_once(kind, GET, service)
    attributes = only(exporter)[1]
    assert attributes["http.request.resend_count"] == 2
    assert 7 <= attributes["qlik.waited_seconds"] < 8
    assert attributes["http.response.status_code"] == 200


@ALL_KINDS
def test_a_failure_has_its_type_and_no_words(exporter: InMemorySpanExporter, kind: Kind) -> None:
    error = {"errors": [{"code": "X", "title": "c-1 is taken by Ada"}], "traceId": TRACE}
    with pytest.raises(ConflictError):
        ask_once(kind, "updateAutomationConnection", Service(answers(409, content=error)))
    span, attributes = only(exporter)
    assert (span.status.status_code, span.status.description) == (trace.StatusCode.ERROR, None)
    assert attributes["error.type"] == "409"
    assert attributes["qlik.trace_id"] == TRACE
    assert not span.events
    assert not [word for word in ("c-1", "Ada", "bot") if word in span.to_json()]


def test_a_call_that_reached_nobody_has_the_class_of_its_error(exporter: InMemorySpanExporter, clock: Clock) -> None:
    with pytest.raises(APIConnectionError):
        ask_once("sync", GET, Service(fails(httpx.ConnectError)), retries=1)
    attributes = only(exporter)[1]
    assert attributes["error.type"] == "APIConnectionError"
    assert "http.response.status_code" not in attributes


def test_neither_filters_nor_values_are_shown(exporter: InMemorySpanExporter) -> None:
    async def scenario(ask: Ask) -> None:
        await ask("getAutomationConnections", name="SMTP of Ada")
        await ask("createAutomationConnection", params={"password": "s3cret-value"})

    run("sync", scenario, Service(success("getAutomationConnections"), success("createAutomationConnection")))
    shown = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert not [word for word in ("Ada", "s3cret", "filter", "mail") if word in shown]


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_an_interrupted_call_ends_its_span_and_leaves_the_context(exporter: InMemorySpanExporter, kind: Kind) -> None:
    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            scopes[0].cancel()
            await anyio.sleep_forever()
            raise AssertionError

    scopes: list[anyio.CancelScope] = []

    async def cancelled() -> None:
        async with (
            httpx.AsyncClient(transport=Slow()) as client,
            AsyncTenant(URL, api_key="k" * 9, http_client=client) as t,
        ):
            with anyio.CancelScope() as scope:
                scopes.append(scope)
                await t.connections.get("c-1")
            assert not trace.get_current_span().get_span_context().is_valid

    anyio.run(cancelled, backend=kind)
    span, attributes = only(exporter)
    assert span.status.status_code is trace.StatusCode.ERROR
    assert attributes["error.type"].startswith("Cancelled")


def test_the_span_is_current_while_a_request_is_sent(exporter: InMemorySpanExporter) -> None:
    names: list[str] = []

    def token() -> str:
        names.append(getattr(trace.get_current_span(), "name", ""))
        return "a-token-of-a-vault"

    ask_once("sync", GET, Service(success(GET)), auth=TokenCallable(token))
    assert names == [GET]
    assert not trace.get_current_span().get_span_context().is_valid


@pytest.mark.parametrize("way", ["option", "variable", "no provider"])
def test_it_can_be_switched_off(exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "variable":
        monkeypatch.setenv("QLIK_TELEMETRY", "off")
    if way == "no provider":
        monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    with httpx.Client(transport=httpx.MockTransport(Service(success(GET)))) as client:
        Tenant(URL, api_key="a-key-of-nobody", http_client=client, telemetry=way != "option").connections.get("c-1")
    assert not exporter.get_finished_spans()
