"""Prometheus metrics of a process. Labels are names of methods, events and queues, never ids or personal data."""

from __future__ import annotations

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)

_calls = Histogram("lyceum_calls_seconds", "Calls made, by method and outcome.", ("method", "outcome"), buckets=SECONDS)
_answers = Histogram(
    "lyceum_answers_seconds", "Calls answered, by method and outcome.", ("method", "outcome"), buckets=SECONDS
)
_events = Histogram(
    "lyceum_events_seconds", "Events handled, by queue and outcome.", ("queue", "outcome"), buckets=SECONDS
)
_published = Counter("lyceum_events_published", "Events published, by name and fate.", ("event", "fate"))
_timers = Histogram("lyceum_timers_seconds", "Runs of timers, by job and outcome.", ("job", "outcome"), buckets=SECONDS)
_requests = Histogram(
    "lyceum_requests_seconds", "Requests at the door.", ("method", "route", "status"), buckets=SECONDS
)
_parked = Counter("lyceum_messages_parked", "Messages parked, by queue and reason.", ("queue", "reason"))
_parked_now = Gauge("lyceum_parked", "Messages that are parked and await a decision.", ("service",))
_outbox_lag = Gauge("lyceum_outbox_lag_seconds", "Age of the oldest event that is not published.", ("service",))
_outbox_pending = Gauge("lyceum_outbox_pending", "Events that are not published.", ("service",))


def called(method: str, outcome: str, seconds: float) -> None:
    """Record a call that this process made."""
    _calls.labels(method, outcome).observe(seconds)


def answered(method: str, outcome: str, seconds: float) -> None:
    """Record a call that this process answered."""
    _answers.labels(method, outcome).observe(seconds)


def handled(queue: str, outcome: str, seconds: float) -> None:
    """Record an event that a handler received."""
    _events.labels(queue, outcome).observe(seconds)


def published(event: str, fate: str) -> None:
    """Record the fate of an event that the relay published."""
    _published.labels(event, fate).inc()


def timed(job: str, outcome: str, seconds: float) -> None:
    """Record a run of a timer."""
    _timers.labels(job, outcome).observe(seconds)


def requested(method: str, route: str, status: int, seconds: float) -> None:
    """Record a request that the gateway answered."""
    _requests.labels(method, route, str(status)).observe(seconds)


def parked(queue: str, reason: str) -> None:
    """Record a parked message."""
    _parked.labels(queue, reason).inc()


def waiting(service: str, *, pending: int, lag: float, parked_now: int) -> None:
    """Set the service's gauges: unpublished events, seconds since the oldest was recorded, parked messages."""
    _outbox_pending.labels(service).set(pending)
    _outbox_lag.labels(service).set(lag)
    _parked_now.labels(service).set(parked_now)


def figures() -> tuple[bytes, str]:
    """All metrics in Prometheus's text format, and its media type."""
    return generate_latest(), CONTENT_TYPE_LATEST
