"""Views of a student's marks in one course by date, with the mean after each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.gradebook.exact import plain
from services.gradebook.journal import views
from services.gradebook.journal.queries.families import TermOfStudent
from services.gradebook.journal.terms_shown import ShownTerm
from services.gradebook.marks import views as marks_views
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import View
from services.gradebook.term_marks import computing
from services.gradebook.term_marks import views as term_marks_views
from services.gradebook.term_marks.computing import Kinds, Ruled, Series


def ends_of_scale(policy: Policy, place: Place) -> View:
    """The numbers of the worst and the best mark; None where marks have no numbers, as `зач` has none."""
    numbers = [mark.number for mark in scale_at(policy, place).marks]
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers):
        return {"lowest": None, "highest": None}
    return {"lowest": plain(min(known)), "highest": plain(max(known))}


class Part(NamedTuple):
    """A term of the course's year, what is shown of it, and the policy by which its means are."""

    term: TermOfStudent
    shown: ShownTerm
    policy: Policy

    def is_shown(self, course_id: UUID, today: date) -> bool:
        """Whether it has begun, or has marks, and the course is the student's in it."""
        return self.shown.shows(course_id) and (self.term.starts_on <= today or bool(self.shown.marks_in(course_id)))


def of_term(course_id: UUID, part: Part, kinds: Kinds, place: Place, topics: Mapping[UUID, str]) -> View:
    """The marks of a term in a course by date, brought ones included, and the mean, which the last one has, too."""
    marks, elsewhere = part.shown.marks_in(course_id), part.shown.moves.elsewhere.get(course_id, [])
    policy, moves = part.policy, part.shown.moves
    weights, by = computing.weights(kinds, policy), Ruled(policy, place)
    each = [
        *(computing.brought_series([row], weights) for row in elsewhere),
        *(computing.series([row], weights) for row in marks),
    ]
    lessons = [*(None for _ in elsewhere), *(row.lesson_id for row in marks)]
    subject = views.subject(course_id, "", marks, marks_views.kinds_in(place, kinds, policy), weights, by, moves)
    shown = [
        {
            **mark,
            "topic": topics.get(lesson_id, "") if lesson_id else "",
            "numbers": [
                plain(one.number) for one in computing.given_marks(of, policy, place) if one.number is not None
            ],
        }
        for mark, of, lesson_id in zip(subject["marks"], each, lessons, strict=True)
    ]
    order = sorted(range(len(shown)), key=lambda place: shown[place]["date"])
    means = (term_marks_views.figure_of(one, by) for one in _growing(each, order))
    return {
        **part.term._asdict(),
        "marks": [{**shown[index], "mean_after": mean} for index, mean in zip(order, means, strict=True)],
        "mean": subject["mean"],
    }


def _growing(each: list[Series], order: list[int]) -> list[Series]:
    """The series up to each mark; within one the marks stand as in the whole series, so that the last one is it."""
    return [tuple(one for index in sorted(order[: length + 1]) for one in each[index]) for length in range(len(order))]
