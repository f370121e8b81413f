"""Changes of single days: every other day one lesson is cancelled, and in another class somebody stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from cli.demo.curriculum import TEACHERS
from cli.demo.dice import dice
from cli.demo.model import Course, DayChange, TimetableSlot, id_of
from cli.demo.school import Frame
from cli.demo.year import SchoolYear

#: Families read them: nobody's illness is named.
CANCELLED: Final = ("Учитель отсутствует", "Медицинский осмотр класса", "Учитель сопровождает команду на олимпиаде")
STOOD_IN: Final = ("Учитель отсутствует", "Учитель на курсах повышения квалификации", "Учитель на совещании")


def day_changes(
    year: SchoolYear, frame: Frame, slots: tuple[TimetableSlot, ...], today: date, seed: int
) -> tuple[DayChange, ...]:
    """The changes of the days with records and of the next ones; those of a day depend on the day alone."""
    week = _Week(frame, slots, seed)
    days = [day for day in (*year.held(today), *year.ahead(today)) if day.toordinal() % 2]
    taught = {(one.grade, one.days): frozenset(year.days_of(one.grade, one.days)) for one in frame.classes}
    return tuple(
        change
        for day in days
        for change in week.changes(day, {one.id for one in frame.classes if day in taught[one.grade, one.days]}, seed)
    )


class _Week:
    """The timetable by weekday: lessons of whole classes, and who has a lesson when."""

    def __init__(self, frame: Frame, slots: Iterable[TimetableSlot], seed: int) -> None:
        self._courses = {course.id: course for course in frame.courses}
        self._lessons: defaultdict[int, list[TimetableSlot]] = defaultdict(list)
        self._busy: defaultdict[tuple[int, int], set[UUID]] = defaultdict(set)
        self._specialities = {id_of(post.key, seed): post.specialities for post in TEACHERS}
        self._last: dict[tuple[UUID, int], int] = {}
        for slot in slots:
            place = self._class_of(slot), slot.weekday
            self._last[place] = max(slot.number, self._last.get(place, 0))
            self._busy[slot.weekday, slot.number].update(self._courses[slot.course_id].teacher_ids)
            if self._courses[slot.course_id].group is None:
                self._lessons[slot.weekday].append(slot)

    def changes(self, day: date, classes: set[UUID], seed: int) -> Iterator[DayChange]:
        """The last lesson of a class is cancelled, and in another class a lesson is held by a teacher who is free."""
        chance = dice(seed, f"changes:{day}")
        lessons = [one for one in self._lessons[day.isoweekday()] if self._class_of(one) in classes]
        if not lessons:
            return
        off = chance.choice([one for one in lessons if self._is_last(one)] or lessons)
        yield self._change(off, day, None, chance.choice(CANCELLED), seed)
        others = [one for one in lessons if self._class_of(one) != self._class_of(off)]
        able = [(one, who) for one in others for who in self._able(one)]
        if able:
            lesson, teacher = chance.choice(able)
            yield self._change(lesson, day, teacher, chance.choice(STOOD_IN), seed)

    def _class_of(self, slot: TimetableSlot) -> UUID:
        return self._courses[slot.course_id].class_id

    def _is_last(self, slot: TimetableSlot) -> bool:
        return slot.number == self._last[self._class_of(slot), slot.weekday]

    def _able(self, slot: TimetableSlot) -> Iterator[UUID]:
        """Teachers of the same speciality who have no lesson then."""
        course = self._courses[slot.course_id]
        wanted = set(self._specialities[course.teacher_ids[0]])
        for teacher, specialities in self._specialities.items():
            if wanted & set(specialities) and teacher not in self._busy[slot.weekday, slot.number]:
                yield teacher

    def _change(self, slot: TimetableSlot, day: date, teacher: UUID | None, reason: str, seed: int) -> DayChange:
        course: Course = self._courses[slot.course_id]
        key = f"change:{course.key.removeprefix('course:')}:{day}:{slot.number}"
        return DayChange(
            key=key,
            id=id_of(key, seed),
            course_id=course.id,
            date=day,
            number=slot.number,
            teacher_id=teacher,
            reason=reason,
        )
