"""Calendar, courses, thematic plans, lessons, marks, the diary."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import validate

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
from contracts.gradebook.lessons import WHY_LATE, Lessons
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
from gateway.composed import (
    class_journal,
    days_files,
    diary,
    homework,
    past_files,
    plans,
    sheet,
    term_marks,
    timetable_files,
)
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT
from gateway.door.auth import operation
from gateway.door.http import answered
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import delete, get, patch, post, put
from kernel import fields
from kernel.contract import Command

blueprint = ApiBlueprint("gradebook", __name__, "Calendar, courses, thematic plans, lessons, marks, the diary.")

#: Of what a week is asked for → where it is, and what the address is for.
WEEKS_OF: Final = {
    "class_id": ("classes", "The lessons of a class's week."),
    "teacher_id": ("teachers", "The lessons of a teacher's week."),
    "classroom_id": ("classrooms", "The lessons of a classroom's week."),
    "student_id": ("students", "The lessons of a student's week, for those who read the diary."),
}
ROUTES = (
    get("/calendar", Calendar.calendar),
    post("/years", Calendar.make_year),
    get("/years/{year_id}", Calendar.schedule),
    patch("/years/{year_id}", Calendar.change_year),
    put("/years/{year_id}/terms", Calendar.set_terms),
    put("/years/{year_id}/grades", Calendar.set_grades),
    patch("/years/{year_id}/days", Calendar.change_days),
    get("/years/{year_id}/days-file", Calendar.read_days_file, timeout=LONG_TIMEOUT),
    post("/years/{year_id}/days-file/taken", Calendar.take_days_file, status=200, timeout=LONG_TIMEOUT),
    get("/years/{year_id}/bells", Bells.bells),
    put("/years/{year_id}/bells", Bells.set_bells),
    delete("/years/{year_id}/bells/{schedule_id}", Bells.remove_bells),
    put("/years/{year_id}/second-shift", Bells.set_second_shift),
    get("/years/{year_id}/changes", Calendar.calendar_changes),
    get("/years/{year_id}/timetable", Timetable.timetable),
    patch("/years/{year_id}/timetable", Timetable.edit_timetable),
    get("/years/{year_id}/timetable/edits", Timetable.timetable_edits),
    post("/years/{year_id}/timetable/undo", Timetable.undo_timetable_edit, status=200),
    get("/days/{day}/lessons", DayChanges.lessons_of_day, path_names={"day": "date"}),
    get("/lessons/changes", DayChanges.changes_of_days),
    post("/lessons/changes", DayChanges.change_lessons, status=200),
    post(
        "/years/{year_id}/timetable/file/reading",
        TimetableImport.read_timetable_file,
        reads=True,
        timeout=LONG_TIMEOUT,
    ),
    post(
        "/years/{year_id}/timetable/file/taken",
        TimetableImport.take_timetable_file,
        status=200,
        timeout=LONG_TIMEOUT,
    ),
    post("/past/files/reading", PastImports.read_past_file, reads=True, timeout=LONG_TIMEOUT),
    post("/past/files/taken", PastImports.take_past_file, status=200, timeout=LONG_TIMEOUT),
    get("/past/imports", PastImports.past_imports),
    post("/past/imports/{import_id}/undo", PastImports.undo_past_import, status=200),
    post("/lessons/{lesson_id}/outside", Timetable.settle_lesson, status=200),
    get("/classrooms", Classrooms.classrooms),
    patch("/classrooms", Classrooms.set_classrooms),
    get("/policy", Policies.policy),
    get("/policy/versions", Policies.policy_versions),
    get("/policy/draft", Voting.policy_draft),
    post("/policy/draft", Voting.draft_policy),
    patch("/policy/draft", Voting.change_draft),
    delete("/policy/draft", Voting.discard_draft),
    get("/policy/draft/preview", Voting.preview_policy),
    post("/policy/draft/adoption", Voting.adopt_policy),
    get("/classrooms/free", Weeks.free_classrooms),
    get("/weeks", Weeks.week_choices),
    *(
        get(
            f"/{things}/{{{thing_id}}}/weeks/{{day}}",
            Weeks.week,
            name=f"week_of_{thing_id.removesuffix('_id')}",
            summary=summary,
            path_names={"day": "date"},
            without=tuple(one for one in WEEKS_OF if one != thing_id),
        )
        for thing_id, (things, summary) in WEEKS_OF.items()
    ),
    get("/me/calendar-feed", CalendarFeeds.calendar_feed_state),
    post("/me/calendar-feed", CalendarFeeds.renew_calendar_feed),
    delete("/me/calendar-feed", CalendarFeeds.end_calendar_feed),
    get("/kinds", Marks.kinds),
    get("/subjects", Subjects.subjects),
    post("/subjects", Subjects.add_subject),
    patch("/subjects/{subject_id}", Subjects.rename_subject),
    delete("/subjects/{subject_id}", Subjects.remove_subject),
    get("/years/{year_id}/curriculum", Subjects.curriculum),
    patch("/years/{year_id}/curriculum", Subjects.set_curriculum),
    get("/years/{from_year_id}/next/{to_year_id}", NextYear.next_year),
    post("/years/{from_year_id}/next/{to_year_id}", NextYear.prepare_next_year, status=200),
    get("/courses", Courses.courses),
    post("/courses", Courses.make_course),
    get("/courses/{course_id}", Courses.course),
    patch("/courses/{course_id}", Courses.change_course),
    delete("/courses/{course_id}", Courses.remove_course),
    get("/courses/{course_id}/groups", Groups.groups),
    put("/courses/{course_id}/groups", Groups.split_class),
    get("/courses/{course_id}/journal", Journal.journal_page),
    get("/courses/{course_id}/sheet", Sheets.sheet, answer=sheet.page, view=sheet.SheetView, tagged=True),
    get("/courses/{course_id}/lessons-before", Sheets.lessons_before),
    post("/courses/{course_id}/entries", Sheets.enter_cells, answer=sheet.enter, view=sheet.EntriesView, status=200),
    get(
        "/courses/{course_id}/term-marks",
        TermMarks.course_term_marks,
        answer=term_marks.of_course,
        view=term_marks.TermMarksOfCourseView,
        tagged=True,
    ),
    post(
        "/courses/{course_id}/term-marks",
        TermMarks.set_term_marks,
        answer=term_marks.set_in_course,
        view=term_marks.AnswersOfTermMarksView,
        status=200,
    ),
    post("/courses/{course_id}/term-marks/hand-in", TermMarks.hand_in_term_marks, status=200),
    get("/courses/{course_id}/students/{student_id}/term-mark", TermMarks.explained_term_mark),
    post("/courses/{course_id}/students/{student_id}/term-mark/forecast", TermMarks.forecast_term_mark, reads=True),
    get("/courses/{course_id}/students/{student_id}/term-mark/history", TermMarks.term_mark_history),
    get(
        "/classes/{class_id}/term-marks",
        TermMarks.class_term_marks,
        answer=term_marks.of_class,
        view=term_marks.TermMarksOfClassView,
        tagged=True,
    ),
    get(
        "/classes/{class_id}/journal",
        TermMarks.class_journal,
        answer=class_journal.of_class,
        view=class_journal.JournalOfClassView,
    ),
    post("/classes/{class_id}/term-marks/check", TermMarks.check_term_marks, status=200),
    post("/classes/{class_id}/term-marks/lock", TermMarks.lock_term_marks, status=200),
    get("/students/{student_id}/term-marks", TermMarks.student_term_marks),
    get(
        "/teachers/me/days/{day}",
        Lessons.day,
        name="own_day",
        summary="One's own lessons on a date.",
        path_names={"day": "date"},
        without=("teacher_id",),
    ),
    get("/teachers/{teacher_id}/days/{day}", Lessons.day, path_names={"day": "date"}),
    post("/lessons", Lessons.add_lesson),
    get("/courses/{course_id}/other-school-marks", OtherSchools.other_school_marks),
    post("/courses/{course_id}/other-school-marks", OtherSchools.enter_other_school_marks),
    post("/other-school-marks/{mark_id}/withdrawal", OtherSchools.withdraw_other_school_mark, status=200),
    get("/openings", Openings.openings),
    post("/openings", Openings.open_lessons),
    post("/openings/{opening_id}/end", Openings.end_opening, status=200),
    get("/lessons/{lesson_id}", Lessons.lesson),
    post("/lessons/sought", Lessons.many_lessons, reads=True),
    patch("/lessons/{lesson_id}", Lessons.describe_lesson),
    get("/lessons/{lesson_id}/homework", Homework.homework),
    patch("/lessons/{lesson_id}/homework", Homework.set_homework),
    get("/lessons/{lesson_id}/homework/history", Homework.homework_history),
    get("/lessons/{lesson_id}/load", Load.homework_load),
    get("/lessons/{lesson_id}/note", Homework.note),
    put("/lessons/{lesson_id}/note", Homework.set_note),
    put("/lessons/{lesson_id}/homework/done", Homework.set_done),
    get(
        "/teachers/me/days/{day}/homework",
        Homework.homework_of_day,
        name="own_homework_of_day",
        summary="What the homework of one's own lessons on a date has.",
        path_names={"day": "date"},
        without=("teacher_id",),
    ),
    get("/teachers/{teacher_id}/days/{day}/homework", Homework.homework_of_day, path_names={"day": "date"}),
    delete("/homework-files/{file_id}", Homework.remove_file),
    post("/homework-files/{file_id}/restore", Homework.restore_file, status=200),
    get("/plans", Plans.plans),
    post("/plans", Plans.add_plan),
    get("/plans/{plan_id}", Plans.plan),
    put("/plans/{plan_id}", Plans.change_plan),
    delete("/plans/{plan_id}", Plans.delete_plan),
    get("/plans/{plan_id}/history", Plans.plan_history),
    post("/plans/readings", Plans.read_plan_file, reads=True, timeout=LONG_TIMEOUT),
    post("/plans/imports", Plans.import_plan, timeout=LONG_TIMEOUT),
    post("/plans/{plan_id}/copies", Plans.copy_plan),
    post("/plans/{plan_id}/submit", Plans.submit_plan, status=200),
    post("/plans/{plan_id}/return", Plans.return_plan, status=200),
    put("/plans/{plan_id}/courses", Plans.attach_plan),
    get(
        "/teachers/me/days/{day}/topics",
        CoursePlans.offers,
        name="own_offers",
        summary="The topics that one's own lessons on a date may take.",
        path_names={"day": "date"},
        without=("teacher_id",),
    ),
    get("/teachers/{teacher_id}/days/{day}/topics", CoursePlans.offers, path_names={"day": "date"}),
    put("/lessons/{lesson_id}/topics", CoursePlans.take_topics),
    get("/plans/progress", CoursePlans.progress),
    get("/courses/{course_id}/plan", CoursePlans.course_plan),
    patch("/courses/{course_id}/plan", CoursePlans.adapt_course),
    get("/associations", Plans.associations),
    put("/associations/{person_id}", Plans.set_subjects),
    post("/marks", Marks.post_mark),
    get("/lessons/{lesson_id}/marks", Marks.lesson_marks),
    post("/lessons/{lesson_id}/marks", Marks.post_marks),
    patch("/lessons/{lesson_id}/marks", Marks.set_column),
    put("/lessons/{lesson_id}/column", Marks.change_column),
    patch("/marks/{mark_id}", Marks.change_mark),
    get("/marks/{mark_id}/history", Marks.mark_history),
    get("/students/{student_id}/diary", Journal.diary_week, answer=diary.week, view=diary.DiaryView),
    get("/students/{student_id}/marks", Journal.marks_of),
    get("/students/{student_id}/courses/{course_id}/trend", Journal.subject_trend),
)


class DaysFileForm(Command):
    """A working-day calendar or an iCalendar as a form's file."""

    file = Upload(required=True, metadata={"description": "XML or ICS."})


