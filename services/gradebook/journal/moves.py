"""Where a student's marks count that were set in courses which the student left, or at other schools."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from services.gradebook.brought.queries import BroughtMark, Elsewhere, Origin, origin_of
from services.gradebook.gathered import Values
from services.gradebook.journal.queries.families import CourseTime, moves_of


class Moves:
    """The moves of a student to the courses that a page of a period shows, also from courses of another division."""

    def __init__(
        self,
        student_id: UUID,
        courses: Iterable[CourseTime],
        shown: Collection[UUID],
        elsewhere: Iterable[Values],
        span: tuple[date, date],
    ) -> None:
        """`courses` are the student's, `elsewhere` the student's marks of other schools."""
        movement = moves_of(student_id, courses, span[1])
        former = {course_id: movement.former(student_id, course_id) for course_id in shown}
        self._counts_in = {one.course_id: course_id for course_id, courses in former.items() for one in courses}
        self._origins = {one.course_id: origin_of(one) for courses in former.values() for one in courses}
        found = Elsewhere(elsewhere)
        #: Mark of another school → where from.
        self.origins: dict[UUID, Origin] = found.origins
        #: Course → the marks of other schools that count there.
        self.elsewhere: dict[UUID, list[BroughtMark]] = {}
        for mark in sorted(found.marks, key=lambda one: one.date):
            course_id = self.counts_in(mark.course_id)
            if course_id in shown and span[0] <= mark.date <= span[1]:
                self.elsewhere.setdefault(course_id, []).append(mark)

    def counts_in(self, course_id: UUID) -> UUID:
        """The course in which marks of this one count: the same, or that which the student left it for."""
        return self._counts_in.get(course_id, course_id)

    def origin_of(self, course_id: UUID) -> Origin | None:
        """A course that was left; None for another one."""
        return self._origins.get(course_id)
