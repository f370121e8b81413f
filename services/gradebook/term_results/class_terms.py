"""The term marks of one class in all its courses. Takes a constant number of SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.calendar import term_at
from contracts.gradebook.term_marks import CHECKED, EXAM, LOCKED, OPEN, TERM
from kernel.auth import Actor
from kernel.errors import Forbidden, refusal_of
from services.gradebook.brought.queries import BroughtMark, Elsewhere
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.queries import movement as movement_queries
from services.gradebook.courses.queries.movement import Movement
from services.gradebook.courses.rules.movement import anybody_moved
from services.gradebook.journal.queries.families import TermOfStudent
from services.gradebook.marks import queries as marks_queries
from services.gradebook.people.permissions import reads_whole_school
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.known_grade import ClassGrade, deciding
from services.gradebook.policy.rules.policy import Place
from services.gradebook.policy.rules.scales import EXEMPT
from services.gradebook.rows import missing
from services.gradebook.term_marks import computing
from services.gradebook.term_marks import queries as term_marks_queries
from services.gradebook.term_marks.rules import kinds, members
from services.gradebook.term_marks.rules.attention import Attention, attention
from services.gradebook.term_marks.rules.states import CourseState
from services.gradebook.term_marks.rules.term_marks import TermMark
from services.gradebook.term_results import figures, queries
from services.gradebook.term_results.year_before import YearBefore


class Cell(NamedTuple):
    """A student's place in a course."""

    course: queries.CourseOfClass
    student_id: UUID
    computed: figures.Figure
    mark: term_marks_queries.SetMark | None
    left: bool


class LastMark(NamedTuple):
    """A mark of a lesson."""

    date: date
    value: str
    kind: str
    #: Whether it is of another course or school.
    brought: bool


class JournalCell(NamedTuple):
    """A student's marks in a course: the computed mark, all marks in order of their days, what needs attention."""

    course: queries.CourseOfClass
    student_id: UUID
    computed: figures.Figure
    mark: term_marks_queries.SetMark | None
    marks: list[LastMark]
    attention: Attention
    left: bool


