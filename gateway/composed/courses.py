"""Courses of a year with what is planned for them and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

#: Courses of no class stand under this key.
ACROSS = "across"


@dataclass
class OfClass:
    """What a class has in a year, or, with the key `ACROSS`, the groups across classes."""

    key: str
    name: str
    grade: int | None
    #: Of several grades, none of them the first.
    several: bool = False
    courses: list[dict[str, Any]] = field(default_factory=list)
    #: Subjects that its grade has hours of, and no course.
    missing: list[dict[str, Any]] = field(default_factory=list)

    @property
    def waits_for_grade(self) -> bool:
        """Whether marks and homework of the class wait, as nobody has said its grade."""
        known = bool(self.grade) or self.several or not self.name
        return not known and not (self.courses and all(course["grade"] for course in self.courses))

    @property
    def without_teacher(self) -> list[dict[str, Any]]:
        """The courses that nobody teaches now or later."""
        return [course for course in self.courses if not course["teacher_ids"]]

    @property
    def hours(self) -> Decimal:
        """The hours a week of its students: of a subject's groups, which meet at once, the longest counts."""
        longest: dict[tuple[str, bool], Decimal] = {}
        for course in self.courses:
            key = course["subject_id"], bool(course["group_name"])
            longest[key] = max(longest.get(key, Decimal(0)), course["weekly"] or Decimal(0))
        return sum(longest.values(), Decimal(0))


def by_class(
    courses: Iterable[Mapping[str, Any]],
    classes: Iterable[Mapping[str, Any]],
    subjects: Iterable[dict[str, Any]],
    hours: Iterable[Mapping[str, Any]],
) -> list[OfClass]:
    """What each class has, in the order of the classes, groups across classes last.

    Each course gets its hours a week as `weekly`: its own, or those of the curriculum.
    """
    planned = {(one["subject_id"], one["grade"]): Decimal(one["hours"]) for one in hours}
    found = {one["id"]: OfClass(one["id"], one["name"], one["grade"], one["several_grades"]) for one in classes}
    across = OfClass(ACROSS, "", None)
    for course in courses:
        own, plan = course["hours_a_week"], planned.get((course["subject_id"], course["grade"]))
        place = found.get(course["class_id"] or "", across)
        place.courses.append({**course, "planned": plan, "weekly": Decimal(own) if own else plan})
    names = list(subjects)
    for place in found.values():
        grades = {course["grade"] for course in place.courses} or {place.grade}
        taught = {course["subject_id"] for course in place.courses}
        place.missing = [
            one for one in names if one["id"] not in taught and any((one["id"], grade) in planned for grade in grades)
        ]
    return [*found.values(), *([across] if across.courses else [])]
