"""The school's structure: classes with homeroom teachers, enrolments, courses with teachers and members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cli.demo.curriculum import (
    CLASSES,
    LEAVER,
    PRIMARY,
    SIX_DAYS_FROM,
    SPLIT_FROM,
    SUBJECTS,
    TEACHERS,
    TRANSFER,
    SubjectPlan,
)
from cli.demo.model import Course, Enrolment, Membership, School, SchoolClass, Subject, id_of
from cli.demo.people import People
from cli.demo.year import DAY, SchoolYear, division_of
from contracts.identity.schools import TIME_ZONE

#: Class name and subject code → keys of the teachers: one for each group, or one for the whole class.
Assignment = dict[tuple[str, str], tuple[str, ...]]
SCHOOL_NAME: Final = "Демонстрационный лицей"


@dataclass(frozen=True, slots=True)
class Frame:
    """The school's structure on a day."""

    school: School
    classes: tuple[SchoolClass, ...]
    enrolments: tuple[Enrolment, ...]
    subjects: tuple[Subject, ...]
    courses: tuple[Course, ...]


def frame(year: SchoolYear, folk: People, today: date, seed: int) -> Frame:
    """The school's structure on `today`; students' movements appear from their first day on."""
    teachers = assignment()
    homerooms = _homerooms(teachers)
    classes = tuple(
        SchoolClass(
            key=f"class:{grade}{letter}",
            id=id_of(f"class:{grade}{letter}", seed),
            grade=grade,
            letter=letter,
            days=6 if grade >= SIX_DAYS_FROM else 5,
            homeroom_teacher_id=folk.staff[homerooms[f"{grade}{letter}"]].id,
        )
        for grade, letter, _ in CLASSES
    )
    enrolments = tuple(_enrolments(year, folk, today, seed))
    return Frame(
        school=School(key="school", id=id_of("school", seed), name=SCHOOL_NAME, time_zone=TIME_ZONE),
        classes=classes,
        enrolments=enrolments,
        subjects=tuple(
            Subject(key=f"subject:{s.code}", id=id_of(f"subject:{s.code}", seed), code=s.code, name=s.name)
            for s in SUBJECTS
        ),
        courses=tuple(_courses(year, folk, classes, enrolments, teachers, seed)),
    )


def assignment() -> Assignment:
    """Assign teachers to classes and subjects: one teacher for each speciality in a class, with balanced loads."""
    load: Counter[str] = Counter()
    assigned: Assignment = {}
    for grade, letter, size in CLASSES:
        lessons: defaultdict[str, list[SubjectPlan]] = defaultdict(list)
        for subject in SUBJECTS:
            if grade in subject.hours:
                own = grade <= 4 and subject.code in PRIMARY
                lessons["primary" if own else subject.speciality].append(subject)
        for speciality, subjects in lessons.items():
            split = speciality != "primary" and size >= SPLIT_FROM and subjects[0].split
            hours = sum(subject.hours[grade] for subject in subjects)
            chosen = _least_loaded(speciality, grade, load)[: 2 if split else 1]
            load.update(dict.fromkeys(chosen, hours))
            assigned.update({(f"{grade}{letter}", subject.code): tuple(chosen) for subject in subjects})
    return assigned


def _least_loaded(speciality: str, grade: int, load: Counter[str]) -> list[str]:
    """Teachers of a speciality: first those with it as their main one, then by load. A primary class has its own."""
    if speciality == "primary":
        return [f"teacher:primary:{grade}"]
    able = [post for post in TEACHERS if speciality in post.specialities]
    able.sort(key=lambda post: (post.specialities[0] != speciality, load[post.key]))
    return [post.key for post in able]


def _homerooms(teachers: Assignment) -> dict[str, str]:
    """Class name → key of its homeroom teacher: the one with the most lessons in the whole class and no other class."""
    plans = {subject.code: subject for subject in SUBJECTS}
    chosen: dict[str, str] = {}
    for grade, letter, _ in CLASSES:
        name = f"{grade}{letter}"
        hours: Counter[str] = Counter()
        for (class_name, code), who in teachers.items():
            if class_name == name and len(who) == 1 and who[0] not in chosen.values():
                hours[who[0]] += plans[code].hours[grade]
        chosen[name] = hours.most_common(1)[0][0]
    return chosen


def _enrolments(year: SchoolYear, folk: People, today: date, seed: int) -> Iterator[Enrolment]:
    """The students' enrolments in classes, with dates."""
    first, second = year.year.starts_on, year.quarters[1]
    # within the quarter, so that marks of it come along
    moves_on = second.starts_on + 12 * DAY
    moved, new_class = TRANSFER
    for class_name, students in folk.students.items():
        for student in students:
            until = None
            if student.key == moved and moves_on <= today:
                until = moves_on - DAY
                yield _enrolment(student.key, new_class, moves_on, None, seed)
            elif student.key == LEAVER and second.ends_on < today:
                until = second.ends_on
            yield _enrolment(student.key, class_name, first, until, seed)


def _enrolment(student: str, class_name: str, since: date, until: date | None, seed: int) -> Enrolment:
    key = f"enrolment:{student}:{class_name}"
    return Enrolment(
        key=key,
        id=id_of(key, seed),
        student_id=id_of(student, seed),
        class_id=id_of(f"class:{class_name}", seed),
        since=since,
        until=until,
    )


def _courses(
    year: SchoolYear,
    folk: People,
    classes: tuple[SchoolClass, ...],
    enrolments: tuple[Enrolment, ...],
    teachers: Assignment,
    seed: int,
) -> Iterator[Course]:
    """The courses of all classes, by class and subject."""
    enrolled: defaultdict[UUID, list[Enrolment]] = defaultdict(list)
    for enrolment in enrolments:
        enrolled[enrolment.class_id].append(enrolment)
    for school_class in classes:
        for subject in SUBJECTS:
            who = teachers.get((school_class.name, subject.code), ())
            for index, teacher in enumerate(who, start=1):
                group = index if len(who) > 1 else None
                suffix = f":{group}" if group else ""
                key = f"course:{school_class.name}:{subject.code}{suffix}"
                yield Course(
                    key=key,
                    id=id_of(key, seed),
                    title=f"{subject.name}, {school_class.name}" + (f", {group}-я группа" if group else ""),
                    year_id=year.year.id,
                    subject_id=id_of(f"subject:{subject.code}", seed),
                    class_id=school_class.id,
                    group=group,
                    teacher_ids=(folk.staff[teacher].id,),
                    members=_members(year, enrolled[school_class.id], group),
                    weekly_hours=subject.hours[school_class.grade],
                    division=division_of(school_class.grade),
                )


def _members(year: SchoolYear, enrolled: list[Enrolment], group: int | None) -> tuple[Membership, ...]:
    """The members of a class or group: group 1 is the first half of the list, group 2 includes later arrivals."""
    founders = [one for one in enrolled if one.since == year.year.starts_on]
    later = [one for one in enrolled if one.since != year.year.starts_on]
    half = len(founders) // 2
    chosen = {None: founders + later, 1: founders[:half], 2: founders[half:] + later}[group]
    return tuple(Membership(student_id=one.student_id, since=one.since, until=one.until) for one in chosen)
