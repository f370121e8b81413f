"""The thematic plans of the demo school: one for each subject and grade, with a row for each lesson of the year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from cli.demo.journal import Page, pages
from cli.demo.model import Plan, PlanTopic, TimetableSlot, id_of
from cli.demo.school import Frame
from cli.demo.topics import topics_of
from cli.demo.year import SchoolYear

#: The forms of lessons that are control works, in a plan's words.
CONTROLS: Final = {"control": "Контрольная работа", "test": "Самостоятельная работа"}


def plans(year: SchoolYear, frame: Frame, slots: tuple[TimetableSlot, ...], seed: int) -> tuple[Plan, ...]:
    """The plans of all subjects and grades, by which their courses go."""
    names = {subject.code: subject for subject in frame.subjects}
    together: dict[tuple[str, int], list[Page]] = {}
    for page in pages(year, frame, slots):
        if page.times:
            together.setdefault((page.subject, page.school_class.grade), []).append(page)
    return tuple(
        Plan(
            key=f"plan:{code}:{grade}",
            id=id_of(f"plan:{code}:{grade}", seed),
            subject_id=names[code].id,
            grade=grade,
            title=f"{names[code].name}, {grade} класс",
            topics=tuple(_topics(courses[0])),
            course_ids=_ids(courses),
        )
        for (code, grade), courses in together.items()
    )


def _ids(courses: list[Page]) -> tuple[UUID, ...]:
    return tuple(page.course.id for page in courses)


def _topics(page: Page) -> Iterator[PlanTopic]:
    """A row for each lesson of a course; a section is a topic of the subject's book."""
    grade, total = page.school_class.grade, len(page.times)
    sections = topics_of(page.subject, grade)
    for ordinal in range(total):
        lesson = page.plan(ordinal)
        section = sections[ordinal * len(sections) // total]
        control = CONTROLS.get(lesson.form, "")
        yield PlanTopic(section=section, topic=lesson.topic, control=control)
