"""Term and year marks: what the journal computes, what the teacher sets, and how a class's marks come to be locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.entries import CONFLICT, REFUSAL, REFUSED, SAVED
from contracts.gradebook.calendar import TermView
from contracts.gradebook.courses import CourseView
from contracts.gradebook.journal import AS_OF, AsOfView, ExplanationView, JournalPageAsOf, OriginView, TermOfYearView
from contracts.gradebook.marks import COLUMN, KindOfWorkView
from contracts.roles import FAMILIES, JOURNAL, METHODOLOGISTS, STAFF, TEACHERS
from kernel import fields
from kernel.contract import Command, Event, Interface, Rpc, View

#: The states of a class's term marks in a course: being set, handed in by the teacher, checked by the homeroom teacher,
#: locked by the methodologist.
OPEN, SET, CHECKED, LOCKED = "open", "set", "checked", "locked"
STATES: Final = (OPEN, SET, CHECKED, LOCKED)
#: What a mark is of: a term; the year, an exam, the certificate, which all stand at the last term of the year.
TERM, YEAR, EXAM, CERTIFICATE = "term", "year", "exam", "certificate"
KINDS: Final = (TERM, YEAR, EXAM, CERTIFICATE)
#: Why a student's marks in a course need attention: what they come to does not pass; there are none; there are fewer
#: than a term mark needs.
FAILING, NO_MARKS, TOO_FEW = "failing", "no_marks", "too_few"
NEEDS: Final = (FAILING, NO_MARKS, TOO_FEW)
#: The marks of a student in a course that the class's journal shows.
LAST_MARKS: Final = 5
#: The longest text of a term mark, and of what is said of it.
LONGEST: Final = 10
LONGEST_REASON: Final = 500
LONGEST_KIND: Final = 12
_KIND: Final = {"description": "Of a term, or at the last term: of the year, of its exam, in the certificate."}
#: Most entries of further marks in a forecast.
FURTHER: Final = 20


class CourseTermPage(JournalPageAsOf):
    """A course's marks of a kind; with `as_of` as the record stood then."""

    kind = fields.Str(load_default=TERM, validate=validate.OneOf(KINDS), metadata=_KIND)


class TermMarkEntry(Command):
    """The term mark that a student is to have, and the version of what was seen there."""

    student_id = fields.UUID(required=True)
    value = fields.Str(
        required=True,
        allow_none=True,
        validate=validate.Length(1, LONGEST),
        metadata={"description": "`5`, `н/а`, `осв`, `зач`; null takes the mark back."},
    )
    reason = fields.Str(
        load_default="",
        validate=validate.Length(max=LONGEST_REASON),
        metadata={"description": "Needed where the mark is not one that the computed mark allows, and for a change."},
    )
    comment = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_REASON),
        metadata={"description": "For the family; null: it stays as it is."},
    )
    version = fields.Int(
        load_default=None, allow_none=True, metadata={"description": "That was seen; null where there was none."}
    )


class SetTermMarks(Command):
    """Term marks of a course, each of which is saved, or not, by itself. Who is left out keeps the mark."""

    course_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)
    kind = fields.Str(load_default=TERM, validate=validate.OneOf(KINDS), metadata=_KIND)
    entries = fields.List(fields.Nested(TermMarkEntry), required=True, validate=validate.Length(1, COLUMN))


class CourseTerm(Command):
    """A course's term marks."""

    course_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)
    kind = fields.Str(load_default=TERM, validate=validate.OneOf(KINDS), metadata=_KIND)


class ClassTerm(Command):
    """The term marks of a class in all courses."""

    class_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)
    kind = fields.Str(load_default=TERM, validate=validate.OneOf(KINDS), metadata=_KIND)


class ClassTermPage(Command):
    """The term marks of a class in all courses; of the present term, where none is named.

    With `as_of` as the record stood then; the present term is then that of its day.
    """

    class_id = fields.UUID(required=True)
    term_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.Str(load_default=TERM, validate=validate.OneOf(KINDS), metadata=_KIND)
    as_of = fields.Moment(load_default=None, allow_none=True, metadata=AS_OF)


class ClassJournalPage(Command):
    """The marks of a class in all courses; of the present term, where none is named."""

    class_id = fields.UUID(required=True)
    term_id = fields.UUID(load_default=None, allow_none=True)


class StudentId(Command):
    """A student; with `as_of`, for staff, as the record stood then."""

    student_id = fields.UUID(required=True)
    as_of = fields.Moment(load_default=None, allow_none=True, metadata=AS_OF)


