"""The term marks of one course, with all that they are computed from and decided on. Takes a constant number of SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.term_marks import EXAM, LOCKED, OPEN, TERM
from kernel.auth import Actor
from kernel.clock import now
from kernel.errors import Forbidden, Invalid, Refused, refusal_of
from services.gradebook.brought import queries as brought_queries
from services.gradebook.brought.queries import BroughtMark, Origin, TermMarkElsewhere
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.journal import framing
from services.gradebook.journal import rules as journal_rules
from services.gradebook.marks import queries as marks_queries
from services.gradebook.people import permissions as people_permissions
from services.gradebook.people import queries as people_queries
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade, known_grade
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.policy import Place
from services.gradebook.rows import missing
from services.gradebook.sheets.permissions import reads_as_head
from services.gradebook.term_marks import computing
from services.gradebook.term_marks import queries as term_marks_queries
from services.gradebook.term_marks.rules import kinds, members, setting
from services.gradebook.term_marks.rules.term_marks import TermMark
from services.gradebook.term_results import figures, queries
from services.gradebook.term_results.year_before import YearBefore
from services.gradebook.windows.queries import Held, Windows, openings_of
from services.gradebook.windows.rules.edit_windows import EditWindow

_NOBODY: Final = ClassGrade()


class CourseTerm:
    """A course in a term: its students, their marks, the computed and the set term marks, the states of its classes."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        course_id: UUID,
        term_id: UUID,
        *,
        kind: str = TERM,
        of: UUID | None = None,
        lock: bool = False,
        as_of: datetime | None = None,
    ) -> None:
        """`kind` says which marks are set; `of` is a student whose figures alone are asked for.

        Who may read the student reads them. With `as_of` all stands as it did at that moment, for staff, and nothing
        is set.

        Raises `NotFound` for who may not read the course or that student, `Forbidden` for who teaches it no more, and
        for a family that asks for an earlier moment.
        """
        self._as_of = as_of
        self.page = page = queries.page(session, course_id, term_id, actor.person_id, lock=lock, as_of=as_of)
        self._session, self._actor = session, actor
        as_head = reads_as_head(actor, heads=bool(page.heads))
        anyhow = as_head or (of is not None and _reads(session, actor, of))
        self.ties, self._span = framing.readable(session, actor, page, term_id, anyhow=anyhow)
        as_staff = courses_permissions.may_read_course(actor, self.ties) and self._span[1] >= page.term_ends_on
        #: A family reads what was handed in alone; so does a parent who taught the course for a part of the term.
        self._of_family = not (as_head or as_staff)
        if of is None or not anyhow:
            self._check_reads_whole_term()
        if as_of is not None and self._of_family:
            raise journal_rules.for_staff()
        self.today = policy_queries.today_of(page, as_of)
        self.policy = policy_queries.policy_on(session, page, min(self.today, page.term_ends_on))
        self.kinds_of_work = marks_queries.kinds_of(page.kinds)
        spans = queries.members(session, course_id, term_id)
        #: Student → the last day of who left before the term's end; None for who stays.
        self.left_on = members.left_on(spans, page.term_ends_on)
        self._members = {one.student_id: one for one in spans}
        self._since = {one.student_id: one.since for one in reversed(spans)}
        span = page.term_starts_on, page.term_ends_on
        shown_at = now() if self._of_family else marks_queries.FOR_STAFF
        self._brought = brought_queries.brought_to(session, page, spans, *span, as_of, shown_at)
        self._marks = queries.marks_of_course(session, course_id, *span, as_of, shown_at)
        self.terms = queries.terms_of_division(session, page.year_id, page.division)
        self._last_term = self.terms[-1].id == term_id
        grades = [page.grade, *(self._grade(one).grade for one in self._members)]
        self.kind, self.kinds_of_marks = kind, kinds.kinds_of_grades(grades, last_term=self._last_term)
        kinds.check_kind(kind, self.kinds_of_marks, page.term_title)
        self._every_mark = term_marks_queries.set_in_course(session, course_id, as_of)
        movement = self._brought.movement
        self._set_before = sorted(
            term_marks_queries.set_at_places(session, movement.left_courses(course_id), as_of),
            key=lambda one: movement.joined_on(one.student_id, one.course_id),
        )
        self.set = {one.student_id: one for one in self._every_mark if (one.term_id, one.kind) == (term_id, kind)}
        self._year_before = self._read_year_before([of] if of else self.students)
        self.sheets = queries.sheets_of_course(session, course_id, term_id, kind, as_of)
        self._windows = Windows(session, as_of=as_of)
        self._weights = computing.weights(self.kinds_of_work, self.policy)
        if of is not None and not self._has(of):
            raise missing("course", course_id)

    def _read_year_before(self, students: Collection[UUID]) -> YearBefore:
        """The marks of the year before, those that were handed in for the family; nothing is asked where none count."""
        grades = (self.place(one).grade for one in students)
        if not any(kinds.is_of_two_years(self.kind, one) for one in grades):
            return YearBefore()
        found = term_marks_queries.of_the_year_before(
            self._session, students, [self.page.id], self.page.starts_on, self._as_of
        )
        return YearBefore(one for one in found if not self._of_family or one.first_shown is not None)

    def check_has(self, student_id: UUID) -> None:
        """Refuse a student who has nothing in the course, as if there were none. Raises `NotFound`."""
        if not self._has(student_id):
            raise missing("student", student_id)

    def _has(self, student_id: UUID) -> bool:
        """Whether a student has anything in the course: an import may have brought marks of who was never in it."""
        return student_id in self._members or student_id in self.set or student_id in self._marks

    def _check_reads_whole_term(self) -> None:
        if self._span[1] < self.page.term_ends_on:
            raise Forbidden(
                "You taught this course until {date}: the marks of this term are its present teacher's.",
                rule="no-longer-your-course",
                date=self._span[1],
            )

    @property
    def now(self) -> datetime:
        """The moment for which windows are asked."""
        return self._windows.now

    @property
    def students(self) -> list[UUID]:
        """Who was in the course on any day of the term, and who has a term mark all the same."""
        return sorted(self._members.keys() | self.set.keys())

    def joined(self) -> dict[UUID, date]:
        """Who came after the year's start, with the first day in the course, or in those that were left for it."""
        came = {one: self._came(one, since) for one, since in sorted(self._since.items())}
        return {one: since for one, since in came.items() if since > self.page.starts_on}

    def _came(self, student_id: UUID, since: date) -> date:
        former = self._brought.movement.former(student_id, self.page.id)
        return min([since, *(one.since for one in former)])

    def class_of(self, student_id: UUID) -> UUID | None:
        """The student's class."""
        member = self._members.get(student_id)
        return member.class_id if member else None

    def place(self, student_id: UUID) -> Place:
        """The place in the policy of a student's marks."""
        return Place(self._grade(student_id).grade, self.page.subject)

    def _grade(self, student_id: UUID) -> ClassGrade:
        member = self._members.get(student_id)
        own = courses_queries.grade_of(member) if member else _NOBODY
        return known_grade.deciding(courses_queries.grade_of(self.page), own)

    def marks_of(self, student_id: UUID) -> list[queries.MarkOfTerm]:
        """The marks of the course from which a student's term mark is computed."""
        return self._marks.get(student_id, [])

    def brought_of(self, student_id: UUID) -> list[BroughtMark]:
        """The marks that the student brought along, which count, too."""
        return self._brought.marks_of(student_id)

    def values_of(self, student_id: UUID) -> figures.Values:
        """The term and year marks of a student in the course; for the family those that were handed in."""
        elsewhere = {(one.term_id, TERM): one.value for one in self.term_marks_elsewhere(student_id)}
        return {**elsewhere, **figures.values_of(self._set_of(student_id))}

    def parts_of(self, student_id: UUID) -> list[figures.Part]:
        """The marks that a student's mark of the year or the certificate is made of."""
        grade, before = self.place(student_id).grade, self._before(student_id)
        return list(figures.parts(self.kind, grade, self.values_of(student_id), self.terms, before))

    def _before(self, student_id: UUID) -> list[figures.Part]:
        return self._year_before.parts_of(self.page.id, student_id)

    def _set_of(self, student_id: UUID) -> list[term_marks_queries.SetMark]:
        """The marks that were set for a student, those of courses that the student left before those of this one."""
        found = [one for one in (*self._set_before, *self._every_mark) if one.student_id == student_id]
        return [one for one in found if not self._of_family or one.first_shown is not None]

    def origins_of(self, student_id: UUID) -> dict[UUID, Origin]:
        """Mark → where the student brought it from."""
        return self._brought.origins(student_id)

    def origins_of_values(self, student_id: UUID) -> dict[tuple[UUID, str], Origin]:
        """The same of term marks and marks of the year."""
        courses = {one.course_id: one for one in self._brought.movement.former(student_id, self.page.id)}
        found = self._year_before.origins_of(self.page.id, student_id)
        found |= {(one.term_id, TERM): one.origin for one in self.term_marks_elsewhere(student_id)}
        for one in self._set_of(student_id):
            place = one.term_id, one.kind
            if one.value is not None and one.course_id in courses:
                found[place] = brought_queries.origin_of(courses[one.course_id])
            elif one.value is not None:
                found.pop(place, None)
        return found

    def term_marks_elsewhere(self, student_id: UUID) -> list[TermMarkElsewhere]:
        """The term marks that a student brought along from other schools."""
        return [one for one in self._brought.term_marks if one.student_id == student_id]

    def computed(self, student_id: UUID) -> figures.Figure:
        """The mark that the policy computes for a student."""
        place = self.place(student_id)
        if self.kind != TERM:
            values, before = self.values_of(student_id), self._before(student_id)
            return figures.of_year(self.kind, values, self.terms, self.policy, place, before)
        series = (
            *computing.brought_series(self.brought_of(student_id), self._weights),
            *computing.series(self.marks_of(student_id), self._weights),
        )
        return figures.of_term(computing.term_mark(series, self.policy, place, self.page.hours_a_week))

    def traced(self, student_id: UUID) -> TermMark:
        """The computed term mark, with the mark and the day of each input."""
        rows, brought, place = self.marks_of(student_id), self.brought_of(student_id), self.place(student_id)
        return computing.traced_term_mark(rows, brought, self._weights, self.policy, place, self.page.hours_a_week)

    def refusal_of_student(self, student_id: UUID) -> Refused | None:
        """Why a student gets no term mark, whoever sets it and whenever."""
        return refusal_of(lambda: self._check_gets_mark(student_id))

    def _check_gets_mark(self, student_id: UUID) -> None:
        if student_id not in self._members:
            raise Invalid(
                "This student was not in this course in the term.",
                rule="student-not-in-course",
                field="student_id",
                student_id=student_id,
            )
        if not self._went_on_after_term(student_id):
            setting.check_stays(self.left_on[student_id])
        own = kinds.kinds_at(self._grade(student_id).grade, last_term=self._last_term)
        kinds.check_kind(self.kind, own, self.page.term_title, "student_id")
        first_grade.check_marked(self.policy, self.place(student_id), self._grade(student_id))

    def _went_on_after_term(self, student_id: UUID) -> bool:
        """Whether a student who left joined another course of the subject after the term: this is its last one."""
        by_its_end, every = self._brought.movement, self._brought.every
        course_id = self.page.id
        return by_its_end.left_for(student_id, course_id) is None and every.left_for(student_id, course_id) is not None

    def _is_expected(self, student_id: UUID) -> bool:
        return self.left_on[student_id] is None and self.refusal_of_student(student_id) is None

    def window(self) -> EditWindow:
        """Until when the term's marks can be set: it is that of the lessons of its last day."""
        page = self.page
        term = courses_queries.TermOfCourse(page.term_title, page.term_ends_on)
        openings = openings_of(page, page.openings)
        return self._windows.of(Held(None, page.term_ends_on, page, term, openings))

    def check_writable(self) -> None:
        """Refuse an earlier record, who does not teach the course, and a term that has not begun or is closed."""
        if self._as_of is not None:
            raise journal_rules.earlier_record()
        courses_permissions.check_writes_course(self._actor, self.ties, missing("course", self.page.id))
        self.check_open()

    def check_open(self) -> None:
        """Refuse a term that has not begun, and one that is closed."""
        setting.check_begun(self.page.term_starts_on, self.today, self.page.term_title)
        setting.check_window(self.window(), self.now, self.page.term_title)

    def check_student(self, student_id: UUID, window: EditWindow) -> None:
        """Refuse a mark for a student who gets none, or whose class's marks are locked."""
        self._check_gets_mark(student_id)
        self._check_not_locked(student_id, window)

    def check_unlocked(self, student_id: UUID) -> None:
        """Refuse changes of what a student's mark of the term is computed from, once it is closed or locked."""
        window = self.window()
        setting.check_window(window, self.now, self.page.term_title)
        self._check_not_locked(student_id, window)

    def _check_not_locked(self, student_id: UUID, window: EditWindow) -> None:
        member = self._members.get(student_id)
        sheet = self.sheet_of(member.class_id) if member else None
        if member is not None and sheet is not None and sheet.state == LOCKED:
            setting.check_not_locked(window, self.now, sheet.changed_at, member.class_name or "")

    def sheet_of(self, class_id: UUID | None) -> queries.Sheet | None:
        """How far the course is in a class; None where nothing was done."""
        return self.sheets.get((self.page.id, class_id)) if class_id else None

    def state_of(self, class_id: UUID | None) -> str:
        """The state of a class's marks."""
        sheet = self.sheet_of(class_id)
        return sheet.state if sheet else OPEN

    def missing(self, changed: Mapping[UUID, str | None] | None = None) -> Counter[UUID]:
        """Class → how many students have no mark of the kind; after marks were `changed`, if any were.

        Nobody misses a mark of an exam: each student takes some.
        """
        values = {**{student: mark.value for student, mark in self.set.items()}, **(changed or {})}
        expected = {one: self.class_of(one) for one in self._members if self._is_expected(one)}
        marked = {one for one, value in values.items() if value is not None}
        return members.missing_by_class(expected, expected if self.kind == EXAM else marked)

    def open_until(self) -> date | None:
        """The last day on which the marks can be set, as far as it is known."""
        return self.window().last_day


def _reads(session: Session, actor: Actor, student_id: UUID) -> bool:
    """Whether the actor may read a student's marks."""
    ties = people_queries.ties_to_student(session, student_id, actor.person_id)
    return people_permissions.may_read_student(actor, student_id, ties)
