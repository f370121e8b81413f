"""The names of classes, subjects, teachers and classrooms that lessons of a file have (practice)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from contracts.gradebook.timetable_import import CLASS, CLASSROOM, KINDS, LONGEST_NAME, SUBJECT, TEACHER
from services.gradebook.timetable.readers.timetable import TimetableLesson

_BETWEEN: Final = ", "


class Named(NamedTuple):
    """A name of a kind, as the file writes it."""

    kind: str
    name: str


class Mention(NamedTuple):
    """How often a name stands in the file, and where first."""

    place: str
    lessons: int


def teachers_in(text: str) -> list[str]:
    """The teachers of a lesson: «Иванова А.П., Петров С.С.» names two (practice)."""
    return [name[:LONGEST_NAME].strip() for name in dict.fromkeys(text.split(_BETWEEN)) if name.strip()]


def names_of(lesson: TimetableLesson) -> Iterator[Named]:
    """The names that a lesson has (practice)."""
    yield Named(CLASS, lesson.class_name)
    yield Named(SUBJECT, lesson.subject)
    yield from (Named(TEACHER, name) for name in teachers_in(lesson.teacher))
    if lesson.room:
        yield Named(CLASSROOM, lesson.room)


def idle_names(lessons: Iterable[TimetableLesson], left_out: Collection[str]) -> set[Named]:
    """The names of no lesson but those of the classes that are left out, these classes aside (practice)."""
    idle: set[Named] = set()
    needed: set[Named] = set()
    for lesson in lessons:
        (idle if lesson.class_name in left_out else needed).update(names_of(lesson))
    return {named for named in idle - needed if named.kind != CLASS}


def names_in(lessons: Iterable[TimetableLesson]) -> dict[Named, Mention]:
    """The names of a file's lessons, by kind, in the order of the file (practice)."""
    found: dict[Named, Mention] = {}
    for lesson in lessons:
        for named in names_of(lesson):
            before = found.get(named)
            found[named] = Mention(before.place, before.lessons + 1) if before else Mention(lesson.place, 1)
    return {named: found[named] for kind in KINDS for named in found if named.kind == kind}
