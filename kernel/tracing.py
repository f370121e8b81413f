"""W3C trace context from the gateway to the database. Spans are exported where LYCEUM_OTLP_URL names a collector."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer | None = None


def install(service: str, otlp_url: str) -> None:
    """Export this process's spans to the collector at `otlp_url`; where it is empty, only pass contexts on."""
    global _tracer  # noqa: PLW0603  # one tracer for the process, set at its start
    if not otlp_url:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"lyceum-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{otlp_url.rstrip('/')}/v1/traces")))
    _tracer = provider.get_tracer("lyceum")


def new_traceparent() -> str:
    """The context of a new trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


@contextmanager
def span(name: str, traceparent: str | None) -> Iterator[str]:
    """A span that is a child of `traceparent`, or starts a trace; yields the context for its own children."""
    if _tracer is None:
        yield traceparent or new_traceparent()
        return
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, parent, record_exception=False, set_status_on_exception=False):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        yield carrier.get("traceparent") or traceparent or new_traceparent()