@blueprint.route("/years/<id:year_id>/days-file", methods=["POST"])
@operation(Calendar.read_days_file)
@blueprint.arguments(Calendar.read_days_file.command.__class__(exclude=("year_id", "file")), location="query")
@blueprint.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": DaysFileForm}}})
@blueprint.response(200, Calendar.read_days_file.answer)
def hand_in_days_file(query: dict[str, Any], year_id: UUID) -> Response:
    """Hand in a file of days: what it would change of the year, and its faults. Nothing is written.

    It is taken by its `file`, as it was shown, at `/years/{year_id}/days-file/taken`.
    """
    return answered(days_files.read(year_id, file=days_files.hand_in(request), **query))


class TimetableForm(Command):
    """A timetable as a form's file."""

    file = Upload(required=True, metadata={"description": "XLSX, an XML export of aSc Timetables, or FET."})


@blueprint.route("/years/<id:year_id>/timetable/file", methods=["POST"])
@operation(TimetableImport.read_timetable_file)
@blueprint.arguments(
    TimetableImport.read_timetable_file.command.__class__(exclude=("year_id", "file", "names")), location="query"
)
@blueprint.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": TimetableForm}}})
@blueprint.response(200, TimetableImport.read_timetable_file.answer)
def hand_in_timetable(query: dict[str, Any], year_id: UUID) -> Response:
    """Hand in a file of a timetable: what its names may mean, what it would change, and its faults. Nothing is written.

    It is looked at again with what names mean at `/years/{year_id}/timetable/file/reading`, and taken at
    `/years/{year_id}/timetable/file/taken`.
    """
    return answered(timetable_files.read(year_id, file=timetable_files.hand_in(request), **query))


