"""Generates marks: for answers and homework on the same day, for written works some days later."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from cli.demo.attendance import Attendance
from cli.demo.curriculum import LIGHT, SUBJECTS
from cli.demo.dice import dice
from cli.demo.model import Course, KindOfWork, Lesson, Mark, Membership, id_of
from cli.demo.topics import Form

#: The mean of marks, and the deviations of students, of their subjects, and of single marks.
MEAN, TALENT, LEANING, LUCK = 4.0, 0.5, 0.25, 0.6
#: The difference of a kind's marks from the mean.
SHIFTS: Final = {"answer": 0.1, "homework": 0.15, "test": -0.05, "control": -0.2}
#: In school days: the longest delay of marks for written works, and of making up a missed control work.
WAIT: Final = {"test": 2, "control": 4}
MADE_UP: Final = (3, 8)
#: Ethics in grade 4 has no marks, like all subjects in grade 1 (the regulation, clause 2.5).
UNMARKED: Final = "ethics"
COMMENTS: Final = {
    "5": ("Подробный ответ", "Отличная работа", "Всё верно"),
    "4": ("Есть неточности", "Хорошая работа"),
    "3": ("Работа выполнена не полностью", "Нужно повторить тему"),
    "2": ("Тема не усвоена, нужна консультация", "Домашнее задание не выполнено"),
}
MADE_UP_COMMENT: Final = "Написана после пропуска"


def takes_marks(grade: int, subject: str) -> bool:
    """Whether marks are set in a subject in a grade."""
    return grade != 1 and subject != UNMARKED


class Gradebook:
    """Generates marks from each student's ability."""

    def __init__(
        self,
        students: Sequence[UUID],
        kinds: Sequence[KindOfWork],
        attendance: Attendance,
        days: Sequence[date],
        today: date,
        seed: int,
    ) -> None:
        """`days` are the school days of the year: marks are set only on those before `today`."""
        self._kinds = {kind.code: kind for kind in kinds}
        self._attendance = attendance
        self._days = days
        self._today = today
        self._seed = seed
        self._level = {student: _levels(dice(seed, f"level:{student}")) for student in students}

    def marks(
        self, lesson: Lesson, course: Course, subject: str, grade: int, form: Form, chance: random.Random
    ) -> Iterator[Mark]:
        """The marks of a lesson that are set before today."""
        if not takes_marks(grade, subject):
            return
        present: list[UUID] = []
        missed: list[Membership] = []
        for member in course.members:
            if self._attendance.missed(member.student_id, lesson.date, lesson.number):
                missed.append(member)
            elif member.covers(lesson.date):
                present.append(member.student_id)
        if form in ("test", "control"):
            yield from self._written(lesson, subject, form, present, chance)
        if form == "control":
            yield from self._made_up(lesson, subject, missed)
            return
        answers = (0, 2) if form == "test" else (3, 7) if subject in LIGHT else (2, 5)
        for student in _some(present, answers, chance):
            yield self._mark(lesson, student, "answer", subject, lesson.date, chance)
        if subject not in LIGHT and chance.random() < 0.35:
            for student in _some(present, (3, 6), chance):
                yield self._mark(lesson, student, "homework", subject, lesson.date, chance)

    def work(self, lesson: Lesson, course: Course, subject: str, chance: random.Random) -> Iterator[Mark]:
        """A mark for everybody in the course: who was away was asked later."""
        kind = "answer" if subject in LIGHT else "test"
        for member in course.members:
            if member.covers(lesson.date):
                yield self._mark(lesson, member.student_id, kind, subject, lesson.date, chance)

    def _written(
        self, lesson: Lesson, subject: str, form: str, present: list[UUID], chance: random.Random
    ) -> Iterator[Mark]:
        set_on = self._days_after(lesson.date, chance.randint(1, WAIT[form]))
        marks = [self._mark(lesson, student, form, subject, set_on, chance) for student in present]
        if set_on < self._today:  # checked after drawing, so that pending marks do not change other ones
            yield from marks

    def _made_up(self, lesson: Lesson, subject: str, missed: list[Membership]) -> Iterator[Mark]:
        """Marks of the students who missed a control work: half of them make it up if they are present then."""
        for member in missed:
            chance = dice(self._seed, f"{lesson.key}:{member.student_id}")
            set_on = self._days_after(lesson.date, chance.randint(*MADE_UP))
            in_course = member.covers(lesson.date) and member.covers(set_on)
            away = self._attendance.missed(member.student_id, set_on, lesson.number)
            if chance.random() < 0.5 and in_course and not away and lesson.date < set_on < self._today:
                yield self._mark(lesson, member.student_id, "control", subject, set_on, chance, MADE_UP_COMMENT)

    def _days_after(self, day: date, count: int) -> date:
        """The school day `count` school days after `day`, or the year's last."""
        return self._days[min(bisect_right(self._days, day) - 1 + count, len(self._days) - 1)]

    def _mark(
        self,
        lesson: Lesson,
        student: UUID,
        kind: str,
        subject: str,
        set_on: date,
        chance: random.Random,
        comment: str = "",
    ) -> Mark:
        level = MEAN + self._level[student][subject] + SHIFTS[kind] + (0.5 if subject in LIGHT else 0)
        value = str(min(5, max(2, round(chance.gauss(level, LUCK)))))
        if chance.random() < 0.05 and not comment:
            comment = chance.choice(COMMENTS[value])
        key = f"mark:{lesson.key.removeprefix('lesson:')}:{student}:{kind}"
        return Mark(
            key=key,
            id=id_of(key, self._seed),
            lesson_id=lesson.id,
            student_id=student,
            kind_id=self._kinds[kind].id,
            value=value,
            comment=comment,
            set_on=set_on,
        )


def _levels(chance: random.Random) -> dict[str, float]:
    """Subject → the difference of a student's marks from the mean."""
    talent = chance.gauss(0, TALENT)
    return {subject.code: talent + chance.gauss(0, LEANING) for subject in SUBJECTS}


def _some(students: list[UUID], between: tuple[int, int], chance: random.Random) -> list[UUID]:
    """A random selection of students, of a size in the range `between`, or fewer where there are fewer."""
    return chance.sample(students, min(len(students), chance.randint(*between)))
