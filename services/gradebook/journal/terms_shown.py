"""What a page of the family shows of a term: the courses that go by it, and the marks where they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.gradebook.journal import rules
from services.gradebook.journal.moves import Moves
from services.gradebook.journal.queries import families


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """The courses of a student that go by a term, and the marks that count in them."""

    courses: Sequence[families.CourseTime | families.CourseShown]
    marks: Sequence[families.FamilyMark]
    moves: Moves

    def shows(self, course_id: UUID) -> bool:
        """Whether the course is among them, and the student did not leave it for another one of them."""
        return any(row.id == course_id for row in self.courses) and self.moves.counts_in(course_id) == course_id

    def marks_in(self, course_id: UUID) -> list[families.FamilyMark]:
        """The marks that count in a course, in order."""
        return [row for row in self.marks if self.moves.counts_in(row.course_id) == course_id]


def of_term(
    student_id: UUID,
    student: families.StudentRow,
    courses: Sequence[families.CourseTime],
    others: Sequence[families.CourseShown],
    found: Sequence[families.FamilyMark],
    term: families.TermOfStudent,
) -> ShownTerm:
    """What is shown of a term. `courses` are the student's, `others` further ones of `found`, which are marks.

    Marks of other days than the term's are left out.
    """
    within = [row for row in found if term.starts_on <= row.date <= term.ends_on]
    marked = {row.course_id for row in within}
    own = [row for row in courses if row.id in marked or rules.is_in_course(row, term)]
    shown: list[families.CourseTime | families.CourseShown] = [*own, *(row for row in others if row.id in marked)]
    by_term = [row for row in shown if rules.goes_by(row, term)]
    ids = {row.id for row in by_term}
    moves = Moves(student_id, courses, ids, student.elsewhere, (term.starts_on, term.ends_on))
    return ShownTerm(by_term, [row for row in within if moves.counts_in(row.course_id) in ids], moves)
