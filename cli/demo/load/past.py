"""The demo school's last ended term: lessons with works, their marks, and the term marks with what was done to them.

They are rows: the term is closed, so nobody could enter them any more, and there are thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.building import Rows, write_within
from cli.building import lessons as building
from cli.demo.load import journal
from cli.demo.load.facts import Facts
from cli.demo.model import Term
from contracts.gradebook.term_marks import CHECKED, LOCKED, SET, TERM
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.term_marks import tables

#: When, on the term's last day, its marks were set, and when what was done with those of each class.
MARKED: Final = time(15, 45)
STEPS: Final = ((SET, time(16, 0)), (CHECKED, time(17, 0)), (LOCKED, time(17, 30)))


def keep(session: Session, facts: Facts, methodologist: UUID | None) -> None:
    """Save it; the lessons were laid by no timetable, as those of an import."""
    lessons, terms = facts.school.past_lessons, _terms(session, facts)
    rows = [{**building.lesson(one.id, one.course_id, one.date, one.number), "topic": one.topic} for one in lessons]
    write_within(
        session,
        facts.school.school.id,
        building.lessons({**row, "version": journal.DESCRIBED} for row in rows),
        journal.history(facts, lessons),
        journal.marks(facts, facts.school.past_marks, {one.id: one for one in lessons}),
        _term_marks(facts, terms),
        _sheets(facts, terms, methodologist),
    )


def _terms(session: Session, facts: Facts) -> dict[UUID, tuple[UUID, Term]]:
    """Term of the generator → its id in the gradebook, and itself."""
    table = calendar_tables.Term
    rows = session.execute(select(table.division, table.starts_on, table.id))
    kept: dict[tuple[str, date], UUID] = {(division, day): term_id for division, day, term_id in rows}
    return {one.id: (kept[one.division, one.starts_on], one) for one in facts.school.terms}


def _term_marks(facts: Facts, terms: Mapping[UUID, tuple[UUID, Term]]) -> Rows:
    marks: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for one in facts.school.term_marks:
        term_id, term = terms[one.term_id]
        said = {"value": one.value, "computed": one.value, "reason": "", "comment": "", "version": 1}
        by = {"set_by": facts.courses[one.course_id].teacher_ids[0], "set_at": facts.at(term.ends_on, MARKED)}
        place = {"course_id": one.course_id, "term_id": term_id, "kind": TERM, "student_id": one.student_id}
        marks.append({"id": one.id, **place, **said, **by, "first_shown": one.value})
        revisions.append({"term_mark_id": one.id, **said, **by})
    return [(tables.TermMark, marks), (tables.TermMarkRevision, revisions)]


def _sheets(facts: Facts, terms: Mapping[UUID, tuple[UUID, Term]], methodologist: UUID | None) -> Rows:
    """The state of each course's class, which its teacher, the homeroom teacher and the methodologist brought on."""
    sheets: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for course_id, (term_id, term) in _handed_in(facts, terms):
        course = facts.courses[course_id]
        sheet_id = facts.id_of(f"sheet:{term.key}:{course.key}")
        people = course.teacher_ids[0], facts.leads[course.class_id], methodologist
        of_sheet = [
            {"version": version, "state": state, "changed_by": person, "changed_at": facts.at(term.ends_on, clock)}
            for version, ((state, clock), person) in enumerate(zip(STEPS, people, strict=True), start=1)
        ]
        place = {"course_id": course_id, "term_id": term_id, "kind": TERM, "class_id": course.class_id}
        sheets.append({"id": sheet_id, **place, **of_sheet[-1]})
        steps += ({"sheet_id": sheet_id, **step} for step in of_sheet)
    return [(tables.TermSheet, sheets), (tables.TermSheetStep, steps)]


def _handed_in(facts: Facts, terms: Mapping[UUID, tuple[UUID, Term]]) -> Iterator[tuple[UUID, tuple[UUID, Term]]]:
    """The courses with term marks, each with the term."""
    for course_id, term_id in sorted({(one.course_id, one.term_id) for one in facts.school.term_marks}):
        yield course_id, terms[term_id]
