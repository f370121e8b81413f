"""What the gradebook accepts, answers and announces: calendar, courses, lessons, homework, marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import fields, validate

from kernel.contract import Command, Empty, Event, Interface, Rpc, View

#: A column holds a class; no class is larger.
COLUMN: Final = 60
MANY: Final = 500


class TermView(View):
    """A term: a quarter, half-year, trimester."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class YearView(TermView):
    """An academic year with its terms."""

    terms = fields.List(fields.Nested(TermView), required=True)


class CalendarView(View):
    """The school's academic years, newest first."""

    years = fields.List(fields.Nested(YearView), required=True)


class KindOfWorkView(View):
    """A kind of work, such as an oral answer or a control work, and the weight of its marks."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    weight = fields.Str(required=True, metadata={"description": "Decimal."})


class KindsView(View):
    """The school's kinds of work."""

    kinds = fields.List(fields.Nested(KindOfWorkView), required=True)


class FindCourses(Command):
    """Courses of the actor, or of a class, or all the actor may see."""

    class_id = fields.UUID(load_default=None, allow_none=True)
    mine = fields.Bool(load_default=False)


class CourseView(View):
    """A course: a subject taught to a class or group by teachers in a year; one journal page a term."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    subject = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    year_id = fields.UUID(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)


class CoursesView(View):
    """Courses by title."""

    courses = fields.List(fields.Nested(CourseView), required=True)


class TeacherDay(Command):
    """A teacher's lessons on a date: the actor's own, or for the administration those of `teacher_id`."""

    date = fields.Date(required=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)


class LessonView(View):
    """A lesson. `version` goes back with a change, so that two people do not overwrite each other."""

    id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    class_id = fields.UUID(required=True, allow_none=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True, metadata={"description": "Which lesson of the day."})
    topic = fields.Str(required=True)
    homework = fields.Str(required=True)
    homework_due = fields.Date(required=True, allow_none=True)
    version = fields.Int(required=True)


class LessonsView(View):
    """Lessons in order of date and number."""

    lessons = fields.List(fields.Nested(LessonView), required=True)


class LessonId(Command):
    """One lesson."""

    lesson_id = fields.UUID(required=True)


class LessonDetailView(LessonView):
    """A lesson with those taught and those teaching."""

    student_ids = fields.List(fields.UUID(), required=True, metadata={"description": "Members at the lesson's date."})
    teacher_ids = fields.List(fields.UUID(), required=True)


class AddLesson(Command):
    """A lesson held or planned."""

    course_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    number = fields.Int(load_default=None, allow_none=True, validate=validate.Range(0, 20))
    topic = fields.Str(load_default="", validate=validate.Length(max=500))


class DescribeLesson(Command):
    """Topic and homework of a lesson (clause 3.2). A field left out stays as it is."""

    lesson_id = fields.UUID(required=True)
    topic = fields.Str(validate=validate.Length(max=500))
    homework = fields.Str(validate=validate.Length(max=2000))
    homework_due = fields.Date(allow_none=True)
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class NewMark(Command):
    """A mark of a column."""

    student_id = fields.UUID(required=True)
    value = fields.Str(required=True, validate=validate.Length(1, 10))
    comment = fields.Str(load_default="", validate=validate.Length(max=500))


class PostMark(NewMark):
    """One mark for a student in a lesson; without `kind_id` an answer in the lesson."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(load_default=None, allow_none=True)


class PostMarks(Command):
    """A column of marks: one kind of work of one lesson, each student at most once."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(load_default=None, allow_none=True)
    marks = fields.List(fields.Nested(NewMark), required=True, validate=validate.Length(1, COLUMN))


class ChangeMark(Command):
    """Another value for a mark, or none (null): the old one stays in the history with who, when and why."""

    mark_id = fields.UUID(required=True)
    value = fields.Str(required=True, allow_none=True, validate=validate.Length(1, 10))
    comment = fields.Str(validate=validate.Length(max=500))
    reason = fields.Str(required=True, validate=validate.Length(3, 500))
    version = fields.Int(required=True)


class MarkId(Command):
    """One mark."""

    mark_id = fields.UUID(required=True)


class MarkView(View):
    """A mark as it stands; `value` is null where it was taken back."""

    id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    kind_id = fields.UUID(required=True)
    value = fields.Str(required=True, allow_none=True)
    comment = fields.Str(required=True)
    date = fields.Date(required=True, metadata={"description": "Date of the lesson."})
    version = fields.Int(required=True)


class MarksView(View):
    """Marks of one column, in the order they were sent."""

    marks = fields.List(fields.Nested(MarkView), required=True)


class MarkRevisionView(View):
    """One state of a mark."""

    version = fields.Int(required=True)
    value = fields.Str(required=True, allow_none=True)
    comment = fields.Str(required=True)
    reason = fields.Str(required=True)
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)


class MarkHistoryView(View):
    """Every state of a mark, first to last."""

    mark_id = fields.UUID(required=True)
    revisions = fields.List(fields.Nested(MarkRevisionView), required=True)


class MeanView(View):
    """A weighted mean with how it came about: Σ(mark·weight)/Σ(weight)."""

    value = fields.Str(required=True, allow_none=True, metadata={"description": "Two decimals; null without marks."})
    numerator = fields.Str(required=True)
    denominator = fields.Str(required=True)
    counted = fields.Int(required=True)
    left_out = fields.Int(required=True)


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
    """A student's week; any date in it will do."""

    student_id = fields.UUID(required=True)
    date = fields.Date(required=True)


