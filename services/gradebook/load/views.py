"""Views of the load of a lesson's students."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.phrases import LANGUAGES, Sentence
from services.gradebook.homework.rules import load as rules
from services.gradebook.homework.rules.load import Assignment, ClassGroup, Groups, Load
from services.gradebook.lessons.queries import LessonRow
from services.gradebook.load.queries import CourseOfStudents, HeldRow
from services.gradebook.load.rules.control_works import control_work
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.rows import View, picked


@dataclass(frozen=True, slots=True)
class Limits:
    """What the policy admits for students, who are in these courses."""

    policy: Policy
    place: Place
    courses: Mapping[UUID, CourseOfStudents]
    students: Collection[UUID]

    def of(self, course_id: UUID, day: date, minutes: int | None, title: str = "", ref: str = "") -> Assignment:
        """Work of a course."""
        course = self.courses.get(course_id)
        return Assignment(title or (course.title if course else ""), day, self.group(course), minutes, ref)

    def view(
        self,
        row: LessonRow,
        own: Assignment | None,
        others: Sequence[Assignment],
        held: Iterable[HeldRow],
        topic: str | None = None,
    ) -> View:
        """The load on the day of a lesson's `own` homework; and of control works on its own, if it holds one.

        `topic`: as if it were the lesson's.
        """
        works = list(self._control_works(held, {} if topic is None else {row.id: topic}))
        by, days = (self.policy, self.place, self._memberships()), {own.day} if own else set()
        loads = [rules.control_load_of_day(own.day, works, *by)] if own else []
        if any(one.ref == str(row.id) for one in works):
            days.add(row.date)
            loads.append(rules.control_load_of_day(row.date, works, *by))
            loads.append(rules.control_load_of_week(row.date, works, *by))
        homework = rules.homework_load(own.day, [own, *others], *by) if own else None
        on_day = [one for one in works if one.day in days and one.ref != str(row.id)]
        return _load(row.id, row.title, own, homework, loads, others, on_day)

    def group(self, course: CourseOfStudents | None) -> ClassGroup | None:
        """The group of a course in which not all students are; None if all are."""
        if course is None or len(course.students) == len(self.students):
            return None
        return ClassGroup(course.subject, course.group_name or course.title)

    def _memberships(self) -> frozenset[Groups]:
        """The sets of groups that students are in."""
        groups = [(group, course) for course in self.courses.values() if (group := self.group(course))]
        return frozenset(
            frozenset(group for group, course in groups if student in course.students) for student in self.students
        )

    def _control_works(self, held: Iterable[HeldRow], topics: Mapping[UUID, str]) -> Iterator[Assignment]:
        """The control works among lessons, some of which have other `topics` than are saved."""
        for row in held:
            planned, kinds = ([one for (one,) in values] for values in (row.planned, row.kinds))
            name = control_work(topics.get(row.lesson_id, row.topic), planned, kinds, self.policy)
            if name:
                title = f"{self.courses[row.course_id].title}: {name}"
                yield self.of(row.course_id, row.date, None, title, str(row.lesson_id))


def _load(
    lesson_id: UUID,
    title: str,
    own: Assignment | None,
    homework: Load | None,
    works: Iterable[Load],
    others: Iterable[Assignment],
    control_works: Iterable[Assignment],
) -> View:
    """The load on the day of a lesson's `own` homework, None without such a day; of control works in several spans."""
    warnings = [one.warning for one in (homework, *works) if one is not None and one.warning is not None]
    return {
        "lesson_id": lesson_id,
        "title": title,
        "day": own and own.day,
        "minutes": homework.figure if homework else 0,
        "limit": homework and homework.limit,
        "homework": [picked(one, ("title", "minutes")) for one in others],
        "control_works": [picked(one, ("title", "minutes")) for one in control_works],
        "told": _said(homework.explained.steps if homework else ()),
        "warnings": _said(dict.fromkeys(warnings)),
    }


def _said(sentences: Iterable[Sentence]) -> View:
    told = list(sentences)
    return {language: [one.said(language) for one in told] for language in LANGUAGES}
