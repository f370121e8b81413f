"""Figures of a process, for Prometheus. Labels are names of methods, events and queues: never ids or people."""

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
    """A call of ours got its answer, or none."""
    _calls.labels(method, outcome).observe(seconds)


def answered(method: str, outcome: str, seconds: float) -> None:
    """A call to us was answered."""
    _answers.labels(method, outcome).observe(seconds)


def handled(queue: str, outcome: str, seconds: float) -> None:
    """An event was handled, or could not be."""
    _events.labels(queue, outcome).observe(seconds)


def published(event: str, fate: str) -> None:
    """An event met its fate at the broker."""
    _published.labels(event, fate).inc()


def timed(job: str, outcome: str, seconds: float) -> None:
    """A timer ran."""
    _timers.labels(job, outcome).observe(seconds)


def requested(method: str, route: str, status: int, seconds: float) -> None:
    """The door answered a request."""
    _requests.labels(method, route, str(status)).observe(seconds)


def parked(queue: str, reason: str) -> None:
    """A message was parked."""
    _parked.labels(queue, reason).inc()


def waiting(service: str, *, pending: int, lag: float, parked_now: int) -> None:
    """What waits in a service's database."""
    _outbox_pending.labels(service).set(pending)
    _outbox_lag.labels(service).set(lag)
    _parked_now.labels(service).set(parked_now)


def figures() -> tuple[bytes, str]:
    """All figures as a text, and its media type."""
    return generate_latest(), CONTENT_TYPE_LATEST
