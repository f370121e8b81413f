"""Answers about lessons and marks together: the journal page, the diary week, a student's marks, notices."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.gradebook.calendar import TermView
from contracts.gradebook.courses import CourseTimeView, CourseView
from contracts.gradebook.homework import HomeworkFileView, LinkView, PersonalTaskView
from contracts.gradebook.lessons import LessonView, MovedHereView, StandingView
from contracts.gradebook.marks import KindOfWorkView, MarkView
from contracts.roles import FAMILIES, JOURNAL
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View, only

#: What answers as of a moment say: of these what was then, of those what is today, as they have no history.
THEN: Final = (
    "marks", "columns", "owed_works", "topics", "homework", "term_marks", "marks_of_other_schools", "policy",
    "openings", "teachers",
)  # fmt: skip
TODAY: Final = ("names", "lessons", "members", "kinds", "scale", "terms", "hours")
#: What they lack: attendance is not asked, and an import that was undone took its columns and marks with it.
LEFT_OUT: Final = ("absences", "undone_imports")
AS_OF: Final = {
    "description": "A moment, ISO 8601 with its offset (in a query `+` is written `%2B`): the answer is as the record "
    "stood then, and nothing is entered in it."
}


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


class JournalPageAsOf(JournalPageId):
    """A course's page for a term; with `as_of` as the record stood then."""

    as_of = fields.Moment(load_default=None, allow_none=True, metadata=AS_OF)


class AsOfView(View):
    """An answer as of a moment: what of it is as it stood then, what has no history and is today's, what it lacks."""

    moment = fields.DateTime(required=True)
    then = fields.List(fields.Str(), required=True)
    today = fields.List(fields.Str(), required=True)
    left_out = fields.List(fields.Str(), required=True)


class StudentMeanView(View):
    """A student's mean on a journal page."""

    student_id = fields.UUID(required=True)
    mean = fields.Nested(MeanView, required=True)


class OriginView(View):
    """Where a mark was set that a student brought along."""

    title = fields.Str(required=True, metadata={"description": "Of the course that was left; empty of another school."})
    class_name = fields.Str(required=True, metadata={"description": "Empty of a group across classes."})
    until = fields.Date(required=True, allow_none=True, metadata={"description": "The student's last day there."})
    school = fields.Str(load_default="", metadata={"description": "The other school; empty of a course that was left."})
    document = fields.Str(load_default="", metadata={"description": "What its marks were entered from."})


class BroughtMarkView(View):
    """A mark that a student brought along."""

    mark_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    text = fields.Str(required=True)
    kind = fields.Str(required=True)
    weight = fields.Str(required=True)
    comment = fields.Str(required=True)


class BroughtView(View):
    """What a student brought along from one place, oldest first; it counts in the mean and the term mark."""

    student_id = fields.UUID(required=True)
    origin = fields.Nested(OriginView, required=True)
    marks = fields.List(fields.Nested(BroughtMarkView), required=True)


class JournalPageView(View):
    """A journal page: lessons across, students down, marks in the cells."""

    course = fields.Nested(CourseView, required=True)
    term = fields.Nested(TermView, required=True)
    lessons = fields.List(fields.Nested(LessonView), required=True)
    student_ids = fields.List(fields.UUID(), required=True)
    members = fields.List(
        fields.Nested(CourseTimeView),
        load_default=list,
        metadata={"description": "When which student was in the course: the row has lessons of those days alone."},
    )
    kinds = fields.List(fields.Nested(KindOfWorkView), required=True)
    marks = fields.List(fields.Nested(MarkView), required=True)
    #: An earlier version of the gradebook does not say.
    brought = fields.List(fields.Nested(BroughtView), load_default=list)
    means = fields.List(fields.Nested(StudentMeanView), required=True)
    may_write = fields.Bool(required=True)
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


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
    #: An earlier version of the gradebook does not say.
    previous = fields.Str(
        load_default=None, allow_none=True, metadata={"description": "The value that it replaced; null without."}
    )


class PersonalHomeworkView(View):
    """A task of this student's own."""

    text = fields.Str(required=True)
    due = fields.Date(required=True)


class BesideHomeworkView(View):
    """What homework has beside its text. An earlier version of the gradebook says nothing of it."""

    minutes = fields.Int(
        load_default=None, allow_none=True, metadata={"description": "That the homework is expected to take."}
    )
    links = fields.List(fields.Nested(LinkView), load_default=list)
    files = fields.List(fields.Nested(HomeworkFileView), load_default=list)
    personal = fields.Nested(
        PersonalHomeworkView,
        load_default=None,
        allow_none=True,
        metadata={"description": "The student's own task; nobody else but staff sees it."},
    )


