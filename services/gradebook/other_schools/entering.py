"""Makes rows of what a document of another school says, by the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

from contracts.gradebook.other_schools import EnterOtherSchool
from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks.rules import cells
from services.gradebook.other_schools import rules
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import View
from services.gradebook.term_marks.rules import setting
from services.gradebook.term_results.course_terms import CourseTerm


class Entered(NamedTuple):
    """A mark as it is saved, and what of its view the row does not have."""

    row: dict[str, Any]
    shown: View


def marks(found: CourseTerm, command: EnterOtherSchool, since: date) -> Iterator[Entered]:
    """The ordinary marks. Raises `Refused` for one that cannot be read, of a wrong day or an unknown kind of work."""
    page, kinds = found.page, found.kinds_of_work
    scale = scale_at(found.policy, found.place(command.student_id))
    answer = next((kind.id for kind in kinds.values() if kind.is_answer), None)
    for place, one in enumerate(command.marks):
        rules.check_before_joining(one.date, since, (page.term_starts_on, page.term_ends_on), f"marks.{place}.date")
        kind_id = one.kind_id or answer
        if kind_id is None or kind_id not in kinds:
            raise marks_queries.no_kind(one.kind_id)
        value = cells.mark_text(one.text, scale, f"marks.{place}.text")
        row = {"id": uuid7(), "date": one.date, "kind_id": kind_id, "term_id": None, "value": value}
        yield Entered(row, {"date": one.date, "kind": kinds[kind_id].name, "term": ""})


def term_marks(
    found: CourseTerm, command: EnterOtherSchool, since: date, entered: Collection[UUID]
) -> Iterator[Entered]:
    """The marks of terms that were over when the student came. Raises `Refused` for one that cannot be read.

    `entered` are the terms of which a mark was entered in the course by now, even while the course was being locked.
    """
    earlier = {term.id: term.title for term in found.terms if term.ends_on < since}
    standing = {*entered, *(one.term_id for one in found.term_marks_elsewhere(command.student_id))}
    for place, one in enumerate(command.term_marks):
        rules.check_earlier(one.term_id, earlier, f"term_marks.{place}.term_id")
        rules.check_first(one.term_id, standing, earlier[one.term_id], f"term_marks.{place}.term_id")
        standing.add(one.term_id)
        field = f"term_marks.{place}.text"
        value = setting.term_mark_text(one.text, found.policy, found.place(command.student_id), field)
        row = {"id": uuid7(), "date": None, "kind_id": None, "term_id": one.term_id, "value": value}
        yield Entered(row, {"date": None, "kind": "", "term": earlier[one.term_id]})
