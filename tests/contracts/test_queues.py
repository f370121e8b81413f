"""Names of queues are on the wire too: a renamed handler leaves its old queue behind, with events nobody takes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from typing import Any

import pytest

from contracts.gradebook.term_marks import TermLocked
from contracts.identity.bundles import ImportMoved
from contracts.identity.credentials import CredentialsMoved
from contracts.identity.sessions import SessionRevoked
from kernel.bus.wire import handler_queue
from kernel.contract import Event
from kernel.running.entrypoints import EventEntrypoint, RpcEntrypoint
from tests.contracts.test_wire import EVENTS, SERVICES, methods

#: Every handler there ever was. Only added to; what is retired stays, marked so, until its queue is deleted.
QUEUES = {
    "attendance": ["attendance.on_classes_changed", "attendance.on_students_changed"],
    "gradebook": [
        "gradebook.on_bundle_imported",
        "gradebook.on_classes_changed",
        "gradebook.on_import_undo_called",
        "gradebook.on_lesson_checked",
        "gradebook.on_school_changed",
        "gradebook.on_students_changed",
    ],
    "identity": ["identity.on_bundle_grades_imported", "identity.on_bundle_undo_told"],
    "notifications": [
        "notifications.on_absence_recorded",
        "notifications.on_homework_set",
        "notifications.on_mark_changed",
        "notifications.on_mark_posted",
        "notifications.on_marks_posted",
        "notifications.on_owed_work_due",
        "notifications.on_students_changed",
        "notifications.on_term_mark_changed",
        "notifications.on_term_marks_set",
        "notifications.on_timetable_changed",
    ],
    "printing": [],
}


#: Told to whoever follows the bus from outside; none of the services has anything to do then.
ANNOUNCED_ONLY = {TermLocked}


def service_class(service: str) -> type[Any]:
    """What the runner starts: the one class of the service's module that has its name."""
    module = import_module(f"services.{service}.service")
    (found,) = {cls for _, cls in getmembers(module) if getattr(cls, "name", None) == service}
    return found


def entrypoints(service: str, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """(method of the class, entrypoint) of a kind."""
    for name, method in getmembers(service_class(service), isfunction):
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, kind):
                yield name, entrypoint


def handlers(service: str) -> dict[str, type[Event]]:
    return {name: entrypoint.event for name, entrypoint in entrypoints(service, EventEntrypoint)}


@pytest.mark.parametrize("service", SERVICES)
def test_the_queues_of_handlers_are_those_they_were(service: str) -> None:
    assert sorted(handler_queue(service, name) for name in handlers(service)) == QUEUES[service]
    for name, event in handlers(service).items():
        assert name == f"on_{event.NAME}" or name.startswith(f"on_{event.NAME}_"), "on_<event>, or on_<event>_<purpose>"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_every_method_of_its_interfaces(service: str) -> None:
    answered = {entrypoint.method: name for name, entrypoint in entrypoints(service, RpcEntrypoint)}
    expected = {method: method.name for method in methods(service)}
    assert answered == expected, f"an entry point of the same name in services/{service}/<capability>/entrypoints.py"


def test_every_event_has_a_handler_or_is_heard_at_the_door() -> None:
    handled = {event for service in SERVICES for event in handlers(service).values()}
    at_the_door = {SessionRevoked, ImportMoved, CredentialsMoved}
    assert set(EVENTS) - handled == at_the_door | ANNOUNCED_ONLY
