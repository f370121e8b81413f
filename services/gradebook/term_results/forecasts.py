"""What a student's term mark would be with further marks, and which marks a target needs (domain, §10)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from contracts.gradebook.term_marks import FurtherMarks
from services.gradebook.exact import plain
from services.gradebook.explaining.given import GivenMark
from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks.rules import cells
from services.gradebook.policy.rules.applied import with_kinds
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.term_marks.computing import Weight, brought_series, given_marks, series
from services.gradebook.term_marks.rules.needed import Needed, needed_for_term_mark
from services.gradebook.term_marks.rules.term_marks import TermMark, term_mark
from services.gradebook.term_results.course_terms import CourseTerm


class Forecast:
    """A student's marks in a course for a term, with further ones that nobody has given."""

    def __init__(self, found: CourseTerm, student_id: UUID, further: Iterable[FurtherMarks]) -> None:
        """Raises `Invalid` for a further mark that cannot be read, `NotFound` for an unknown kind of work."""
        kinds = found.kinds_of_work
        self._policy = with_kinds(found.policy, [(one.name, Decimal(plain(one.weight))) for one in kinds.values()])
        self._place = found.place(student_id)
        self._hours = found.page.hours_a_week or Decimal(0)
        codes = {kind.name: kind.code for kind in self._policy.kinds}
        weights = {kind.id: Weight(None, codes[kind.name]) for kind in kinds.values()}
        self._kinds = sorted({weight.kind for weight in weights.values()})
        answer = next((kind.id for kind in kinds.values() if kind.is_answer), None)
        of_both = *brought_series(found.brought_of(student_id), weights), *series(found.marks_of(student_id), weights)
        given = given_marks(of_both, self._policy, self._place)
        for place, one in enumerate(further):
            kind_id = one.kind_id or answer
            if kind_id is None or kind_id not in weights:
                raise marks_queries.no_kind(one.kind_id)
            text = cells.mark_text(one.text, scale_at(self._policy, self._place), f"what_if.{place}.text")
            given += given_marks(((text, weights[kind_id]),), self._policy, self._place)
        self._marks: list[GivenMark] = given

    def term_mark(self) -> TermMark:
        """The term mark that would be computed."""
        return term_mark(self._marks, self._policy, self._place, self._hours)

    def needed(self, target: str) -> Needed:
        """The further marks that a target needs. Raises `Invalid` for what is no term mark."""
        return needed_for_term_mark(target, self._marks, self._policy, self._place, self._hours, kinds=self._kinds)
