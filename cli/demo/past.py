"""The last term that has ended: works of its first weeks, and the term marks, which were set, checked and locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from cli.demo.dice import dice
from cli.demo.journal import Journal, Page
from cli.demo.marks import takes_marks
from cli.demo.model import DemoSchool, Lesson, Mark, Term, TermMark, id_of
from cli.demo.year import DAY, SchoolYear
from services.gradebook.plans.rules.progress import LATE

#: So many works of the whole class stand in each course: as many marks as a term mark needs.
WORKS: Final = 3
NOT_ATTESTED: Final = "н/а"


@dataclass(frozen=True, slots=True)
class Past:
    """Lessons with marks of all students, and the term marks that follow from them."""

    lessons: tuple[Lesson, ...] = ()
    marks: tuple[Mark, ...] = ()
    term_marks: tuple[TermMark, ...] = ()


def ended_terms(year: SchoolYear, today: date) -> dict[str, Term]:
    """Division → the last of its terms that ended before `today`."""
    return {one.division: one for one in (*year.quarters, *year.half_years) if one.ends_on < today}


def past(year: SchoolYear, journal: Journal, school: DemoSchool, classes: Collection[UUID]) -> Past:
    """The last ended terms of these classes.

    The works are of days before the recorded weeks, whose marks may be of a term, too. None is of the first
    weeks of the year: a journal that begins in them is expected to know all topics of its plan.
    """
    terms, seed = ended_terms(year, school.today), school.seed
    taught = [one for one in journal.pages if one.school_class.id in classes and _has_marks(one, terms)]
    begins, recorded_from = year.quarters[0].starts_on + LATE + DAY, min(year.held(school.today), default=school.today)
    lessons: list[Lesson] = []
    marks: list[tuple[Lesson, Mark]] = []
    for page in taught:
        term = terms[page.course.division]
        for ordinal in _works(page, max(term.starts_on, begins), min(term.ends_on, recorded_from - DAY)):
            lesson = _lesson(page, ordinal, seed)
            lessons.append(lesson)
            chance = dice(seed, lesson.key)
            marks += ((lesson, mark) for mark in journal.gradebook.work(lesson, page.course, page.subject, chance))
    by_id = {lesson.id: lesson for lesson in journal.lessons}
    recorded = ((by_id[mark.lesson_id], mark) for mark in journal.marks)
    counted = _counted([*marks, *recorded], taught, terms, {kind.id: kind.weight for kind in school.kinds})
    term_marks = tuple(_term_marks(taught, terms, counted, seed))
    return Past(tuple(lessons), tuple(mark for _, mark in marks), term_marks)


def _has_marks(page: Page, terms: Mapping[str, Term]) -> bool:
    return page.course.division in terms and takes_marks(page.school_class.grade, page.subject)


def _works(page: Page, first: date, last: date) -> list[int]:
    """Which lessons of a course have works: the last ones from one day to another."""
    within = [at for at, (day, _) in enumerate(page.times) if first <= day <= last]
    return [at for at in within if page.times[at] not in page.cancelled][-WORKS:]


def _lesson(page: Page, ordinal: int, seed: int) -> Lesson:
    day, number = page.times[ordinal]
    key = f"work:{page.course.key.removeprefix('course:')}:{day}:{number}"
    topic = page.plan(ordinal).topic
    return Lesson(key=key, id=id_of(key, seed), course_id=page.course.id, date=day, number=number, topic=topic)


def _counted(
    marks: Iterable[tuple[Lesson, Mark]],
    taught: Iterable[Page],
    terms: Mapping[str, Term],
    weights: Mapping[UUID, Decimal],
) -> dict[tuple[UUID, UUID], list[tuple[int, Decimal]]]:
    """Student and subject → values and weights of the marks of the term: those of a course that was left count on."""
    courses = {page.course.id: page.course for page in taught}
    found: defaultdict[tuple[UUID, UUID], list[tuple[int, Decimal]]] = defaultdict(list)
    for lesson, mark in marks:
        course = courses.get(lesson.course_id)
        if course and terms[course.division].starts_on <= lesson.date <= terms[course.division].ends_on:
            found[mark.student_id, course.subject_id].append((int(mark.value), weights[mark.kind_id]))
    return found


def _term_marks(
    taught: Iterable[Page],
    terms: Mapping[str, Term],
    counted: Mapping[tuple[UUID, UUID], list[tuple[int, Decimal]]],
    seed: int,
) -> Iterator[TermMark]:
    """The mark of each student who was in the course when the term ended."""
    for page in taught:
        course, term = page.course, terms[page.course.division]
        for member in course.members:
            if member.covers(term.ends_on):
                key = f"term-mark:{term.key}:{course.key}:{member.student_id}"
                yield TermMark(
                    key=key,
                    id=id_of(key, seed),
                    course_id=course.id,
                    student_id=member.student_id,
                    term_id=term.id,
                    value=_value(counted.get((member.student_id, course.subject_id), [])),
                )


def _value(marks: list[tuple[int, Decimal]]) -> str:
    """The weighted mean, rounded half-up, as the usual policy computes it."""
    if len(marks) < WORKS:
        return NOT_ATTESTED
    mean = Fraction(sum(value * weight for value, weight in marks)) / Fraction(sum(weight for _, weight in marks))
    return str(int(mean + Fraction(1, 2)))
