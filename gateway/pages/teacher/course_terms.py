"""The terms by which a course goes, for pages whose address names none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.gradebook.courses import Courses
from gateway.door.asking import ask
from gateway.pages.frame import kept, shown
from kernel.errors import NotFound


def of(course_id: UUID | str) -> list[dict[str, Any]]:
    """The terms by which a course goes; none of a course that the visitor may not read."""
    courses: list[dict[str, Any]] = ask(Courses.courses)["courses"]
    course = next((one for one in courses if one["id"] == str(course_id)), None)
    return shown.terms_of(course) if course else []


def present(course_id: UUID) -> UUID:
    """The term to begin with. A family, who lists no courses, begins with the present one of the school.

    Raises `NotFound` without one.
    """
    terms = of(course_id) if shown.allowed(Courses.courses) else [one for year in kept.years() for one in year["terms"]]
    term = shown.present_of(terms)
    if term is None:
        raise NotFound("There is no such course.", rule="course-not-found", field="course_id")
    return UUID(term["id"])
