"""Views of a year to come."""

from __future__ import annotations

from uuid import UUID

from services.gradebook.next_year.rules import ClassToCome, Coming, fingerprint
from services.gradebook.rows import View, picked

_CLASS = ("class_id", "name", "next_name", "next_grade", "leaves", "left_out", "there")


def next_year(earlier_id: UUID, later_id: UUID, coming: Coming) -> View:
    """What a year would get, with its numbers."""
    return {
        "from_year_id": earlier_id,
        "to_year_id": later_id,
        "fingerprint": fingerprint(coming),
        "classes": [_class(one) for one in coming.classes],
        "hours": len(coming.hours),
        "bells": len(coming.bells),
        "plans": len(coming.plans),
    }


def _class(one: ClassToCome) -> View:
    return {
        **picked(one, _CLASS),
        "courses": [course.title for course in one.courses],
        "teachers": sum(len(course.teachers) for course in one.courses),
        "members": sum(len(course.students) for course in one.courses),
    }
