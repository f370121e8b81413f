"""What was not entered in time, by whose duty and for how long; what was entered late stays listed.

Deadlines and duties are the regulation's (clauses 3.2 and 3.3), as the policy puts them into days.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

from kernel.clock import local_date
from kernel.phrases import Phrase, Sentence
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.first_grade import takes_homework
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.windows.rules.deadlines import ANYWHERE, Duty, deadline, kind_of_work


class Lapse(enum.Enum):
    """Which duty was not done in time; the value is the rule's slug."""

    TOPIC = "topic-late"
    HOMEWORK = "homework-late"
    ATTENDANCE = "attendance-late"
    #: A work has no marks at all, or got its first one late.
    MARKS = "marks-late"
    #: The work has marks, and one student none, or got it after the others. No duty of its own in `timeliness`.
    STUDENT = "student-mark-late"


_OVERDUE: Final = Phrase(
    "Срок — {due}; просрочено учебных дней: {days}. Основание: {source}.",
    "It was due on {due}; school days late: {days}. By {source}.",
)
#: What is said while the duty is still open.
_OPEN: Final[Mapping[Lapse, Phrase]] = {
    Lapse.TOPIC: Phrase(
        "Не записана тема урока от {lesson}. {overdue}", "The topic of the lesson of {lesson} is missing. {overdue}"
    ),
    Lapse.HOMEWORK: Phrase(
        "На уроке {lesson} не записано домашнее задание и не указано, что его нет. {overdue}",
        "The lesson of {lesson} has no homework, nor does it say that there is none. {overdue}",
    ),
    Lapse.ATTENDANCE: Phrase(
        "Не отмечена посещаемость урока от {lesson}. {overdue}",
        "The attendance of the lesson of {lesson} is not checked. {overdue}",
    ),
    Lapse.MARKS: Phrase(
        "Не выставлено ни одной отметки за работу от {lesson}. {overdue}",
        "The work of {lesson} has no marks at all. {overdue}",
    ),
    Lapse.STUDENT: Phrase(
        "Обучающемуся не выставлена отметка за работу от {lesson}. {overdue}",
        "A student has no mark for the work of {lesson}. {overdue}",
    ),
}
#: What is said once it was done.
_SETTLED: Final[Mapping[Lapse, Phrase]] = {
    Lapse.TOPIC: Phrase(
        "Тема урока от {lesson} записана с опозданием, {settled}. {overdue}",
        "The topic of the lesson of {lesson} was entered late, on {settled}. {overdue}",
    ),
    Lapse.HOMEWORK: Phrase(
        "Домашнее задание урока от {lesson} записано с опозданием, {settled}. {overdue}",
        "The homework of the lesson of {lesson} was entered late, on {settled}. {overdue}",
    ),
    Lapse.ATTENDANCE: Phrase(
        "Посещаемость урока от {lesson} отмечена с опозданием, {settled}. {overdue}",
        "The attendance of the lesson of {lesson} was checked late, on {settled}. {overdue}",
    ),
    Lapse.MARKS: Phrase(
        "Отметки за работу от {lesson} выставлены с опозданием, {settled}. {overdue}",
        "The marks of the work of {lesson} were set late, on {settled}. {overdue}",
    ),
    Lapse.STUDENT: Phrase(
        "Отметка за работу от {lesson} выставлена обучающемуся с опозданием, {settled}. {overdue}",
        "A student's mark for the work of {lesson} was set late, on {settled}. {overdue}",
    ),
}


@dataclass(frozen=True, slots=True)
class HeldLesson:
    """A lesson that was held, with the instants (aware) at which its record was first complete; None: not yet."""

    ref: str
    teacher: str
    day: date
    #: Grade and subject.
    place: Place = ANYWHERE
    topic_at: datetime | None = None
    #: Homework was entered, or it was said that there is none.
    homework_at: datetime | None = None
    #: Attendance was checked, be nobody absent.
    attendance_at: datetime | None = None
    #: Who enters absences: the homeroom teacher (regulation, clause 3.3). "" is the lesson's own teacher.
    attendance_by: str = ""


class ExpectedMark(NamedTuple):
    """A student who was taught in the lesson of a work, and when the mark was first set; None: not yet."""

    student: str
    marked_at: datetime | None = None
    #: Absent, or exempt from the work: no mark is owed, and one that is set later is not late.
    excused: bool = False


@dataclass(frozen=True, slots=True)
class SetWork:
    """A column of marks: a work that a class or a group did in a lesson, or oral answers given there."""

    ref: str
    lesson: str
    teacher: str
    day: date
    #: Grade, subject and kind of work.
    place: Place
    expected: tuple[ExpectedMark, ...]
    #: The last day on which the term is open (`edit_windows.term_closes_on`); None: not known.
    term_closes_on: date | None = None


