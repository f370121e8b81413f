"""The trace context is passed on with or without a collector."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kernel import tracing
from kernel.context import Call, handling
from tests.kernel.bell import Bell
from tests.kernel.stage import Stage

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("tests"))
    return exporter


def test_a_new_context_has_the_form_of_the_w3c_and_is_another_each_time():
    contexts = {tracing.new_traceparent() for _ in range(100)}
    assert len(contexts) == 100
    assert all(re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", context) for context in contexts)


def test_without_a_collector_a_context_is_passed_on_or_begun():
    with tracing.span("call bell.echo", PARENT) as passed:
        assert passed == PARENT
    with tracing.span("call bell.echo", None) as begun:
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", begun)


def test_with_a_collector_a_span_continues_the_trace_under_a_new_id(spans: InMemorySpanExporter):
    with tracing.span("call bell.echo", PARENT) as traceparent:
        assert traceparent.split("-")[1] == "a" * 32
        assert traceparent.split("-")[2] != "b" * 16
    (span,) = spans.get_finished_spans()
    assert span.name == "call bell.echo"
    assert span.parent is not None
    assert span.parent.span_id == int("b" * 16, 16)


def test_a_span_of_a_call_that_failed_does_not_tell_what_was_said(spans: InMemorySpanExporter):
    with pytest.raises(ValueError), tracing.span("call bell.echo", None):
        raise ValueError("Иванова")
    (span,) = spans.get_finished_spans()
    assert span.events == ()
    assert "Иванова" not in span.to_json()


def test_a_call_and_all_that_it_causes_are_one_trace(spans: InMemorySpanExporter, embedded: Stage):
    with handling(Call(traceparent=PARENT)):
        embedded.caller(Bell.ring, times=1)
    embedded.hears(1)
    by_name = {span.name: span for span in spans.get_finished_spans() if span.context.trace_id == int("a" * 32, 16)}
    calling, answering, hearing = (
        by_name[name] for name in ("call bell.ring", "handle bell.ring", "handle bell.on_rang")
    )
    above = [span.parent.span_id for span in (calling, answering, hearing) if span.parent is not None]
    assert above == [int("b" * 16, 16), calling.context.span_id, answering.context.span_id]


class Collector(HTTPServer):
    """A collector that notes what is sent where."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.received.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Nobody reads it."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as made:
        thread = Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.slow
def test_spans_are_sent_to_the_collector_that_the_settings_name(collector: Collector, monkeypatch: pytest.MonkeyPatch):
    providers: list[TracerProvider] = []
    processor = TracerProvider.add_span_processor
    monkeypatch.setattr(
        TracerProvider, "add_span_processor", lambda self, one: (providers.append(self), processor(self, one))
    )
    monkeypatch.setattr(tracing, "_tracer", None)
    tracing.install("bell", f"http://127.0.0.1:{collector.server_port}/")
    with tracing.span("call bell.echo", None):
        pass
    (provider,) = providers
    provider.shutdown()  # sends what it has gathered
    ((path, body),) = collector.received
    assert path == "/v1/traces"
    assert b"lyceum-bell" in body
    assert b"call bell.echo" in body


def test_without_an_address_nothing_is_installed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tracing, "_tracer", None)
    tracing.install("bell", "")
    assert tracing._tracer is None
