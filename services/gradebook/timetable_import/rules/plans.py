"""What taking a file would do: what its names mean, its week, how it differs, what would fall together (practice)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from contracts.gradebook.timetable_import import CLASS, NONE, SUBJECT, TEACHER, TOGETHER
from services.gradebook.bells.rules.bells import FIRST_SHIFT, SECOND_SHIFT
from services.gradebook.courses.rules.naming import proposed_title
from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.timetable.readers.timetable import Timetable
from services.gradebook.timetable.rules.conflicts import Clash, Collision, Needs, Ringing, collisions
from services.gradebook.timetable.rules.edits import Edit, edit_of
from services.gradebook.timetable.rules.entries import Entry
from services.gradebook.timetable_import.rules import matching, people, weeks
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.matching import Meanings, Said
from services.gradebook.timetable_import.rules.names import Mention, Named, idle_names, names_in
from services.gradebook.timetable_import.rules.weeks import Course, Difference, NewCourse, Wanted


@dataclass(frozen=True, slots=True)
class School:
    """What a school has, as far as a file's timetable meets it."""

    #: By kind.
    ours: Mapping[str, Sequence[Ours]]
    remembered: Mapping[tuple[str, str], UUID]
    courses: Mapping[UUID, Course]
    needs: Mapping[UUID, Needs]
    #: Those that hold on the day or later.
    entries: Sequence[Entry]
    shared_classrooms: frozenset[UUID]
    #: The last day of the year.
    last: date
    #: Classes of the second shift.
    second_shift: frozenset[UUID] = frozenset()
    ringing: Ringing = field(default_factory=dict)
    #: Whether the year is another than the one that goes on: then classes are called otherwise than today.
    other_year: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks: from which day on, what names mean, how numbered groups are called."""

    day: date
    said: Mapping[Named, Said]
    group_pattern: str
    unknown_is_new: bool = False
    teachers_are_new: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file would do."""

    names: dict[Named, Mention]
    #: Name of a teacher → other names of the file that may be the same person's.
    alike: Mapping[str, Sequence[str]]
    means: Meanings
    wanted: Wanted
    difference: Difference
    edit: Edit
    #: What would fall together, and in what, in the order of the week.
    falling: Sequence[tuple[str, Collision]]
    #: Names of classes, titles of courses, by id; those of new ones too.
    class_names: Mapping[UUID, str]
    titles: Mapping[UUID, str]
    subject_names: Mapping[UUID, str]
    class_of: Mapping[UUID, UUID | None]

    @property
    def clashes(self) -> Counter[str]:
        """What two lessons have in common → how many pairs would fall together."""
        return Counter(what for what, _ in self.falling)


def plan_of(timetable: Timetable, school: School, asked: Asked, new_id: Callable[[], UUID]) -> Plan:
    """What taking a file's timetable would do from a day on (practice)."""
    names = names_in(timetable.lessons)
    alike = people.who_may_be_one(named.name for named in names if named.kind == TEACHER)
    left_out = {named.name for named, one in asked.said.items() if (named.kind, one.means) == (CLASS, NONE)}
    means = matching.meanings(
        names, school.ours, school.remembered, asked.said, new_id, unknown_is_new=asked.unknown_is_new,
        new_teachers=people.certain(alike) if asked.teachers_are_new else (),
        idle=idle_names(timetable.lessons, left_out), other_year=school.other_year,
    )  # fmt: skip
    wanted = weeks.wanted_week(timetable.lessons, means, school.courses.values(), asked.group_pattern, new_id)
    own = [entry for entry in school.entries if school.courses[entry.course_id].class_id in set(wanted.class_ids)]
    wanted = weeks.with_what_it_leaves_open(wanted, own, timetable.lessons)
    differing = weeks.difference(wanted, own, asked.day, school.last)
    edit = edit_of(differing.removed, asked.day, None, differing.added, new_id)
    class_names = _names(school.ours[CLASS], means.new[CLASS])
    subject_names = _names(school.ours[SUBJECT], means.new[SUBJECT])
    titles = {course.id: course.title for course in school.courses.values()}
    titles |= {
        new.id: proposed_title(subject_names[new.subject_id], class_names[new.class_id], new.group_name)
        for new in wanted.courses
    }
    class_of = {course.id: course.class_id for course in school.courses.values()}
    class_of |= {new.id: new.class_id for new in wanted.courses}
    falling = _falling(school, wanted, differing, edit)
    return Plan(names, alike, means, wanted, differing, edit, falling, class_names, titles, subject_names, class_of)


def _names(ours: Iterable[Ours], new: Mapping[UUID, str]) -> dict[UUID, str]:
    return {one.id: one.name for one in ours} | dict(new)


def _falling(school: School, wanted: Wanted, differing: Difference, edit: Edit) -> list[tuple[str, Collision]]:
    """The pairs of lessons that would fall together, of which the file has at least one.

    Two of one subject in one classroom, or by one teacher, are taught together, as groups across classes are.
    """
    removed = {entry.id for entry in differing.removed}
    new = [entry for entry in edit.after if entry.id not in removed]
    of_file = {entry.id for entry in (*differing.staying, *new)}
    together = [entry for entry in school.entries if entry.id not in removed] + new
    needs = {**school.needs, **_new_needs(wanted.courses, wanted.teachers, school.second_shift)}
    for course_id in wanted.joining:
        needs[course_id] = replace(needs[course_id], teachers=frozenset(wanted.teachers[course_id]))
    subjects = {course.id: course.subject_id for course in school.courses.values()}
    subjects |= {new.id: new.subject_id for new in wanted.courses}
    found = collisions(together, needs, school.shared_classrooms, school.ringing)
    return [(_in_what(one, subjects), one) for one in found if one.one.id in of_file or one.other.id in of_file]


def _in_what(one: Collision, subjects: Mapping[UUID, UUID]) -> str:
    same = subjects[one.one.course_id] == subjects[one.other.course_id]
    return TOGETHER if same and one.clash is not Clash.STUDENTS else str(one.clash)


def _new_needs(
    courses: Collection[NewCourse], teachers: Mapping[UUID, Sequence[UUID]], second_shift: Collection[UUID]
) -> dict[UUID, Needs]:
    return {
        one.id: Needs(
            frozenset(teachers[one.id]), class_id=one.class_id, group=one.group_name,
            shift=SECOND_SHIFT if one.class_id in second_shift else FIRST_SHIFT,
        )
        for one in courses
    }  # fmt: skip


def joined(were: Iterable[Teaching], joining: Iterable[UUID], day: date) -> list[Teaching]:
    """The times of teachers who teach a course from a day on; who had another time keeps its first day (clause 4.2)."""
    known = {one.teacher_id: one for one in were}
    return [_from(known.get(teacher), teacher, day) for teacher in joining]


def _from(before: Teaching | None, teacher: UUID, day: date) -> Teaching:
    if before is None:
        return Teaching(teacher, day)
    return Teaching(teacher, None if before.since is None else min(before.since, day))
