"""A student's lessons, written as a line for each day: `"Н.О?"` is absent, present, late and not checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from services.attendance.absences.rules.records import LessonRecord
from services.attendance.codes.rules import Dictionary
from services.attendance.policy.rules import DEFAULT, AttendancePolicy, Rule

CODES = Dictionary()
N, U, B, O, P = (CODES.entry(letter) for letter in "НУБОП")  # noqa: E741  # the letter O is the code

#: What a Russian six-day week is taught in: five lessons a day.
SUBJECTS = ("Алгебра", "Русский язык", "История", "Физика", "Литература", "Химия", "Биология")
#: Days without lessons of the autumn of 2025: the autumn holidays, and the day of national unity that ends them.
AUTUMN_HOLIDAYS = frozenset(date(2025, 10, 27) + timedelta(days=days) for days in range(9))


def lesson_id(day: date, number: int) -> UUID:
    return UUID(int=day.toordinal() * 100 + number)


def lesson(day: date, number: int, letter: str = ".", minutes: int | None = None, **given: object) -> LessonRecord:
    """One lesson; lateness is of 5 minutes unless told."""
    code = None if letter in ".?" else CODES.entry(letter)
    if code is not None and code.late and minutes is None:
        minutes = 5
    record = {"subject": SUBJECTS[number % len(SUBJECTS)], "checked": letter != "?", "code": code, "minutes": minutes}
    return LessonRecord(lesson_id(day, number), day, number, **(record | given))


def lessons(days: Mapping[date, str]) -> list[LessonRecord]:
    """The lessons of days, each a line of letters."""
    return [lesson(day, number, letter) for day, line in days.items() for number, letter in enumerate(line, 1)]


def six_day_weeks(starts_on: date, ends_on: date, said: Mapping[date, str]) -> list[LessonRecord]:
    """Five lessons on every day from Monday to Saturday that is no holiday, all attended but what is `said`."""
    days = (starts_on + timedelta(days=passed) for passed in range((ends_on - starts_on).days + 1))
    taught = [day for day in days if day.isoweekday() < 7 and day not in AUTUMN_HOLIDAYS]
    assert set(said) <= set(taught), "what is said is of school days"
    return lessons({day: said.get(day, ".....") for day in taught})


def policy(**values: object) -> AttendancePolicy:
    """The default policy but for some values, voted by the school."""
    rules = {name: getattr(DEFAULT, name) for name in AttendancePolicy.__dataclass_fields__}
    return AttendancePolicy(**(rules | {name: Rule(value, "vote") for name, value in values.items()}))


#: Days of the first half-year without Sundays, with up to seven lessons each.
DAYS = st.dictionaries(
    st.dates(date(2025, 9, 1), date(2025, 12, 27)).filter(lambda day: day.isoweekday() < 7),
    st.text(".?НУБОП", min_size=1, max_size=7),
    max_size=20,
)
LESSONS = DAYS.map(lessons)
