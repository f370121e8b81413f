"""Answers about lessons and marks together: the journal page, the diary week, a student's marks, notices."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.calendar import TermView
from contracts.gradebook.courses import CourseView
from contracts.gradebook.lessons import LessonView
from contracts.gradebook.marks import KindOfWorkView, MarkView
from contracts.roles import FAMILIES, JOURNAL
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View, only


class MeanView(View):
    """A weighted mean, Σ(mark·weight)/Σ(weight), with what it was computed from."""

    value = fields.Str(required=True, allow_none=True, metadata={"description": "Two decimals; null without marks."})
    numerator = fields.Str(required=True)
    denominator = fields.Str(required=True)
    counted = fields.Int(required=True)
    left_out = fields.Int(required=True)


class ExplanationView(View):
    """Sentences that explain a figure: what was counted and left out, the steps, the sources of the rules."""

    ru = fields.List(fields.Str(), required=True)
    en = fields.List(fields.Str(), required=True)


class ExplainedMeanView(MeanView):
    """A weighted mean in words."""

    explanation = fields.Nested(ExplanationView, required=True)


class JournalPageId(Command):
    """A course's journal page for a term."""

    course_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)


class StudentMeanView(View):
    """A student's mean on a journal page."""

    student_id = fields.UUID(required=True)
    mean = fields.Nested(MeanView, required=True)


class JournalPageView(View):
    """A journal page: lessons across, students down, marks in the cells."""

    course = fields.Nested(CourseView, required=True)
    term = fields.Nested(TermView, required=True)
    lessons = fields.List(fields.Nested(LessonView), required=True)
    student_ids = fields.List(fields.UUID(), required=True)
    kinds = fields.List(fields.Nested(KindOfWorkView), required=True)
    marks = fields.List(fields.Nested(MarkView), required=True)
    means = fields.List(fields.Nested(StudentMeanView), required=True)
    may_write = fields.Bool(required=True)


class DiaryWeek(Command):
    """A student's week, given by any date in it."""

    student_id = fields.UUID(required=True)
    date = fields.Date(required=True)


class DiaryMarkView(View):
    """A mark as the family sees it."""

    id = fields.UUID(required=True)
    value = fields.Str(required=True)
    kind = fields.Str(required=True)
    weight = fields.Str(required=True)
    comment = fields.Str(required=True)
    changed = fields.Bool(required=True, metadata={"description": "The value replaced another one."})


class DiaryLessonView(View):
    """A lesson as the family sees it."""

    lesson_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    number = fields.Int(required=True, allow_none=True)
    topic = fields.Str(required=True)
    homework = fields.Str(required=True)
    homework_due = fields.Date(required=True, allow_none=True)
    marks = fields.List(fields.Nested(DiaryMarkView), required=True)


class DiaryDayView(View):
    """A day of the diary."""

    date = fields.Date(required=True)
    lessons = fields.List(fields.Nested(DiaryLessonView), required=True)


class DiaryWeekView(View):
    """Monday to Sunday. Days without lessons are included, with no lessons."""

    student_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    days = fields.List(fields.Nested(DiaryDayView), required=True)


class StudentTerm(Command):
    """A student's marks from one date to another, both included."""

    student_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class DatedMarkView(DiaryMarkView):
    """A mark with its lesson's date."""

    date = fields.Date(required=True)


class SubjectMarksView(View):
    """A student's marks in one course, oldest first, and their mean."""

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    marks = fields.List(fields.Nested(DatedMarkView), required=True)
    mean = fields.Nested(ExplainedMeanView, required=True)


class StudentMarksView(View):
    """A student's marks in every course."""

    student_id = fields.UUID(required=True)
    subjects = fields.List(fields.Nested(SubjectMarksView), required=True)


class NoticeIds(Command):
    """Ids of the marks and lessons that notices are about."""

    mark_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    lesson_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))


class MarkNoticeView(View):
    """A mark as a notice states it."""

    mark_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    kind = fields.Str(required=True)
    value = fields.Str(required=True, allow_none=True)
    previous = fields.Str(required=True, allow_none=True)


class HomeworkNoticeView(View):
    """Homework as a notice states it."""

    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    homework = fields.Str(required=True)
    due = fields.Date(required=True, allow_none=True)


class NoticesView(View):
    """What notices of marks and homework state."""

    marks = fields.List(fields.Nested(MarkNoticeView), required=True)
    homework = fields.List(fields.Nested(HomeworkNoticeView), required=True)


class Journal(Interface, service="gradebook"):
    """Journal pages, diaries, a student's marks."""

    journal_page = Rpc(
        JournalPageId, JournalPageView, "A course's journal page for a term, for staff.", JOURNAL | only("printing")
    )
    diary_week = Rpc(
        DiaryWeek, DiaryWeekView, "A student's diary for a week, for the student and guardians.", JOURNAL | FAMILIES
    )
    marks_of = Rpc(StudentTerm, StudentMarksView, "A student's marks and means by course.", JOURNAL | FAMILIES)
    notices = Rpc(
        NoticeIds, NoticesView, "What notices of marks and homework state; for services only.", only("notifications")
    )
