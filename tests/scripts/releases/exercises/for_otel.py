"""The extra `otel`: calls are spans once a provider is set. Without it, nothing of OpenTelemetry is loaded."""

from __future__ import annotations

import sys

import qlik_automation_connections as package


def main(mode: str, url: str, key: str) -> None:
    with package.Tenant(url, api_key=key) as tenant:
        tenant.connections.list().pages().__next__()
        assert not [name for name in sys.modules if name.startswith("opentelemetry")]
        try:
            from opentelemetry import trace
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import SimpleSpanProcessor
            from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
        except ImportError:
            assert mode == "lacks"
            print("without it: calls are no spans")
            return
        assert mode == "works", "the SDK is there without the extra"
        exporter, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        trace.set_tracer_provider(provider)
        tenant.connections.list().pages().__next__()
    assert [span.name for span in exporter.get_finished_spans()] == ["getAutomationConnections"]
    print("a call was a span")


main(*sys.argv[1:])
