"""For every address of the API: what is asked there, and the table of who gets what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.appointments import Appointments
from contracts.identity.bundles import Bundles
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.identity.schools import Schools
from contracts.identity.sessions import Sessions
from contracts.notifications.deliveries import Deliveries
from contracts.printing.documents import Documents
from kernel.contract import Rpc
from tests.gateway.access import tables
from tests.gateway.access.tables import Rights
from tests.gateway.access.world import HANDED_IN, Things, World
from tests.kit.people import PASSWORD, TODAY

Command = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """What a request to an address comes to.

    The command is what the service's method takes; an address takes the same, its path, query, body and If-Match
    together.
    """

    method: Rpc
    rights: Rights
    command: Callable[[Things, World], Command]
    #: The id that a list shows, or leaves out.
    shows: Callable[[Things], object] | None = None
    #: The address at which those see the thing who are refused here.
    seen_at: str | None = None
    #: What the method takes, and what becomes of it, where the gateway makes an address of its own of it.
    behind: Expected | None = None


def _nothing(_of: Things, _world: World) -> Command:
    return {}


SPAN: Final = {"starts_on": TODAY, "ends_on": TODAY}

#: Address → what is expected there.
EXPECTED: Final[Mapping[str, Expected]] = {
    # --- signing in -------------------------------------------------------------------------------
    "POST /sessions": Expected(
        Sessions.open_session,
        tables.EVERYBODY,
        lambda _, world: {"login": world.logins["director"], "password": PASSWORD},
    ),
    "POST /sessions/refresh": Expected(
        Sessions.refresh_session, tables.EVERYBODY, lambda _, world: {"refresh_token": world.refresh_token()}
    ),
    "DELETE /sessions/current": Expected(Sessions.close_session, tables.EVERYBODY, _nothing),
    "GET /session": Expected(Sessions.me, tables.EVERYBODY, _nothing),
    "GET /me": Expected(Sessions.me, tables.EVERYBODY, _nothing),
    "PUT /me/password": Expected(
        Credentials.change_password, tables.EVERYBODY, lambda *_: {"old_password": PASSWORD, "new_password": PASSWORD}
    ),
    # --- the school and its people ----------------------------------------------------------------
    "GET /schools": Expected(Schools.schools, tables.SCHOOLS_LISTED, _nothing, shows=lambda of: of.school),
    "GET /school/time-zone": Expected(Schools.time_zone, tables.ZONE_READ, _nothing),
    "PUT /school/time-zone": Expected(
        Schools.set_time_zone, tables.ZONE_CHANGED, lambda *_: {"time_zone": "Europe/Samara"}
    ),
    "GET /classes": Expected(Classes.classes, tables.CLASSES_LISTED, _nothing, shows=lambda of: of.school_class),
    "GET /classes/{class_id}": Expected(
        Classes.class_list, tables.CLASS_READ, lambda of, _: {"class_id": of.school_class}
    ),
    "GET /people": Expected(
        People.people, tables.PEOPLE_LISTED, lambda *_: {"limit": 200}, shows=lambda of: of.student
    ),
    "POST /people/names": Expected(
        People.names, tables.STUDENTS_NAMES, lambda of, _: {"person_ids": [of.student]}, shows=lambda of: of.student
    ),
    "PATCH /people/{person_id}/contact": Expected(
        People.set_contact,
        tables.CONTACTS_ENTERED,
        lambda of, _: {"person_id": of.colleague, "phone": "+7 900 000-00-00"},
    ),
    "POST /people/{person_id}/roles": Expected(
        Appointments.appoint, tables.STAFF_APPOINTED, lambda of, _: {"person_id": of.colleague, "role": "methodologist"}
    ),
    "POST /credentials": Expected(
        Credentials.issue_credentials, tables.CREDENTIALS_ISSUED, lambda of, _: {"person_ids": [of.colleague]}
    ),
    "POST /consents": Expected(
        Consents.record_consent,
        tables.CONSENTS_ENTERED,
        lambda of, _: {"guardian_id": of.guardian, "student_id": of.student, "purpose": "email", "granted": True},
    ),
    "GET /people/{person_id}/consents": Expected(
        Consents.consents, tables.CONSENTS_ENTERED, lambda of, _: {"person_id": of.student}
    ),
    "POST /imports": Expected(Bundles.start_import, tables.BUNDLES_HANDED_IN, lambda *_: dict(HANDED_IN)),
    "GET /imports": Expected(Bundles.imports, tables.IMPORTS_LISTED, _nothing, shows=lambda of: of.bundle_import),
    "GET /imports/{import_id}": Expected(
        Bundles.import_status, tables.IMPORTS_READ, lambda of, _: {"import_id": of.bundle_import}
    ),
    "POST /imports/{import_id}/stop": Expected(
        Bundles.stop_import, tables.IMPORTS_READ, lambda of, _: {"import_id": of.bundle_import}
    ),
    "POST /imports/{import_id}/confirm": Expected(
        Bundles.confirm_import,
        tables.IMPORTS_READ,
        lambda of, _: {"import_id": of.bundle_import, "people": 0, "classes": 0, "enrolments": 0, "replaced": 0},
    ),
    "POST /imports/{import_id}/resume": Expected(
        Bundles.resume_import, tables.IMPORTS_READ, lambda of, _: {"import_id": of.bundle_import}
    ),
    # --- the journal ------------------------------------------------------------------------------
    "GET /calendar": Expected(Calendar.calendar, tables.OF_THE_SCHOOL, _nothing, shows=lambda of: of.year),
    "GET /kinds": Expected(Marks.kinds, tables.OF_THE_SCHOOL, _nothing, shows=lambda of: of.kind),
    "GET /courses": Expected(Courses.courses, tables.COURSES_LISTED, _nothing, shows=lambda of: of.course),
    "GET /courses/{course_id}/journal": Expected(
        Journal.journal_page, tables.COURSE_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "GET /teachers/me/days/{day}": Expected(Lessons.day, tables.JOURNAL, lambda *_: {"date": TODAY}),
    "GET /teachers/{teacher_id}/days/{day}": Expected(
        Lessons.day,
        tables.TEACHERS_DAY,
        lambda of, _: {"teacher_id": of.teacher, "date": TODAY},
        shows=lambda of: of.lesson,
    ),
    "POST /lessons": Expected(
        Lessons.add_lesson,
        tables.COURSE_WRITTEN,
        lambda of, _: {"course_id": of.course, "date": TODAY, "number": 7},
        seen_at="GET /courses/{course_id}/journal",
    ),
    "GET /lessons/{lesson_id}": Expected(Lessons.lesson, tables.COURSE_READ, lambda of, _: {"lesson_id": of.lesson}),
    "PATCH /lessons/{lesson_id}": Expected(
        Lessons.describe_lesson,
        tables.COURSE_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "topic": "Дроби", "version": 1},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "POST /marks": Expected(
        Marks.post_mark,
        tables.MARKS_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "student_id": of.student, "value": "4"},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "POST /lessons/{lesson_id}/marks": Expected(
        Marks.post_marks,
        tables.MARKS_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "marks": [{"student_id": of.student, "value": "4"}]},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "PATCH /marks/{mark_id}": Expected(
        Marks.change_mark,
        tables.MARKS_WRITTEN,
        lambda of, _: {"mark_id": of.mark, "value": "4", "reason": "Ошибка", "version": 1},
        seen_at="GET /marks/{mark_id}/history",
    ),
    "GET /marks/{mark_id}/history": Expected(
        Marks.mark_history, tables.MARKS_HISTORY, lambda of, _: {"mark_id": of.mark}
    ),
    "GET /students/{student_id}/diary": Expected(
        Journal.diary_week,
        tables.without(tables.STUDENTS_RECORD, "plan_head"),
        lambda of, _: {"student_id": of.student, "date": TODAY},
    ),
    "GET /students/{student_id}/marks": Expected(
        Journal.marks_of,
        tables.without(tables.STUDENTS_RECORD, "plan_head"),
        lambda of, _: {"student_id": of.student, **SPAN},
    ),
    # --- attendance -------------------------------------------------------------------------------
    "GET /absence-codes": Expected(Codes.codes, tables.MEMBERS, _nothing),
    "GET /lessons/{lesson_id}/check": Expected(
        Checks.lesson_checks,
        tables.CHECK_READ,
        lambda of, _: {"lesson_id": of.lesson},
        shows=lambda of: of.lesson,
        behind=Expected(
            Checks.lesson_checks,
            tables.CHECKS_LISTED,
            lambda of, _: {"lesson_ids": [of.lesson]},
            shows=lambda of: of.lesson,
        ),
    ),
    "PUT /lessons/{lesson_id}/check": Expected(
        Checks.check_lesson,
        tables.CHECK_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "absences": []},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "GET /students/{student_id}/absences": Expected(
        Absences.absences_of, tables.STUDENTS_RECORD, lambda of, _: {"student_id": of.student, **SPAN}
    ),
    # --- letters and prints -----------------------------------------------------------------------
    "GET /deliveries": Expected(Deliveries.deliveries, tables.LETTERS_LISTED, _nothing, shows=lambda of: of.delivery),
    "POST /print-jobs": Expected(
        Documents.order_journal_page, tables.PRINTS_ORDERED, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "GET /print-jobs": Expected(
        Documents.jobs, tables.PRINTS_LISTED, lambda *_: {"limit": 200}, shows=lambda of: of.print_job
    ),
    "GET /print-jobs/{job_id}": Expected(Documents.job, tables.PRINTS_READ, lambda of, _: {"job_id": of.print_job}),
    "GET /print-jobs/{job_id}/document": Expected(
        Documents.document_part, tables.PRINTS_READ, lambda of, _: {"job_id": of.print_job}
    ),
}