class StudentOfTerm(Command):
    """A student in a course for a term."""

    course_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)


class StudentOfCourse(StudentOfTerm):
    """A student's figure of a kind in a course."""

    kind = fields.Str(load_default=TERM, validate=validate.OneOf(KINDS), metadata=_KIND)


class FigureOfStudent(StudentOfCourse):
    """A student's figure of a kind in a course; with `as_of`, for staff, as the record stood then."""

    as_of = fields.Moment(load_default=None, allow_none=True, metadata=AS_OF)


class FurtherMarks(Command):
    """Marks that a student does not have, of one kind of work."""

    kind_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Null: the answer in a lesson."})
    text = fields.Str(required=True, validate=validate.Length(1, LONGEST), metadata={"description": "`5` or `5/4`."})


class Forecast(StudentOfTerm):
    """What a student's term mark would be with further marks, and which marks a target needs."""

    what_if = fields.List(fields.Nested(FurtherMarks), load_default=list, validate=validate.Length(max=FURTHER))
    target = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, LONGEST),
        metadata={"description": "The term mark that is aimed at; null: nothing is aimed at."},
    )


class ComputedMarkView(View):
    """The term mark that the school's policy computes."""

    text = fields.Str(required=True, allow_none=True, metadata={"description": "Null where no marks are given."})
    mean = fields.Str(required=True, allow_none=True)
    counted = fields.Int(required=True, metadata={"description": "The marks that the mean is made of."})
    allowed = fields.List(
        fields.Str(), required=True, metadata={"description": "The marks that may be set without a reason."}
    )


class TermMarkView(View):
    """The present state of a term mark; `value` is null if it was taken back."""

    id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    value = fields.Str(required=True, allow_none=True)
    computed = fields.Str(
        required=True, allow_none=True, metadata={"description": "What was computed when it was set."}
    )
    reason = fields.Str(required=True)
    comment = fields.Str(required=True)
    version = fields.Int(required=True)
    set_by = fields.UUID(required=True)
    set_at = fields.DateTime(required=True)


class TermRowView(View):
    """A student of a course, with the computed mark beside the set one."""

    student_id = fields.UUID(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    left_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "The last day of who left before the term's end."}
    )
    computed = fields.Nested(ComputedMarkView, required=True)
    mark = fields.Nested(TermMarkView, required=True, allow_none=True)
    refusal = fields.Dict(required=True, allow_none=True, metadata=REFUSAL)


class TermStateView(View):
    """How far the term marks of a class are in a course."""

    course_id = fields.UUID(required=True)
    class_id = fields.UUID(required=True)
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    missing = fields.Int(required=True, metadata={"description": "Students who have no mark yet."})
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True, allow_none=True)


