"""Term and year marks of the school year before, which count in the certificate of grade 11 beside this year's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from contracts.gradebook.term_marks import TERM, YEAR
from services.gradebook.brought.queries import Origin
from services.gradebook.term_marks.queries import MarkBefore
from services.gradebook.term_results.figures import Part


class YearBefore:
    """What students had in the subjects of their courses in the year before."""

    def __init__(self, rows: Iterable[MarkBefore] = ()) -> None:
        """`rows` are those of other schools, then the others in the order in which their courses were joined.

        Of several courses of the subject those count that are like the present one, of a class or across classes, if
        there are any: an elective beside the class is another course. Of their marks of a term, the one of the course
        that was joined last counts, and one of another school where none was set.
        """
        by_place: defaultdict[tuple[UUID, UUID], list[MarkBefore]] = defaultdict(list)
        for row in rows:
            by_place[row.course_id, row.student_id].append(row)
        self._marks = {place: _counting(marks) for place, marks in by_place.items()}

    def parts_of(self, course_id: UUID, student_id: UUID) -> list[Part]:
        """A student's marks, by term, the year's last."""
        return [
            Part((one.term_id, one.kind), one.term if one.kind == TERM else one.kind, one.ends_on, one.value, one.year)
            for one in self._marks.get((course_id, student_id), ())
        ]

    def origins_of(self, course_id: UUID, student_id: UUID) -> dict[tuple[UUID, str], Origin]:
        """Term and kind → the course, or the other school, in which the mark was set."""
        marks = self._marks.get((course_id, student_id), ())
        return {(one.term_id, one.kind): _origin(one) for one in marks}


def _origin(mark: MarkBefore) -> Origin:
    if mark.school:
        return Origin(school=mark.school, document=mark.document)
    return Origin(mark.title, until=mark.until)


def _counting(marks: list[MarkBefore]) -> list[MarkBefore]:
    alike = [one for one in marks if one.alike] or marks
    last = {(one.term_id, one.kind): one for one in alike}
    return sorted(last.values(), key=lambda one: (one.ends_on, one.kind == YEAR))