class _Owed(NamedTuple):
    """One thing to be entered; `settled_at` is None while it is not."""

    rule: Lapse
    lesson: str
    work: str
    student: str
    teacher: str
    lesson_day: date
    due_day: date
    due: datetime
    source: Source
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Breach:
    """One duty that was not done in time. Persons and lessons are named by the caller's references."""

    rule: Lapse
    lesson: str
    #: Who answers for it.
    teacher: str
    #: The end of the last day in time, in UTC.
    due: datetime
    #: When it was done after all; None: it is still open.
    settled_at: datetime | None
    #: From `due` until it was done, or until now.
    late_by: timedelta
    #: School days after the last day in time, up to the day on which it was done, or today.
    school_days_late: int
    source: Source
    sentence: Sentence
    work: str = ""
    student: str = ""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How a teacher keeps the journal: duties that fell due, done in time, done late, still open."""

    teacher: str
    in_time: int
    late: int
    open: int

    @property
    def due(self) -> int:
        """How many duties fell due."""
        return self.in_time + self.late + self.open

    @property
    def share(self) -> Fraction:
        """The part of 1 that was done in time."""
        return Fraction(self.in_time, self.due)


def breaches(
    lessons: Iterable[HeldLesson], works: Iterable[SetWork], policy: Policy, now: datetime, calendar: SchoolCalendar
) -> tuple[Breach, ...]:
    """What was late or is late at `now` (aware), from the longest due to the latest (regulation, clauses 3.2 and 3.3).

    Deadlines are those of `deadlines.deadline`. What was entered after `now` counts as not entered. Homework is
    expected where it may be given (`first_grade.takes_homework`); marks where the policy gives any. Marks of a
    work are missing where nobody has one although the kind of work is written: whom a teacher hears is free.
    Once a work has marks, a student without one who is not excused is an item of their own, due with the work,
    or on the day of the work's first mark where that was late already. Raises `NoSchoolDay`.
    """
    count_school_days = cache(calendar.count_school_days)  # most open breaches of a school share both ends
    found = [
        _breach(owed, policy.time_zone, now, count_school_days)
        for owed in _all_owed(lessons, works, policy, now, calendar)
        if (owed.settled_at or now) >= owed.due
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.lesson, one.work, one.rule.value, one.student)))


def timeliness(
    lessons: Iterable[HeldLesson], works: Iterable[SetWork], policy: Policy, now: datetime, calendar: SchoolCalendar
) -> tuple[Timeliness, ...]:
    """How each teacher kept the journal up to `now` (clauses 1.3, 4.1), by teacher; who had nothing due is not listed.

    A duty counts from the instant on at which it is due. Marks of a work are one duty, whoever has one.
    """
    counts: dict[str, Counter[str]] = {}
    for owed in _all_owed(lessons, works, policy, now, calendar):
        if owed.rule is not Lapse.STUDENT and now >= owed.due:
            counts.setdefault(owed.teacher, Counter())[_standing(owed)] += 1
    return tuple(
        Timeliness(teacher, count["in_time"], count["late"], count["open"]) for teacher, count in sorted(counts.items())
    )


def _standing(owed: _Owed) -> str:
    if owed.settled_at is None:
        return "open"
    return "late" if owed.settled_at >= owed.due else "in_time"


def _all_owed(
    lessons: Iterable[HeldLesson], works: Iterable[SetWork], policy: Policy, now: datetime, calendar: SchoolCalendar
) -> Iterator[_Owed]:
    for lesson in lessons:
        yield from _owed_in_lesson(lesson, policy, now, calendar)
    for work in works:
        if policy.scales.marked.at(work.place).value:
            yield from _owed_in_work(work, policy, now, calendar)


def _owed_in_lesson(lesson: HeldLesson, policy: Policy, now: datetime, calendar: SchoolCalendar) -> Iterator[_Owed]:
    duties = [
        (Lapse.TOPIC, Duty.TOPIC, lesson.teacher, lesson.topic_at),
        (Lapse.ATTENDANCE, Duty.ATTENDANCE, lesson.attendance_by or lesson.teacher, lesson.attendance_at),
    ]
    if takes_homework(policy, lesson.place):
        duties.append((Lapse.HOMEWORK, Duty.HOMEWORK, lesson.teacher, lesson.homework_at))
    for rule, duty, teacher, settled_at in duties:
        due = deadline(duty, lesson.day, policy, calendar, lesson.place)
        settled = _until(now, settled_at)
        yield _Owed(rule, lesson.ref, "", "", teacher, lesson.day, due.day, due.at, due.source, settled)


def _owed_in_work(work: SetWork, policy: Policy, now: datetime, calendar: SchoolCalendar) -> Iterator[_Owed]:
    awaited = [(one.student, _until(now, one.marked_at)) for one in work.expected if not one.excused]
    if not kind_of_work(policy, work.place.kind).written:
        awaited = [(student, marked_at) for student, marked_at in awaited if marked_at is not None]
    if not awaited:
        return
    due = deadline(Duty.MARKS, work.day, policy, calendar, work.place, work.term_closes_on)
    first = min((marked_at for _, marked_at in awaited if marked_at is not None), default=None)
    whole = _Owed(Lapse.MARKS, work.lesson, work.ref, "", work.teacher, work.day, due.day, due.at, due.source, first)
    yield whole
    if first is None:
        return
    day = max(due.day, local_date(first, policy.time_zone))
    own = whole._replace(rule=Lapse.STUDENT, due_day=day, due=end_of_day(day, policy.time_zone))
    for student, marked_at in awaited:
        yield own._replace(student=student, settled_at=marked_at)


def _until(now: datetime, instant: datetime | None) -> datetime | None:
    """An instant that has come; what lies ahead is not known yet."""
    return instant if instant is not None and instant <= now else None


def _breach(owed: _Owed, zone: str, now: datetime, count_school_days: Callable[[date, date], int]) -> Breach:
    end = owed.settled_at or now
    end_day = local_date(end, zone)
    days = count_school_days(owed.due_day, end_day)
    overdue = _OVERDUE(due=owed.due_day, days=days, source=owed.source.sentence)
    phrase = (_OPEN if owed.settled_at is None else _SETTLED)[owed.rule]
    return Breach(
        rule=owed.rule,
        lesson=owed.lesson,
        teacher=owed.teacher,
        due=owed.due,
        settled_at=owed.settled_at,
        late_by=end - owed.due,
        school_days_late=days,
        source=owed.source,
        sentence=phrase(lesson=owed.lesson_day, settled=end_day, overdue=overdue),
        work=owed.work,
        student=owed.student,
    )