class CourseTermFrameView(View):
    """What a course's term marks have beside the students' rows."""

    course = fields.Nested(CourseView, required=True)
    term = fields.Nested(TermView, required=True)
    states = fields.List(fields.Nested(TermStateView), required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    kinds = fields.List(
        fields.Str(), required=True, metadata={"description": "The kinds of marks that the course has at this term."}
    )
    choices = fields.List(fields.Str(), required=True, metadata={"description": "The marks that can be set."})
    writable = fields.Bool(required=True)
    open_until = fields.Date(
        required=True, allow_none=True, metadata={"description": "The last day on which they can be set."}
    )
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


class CourseTermMarksView(CourseTermFrameView):
    """A course's term marks. `refusal` is why the caller sets none now."""

    rows = fields.List(fields.Nested(TermRowView), required=True)
    refusal = fields.Dict(required=True, allow_none=True, metadata=REFUSAL)


class TermAnswerView(View):
    """What became of an entry."""

    student_id = fields.UUID(required=True)
    state = fields.Str(required=True, validate=validate.OneOf((SAVED, CONFLICT, REFUSED)))
    refusal = fields.Dict(required=True, allow_none=True, metadata=REFUSAL)
    mark = fields.Nested(
        TermMarkView, required=True, allow_none=True, metadata={"description": "What stands there now."}
    )


class TermAnswersView(View):
    """An answer for each entry, in order."""

    answers = fields.List(fields.Nested(TermAnswerView), required=True)


class TermStatesView(View):
    """How far the term marks of a course are in its classes, or those of a class in its courses."""

    states = fields.List(fields.Nested(TermStateView), required=True)


class ClassCellView(View):
    """A student's term mark in a course, computed beside set. `value` is null where none is set."""

    student_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    value = fields.Str(required=True, allow_none=True)
    computed = fields.Str(required=True, allow_none=True)
    mean = fields.Str(required=True, allow_none=True)
    explained = fields.Bool(required=True, metadata={"description": "It differs, and a reason says why."})
    left = fields.Bool(required=True, metadata={"description": "The student left the course before the term's end."})


class ClassColumnView(View):
    """A course of a class, and how far its term marks are."""

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    missing = fields.Int(required=True)


class ClassTermMarksView(View):
    """The term marks of a class: students down, courses across."""

    class_id = fields.UUID(required=True)
    term = fields.Nested(TermOfYearView, required=True)
    terms = fields.List(fields.Nested(TermOfYearView), required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    kinds = fields.List(fields.Str(), required=True)
    courses = fields.List(fields.Nested(ClassColumnView), required=True)
    student_ids = fields.List(fields.UUID(), required=True)
    cells = fields.List(fields.Nested(ClassCellView), required=True)
    may_check = fields.Bool(required=True)
    may_lock = fields.Bool(required=True)
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


class LastMarkView(View):
    """A mark of a lesson."""

    date = fields.Date(required=True)
    value = fields.Str(required=True)
    kind = fields.Str(required=True, metadata={"description": "The kind of work."})
    brought = fields.Bool(required=True, metadata={"description": "Of another course or school, where it counts."})


class JournalCellView(View):
    """A student's marks in a course in a term."""

    student_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    mean = fields.Str(required=True, allow_none=True)
    computed = fields.Str(required=True, allow_none=True)
    value = fields.Str(required=True, allow_none=True, metadata={"description": "The term mark, where one is set."})
    last = fields.List(
        fields.Nested(LastMarkView), required=True, metadata={"description": "The last marks, in order of their days."}
    )
    earlier = fields.Int(required=True, metadata={"description": "The number of marks before those."})
    marks = fields.Int(required=True, metadata={"description": "The marks that count for the least number."})
    least = fields.Int(required=True, metadata={"description": "How many a term mark needs by the policy."})
    needs = fields.List(
        fields.Str(validate=validate.OneOf(NEEDS)),
        required=True,
        metadata={"description": "Why it needs attention; empty where it needs none."},
    )
    left = fields.Bool(required=True, metadata={"description": "The student left the course before the term's end."})


class JournalColumnView(View):
    """A course of a class."""

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)


class ClassJournalView(View):
    """The marks of a class in a term: students down, courses across. A student has no cell where not in the course."""

    class_id = fields.UUID(required=True)
    term = fields.Nested(TermOfYearView, required=True)
    terms = fields.List(fields.Nested(TermOfYearView), required=True)
    courses = fields.List(fields.Nested(JournalColumnView), required=True)
    student_ids = fields.List(fields.UUID(), required=True)
    cells = fields.List(fields.Nested(JournalCellView), required=True)


class FamilyTermMarkView(View):
    """A term mark as the family sees it, from the day on which the teacher hands the class's marks in."""

    term_id = fields.UUID(required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    value = fields.Str(required=True)
    comment = fields.Str(required=True)
    previous = fields.Str(
        required=True, allow_none=True, metadata={"description": "The mark that stood there when they were handed in."}
    )
    course_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "The course in which it was set."}
    )
    origin = fields.Nested(
        OriginView, load_default=None, allow_none=True, metadata={"description": "Of a mark of another school."}
    )


class SubjectTermMarksView(View):
    """A student's term marks in a course."""

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    marks = fields.List(fields.Nested(FamilyTermMarkView), required=True)


class StudentTermMarksView(View):
    """A student's term marks of the year, by course."""

    student_id = fields.UUID(required=True)
    terms = fields.List(fields.Nested(TermOfYearView), required=True)
    subjects = fields.List(fields.Nested(SubjectTermMarksView), required=True)
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


class InputView(View):
    """A mark that a figure was made of, or that was left out of it."""

    mark_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null for a term mark that a year mark is made of."}
    )
    date = fields.Date(required=True)
    text = fields.Str(required=True)
    kind = fields.Str(required=True, metadata={"description": "The kind of work, or the term."})
    number = fields.Str(
        required=True, allow_none=True, metadata={"description": "As what it counts; null if it does not count."}
    )
    weight = fields.Str(required=True, allow_none=True)
    left_out = fields.Nested(
        ExplanationView, required=True, allow_none=True, metadata={"description": "Why it does not count."}
    )
    #: An earlier version of the gradebook does not say.
    origin = fields.Nested(
        OriginView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a mark that was brought along, or is of the year before: from which course."},
    )
    #: An earlier version of the gradebook has no such marks.
    year = fields.Str(
        load_default=None, allow_none=True, metadata={"description": "The year before, of a mark of it; else null."}
    )