class DoneView(View):
    """Whether the student ticked homework as done. Staff are not told."""

    to_do = fields.Str(
        load_default="", metadata={"description": "Names what is to be done: another one where that was changed."}
    )
    done_at = fields.DateTime(load_default=None, allow_none=True)
    changed_since = fields.Bool(
        load_default=False, metadata={"description": "The homework was changed after it was ticked."}
    )


class DueHomeworkView(BesideHomeworkView, DoneView):
    """Homework at the day on which it is due. Where a student's own task is due alone, `homework` is empty."""

    lesson_id = fields.UUID(required=True, metadata={"description": "The lesson that gave it."})
    given_on = fields.Date(required=True, metadata={"description": "The day of that lesson."})
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    homework = fields.Str(required=True)


class DiaryLessonView(StandingView, MovedHereView, BesideHomeworkView, DoneView):
    """A lesson as the family sees it: in the timetable, with the homework that it gave, and that which is due at it."""

    lesson_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    number = fields.Int(required=True, allow_none=True)
    starts = fields.Str(load_default=None, allow_none=True, metadata={"description": "By the bells, such as 08:30."})
    ends = fields.Str(load_default=None, allow_none=True)
    #: False from an older version of the gradebook, which does not send it.
    shifts_differ = fields.Bool(
        load_default=False,
        metadata={"description": "Students of the group are of both shifts: the bells do not say when it is."},
    )
    topic = fields.Str(required=True)
    homework = fields.Str(required=True, metadata={"description": "What the lesson gave."})
    homework_due = fields.Date(
        required=True, allow_none=True, metadata={"description": "The day that the teacher set for it."}
    )
    #: An earlier version of the gradebook does not say.
    due_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The day at which the homework stands as due: the one that was set, else that of the "
            "course's next lesson; null without homework, and where no further lesson is planned."
        },
    )
    #: An earlier version of the gradebook names none.
    due_homework = fields.List(
        fields.Nested(DueHomeworkView),
        load_default=list,
        metadata={"description": "What earlier lessons gave for this one."},
    )
    marks = fields.List(fields.Nested(DiaryMarkView), required=True)


class DiaryDayView(View):
    """A day of the diary."""

    date = fields.Date(required=True)
    lessons = fields.List(fields.Nested(DiaryLessonView), required=True)
    #: An earlier version of the gradebook names none.
    due_homework = fields.List(
        fields.Nested(DueHomeworkView),
        load_default=list,
        metadata={"description": "What is due on the day in courses that have no lesson on it."},
    )


class OwedByStudentView(View):
    """A work that the student owes."""

    lesson_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    kind = fields.Str(required=True)
    date = fields.Date(required=True, metadata={"description": "Of the lesson."})
    due = fields.Date(required=True, allow_none=True, metadata={"description": "Null where no date was said."})
    overdue = fields.Bool(required=True)


class DiaryWeekView(View):
    """Monday to Sunday. Days without lessons are included, with no lessons."""

    student_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    days = fields.List(fields.Nested(DiaryDayView), required=True)
    #: An earlier version of the gradebook keeps no work owed.
    owed = fields.List(
        fields.Nested(OwedByStudentView),
        load_default=list,
        metadata={"description": "What the student owes today, of whatever week, what is due first before the rest."},
    )


class StudentTerm(Command):
    """A student's marks of a term, in the courses that go by it; of the present term, where nothing is said.

    With `starts_on` and `ends_on` instead, those of all courses from one date to the other, both included.
    With `as_of`, for staff, as the record stood then; the present term is then that of its day.
    """

    student_id = fields.UUID(required=True)
    term_id = fields.UUID(load_default=None, allow_none=True)
    starts_on = fields.Date(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True)
    as_of = fields.Moment(load_default=None, allow_none=True, metadata=AS_OF)


class DatedMarkView(DiaryMarkView):
    """A mark with its lesson's date."""

    date = fields.Date(required=True)
    origin = fields.Nested(
        OriginView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a mark that was brought along: from which course."},
    )


class SubjectMarksView(View):
    """A student's marks in one course, oldest first, and their mean."""

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    marks = fields.List(fields.Nested(DatedMarkView), required=True)
    mean = fields.Nested(ExplainedMeanView, required=True)


class TermOfYearView(TermView):
    """A term with its year."""

    year_id = fields.UUID(required=True)


class StudentMarksView(View):
    """A student's marks by course.

    `terms` are those by which courses of the student go; `term` is the one shown, null for dates and without terms.
    """

    student_id = fields.UUID(required=True)
    term = fields.Nested(TermOfYearView, load_default=None, allow_none=True)
    terms = fields.List(fields.Nested(TermOfYearView), load_default=list)
    subjects = fields.List(fields.Nested(SubjectMarksView), required=True)
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


class StudentCourse(Command):
    """A student in one course."""

    student_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)