class ClassTerm:
    """A class in a term: its students' computed and set marks in all courses that take marks, and their states."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        class_id: UUID,
        term_id: UUID | None,
        kind: str,
        *,
        lock: bool = False,
        as_of: datetime | None = None,
    ) -> None:
        """Without `term_id` it is the present term, or the last one. With `as_of` all stands as it did at that moment.

        Raises `NotFound` for who may not read the class, and for a term by which none of its courses goes.
        """
        self._as_of = as_of
        self.row = queries.class_row(session, class_id, as_of)
        leads = actor.has("teacher") and self.row.homeroom_teacher_id == actor.person_id is not None
        if not (leads or reads_whole_school(actor)):
            raise missing("class", class_id)
        self.may_check = leads or actor.has("methodologist")
        self.terms = queries.terms_of_class(session, class_id)
        self.today = policy_queries.today_of(self.row, as_of)
        self.term = self._term(term_id)
        self._of_year = [one for one in self.terms if self._beside(one)]
        self.kind = kind
        self.kinds_of_marks = kinds.kinds_at(self.row.grade, last_term=self._of_year[-1].id == self.term.id)
        kinds.check_kind(kind, self.kinds_of_marks, self.term.title)
        self._policy = policy_queries.policy_on(session, self.row, min(self.today, self.term.ends_on))
        spans = queries.members_of_class(session, class_id, self.term.id)
        students = {one.student_id for one in spans}
        moves_of_year = self._moves(session, spans)
        self._movement = moves_of_year.by(self.term.ends_on)
        # who left a course for another one has its marks there
        spans = [one for one in spans if self._counts_in(one.student_id, one.course_id) == one.course_id]
        found = queries.courses(session, {one.course_id for one in spans}, lock=lock)
        self.courses = [one for one in found if self._takes_marks(one)]
        self._left_on = {
            course.id: members.left_on([one for one in spans if one.course_id == course.id], self.term.ends_on)
            for course in self.courses
        }
        self.students = sorted(students)
        self._marks = self._marks_by_place(session)
        self._brought: defaultdict[tuple[UUID, UUID], list[BroughtMark]] = defaultdict(list)
        self._elsewhere: defaultdict[tuple[UUID, UUID], dict[tuple[UUID, str], str]] = defaultdict(dict)
        self._take_other_schools()
        self._every_mark: defaultdict[tuple[UUID, UUID], list[term_marks_queries.SetMark]] = defaultdict(list)
        self._set: dict[tuple[UUID, UUID], term_marks_queries.SetMark] = {}
        for place, mark in self._set_marks(session):
            self._every_mark[place].append(mark)
            if (mark.course_id, mark.term_id, mark.kind) == (place[0], self.term.id, kind):
                self._set[place] = mark
        if kind == EXAM:  # the subjects in which somebody of the class took one
            taken = {course_id for course_id, _ in self._set}
            self.courses = [one for one in self.courses if one.id in taken]
        self._year_before = self._read_year_before(session)
        self._sheets = queries.sheets_of_class(session, class_id, self.term.id, kind, as_of)
        #: Courses of other classes whose marks of the term newcomers brought along: they were handed in there.
        self._handed_in_elsewhere = {one.id for one in self.courses if self._is_elsewhere(one, moves_of_year)}
        self._kinds_of_work = marks_queries.kinds_of(self.row.kinds)
        self._weights = computing.weights(self._kinds_of_work, self._policy)

    def _moves(self, session: Session, spans: Sequence[queries.MemberOfClass]) -> Movement:
        """Who moved in the year; nothing is asked where nobody came or left."""
        first, last = self._of_year[0].starts_on, self._of_year[-1].ends_on
        if not anybody_moved(spans, first, last):
            return Movement(())
        students = {one.student_id for one in spans}
        return movement_queries.of_students(session, students, self.term.year_id)

    def _read_year_before(self, session: Session) -> YearBefore:
        """The marks of the year before; nothing is asked where none count."""
        if not any(kinds.is_of_two_years(self.kind, self._grade(one).grade) for one in self.courses):
            return YearBefore()
        courses, starts_on = {one.id for one in self.courses}, self._of_year[0].starts_on
        found = term_marks_queries.of_the_year_before(session, self.students, courses, starts_on, self._as_of)
        return YearBefore(found)

    def _is_elsewhere(self, course: queries.CourseOfClass, moves_of_year: Movement) -> bool:
        """Whether all of the class's students in a course of another class left it after the term, with their marks."""
        return course.class_id not in (None, self.row.class_id) and all(
            moves_of_year.left_for(one, course.id) and self._was_shown(course.id, one)
            for one in self._left_on[course.id]
        )

    def _was_shown(self, course_id: UUID, student_id: UUID) -> bool:
        mark = self._set.get((course_id, student_id))
        return mark is not None and mark.value is not None and mark.first_shown is not None

    def _counts_in(self, student_id: UUID, course_id: UUID) -> UUID:
        """The course in which a student's marks of a course count: that which was joined by the end of the term."""
        joined = self._movement.left_for(student_id, course_id)
        return joined.course_id if joined else course_id

    def _take_other_schools(self) -> None:
        """Sort the marks of other schools by course and student, where they count."""
        elsewhere = Elsewhere(self.row.elsewhere)
        for mark in elsewhere.marks:
            if self.term.starts_on <= mark.date <= self.term.ends_on:
                self._brought[self._counts_in(mark.student_id, mark.course_id), mark.student_id].append(mark)
        for one in elsewhere.term_marks:
            place = self._counts_in(one.student_id, one.course_id), one.student_id
            self._elsewhere[place][one.term_id, TERM] = one.value

    def _marks_by_place(self, session: Session) -> dict[tuple[UUID, UUID], list[queries.MarkOfTerm]]:
        """Course and student → the marks from which a term mark is computed: those that came along are first."""
        found = queries.marks_of_students(session, self.students, self.term.starts_on, self.term.ends_on, self._as_of)
        for (course_id, student_id), marks in sorted(found.items()):
            place = self._counts_in(student_id, course_id), student_id
            if place != (course_id, student_id):
                found[place] = sorted([*marks, *found.get(place, ())], key=attrgetter("date", "id"))
        return found

    def _set_marks(self, session: Session) -> Iterator[tuple[tuple[UUID, UUID], term_marks_queries.SetMark]]:
        """The marks that were set, each with the place where it counts: those that came along first, in time."""
        shown = {one.id for one in self.courses}
        left = {course for one in shown for _, course in self._movement.left_courses(one)}
        found = term_marks_queries.set_of_students(session, self.students, shown | left, self._as_of)
        for mark in sorted(found, key=self._in_time):
            course_id = self._counts_in(mark.student_id, mark.course_id)
            if course_id in shown:
                yield (course_id, mark.student_id), mark

    def _in_time(self, mark: term_marks_queries.SetMark) -> tuple[bool, date]:
        place = mark.student_id, mark.course_id
        return self._counts_in(*place) == mark.course_id, self._movement.joined_on(*place)

    def _term(self, term_id: UUID | None) -> TermOfStudent:
        if term_id is None:
            found = term_at(self.terms, self.today, attrgetter("starts_on"))
        else:
            found = next((one for one in self.terms if one.id == term_id), None)
        if found is None:
            raise missing("term", term_id or self.row.class_id)
        return found

    def _beside(self, term: TermOfStudent) -> bool:
        """Whether a term is one of the year and division of the shown one."""
        return (term.year_id, term.division) == (self.term.year_id, self.term.division)

    def _takes_marks(self, course: queries.CourseOfClass) -> bool:
        grade = self._grade(course)
        place = Place(grade.grade, course.subject)
        return refusal_of(lambda: first_grade.check_marked(self._policy, place, grade)) is None

    def _grade(self, course: queries.CourseOfClass) -> ClassGrade:
        """The grade that decides on marks of the class's students in a course."""
        return deciding(courses_queries.grade_of(course), courses_queries.grade_of(self.row))

    def check_may_check(self) -> None:
        """Refuse who neither leads the class nor is the methodologist (clause 3.3)."""
        if not self.may_check:
            raise Forbidden("The homeroom teacher checks the class's marks.", rule="not-your-class")

    def cells(self) -> Iterator[Cell]:
        """Every student's place in every course of the student's."""
        for course in self.courses:
            place = Place(self._grade(course).grade, course.subject)
            for student_id, left_on in self._left_on[course.id].items():
                key = (course.id, student_id)
                yield Cell(
                    course, student_id, self._computed(course, key, place), self._set.get(key), left_on is not None
                )

    def _computed(self, course: queries.CourseOfClass, key: tuple[UUID, UUID], place: Place) -> figures.Figure:
        if self.kind != TERM:
            values = {**self._elsewhere[key], **figures.values_of(self._every_mark.get(key, []))}
            before = self._year_before.parts_of(*key)
            return figures.of_year(self.kind, values, self._of_year, self._policy, place, before)
        return figures.of_term(self._term_mark(course, key, place))

    def _term_mark(self, course: queries.CourseOfClass, key: tuple[UUID, UUID], place: Place) -> TermMark:
        series = (
            *computing.brought_series(self._brought[key], self._weights),
            *computing.series(self._marks.get(key, ()), self._weights),
        )
        return computing.term_mark(series, self._policy, place, course.hours_a_week)

    def journal(self) -> Iterator[JournalCell]:
        """The marks of every student in every course of the student's, those that came along among them."""
        for course in self.courses:
            place = Place(self._grade(course).grade, course.subject)
            for student_id, left_on in self._left_on[course.id].items():
                key, left = (course.id, student_id), left_on is not None
                computed, mark = self._term_mark(course, key, place), self._set.get(key)
                found = attention(computed, self._policy, place, course.hours_a_week)
                if left or (mark is not None and mark.value == EXEMPT):
                    found = found._replace(needs=())
                yield JournalCell(course, student_id, figures.of_term(computed), mark, self._marks_of(key), found, left)

    def _marks_of(self, key: tuple[UUID, UUID]) -> list[LastMark]:
        """A student's marks in a course, in order of their days."""
        came = [self._last_mark(one, came=True) for one in self._brought[key]]
        own = [self._last_mark(one, came=one.course_id != key[0]) for one in self._marks.get(key, ())]
        return sorted((*came, *own), key=attrgetter("date"))

    def _last_mark(self, mark: BroughtMark | queries.MarkOfTerm, *, came: bool) -> LastMark:
        return LastMark(mark.date, mark.value, self._kinds_of_work[mark.kind_id].name, came)

    def missing(self, course_id: UUID) -> int:
        """How many students have no mark in a course; nobody misses one of an exam."""
        if self.kind == EXAM:
            return 0
        staying = [one for one, left_on in self._left_on[course_id].items() if left_on is None]
        return sum(not self._has_mark(course_id, one) for one in staying)

    def _has_mark(self, course_id: UUID, student_id: UUID) -> bool:
        mark = self._set.get((course_id, student_id))
        return mark is not None and mark.value is not None

    def sheet_of(self, course_id: UUID) -> queries.Sheet | None:
        """How far the class is in a course; None where nothing was done."""
        return self._sheets.get((course_id, self.row.class_id))

    def state_of(self, course_id: UUID) -> str:
        """The state of the class's marks in a course; nothing is to be done in one that newcomers left."""
        sheet = self.sheet_of(course_id)
        otherwise = LOCKED if course_id in self._handed_in_elsewhere else OPEN
        return sheet.state if sheet else otherwise

    def states(self) -> list[CourseState]:
        """The states, for the rules."""
        return [CourseState(one.title, self.state_of(one.id), self.missing(one.id)) for one in self.courses]

    def to_check(self) -> list[queries.CourseOfClass]:
        """The courses whose marks are not checked yet."""
        return [one for one in self.courses if self.state_of(one.id) not in (CHECKED, LOCKED)]

    def to_lock(self) -> list[queries.CourseOfClass]:
        """The courses whose marks are not locked yet."""
        return [one for one in self.courses if self.state_of(one.id) != LOCKED]