class ExplainedTermMarkView(View):
    """A computed term mark, opened: what it was made of, step by step, and by which rules."""

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    student_id = fields.UUID(required=True)
    term = fields.Nested(TermView, required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    computed = fields.Nested(ComputedMarkView, required=True)
    inputs = fields.List(fields.Nested(InputView), required=True)
    steps = fields.Nested(ExplanationView, required=True)
    sources = fields.Nested(ExplanationView, required=True)
    policy = fields.Int(required=True, metadata={"description": "The version of the school's policy; 0: the usual."})
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


class NeededView(View):
    """The further marks that a target needs."""

    least = fields.Int(
        required=True, allow_none=True, metadata={"description": "How many at least; null: it is out of reach."}
    )
    said = fields.Nested(ExplanationView, required=True)


class ForecastView(View):
    """A term mark as it would be. Nothing of it is kept."""

    computed = fields.Nested(ComputedMarkView, required=True)
    needed = fields.Nested(NeededView, required=True, allow_none=True)
    targets = fields.List(fields.Str(), required=True, metadata={"description": "The marks that can be aimed at."})
    kinds = fields.List(fields.Nested(KindOfWorkView), required=True)


class TermMarkRevisionView(View):
    """One state of a term mark."""

    version = fields.Int(required=True)
    value = fields.Str(required=True, allow_none=True)
    computed = fields.Str(required=True, allow_none=True)
    reason = fields.Str(required=True)
    comment = fields.Str(required=True)
    set_by = fields.UUID(required=True)
    set_at = fields.DateTime(required=True)


class TermMarkHistoryView(View):
    """Every state of a student's term mark in a course, first to last."""

    revisions = fields.List(fields.Nested(TermMarkRevisionView), required=True)


class TermMarks(Interface, service="gradebook"):
    """Term marks: computed, set, handed in, checked, locked."""

    course_term_marks = Rpc(
        CourseTermPage, CourseTermMarksView, "A course's term marks, computed beside set, for staff.", STAFF
    )
    set_term_marks = Rpc(SetTermMarks, TermAnswersView, "Set term marks of one's course, each by itself.", TEACHERS)
    hand_in_term_marks = Rpc(
        CourseTerm, TermStatesView, "Hand the term marks of one's course in: families see them.", TEACHERS
    )
    class_term_marks = Rpc(
        ClassTermPage, ClassTermMarksView, "A class's term marks in all courses, for staff.", JOURNAL
    )
    class_journal = Rpc(
        ClassJournalPage, ClassJournalView, "A class's marks and means in all courses, for staff.", JOURNAL
    )
    check_term_marks = Rpc(
        ClassTerm, TermStatesView, "Note that a class's term marks are checked.", TEACHERS | METHODOLOGISTS
    )
    lock_term_marks = Rpc(ClassTerm, TermStatesView, "Lock a class's term marks.", METHODOLOGISTS)
    student_term_marks = Rpc(StudentId, StudentTermMarksView, "A student's term marks of the year.", JOURNAL | FAMILIES)
    explained_term_mark = Rpc(
        FigureOfStudent, ExplainedTermMarkView, "What a student's computed term mark is made of.", STAFF | FAMILIES
    )
    forecast_term_mark = Rpc(
        Forecast, ForecastView, "What a student's term mark would be, and what a target needs.", STAFF | FAMILIES
    )
    term_mark_history = Rpc(StudentOfCourse, TermMarkHistoryView, "Every state of a student's term mark.", JOURNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMarksSet(Event):
    """A teacher handed in the term marks of a class in a course. Listeners have to ask for their values."""

    SERVICE = "gradebook"
    NAME = "term_marks_set"
    AGGREGATE = "course_id"

    course_id: UUID
    class_id: UUID
    term_id: UUID
    #: Of the term, the year, an exam, the certificate.
    kind: str
    #: Student → the student's term mark.
    marks: dict[UUID, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMarkChanged(Event):
    """A term mark that its family sees got another value."""

    SERVICE = "gradebook"
    NAME = "term_mark_changed"
    AGGREGATE = "term_mark_id"

    term_mark_id: UUID
    student_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermLocked(Event):
    """The term marks of a class were locked."""

    SERVICE = "gradebook"
    NAME = "term_locked"
    AGGREGATE = "class_id"

    class_id: UUID
    term_id: UUID
    #: Of the term, the year, an exam, the certificate.
    kind: str
