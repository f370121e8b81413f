"""The marks of a class in all courses, with the students' names and attendance's absences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from contracts.attendance.absences import Absences
from contracts.gradebook.term_marks import ClassJournalView, TermMarks
from gateway.composed.names import names_of, texts
from gateway.door.asking import SHORT_TIMEOUT, ask
from kernel.contract import View
from kernel.errors import Fault, NotFound
from kernel.names import GIVEN


class StudentOfJournalView(View):
    """A student of a class, and how often the student was absent and late in the term; null while that is not known."""

    student_id = fields.UUID(required=True)
    name = fields.Str(required=True, metadata={"description": "Empty where the caller may not see it."})
    missed = fields.Int(required=True, allow_none=True)
    late = fields.Int(required=True, allow_none=True)


class JournalOfClassView(ClassJournalView):
    """A class's marks and means, students by name.

    `missing` names the parts that are left out because their service is away; the rest is complete.
    """

    class Meta:
        """The students have names instead."""

        exclude = ("student_ids",)

    students = fields.List(fields.Nested(StudentOfJournalView), required=True)
    missing = fields.List(fields.Str(validate=validate.OneOf(["absences"])), required=True)


def of_class(class_id: UUID, term_id: UUID | None = None) -> dict[str, Any]:
    """A class's marks, means and absences of a term; of the present one, where none is named.

    While attendance is away, absences are left out. `missing` then holds `absences`.
    """
    found = ask(TermMarks.class_journal, class_id=class_id, term_id=term_id)
    ids = found.pop("student_ids")
    names = texts(names_of(set(ids)), GIVEN) if ids else {}
    absences = _absences(class_id, found["term"])
    students = [
        {"student_id": one, "name": names.get(one, ""), **_of_student(absences, one)}
        for one in (*names, *(one for one in ids if one not in names))
    ]
    return {**found, "students": students, "missing": [] if absences is not None else ["absences"]}


def _absences(class_id: UUID, term: dict[str, Any]) -> dict[str, dict[str, Any]] | None:
    """Student → how often absent and late; None while attendance is away, or has no copy of the class yet."""
    span = {"starts_on": term["starts_on"], "ends_on": term["ends_on"]}
    try:
        found = ask(Absences.absences_of_class, timeout=SHORT_TIMEOUT, class_id=class_id, **span)
    except (Fault, NotFound):  # the gradebook let the caller in
        return None
    return {one["student_id"]: one for one in found["students"]}


def _of_student(absences: dict[str, dict[str, Any]] | None, student_id: str) -> dict[str, int | None]:
    if absences is None:
        return {"missed": None, "late": None}
    of_student = absences.get(student_id, {"missed": 0, "late": 0})
    return {"missed": of_student["missed"], "late": of_student["late"]}
