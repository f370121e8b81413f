"""For every address of the API: what is asked there, and the table of who gets what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.calendar_feeds import CalendarFeeds
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.course_plans import CoursePlans
from contracts.gradebook.courses import Courses
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.groups import Groups
from contracts.gradebook.homework import Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.load import Load
from contracts.gradebook.marks import Marks
from contracts.gradebook.next_year import NextYear
from contracts.gradebook.openings import Openings
from contracts.gradebook.other_schools import OtherSchools
from contracts.gradebook.past_import import PastImports
from contracts.gradebook.plans import Plans
from contracts.gradebook.policy import Policies
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.term_marks import TermMarks
from contracts.gradebook.timetable import Timetable
from contracts.gradebook.timetable_import import TimetableImport
from contracts.gradebook.voting import Voting
from contracts.gradebook.weeks import Weeks
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
from tests.gateway.access.world import (
    BROUGHT,
    DAYS_FILE,
    HANDED_IN,
    HOMEWORK_FILE,
    OPENED,
    OWN,
    PLAN_FILE,
    Things,
    World,
)
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


def _figure(of: Things, _world: World) -> Command:
    return {"course_id": of.course, "student_id": of.student, "term_id": of.term}


def _nothing(_of: Things, _world: World) -> Command:
    return {}


BELL: Final = {"number": 1, "starts": "08:30", "ends": "09:10"}
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
    "GET /sessions/current": Expected(Sessions.check_session, tables.EVERYBODY, _nothing),
    "GET /sessions": Expected(Sessions.own_sessions, tables.EVERYBODY, _nothing),
    "DELETE /sessions/{session_id}": Expected(
        Sessions.end_session, tables.SESSIONS_ENDED, lambda of, world: {"session_id": world.session_of(of.guardian)}
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
    "POST /classes": Expected(Classes.make_classes, tables.SUBJECTS_ADDED, lambda *_: {"classes": [{"name": "5Я"}]}),
    "GET /classes/{class_id}": Expected(
        Classes.class_list, tables.CLASS_READ, lambda of, _: {"class_id": of.school_class}
    ),
    "PUT /classes/{class_id}/grade": Expected(
        Classes.say_grade, tables.CLASS_GRADED, lambda of, _: {"class_id": of.school_class, "grade": 7}
    ),
    "GET /people": Expected(
        People.people, tables.PEOPLE_LISTED, lambda *_: {"limit": 200}, shows=lambda of: of.student
    ),
    "POST /people": Expected(
        Appointments.make_people,
        tables.SUBJECTS_ADDED,
        lambda *_: {"people": [{"family_name": "Яшина", "given_name": "Я."}], "role": "teacher"},
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
        Credentials.order_credentials, tables.CREDENTIALS_ISSUED, lambda of, _: {"person_ids": [of.colleague]}
    ),
    "GET /credentials/{order_id}": Expected(
        Credentials.credential_order, tables.ORDERS_FOLLOWED, lambda of, _: {"order_id": of.credential_order}
    ),
    "POST /credentials/{order_id}/slips": Expected(
        Credentials.take_credentials, tables.ORDERS_FOLLOWED, lambda of, _: {"order_id": of.credential_order}
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
    "POST /imports/{import_id}/undo": Expected(
        Bundles.undo_import, tables.IMPORTS_READ, lambda of, _: {"import_id": of.bundle_import}
    ),
    "POST /imports/{import_id}/undo/confirm": Expected(
        Bundles.confirm_undo, tables.IMPORTS_READ, lambda of, _: {"import_id": of.bundle_import}
    ),
    # --- the journal ------------------------------------------------------------------------------
    "GET /calendar": Expected(Calendar.calendar, tables.OF_THE_SCHOOL, _nothing, shows=lambda of: of.year),
    "POST /years": Expected(
        Calendar.make_year,
        tables.YEARS_MADE,
        lambda *_: {"title": "2040/41", "starts_on": date(2040, 9, 1), "ends_on": date(2041, 8, 31)},
    ),
    "GET /years/{year_id}": Expected(Calendar.schedule, tables.THING_OF_THE_SCHOOL, lambda of, _: {"year_id": of.year}),
    "PATCH /years/{year_id}": Expected(
        Calendar.change_year,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "title": "Год", **SPAN, "version": 0},
    ),
    "PUT /years/{year_id}/terms": Expected(
        Calendar.set_terms,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "division": "quarters", "terms": [], "version": 0},
    ),
    "PUT /years/{year_id}/grades": Expected(
        Calendar.set_grades, tables.YEARS_CHANGED, lambda of, _: {"year_id": of.year, "grades": [], "version": 0}
    ),
    "PATCH /years/{year_id}/days": Expected(
        Calendar.change_days, tables.YEARS_CHANGED, lambda of, _: {"year_id": of.year, "version": 0}
    ),
    "GET /years/{year_id}/days-file": Expected(
        Calendar.read_days_file, tables.YEARS_CHANGED, lambda of, _: {"year_id": of.year, "file": DAYS_FILE}
    ),
    "POST /years/{year_id}/days-file": Expected(
        Calendar.read_days_file, tables.YEARS_CHANGED, lambda of, _: {"year_id": of.year, "file": DAYS_FILE}
    ),
    "POST /years/{year_id}/days-file/taken": Expected(
        Calendar.take_days_file,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "file": DAYS_FILE, "version": 0},
    ),
    "GET /years/{year_id}/bells": Expected(Bells.bells, tables.THING_OF_THE_SCHOOL, lambda of, _: {"year_id": of.year}),
    "PUT /years/{year_id}/bells": Expected(
        Bells.set_bells,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "title": "Звонки", "valid_from": TODAY, "bells": [BELL], "version": 0},
    ),
    "DELETE /years/{year_id}/bells/{schedule_id}": Expected(
        Bells.remove_bells,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "schedule_id": of.year, "version": 0},
    ),
    "PUT /years/{year_id}/second-shift": Expected(
        Bells.set_second_shift, tables.YEARS_CHANGED, lambda of, _: {"year_id": of.year, "class_ids": [], "version": 0}
    ),
    "GET /years/{year_id}/changes": Expected(
        Calendar.calendar_changes, tables.YEARS_HISTORY, lambda of, _: {"year_id": of.year}
    ),
    "GET /years/{year_id}/timetable": Expected(
        Timetable.timetable, tables.THING_OF_THE_SCHOOL, lambda of, _: {"year_id": of.year}
    ),
    "PATCH /years/{year_id}/timetable": Expected(
        Timetable.edit_timetable,
        tables.TIMETABLE_EDITED,
        lambda of, world: {
            "year_id": world.things[OWN].year,
            "version": 0,
            "from_date": TODAY,
            "add": [{"course_id": of.course, "weekday": 1, "number": 7}],
            "dry_run": True,
        },
        seen_at="GET /courses/{course_id}",
    ),
    "GET /years/{year_id}/timetable/edits": Expected(
        Timetable.timetable_edits, tables.TIMETABLE_HISTORY, lambda of, _: {"year_id": of.year}
    ),
    "POST /years/{year_id}/timetable/undo": Expected(
        Timetable.undo_timetable_edit, tables.TIMETABLE_UNDONE, lambda of, _: {"year_id": of.year, "edit": 1}
    ),
    "GET /days/{day}/lessons": Expected(
        DayChanges.lessons_of_day, tables.DAY_OF_SCHOOL, lambda *_: {"date": TODAY}, shows=lambda of: of.lesson
    ),
    "GET /openings": Expected(Openings.openings, tables.OPENINGS_LISTED, lambda *_: {}, shows=lambda of: of.opening),
    "POST /openings": Expected(
        Openings.open_lessons, tables.LESSONS_OPENED, lambda of, _: {"of": "lesson", "of_id": of.lesson, **OPENED}
    ),
    "POST /openings/{opening_id}/end": Expected(
        Openings.end_opening, tables.LESSONS_OPENED, lambda of, _: {"opening_id": of.opening}
    ),
    "GET /lessons/changes": Expected(
        DayChanges.changes_of_days, tables.CHANGES_OF_DAYS, lambda *_: {"first": TODAY, "last": TODAY}
    ),
    "POST /lessons/changes": Expected(
        DayChanges.change_lessons,
        tables.LESSONS_CHANGED,
        lambda of, _: {"changes": [{"lesson_id": of.lesson, "version": 0}]},
    ),
    "POST /years/{year_id}/timetable/file": Expected(
        TimetableImport.read_timetable_file,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "file": DAYS_FILE, "from_date": TODAY},
    ),
    "POST /years/{year_id}/timetable/file/reading": Expected(
        TimetableImport.read_timetable_file,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "file": DAYS_FILE, "from_date": TODAY},
    ),
    "POST /years/{year_id}/timetable/file/taken": Expected(
        TimetableImport.take_timetable_file,
        tables.YEARS_CHANGED,
        lambda of, _: {"year_id": of.year, "file": DAYS_FILE, "from_date": TODAY, "version": 0},
    ),
    "POST /past/files": Expected(PastImports.read_past_file, tables.YEARS_MADE, lambda *_: {"file": DAYS_FILE}),
    "POST /past/files/reading": Expected(
        PastImports.read_past_file, tables.YEARS_CHANGED, lambda of, _: {"file": DAYS_FILE, "year_id": of.year}
    ),
    "POST /past/files/taken": Expected(
        PastImports.take_past_file,
        tables.YEARS_CHANGED,
        lambda of, _: {"file": DAYS_FILE, "year_id": of.year, "shown": "", "document": "Табель"},
    ),
    "GET /past/imports": Expected(
        PastImports.past_imports, tables.PAST_LISTED, _nothing, shows=lambda of: of.past_import
    ),
    "POST /past/imports/{import_id}/undo": Expected(
        PastImports.undo_past_import, tables.YEARS_CHANGED, lambda of, _: {"import_id": of.past_import}
    ),
    "POST /lessons/{lesson_id}/outside": Expected(
        Timetable.settle_lesson,
        tables.COURSE_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "held": True},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "GET /classrooms": Expected(Classrooms.classrooms, tables.MEMBERS, _nothing),
    "PATCH /classrooms": Expected(Classrooms.set_classrooms, tables.SUBJECTS_ADDED, _nothing),
    "GET /policy": Expected(Policies.policy, tables.POLICY_READ, _nothing),
    "GET /policy/versions": Expected(Policies.policy_versions, tables.POLICY_READ, _nothing),
    "GET /policy/draft": Expected(Voting.policy_draft, tables.DRAFT_READ, _nothing),
    "POST /policy/draft": Expected(Voting.draft_policy, tables.DRAFT_WRITTEN, _nothing),
    "PATCH /policy/draft": Expected(Voting.change_draft, tables.DRAFT_WRITTEN, lambda *_: {"version": 0}),
    "DELETE /policy/draft": Expected(Voting.discard_draft, tables.DRAFT_WRITTEN, lambda *_: {"version": 0}),
    "GET /policy/draft/preview": Expected(Voting.preview_policy, tables.DRAFT_READ, _nothing),
    "POST /policy/draft/adoption": Expected(
        Voting.adopt_policy,
        tables.POLICY_ADOPTED,
        lambda *_: {"valid_from": TODAY, "decision": "протокол № 1", "version": 0},
    ),
    "GET /classrooms/free": Expected(Weeks.free_classrooms, tables.MEMBERS, lambda *_: {"date": TODAY, "number": 1}),
    "GET /weeks": Expected(Weeks.week_choices, tables.OF_THE_SCHOOL, _nothing, shows=lambda of: of.school_class),
    "GET /classes/{class_id}/weeks/{day}": Expected(
        Weeks.week, tables.THING_OF_THE_SCHOOL, lambda of, _: {"class_id": of.school_class, "date": TODAY}
    ),
    "GET /teachers/{teacher_id}/weeks/{day}": Expected(
        Weeks.week, tables.THING_OF_THE_SCHOOL, lambda of, _: {"teacher_id": of.teacher, "date": TODAY}
    ),
    "GET /classrooms/{classroom_id}/weeks/{day}": Expected(
        Weeks.week, tables.THING_OF_THE_SCHOOL, lambda of, _: {"classroom_id": of.classroom, "date": TODAY}
    ),
    "GET /students/{student_id}/weeks/{day}": Expected(
        Weeks.week, tables.STUDENTS_RECORD, lambda of, _: {"student_id": of.student, "date": TODAY}
    ),
    "GET /me/calendar-feed": Expected(
        CalendarFeeds.calendar_feed_state, tables.FAMILYS_FEED, lambda of, _: {"student_id": of.student}
    ),
    "POST /me/calendar-feed": Expected(
        CalendarFeeds.renew_calendar_feed, tables.FAMILYS_FEED, lambda of, _: {"student_id": of.student}
    ),
    "DELETE /me/calendar-feed": Expected(
        CalendarFeeds.end_calendar_feed, tables.FAMILYS_FEED, lambda of, _: {"student_id": of.student}
    ),
    "GET /kinds": Expected(Marks.kinds, tables.OF_THE_SCHOOL, _nothing, shows=lambda of: of.kind),
    "GET /subjects": Expected(Subjects.subjects, tables.SUBJECTS_LISTED, _nothing, shows=lambda of: of.subject),
    "POST /subjects": Expected(Subjects.add_subject, tables.SUBJECTS_ADDED, lambda *_: {"name": "Физика"}),
    "PATCH /subjects/{subject_id}": Expected(
        Subjects.rename_subject,
        tables.YEAR_SET_UP,
        lambda of, _: {"subject_id": of.subject, "name": "Физика и астрономия", "version": 1},
    ),
    "DELETE /subjects/{subject_id}": Expected(
        Subjects.remove_subject, tables.YEAR_SET_UP, lambda of, _: {"subject_id": of.subject, "version": 1}
    ),
    "GET /years/{year_id}/curriculum": Expected(
        Subjects.curriculum, tables.CURRICULUM_READ, lambda of, _: {"year_id": of.year}
    ),
    "PATCH /years/{year_id}/curriculum": Expected(
        Subjects.set_curriculum,
        tables.YEAR_SET_UP,
        lambda of, _: {"year_id": of.year, "version": 0, "hours": []},
    ),
    "GET /years/{from_year_id}/next/{to_year_id}": Expected(
        NextYear.next_year, tables.YEAR_SET_UP, lambda of, _: {"from_year_id": of.year, "to_year_id": of.year}
    ),
    "POST /years/{from_year_id}/next/{to_year_id}": Expected(
        NextYear.prepare_next_year,
        tables.YEAR_SET_UP,
        lambda of, _: {"from_year_id": of.year, "to_year_id": of.year, "fingerprint": "0", "class_ids": []},
    ),
    "POST /courses": Expected(
        Courses.make_course,
        tables.YEAR_SET_UP,
        lambda of, _: {"year_id": of.year, "subject_id": of.subject, "group_name": "хор"},
    ),
    "GET /courses/{course_id}": Expected(Courses.course, tables.COURSE_READ, lambda of, _: {"course_id": of.course}),
    "PATCH /courses/{course_id}": Expected(
        Courses.change_course,
        tables.COURSES_MADE,
        lambda of, _: {"course_id": of.course, "title": "Алгебра 7А", "version": 1},
    ),
    "DELETE /courses/{course_id}": Expected(
        Courses.remove_course, tables.COURSES_MADE, lambda of, _: {"course_id": of.course, "version": 1}
    ),
    "GET /courses/{course_id}/groups": Expected(
        Groups.groups, tables.COURSE_READ, lambda of, _: {"course_id": of.course}
    ),
    "PUT /courses/{course_id}/groups": Expected(
        Groups.split_class,
        tables.CLASS_SPLIT,
        lambda of, _: {"course_id": of.course, "since": TODAY, "groups": [{"student_ids": []}]},
        seen_at="GET /courses/{course_id}",
    ),
    "GET /courses": Expected(Courses.courses, tables.COURSES_LISTED, _nothing, shows=lambda of: of.course),
    "GET /courses/{course_id}/journal": Expected(
        Journal.journal_page, tables.COURSE_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "GET /courses/{course_id}/sheet": Expected(
        Sheets.sheet, tables.PROGRESS_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "GET /courses/{course_id}/lessons-before": Expected(
        Sheets.lessons_before, tables.PROGRESS_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "POST /courses/{course_id}/entries": Expected(
        Sheets.enter_cells,
        tables.CELLS_ENTERED,
        lambda of, _: {
            "course_id": of.course,
            "entries": [{"key": str(uuid4()), "lesson_id": of.lesson, "student_id": of.student, "text": "5"}],
        },
    ),
    # --- term marks ------------------------------------------------------------------------------------------------
    "GET /courses/{course_id}/term-marks": Expected(
        TermMarks.course_term_marks, tables.PROGRESS_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "POST /courses/{course_id}/term-marks": Expected(
        TermMarks.set_term_marks,
        tables.COURSE_WRITTEN,
        lambda of, _: {
            "course_id": of.course,
            "term_id": of.term,
            "entries": [{"student_id": of.student, "value": "5"}],
        },
        seen_at="GET /courses/{course_id}/term-marks",
    ),
    "POST /courses/{course_id}/term-marks/hand-in": Expected(
        TermMarks.hand_in_term_marks,
        tables.COURSE_WRITTEN,
        lambda of, _: {"course_id": of.course, "term_id": of.term},
        seen_at="GET /courses/{course_id}/term-marks",
    ),
    "GET /courses/{course_id}/students/{student_id}/term-mark": Expected(
        TermMarks.explained_term_mark, tables.FIGURE_OPENED, _figure
    ),
    "POST /courses/{course_id}/students/{student_id}/term-mark/forecast": Expected(
        TermMarks.forecast_term_mark, tables.FIGURE_OPENED, _figure
    ),
    "GET /courses/{course_id}/students/{student_id}/term-mark/history": Expected(
        TermMarks.term_mark_history, tables.TERM_MARKS_HISTORY, _figure
    ),
    "GET /courses/{course_id}/other-school-marks": Expected(
        OtherSchools.other_school_marks, tables.COURSE_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "POST /courses/{course_id}/other-school-marks": Expected(
        OtherSchools.enter_other_school_marks,
        tables.BROUGHT_ENTERED,
        lambda of, _: {"course_id": of.course, "term_id": of.term, "student_id": of.student, **BROUGHT},
        seen_at="GET /courses/{course_id}/other-school-marks",
    ),
    "POST /other-school-marks/{mark_id}/withdrawal": Expected(
        OtherSchools.withdraw_other_school_mark,
        tables.BROUGHT_ENTERED,
        lambda of, _: {"mark_id": of.brought, "reason": "Ошибка в справке"},
        seen_at="GET /courses/{course_id}/other-school-marks",
    ),
    "GET /classes/{class_id}/term-marks": Expected(
        TermMarks.class_term_marks,
        tables.CLASS_TERM_READ,
        lambda of, _: {"class_id": of.school_class, "term_id": of.term},
    ),
    "GET /classes/{class_id}/journal": Expected(
        TermMarks.class_journal,
        tables.CLASS_TERM_READ,
        lambda of, _: {"class_id": of.school_class, "term_id": of.term},
    ),
    "POST /classes/{class_id}/term-marks/check": Expected(
        TermMarks.check_term_marks,
        tables.CLASS_TERM_CHECKED,
        lambda of, _: {"class_id": of.school_class, "term_id": of.term},
    ),
    "POST /classes/{class_id}/term-marks/lock": Expected(
        TermMarks.lock_term_marks,
        tables.CLASS_TERM_LOCKED,
        lambda of, _: {"class_id": of.school_class, "term_id": of.term},
    ),
    "GET /students/{student_id}/term-marks": Expected(
        TermMarks.student_term_marks,
        tables.without(tables.STUDENTS_RECORD, "plan_head"),
        lambda of, _: {"student_id": of.student},
    ),
    "POST /lessons/sought": Expected(
        Lessons.many_lessons,
        tables.LESSONS_SOUGHT,
        lambda of, _: {"lesson_ids": [of.lesson]},
        shows=lambda of: of.lesson,
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
        lambda of, _: {"course_id": of.course, "date": TODAY, "number": 7, "works_anyway": True},
        seen_at="GET /courses/{course_id}/journal",
    ),
    "GET /lessons/{lesson_id}": Expected(Lessons.lesson, tables.COURSE_READ, lambda of, _: {"lesson_id": of.lesson}),
    "PATCH /lessons/{lesson_id}": Expected(
        Lessons.describe_lesson,
        tables.COURSE_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "topic": "Дроби", "version": 1},
        seen_at="GET /lessons/{lesson_id}",
    ),
    # --- homework beside its text; version 0 is nobody's, and files are taken away that are away already -----------
    "GET /lessons/{lesson_id}/homework": Expected(
        Homework.homework, tables.COURSE_READ, lambda of, _: {"lesson_id": of.lesson}
    ),
    "PATCH /lessons/{lesson_id}/homework": Expected(
        Homework.set_homework,
        tables.COURSE_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "minutes": 20, "version": 0},
        seen_at="GET /lessons/{lesson_id}/homework",
    ),
    "GET /lessons/{lesson_id}/homework/history": Expected(
        Homework.homework_history, tables.COURSE_READ, lambda of, _: {"lesson_id": of.lesson}
    ),
    "POST /lessons/{lesson_id}/homework/files": Expected(
        Homework.add_file,
        tables.COURSE_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "file": HOMEWORK_FILE, "name": "Задание.pdf"},
        seen_at="GET /lessons/{lesson_id}/homework",
    ),
    "PUT /lessons/{lesson_id}/homework/done": Expected(
        Homework.set_done, tables.HOMEWORK_TICKED, lambda of, _: {"lesson_id": of.lesson, "done": True}
    ),
    "GET /homework-files/{file_id}": Expected(
        Homework.homework_file, tables.HOMEWORK_FILE_READ, lambda of, _: {"file_id": of.homework_file}
    ),
    "DELETE /homework-files/{file_id}": Expected(
        Homework.remove_file,
        tables.COURSE_WRITTEN,
        lambda of, _: {"file_id": of.removed_file},
        seen_at="GET /lessons/{lesson_id}/homework",
    ),
    "POST /homework-files/{file_id}/restore": Expected(
        Homework.restore_file,
        tables.COURSE_WRITTEN,
        lambda of, _: {"file_id": of.homework_file},
        seen_at="GET /lessons/{lesson_id}/homework",
    ),
    "GET /lessons/{lesson_id}/load": Expected(
        Load.homework_load, tables.COURSE_READ, lambda of, _: {"lesson_id": of.lesson}
    ),
    "GET /lessons/{lesson_id}/note": Expected(Homework.note, tables.NOTE_KEPT, lambda of, _: {"lesson_id": of.lesson}),
    "PUT /lessons/{lesson_id}/note": Expected(
        Homework.set_note, tables.NOTE_KEPT, lambda of, _: {"lesson_id": of.lesson, "text": "Спросить"}
    ),
    "GET /teachers/me/days/{day}/homework": Expected(
        Homework.homework_of_day, tables.JOURNAL, lambda *_: {"date": TODAY}
    ),
    "GET /teachers/{teacher_id}/days/{day}/homework": Expected(
        Homework.homework_of_day,
        tables.TEACHERS_DAY,
        lambda of, _: {"teacher_id": of.teacher, "date": TODAY},
        shows=lambda of: of.lesson,
    ),
    # --- thematic plans; version 0 is nobody's, so that every request finds the plans as they were ---------------
    "GET /plans": Expected(Plans.plans, tables.CLASSES_LISTED, _nothing, shows=lambda of: of.plan),
    "POST /plans": Expected(
        Plans.add_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"subject_id": of.subject, "grade": 7, "year_id": of.year},
        seen_at="GET /plans/{plan_id}",
    ),
    "GET /plans/{plan_id}": Expected(Plans.plan, tables.CLASS_READ, lambda of, _: {"plan_id": of.plan}),
    "PUT /plans/{plan_id}": Expected(
        Plans.change_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"plan_id": of.plan, "title": "План", "topics": [], "version": 0},
        seen_at="GET /plans/{plan_id}",
    ),
    "DELETE /plans/{plan_id}": Expected(
        Plans.delete_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"plan_id": of.plan, "version": 0},
        seen_at="GET /plans/{plan_id}",
    ),
    "GET /plans/{plan_id}/history": Expected(Plans.plan_history, tables.CLASS_READ, lambda of, _: {"plan_id": of.plan}),
    "POST /plans/files": Expected(Plans.read_plan_file, tables.PLANS_READ, lambda *_: {"file": PLAN_FILE}),
    "POST /plans/readings": Expected(Plans.read_plan_file, tables.PLANS_READ, lambda *_: {"file": PLAN_FILE}),
    "POST /plans/imports": Expected(
        Plans.import_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"file": PLAN_FILE, "subject_id": of.subject, "grade": 7, "year_id": of.year},
        seen_at="GET /plans/{plan_id}",
    ),
    "POST /plans/{plan_id}/copies": Expected(
        Plans.copy_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"plan_id": of.plan, "year_id": of.year},
        seen_at="GET /plans/{plan_id}",
    ),
    "POST /plans/{plan_id}/submit": Expected(
        Plans.submit_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"plan_id": of.plan, "version": 0},
        seen_at="GET /plans/{plan_id}",
    ),
    "POST /plans/{plan_id}/return": Expected(
        Plans.return_plan,
        tables.PLAN_WRITTEN,
        lambda of, _: {"plan_id": of.plan, "version": 0},
        seen_at="GET /plans/{plan_id}",
    ),
    "PUT /plans/{plan_id}/courses": Expected(
        Plans.attach_plan,
        tables.PLAN_ATTACHED,
        lambda of, _: {"plan_id": of.plan, "course_ids": [], "version": 0},
    ),
    "GET /teachers/me/days/{day}/topics": Expected(CoursePlans.offers, tables.JOURNAL, lambda *_: {"date": TODAY}),
    "GET /teachers/{teacher_id}/days/{day}/topics": Expected(
        CoursePlans.offers,
        tables.TEACHERS_DAY,
        lambda of, _: {"teacher_id": of.teacher, "date": TODAY},
        shows=lambda of: of.lesson,
    ),
    "PUT /lessons/{lesson_id}/topics": Expected(
        CoursePlans.take_topics,
        tables.COURSE_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "topic_ids": [], "version": 0},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "GET /plans/progress": Expected(CoursePlans.progress, tables.PROGRESS_LISTED, _nothing, shows=lambda of: of.course),
    "GET /courses/{course_id}/plan": Expected(
        CoursePlans.course_plan, tables.PROGRESS_READ, lambda of, _: {"course_id": of.course}
    ),
    "PATCH /courses/{course_id}/plan": Expected(
        CoursePlans.adapt_course,
        tables.COURSE_WRITTEN,
        lambda of, _: {"course_id": of.course, "dropped": [], "joined": [], "version": 0},
        seen_at="GET /courses/{course_id}/plan",
    ),
    "GET /associations": Expected(Plans.associations, tables.CLASSES_LISTED, _nothing, shows=lambda of: of.subject),
    "PUT /associations/{person_id}": Expected(
        Plans.set_subjects, tables.HEADS_SET, lambda of, _: {"person_id": of.head, "subject_ids": [of.subject]}
    ),
    "POST /marks": Expected(
        Marks.post_mark,
        tables.MARKS_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "student_id": of.student, "value": "4"},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "GET /lessons/{lesson_id}/marks": Expected(
        Marks.lesson_marks, tables.COURSE_READ, lambda of, _: {"lesson_id": of.lesson}
    ),
    "PATCH /lessons/{lesson_id}/marks": Expected(
        Marks.set_column,
        tables.MARKS_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "marks": [{"student_id": of.student, "value": "4"}]},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "POST /lessons/{lesson_id}/marks": Expected(
        Marks.post_marks,
        tables.MARKS_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "marks": [{"student_id": of.student, "value": "4"}]},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "PUT /lessons/{lesson_id}/column": Expected(
        Marks.change_column,
        tables.MARKS_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "only_if_helps": True},
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
    "GET /students/{student_id}/courses/{course_id}/trend": Expected(
        Journal.subject_trend,
        tables.without(tables.STUDENTS_RECORD, "plan_head"),
        lambda of, _: {"student_id": of.student, "course_id": of.course},
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
    "GET /lessons/{lesson_id}/students/{student_id}/absence/history": Expected(
        Checks.absence_history,
        tables.COURSE_READ,
        lambda of, _: {"lesson_id": of.lesson, "student_id": of.student},
    ),
    "GET /courses/{course_id}/absences-before": Expected(
        Checks.absences_before, tables.PROGRESS_READ, lambda of, _: {"course_id": of.course, "term_id": of.term}
    ),
    "PUT /lessons/{lesson_id}/check": Expected(
        Checks.check_lesson,
        tables.CHECK_WRITTEN,
        lambda of, _: {"lesson_id": of.lesson, "absences": []},
        seen_at="GET /lessons/{lesson_id}",
    ),
    "POST /absences": Expected(
        Checks.enter_absences,
        tables.JOURNAL,
        lambda of, _: {
            "entries": [{"key": str(uuid4()), "lesson_id": of.lesson, "student_id": of.student, "code": "Н"}]
        },
    ),
    "GET /students/{student_id}/absences": Expected(
        Absences.absences_of, tables.STUDENTS_RECORD, lambda of, _: {"student_id": of.student, **SPAN}
    ),
    "GET /classes/{class_id}/absences": Expected(
        Absences.absences_of_class, tables.CLASS_TERM_READ, lambda of, _: {"class_id": of.school_class, **SPAN}
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
        Documents.document, tables.PRINTS_READ, lambda of, _: {"job_id": of.print_job}
    ),
}