class TrendMarkView(DatedMarkView):
    """A mark with what the mean of its term was after it."""

    topic = fields.Str(required=True, metadata={"description": "Of its lesson; empty where there is none."})
    numbers = fields.List(
        fields.Str(),
        required=True,
        metadata={"description": "As which it counts; a cell may hold several marks, and words have no number."},
    )
    mean_after = fields.Str(
        required=True, allow_none=True, metadata={"description": "Of the term's marks up to this one; null without."}
    )


class TrendTermView(TermOfYearView):
    """The marks of a term by date, and their mean: the same as among the student's marks of the term."""

    marks = fields.List(fields.Nested(TrendMarkView), required=True)
    mean = fields.Nested(ExplainedMeanView, required=True)


class SubjectTrendView(View):
    """A student's marks in one course over its year, by term: those that have begun, and others with marks.

    `lowest` and `highest` are the ends of the scale; null where its marks have no numbers.
    """

    student_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    lowest = fields.Str(required=True, allow_none=True)
    highest = fields.Str(required=True, allow_none=True)
    terms = fields.List(fields.Nested(TrendTermView), required=True)


class NoticeIds(Command):
    """Ids of what notices are about: marks, lessons with homework, changed lessons, term marks, works owed."""

    mark_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    lesson_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    changed_lesson_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    term_mark_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    owed_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))


class MarkNoticeView(View):
    """A mark as a notice states it."""

    mark_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    kind = fields.Str(required=True)
    value = fields.Str(required=True, allow_none=True)
    previous = fields.Str(required=True, allow_none=True)
    #: An earlier version of the gradebook names none.
    lesson_id = fields.UUID(load_default=None, allow_none=True)


class HomeworkNoticeView(View):
    """Homework as a notice states it."""

    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    homework = fields.Str(required=True)
    due = fields.Date(required=True, allow_none=True)
    #: These are empty from an older version of the gradebook, which does not send them.
    links = fields.List(fields.Nested(LinkView), load_default=list)
    files = fields.List(fields.Str(), load_default=list, metadata={"description": "Names, in order."})
    tasks = fields.List(
        fields.Nested(PersonalTaskView), load_default=list, metadata={"description": "Each for its student's family."}
    )


class ChangedLessonNoticeView(View):
    """A lesson that is held otherwise than the timetable says, as a notice states it."""

    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    state = fields.Str(required=True)
    moved_to = fields.Date(required=True, allow_none=True)
    moved_number = fields.Int(required=True, allow_none=True)
    reason = fields.Str(required=True)
    #: An earlier version of the gradebook names neither.
    classroom = fields.Str(
        load_default=None, allow_none=True, metadata={"description": "Another one than the timetable says."}
    )
    stood_in = fields.Bool(load_default=False, metadata={"description": "Whether another teacher holds it."})


class TermMarkNoticeView(View):
    """A term mark as a notice states it."""

    term_mark_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    term = fields.Str(required=True)
    kind = fields.Str(required=True, metadata={"description": "Of the term, the year, the exam, the certificate."})
    value = fields.Str(required=True, allow_none=True)
    previous = fields.Str(required=True, allow_none=True)
    comment = fields.Str(required=True)


class OwedNoticeView(View):
    """A work that a student owes, or owed, as a notice states it."""

    owed_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    date = fields.Date(required=True, metadata={"description": "Of the lesson."})
    kind = fields.Str(required=True)
    due = fields.Date(required=True, allow_none=True)
    is_owed = fields.Bool(required=True, metadata={"description": "False once it is marked, or no longer asked for."})


class NoticesView(View):
    """What notices of marks, homework, changed lessons, term marks and owed works state."""

    marks = fields.List(fields.Nested(MarkNoticeView), required=True)
    homework = fields.List(fields.Nested(HomeworkNoticeView), required=True)
    #: An earlier version of the gradebook names none.
    changed_lessons = fields.List(fields.Nested(ChangedLessonNoticeView), load_default=list)
    #: An earlier version of the gradebook names none.
    term_marks = fields.List(fields.Nested(TermMarkNoticeView), load_default=list)
    #: An earlier version of the gradebook names none.
    owed = fields.List(fields.Nested(OwedNoticeView), load_default=list)


class Journal(Interface, service="gradebook"):
    """Journal pages, diaries, a student's marks."""

    journal_page = Rpc(
        JournalPageAsOf, JournalPageView, "A course's journal page for a term, for staff.", JOURNAL | only("printing")
    )
    diary_week = Rpc(
        DiaryWeek, DiaryWeekView, "A student's diary for a week, for the student and guardians.", JOURNAL | FAMILIES
    )
    marks_of = Rpc(StudentTerm, StudentMarksView, "A student's marks and means by course.", JOURNAL | FAMILIES)
    subject_trend = Rpc(
        StudentCourse,
        SubjectTrendView,
        "A student's marks in one course over the year, with the mean after each.",
        JOURNAL | FAMILIES,
    )
    notices = Rpc(
        NoticeIds, NoticesView, "What notices of marks and homework state; for services only.", only("notifications")
    )
