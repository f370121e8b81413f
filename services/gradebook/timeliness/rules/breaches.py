"""Finds records that were not entered in time, with the responsible teacher and the delay. Late entries stay listed.

Duties and deadlines are the regulation's (clauses 3.2 and 3.3); the policy sets the number of days.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

from kernel.clock import local_date
from kernel.phrases import Phrase, Sentence
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.first_grade import Taken, taken
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.windows.rules.deadlines import ANYWHERE, Duty, deadline, kind_of_work


class Lapse(enum.Enum):
    """The duty that was not done in time; the value is the rule's slug."""

    TOPIC = "topic-late"
    HOMEWORK = "homework-late"
    ATTENDANCE = "attendance-late"
    #: The work has no marks, or got its first one late.
    MARKS = "marks-late"
    #: The work has marks, but one student has none or got it late. Not a separate duty in `timeliness`.
    STUDENT = "student-mark-late"


_OVERDUE: Final = Phrase(
    "Срок — {due}; просрочено учебных дней: {days}. Основание: {source}.",
    "It was due on {due}; school days late: {days}. By {source}.",
)
#: The sentence while the duty is open.
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
#: The sentence once the duty was done late.
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
    """A lesson that was held, with the aware instants at which its records were first complete; None: not yet."""

    ref: str
    teacher: str
    day: date
    #: Grade and subject.
    place: Place = ANYWHERE
    topic_at: datetime | None = None
    #: When homework was entered, or the teacher stated that there is none.
    homework_at: datetime | None = None
    #: When attendance was checked, even if nobody was absent.
    attendance_at: datetime | None = None
    #: Who enters absences: the homeroom teacher (regulation, clause 3.3); "" is the lesson's teacher.
    attendance_by: str = ""
    #: What is known of the grades of its students (`known_grade.in_lesson`); empty: all are of the grade of `place`.
    grades: Collection[ClassGrade] = ()


class ExpectedMark(NamedTuple):
    """A student who was in the lesson of a work, and when the mark was first set; None: not yet."""

    student: str
    marked_at: datetime | None = None
    #: Absent, or exempt from the work: no mark is due, and a later mark is not late.
    excused: bool = False


@dataclass(frozen=True, slots=True)
class SetWork:
    """A column of marks: a work of a class or a group in a lesson, or oral answers."""

    ref: str
    lesson: str
    teacher: str
    day: date
    #: Grade, subject and kind of work.
    place: Place
    expected: tuple[ExpectedMark, ...]
    #: The last day on which the term is open (`edit_windows.term_closes_on`); None: unknown.
    term_closes_on: date | None = None
    #: As of a `HeldLesson`.
    grades: Collection[ClassGrade] = ()


class _Owed(NamedTuple):
    """One record to be entered; `settled_at` is None until it is."""

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
    """One duty that was not done in time. Persons and lessons are given by the caller's references."""

    rule: Lapse
    lesson: str
    #: The responsible teacher.
    teacher: str
    #: The end of the last day allowed, in UTC.
    due: datetime
    #: When it was done; None: it is still open.
    settled_at: datetime | None
    #: From `due` until it was done, or until now.
    late_by: timedelta
    #: School days after the last day allowed, up to the day on which it was done, or today.
    school_days_late: int
    source: Source
    sentence: Sentence
    work: str = ""
    student: str = ""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """A teacher's timeliness: the numbers of duties done in time, done late and still open."""

    teacher: str
    in_time: int
    late: int
    open: int

    @property
    def due(self) -> int:
        """The number of duties that fell due."""
        return self.in_time + self.late + self.open

    @property
    def share(self) -> Fraction:
        """The share of due duties done in time, of 1."""
        return Fraction(self.in_time, self.due)


def breaches(
    lessons: Iterable[HeldLesson], works: Iterable[SetWork], policy: Policy, now: datetime, calendar: SchoolCalendar
) -> tuple[Breach, ...]:
    """All breaches, settled or open at `now` (aware), ordered by due date (regulation, clauses 3.2 and 3.3).

    Deadlines are those of `deadlines.deadline`. Records entered after `now` count as not entered. Homework and marks
    are expected where they may be given (`first_grade.taken`): of students whose grade nobody knows both wait, and
    nobody owes them until it is said (clause 2.5). A written work without any marks is a breach; oral answers are not,
    since teachers choose whom they ask. Once a work has marks, each student without a mark who is not excused is a
    separate item, due with the work, or on the day of its first mark if that was late. Raises `NoSchoolDay`.
    """
    count_school_days = cache(calendar.count_school_days)  # most open breaches share both dates
    found = [
        _breach(owed, policy.time_zone, now, count_school_days)
        for owed in _all_owed(lessons, works, policy, now, calendar)
        if (owed.settled_at or now) >= owed.due
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.lesson, one.work, one.rule.value, one.student)))


def timeliness(
    lessons: Iterable[HeldLesson], works: Iterable[SetWork], policy: Policy, now: datetime, calendar: SchoolCalendar
) -> tuple[Timeliness, ...]:
    """Each teacher's timeliness up to `now` (clauses 1.3, 4.1), by teacher; teachers without due duties are omitted.

    A duty counts from the instant at which it is due. The marks of a work are one duty.
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
        if _taken(work, policy).marks:
            yield from _owed_in_work(work, policy, now, calendar)


def _taken(one: HeldLesson | SetWork, policy: Policy) -> Taken:
    return taken(policy, one.place, one.grades or (ClassGrade(one.place.grade),))


def _owed_in_lesson(lesson: HeldLesson, policy: Policy, now: datetime, calendar: SchoolCalendar) -> Iterator[_Owed]:
    duties = [
        (Lapse.TOPIC, Duty.TOPIC, lesson.teacher, lesson.topic_at),
        (Lapse.ATTENDANCE, Duty.ATTENDANCE, lesson.attendance_by or lesson.teacher, lesson.attendance_at),
    ]
    if _taken(lesson, policy).homework:
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
    """The instant if it is not after `now`, else None."""
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
