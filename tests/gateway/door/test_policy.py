"""Deny by default: every view names an operation, and the table says which roles may ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g

from contracts import SERVICES, interfaces
from contracts.attendance.checks import Checks
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.appointments import Appointments
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.notifications.deliveries import Deliveries
from contracts.printing.documents import Documents
from contracts.roles import OPERATOR, ROLES
from gateway.app import ASSET_ENDPOINTS, check_operations
from gateway.door import auth, policy
from gateway.door.asking import ask, carry_out
from gateway.door.auth import Caller
from kernel.auth import Actor
from kernel.contract import Rpc
from kernel.errors import Forbidden, Unauthenticated
from tests.gateway.answers import refused
from tests.gateway.site import Site
from tests.kit.town import School

#: Methods by which services ask each other; no door leads to them.
BETWEEN_SERVICES = {
    "identity.import_part", "identity.import_progress", "identity.import_left_out",
    "identity.student_facts", "identity.class_facts", "identity.present_people", "gradebook.notices",
    "attendance.notices",
}  # fmt: skip
#: What parents and students may ask for: their own data, and what everybody in the school knows. All the rest is the
#: journal and its upkeep, which neither gets at (clause 2.1). A method that is opened to them is added here on purpose.
FAMILIES_MAY = {
    "attendance.absences_of",
    "attendance.codes",
    "gradebook.bells",
    "gradebook.calendar",
    "gradebook.calendar_feed_state",
    "gradebook.classrooms",
    "gradebook.diary_week",
    "gradebook.homework_file",
    "gradebook.end_calendar_feed",
    "gradebook.explained_term_mark",
    "gradebook.forecast_term_mark",
    "gradebook.kinds",
    "gradebook.mark_history",
    "gradebook.marks_of",
    "gradebook.renew_calendar_feed",
    "gradebook.schedule",
    "gradebook.set_done",
    "gradebook.student_term_marks",
    "gradebook.subject_trend",
    "gradebook.timetable",
    "gradebook.week",
    "gradebook.free_classrooms",
    "gradebook.week_choices",
    "identity.names",
    "notifications.deliveries",
}
METHODS = {
    repr(method): method for owner in SERVICES for interface in interfaces(owner) for method in interface.methods()
}


def operations_of(app: Flask) -> set[str]:
    return {view.operation for endpoint, view in app.view_functions.items() if endpoint not in ASSET_ENDPOINTS}


def test_every_view_names_an_operation_of_the_policy(door: Site) -> None:
    assert operations_of(door.app) <= set(policy.OPERATIONS)


def test_an_application_with_a_view_without_operation_does_not_come_up(
    door: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(door.app.view_functions, "stray", lambda: "nobody has said who may see this")
    with pytest.raises(RuntimeError, match="stray"):
        check_operations(door.app)


def test_an_operation_that_the_policy_does_not_know_is_refused_at_import() -> None:
    with pytest.raises(KeyError, match=r"gradebook\.notices"):
        auth.operation(Journal.notices)


def test_only_methods_between_services_are_closed_to_every_human() -> None:
    assert {name for name in METHODS if policy.between_services(name)} == BETWEEN_SERVICES


def test_every_operation_of_the_policy_is_a_method_or_the_doors_own() -> None:
    unknown = {name for name in policy.OPERATIONS if name not in METHODS and not name.startswith("gateway.")}
    assert unknown == set()


def test_every_method_of_the_policy_has_a_route_or_is_asked_for_by_one(door: Site) -> None:
    without = set(METHODS) - BETWEEN_SERVICES - operations_of(door.app)
    assert without == set(), "give each an address in ROUTES of gateway/rest/<owner>.py, or name it in BETWEEN_SERVICES"


def test_only_sessions_are_opened_and_calendar_feeds_read_without_a_token() -> None:
    public = {name for name in METHODS if policy.is_public(name)}
    assert public == {"identity.open_session", "identity.refresh_session", "gradebook.calendar_feed"}


def test_a_calendar_feed_has_one_address_which_reads_it_alone(door: Site) -> None:
    views = {
        name
        for name, view in door.app.view_functions.items()
        if getattr(view, "operation", None) == "gradebook.calendar_feed"
    }
    assert views == {"feeds.show"}
    (rule,) = [one for one in door.app.url_map.iter_rules() if one.endpoint == "feeds.show"]
    assert rule.methods == {"GET", "HEAD", "OPTIONS"}
    assert rule.arguments == {"secret"}


def test_families_get_at_their_own_data_and_at_nothing_of_the_journal() -> None:
    families = frozenset({"student", "parent"})
    may = {name for name, method in METHODS.items() if policy.allows(name, families) and method.callers.roles}
    assert may == FAMILIES_MAY, "name the method in FAMILIES_MAY, or let fewer roles call it in its contract"


def test_only_teachers_write_in_the_journal() -> None:
    for method in (Marks.post_mark, Marks.post_marks, Marks.set_column, Marks.change_mark, Lessons.describe_lesson):
        assert {role for role in (*ROLES, OPERATOR) if policy.allows(repr(method), frozenset({role}))} == {"teacher"}


def test_the_operator_sees_no_childs_data() -> None:
    allowed = {name for name in METHODS if policy.allows(name, frozenset({OPERATOR}))}
    signed_in = {name for name in METHODS if METHODS[name].callers.signed_in}
    imports = {
        f"identity.{name}"
        for name in (
            "start_import",
            "imports",
            "import_status",
            "stop_import",
            "resume_import",
            "confirm_import",
            "undo_import",
            "confirm_undo",
        )
    }
    credentials = {f"identity.{name}" for name in ("order_credentials", "credential_order", "take_credentials")}
    own = {"identity.appoint", *credentials, *imports}
    assert {name for name in allowed if not policy.is_public(name)} == signed_in | own


@pytest.mark.parametrize(
    ("method", "roles"),
    [
        (Credentials.order_credentials, {"methodologist", "director", OPERATOR}),
        (Appointments.appoint, {"director", OPERATOR}),
        (People.set_contact, {"methodologist"}),
        (Checks.check_lesson, {"director", "deputy", "methodologist", "teacher"}),
        (Documents.order_journal_page, {"methodologist"}),
        (Deliveries.deliveries, {"director", "deputy", "methodologist", "parent"}),
        (Journal.diary_week, {"director", "deputy", "methodologist", "teacher", "parent", "student"}),
    ],
)
def test_the_roles_are_those_of_the_regulation(method: Rpc, roles: set[str]) -> None:
    assert {role for role in (*ROLES, OPERATOR) if policy.allows(repr(method), frozenset({role}))} == roles


def test_what_the_table_does_not_hold_is_refused_to_everybody() -> None:
    everything = Actor(None, roles=frozenset({*ROLES, OPERATOR}))
    with pytest.raises(Forbidden):
        policy.check("gradebook.notices", everything)
    with pytest.raises(Unauthenticated):
        policy.check("gradebook.notices", None)


@pytest.mark.parametrize("way", [ask, carry_out])
def test_no_view_asks_for_what_its_caller_may_not(door: Site, school: School, way: Callable[..., Any]) -> None:
    """Whatever operation the view itself names."""
    with door.app.test_request_context():
        g.caller = Caller("a token", None, school.mother)
        with pytest.raises(Forbidden):
            way(Courses.courses)
        g.caller = Caller()
        with pytest.raises(Unauthenticated):
            way(Courses.courses)
    assert door.bus.calls == []


def test_a_role_that_may_not_is_refused_before_the_body_is_read(door: Site, school: School) -> None:
    answer = door.asking(school.mother).post("/marks", data=b"no JSON at all", content_type="text/plain")
    refused(answer, 403, "role")
    assert door.bus.calls == []