class PastForm(Command):
    """A file of a school's past as a form's file."""

    file = Upload(required=True, metadata={"description": "XLSX, report cards of АСУ РСО."})


@blueprint.route("/past/files", methods=["POST"])
@operation(PastImports.read_past_file)
@blueprint.arguments(PastImports.read_past_file.command.__class__(exclude=("file", "names")), location="query")
@blueprint.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": PastForm}}})
@blueprint.response(200, PastImports.read_past_file.answer)
def hand_in_past(query: dict[str, Any]) -> Response:
    """Hand in a file of a school's past: whom and what its names may mean, what it would add. Nothing is written.

    It is looked at again with what names mean at `/past/files/reading`, and taken at `/past/files/taken`.
    """
    return answered(past_files.read(file=past_files.hand_in(request), **query))


class PlanForm(Command):
    """A thematic plan's file."""

    file = Upload(required=True, metadata={"description": "XLSX, CSV or DOCX."})


@blueprint.route("/plans/files", methods=["POST"])
@operation(Plans.read_plan_file)
@blueprint.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": PlanForm}}})
@blueprint.response(200, Plans.read_plan_file.answer)
def hand_in_plan() -> Response:
    """Hand in a file of a thematic plan, and read it: its topics, columns and faults. Nothing is written yet."""
    return answered(plans.read(plans.hand_in(request)))


class HomeworkFileForm(Command):
    """A file of at most 20 MB for a lesson, whose content fits to the ending of its name."""

    file = Upload(required=True, metadata={"description": "A document, table, presentation, picture or sound."})
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


@blueprint.route("/lessons/<id:lesson_id>/homework/files", methods=["POST"])
@operation(Homework.add_file)
@blueprint.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": HomeworkFileForm}}})
@blueprint.response(201, Homework.add_file.answer)
def add_homework_file(lesson_id: UUID) -> Response:
    """Add a file to a lesson."""
    uploads.check_form(request)
    return answered(homework.add_file(lesson_id, request.files.get("file"), request.form.get("reason", "")), 201)


@blueprint.route("/homework-files/<id:file_id>")
@operation(Homework.homework_file)
@blueprint.response(
    200,
    {"type": "string", "format": "binary"},
    content_type="application/octet-stream",
    description="The file, with its own media type, to be saved.",
)
def homework_file(file_id: UUID) -> Response:
    """A file of a lesson, for whoever may see the lesson, with its SHA-256 (Repr-Digest, RFC 9530)."""
    return homework.download(file_id)
