"""Term marks with the students' names, and with refusals in the caller's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields

from contracts.gradebook.term_marks import (
    TERM,
    ClassTermMarksView,
    CourseTermFrameView,
    TermAnswerView,
    TermMarks,
    TermRowView,
)
from gateway.composed.names import names_of, texts
from gateway.composed.refusals import WhyView, why
from gateway.composed.sheet import moment
from gateway.door.asking import ask, carry_out
from kernel.contract import View
from kernel.names import GIVEN


class TermRowOfCourseView(TermRowView):
    """A student of a course."""

    class Meta:
        """Without what is told in the caller's language."""

        exclude = ("refusal",)

    name = fields.Str(required=True, metadata={"description": "Empty where the caller may not see it."})
    why = fields.Nested(WhyView, required=True, allow_none=True)


class TermMarksOfCourseView(CourseTermFrameView):
    """A course's term marks. `why` says why the caller sets none now."""

    rows = fields.List(fields.Nested(TermRowOfCourseView), required=True)
    why = fields.Nested(WhyView, required=True, allow_none=True)


class AnswerOfTermMarkView(TermAnswerView):
    """What became of an entry."""

    class Meta:
        """Without what is told in the caller's language."""

        exclude = ("refusal",)

    problem = fields.Nested(WhyView, required=True, allow_none=True)


class AnswersOfTermMarksView(View):
    """An answer for each entry, in order."""

    answers = fields.List(fields.Nested(AnswerOfTermMarkView), required=True)


class StudentOfTermView(View):
    """A student of a class."""

    student_id = fields.UUID(required=True)
    name = fields.Str(required=True)


class TermMarksOfClassView(ClassTermMarksView):
    """A class's term marks, students by name."""

    class Meta:
        """The students have names instead."""

        exclude = ("student_ids",)

    students = fields.List(fields.Nested(StudentOfTermView), required=True)


def of_course(course_id: UUID, term_id: UUID, kind: str = TERM, as_of: datetime | None = None) -> dict[str, Any]:
    """A course's marks of a kind, by the students' names; as they stood at a moment, if one is given."""
    found = ask(TermMarks.course_term_marks, course_id=course_id, term_id=term_id, kind=kind, **moment(as_of))
    refusal, rows = found.pop("refusal"), found["rows"]
    names = _names(row["student_id"] for row in rows)
    for row in rows:
        refused = row.pop("refusal")
        row |= {"name": names.get(row["student_id"], ""), "why": refused and why(refused)}
    order = {student_id: place for place, student_id in enumerate(names)}
    rows.sort(key=lambda row: order.get(row["student_id"], len(order)))
    return {**found, "why": refusal and why(refusal)}


def set_in_course(course_id: UUID, term_id: UUID, entries: list[dict[str, Any]], kind: str = TERM) -> dict[str, Any]:
    """Set marks of a kind in a course, each by itself."""
    given: dict[str, Any] = {"course_id": course_id, "term_id": term_id, "kind": kind, "entries": entries}
    answers = carry_out(TermMarks.set_term_marks, **given)["answers"]
    for answer in answers:
        refused = answer.pop("refusal")
        answer["problem"] = refused and why(refused)
    return {"answers": answers}


def of_class(
    class_id: UUID, term_id: UUID | None = None, kind: str = TERM, as_of: datetime | None = None
) -> dict[str, Any]:
    """A class's marks of a kind in all courses, students by name; of the present term, where none is named.

    As they stood at a moment, if one is given.
    """
    found = ask(TermMarks.class_term_marks, class_id=class_id, term_id=term_id, kind=kind, **moment(as_of))
    ids = found.pop("student_ids")
    names = _names(ids)
    rest = [one for one in ids if one not in names]
    students = [{"student_id": one, "name": names.get(one, "")} for one in (*names, *rest)]
    return {**found, "students": students}


def _names(student_ids: Iterable[str]) -> dict[str, str]:
    """Student → name, by name."""
    wanted = set(student_ids)
    return texts(names_of(wanted), GIVEN) if wanted else {}
