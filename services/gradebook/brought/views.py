"""Views of what students brought along."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.gradebook.brought.queries import Brought, BroughtMark
from services.gradebook.courses.queries.movement import OtherCourse
from services.gradebook.exact import plain
from services.gradebook.marks.queries import Kind
from services.gradebook.rows import View


def origin(course: OtherCourse) -> View:
    """Where a mark was set."""
    return {"title": course.title, "class_name": course.class_name, "until": course.until}


def brought(found: Brought, kinds: Mapping[UUID, Kind]) -> list[View]:
    """What students brought along, by the courses that they left; also of those where they had no mark."""
    return [
        {
            "student_id": student_id,
            "origin": origin(course),
            "marks": [
                _mark(one, kinds[one.kind_id])
                for one in found.marks.get(student_id, ())
                if one.course_id == course.course_id
            ],
        }
        for student_id, courses in found.former.items()
        for course in courses
    ]


def _mark(mark: BroughtMark, kind: Kind) -> View:
    return {
        "mark_id": mark.id,
        "date": mark.date,
        "text": mark.value,
        "kind": kind.name,
        "weight": plain(kind.weight),
        "comment": mark.comment,
    }