class DiaryMarkView(View):
    """A mark as the family sees it."""

    id = fields.UUID(required=True)
    value = fields.Str(required=True)
    kind = fields.Str(required=True)
    weight = fields.Str(required=True)
    comment = fields.Str(required=True)
    changed = fields.Bool(required=True, metadata={"description": "It replaced another value."})


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
    """Monday to Sunday; days without lessons are there, empty."""

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
    mean = fields.Nested(MeanView, required=True)


class StudentMarksView(View):
    """A student's marks in every course."""

    student_id = fields.UUID(required=True)
    subjects = fields.List(fields.Nested(SubjectMarksView), required=True)


class NoticeIds(Command):
    """Marks and lessons to be told about."""

    mark_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    lesson_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))


class MarkNoticeView(View):
    """A mark in the words of a notice."""

    mark_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    kind = fields.Str(required=True)
    value = fields.Str(required=True, allow_none=True)
    previous = fields.Str(required=True, allow_none=True)


class HomeworkNoticeView(View):
    """Homework in the words of a notice."""

    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    homework = fields.Str(required=True)
    due = fields.Date(required=True, allow_none=True)


class NoticesView(View):
    """What notices say."""

    marks = fields.List(fields.Nested(MarkNoticeView), required=True)
    homework = fields.List(fields.Nested(HomeworkNoticeView), required=True)


class Gradebook(Interface, service="gradebook"):
    """Lessons, homework and marks."""

    calendar = Rpc(Empty, CalendarView, "Academic years and terms of the school.")
    kinds = Rpc(Empty, KindsView, "Kinds of work and their weights.")
    courses = Rpc(FindCourses, CoursesView, "Courses the actor may see, for staff.")
    day = Rpc(TeacherDay, LessonsView, "A teacher's lessons on a date.")
    lesson = Rpc(LessonId, LessonDetailView, "A lesson with its students and teachers, for staff.")
    add_lesson = Rpc(AddLesson, LessonView, "Enter a lesson of one's course.")
    describe_lesson = Rpc(DescribeLesson, LessonView, "Topic and homework of a lesson.")
    post_mark = Rpc(PostMark, MarkView, "Set a mark in a lesson of one's course.")
    post_marks = Rpc(PostMarks, MarksView, "Set a column of marks at once: all of them, or none.")
    change_mark = Rpc(ChangeMark, MarkView, "Change a mark or take it back; the history keeps what it was.")
    mark_history = Rpc(MarkId, MarkHistoryView, "Every state a mark had.")
    journal_page = Rpc(JournalPageId, JournalPageView, "A course's journal page for a term, for staff.")
    diary_week = Rpc(DiaryWeek, DiaryWeekView, "A student's diary for a week, for the student and guardians.")
    marks_of = Rpc(StudentTerm, StudentMarksView, "A student's marks and means by course.")
    notices = Rpc(NoticeIds, NoticesView, "What notices of marks and homework say; for services only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPosted(Event):
    """A teacher gave a student a mark. Its value is asked for, not carried."""

    SERVICE = "gradebook"
    NAME = "mark_posted"
    AGGREGATE = "mark_id"

    mark_id: UUID
    lesson_id: UUID
    student_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkChanged(Event):
    """A mark got another value, or was taken back."""

    SERVICE = "gradebook"
    NAME = "mark_changed"
    AGGREGATE = "mark_id"

    mark_id: UUID
    lesson_id: UUID
    student_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeworkSet(Event):
    """Homework was set or changed for the students of a lesson."""

    SERVICE = "gradebook"
    NAME = "homework_set"
    AGGREGATE = "lesson_id"

    lesson_id: UUID
    version: int
    student_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleGradesImported(Event):
    """The gradebook finished its part of an import for one school.

    `counts`: kind → (created, changed, unchanged, removed). `failure` is a message where nothing was written.
    """

    SERVICE = "gradebook"
    NAME = "bundle_grades_imported"
    AGGREGATE = "import_id"

    import_id: UUID
    counts: dict[str, tuple[int, int, int, int]]
    failure: str | None = None
