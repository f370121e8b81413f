"""The gradebook's part of the demo school, in one transaction.

Its year, bells, classrooms, timetable, changes of days and thematic plans are kept by commands, as people would give
them; people, courses, and what was entered in past lessons are rows, of which there are too many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from cli.building import Rows, write_within
from cli.demo.load import calendar, club, journal, past, plans, timetable
from cli.demo.load.doors import Doors, keep_silent
from cli.demo.load.facts import FIRST_REVISION, Facts
from cli.demo.model import Lesson
from kernel.data import statistics
from kernel.files.store import Store
from services.gradebook.courses import tables as courses_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as people_tables
from services.gradebook.people.recording import PORTAL
from services.gradebook.policy import tables as policy_tables

#: A table that has rows of the school when this part is written.
MARKER: Final = policy_tables.Setting
#: The kind of work for marks without one.
ANSWER: Final = "answer"
METHODOLOGIST: Final = "methodologist"


def keep(session: Session, of_identity: Session, facts: Facts, files: Store) -> None:
    """Keep all of it in the session's transaction; `of_identity` knows the people."""
    doors, methodologist = Doors({"gradebook": session, "identity": of_identity}), facts.actor(METHODOLOGIST)
    school_id = facts.school.school.id
    write_within(session, school_id, _frame(facts), _copies(facts))
    year_id = calendar.keep(doors, methodologist, facts)
    write_within(session, school_id, _courses(facts, year_id))
    write_within(session, school_id, club.of_gradebook(facts, year_id))
    statistics.renew(session, courses_tables.Course, courses_tables.CourseMember, people_tables.StudentCopy)
    timetable.keep(doors, methodologist, facts, year_id)
    timetable.change_days(doors, methodologist, facts, timetable.places(session, facts))
    journal.keep(session, facts, lessons(session, facts), files)
    past.keep(session, facts, methodologist.person_id)
    plans.keep(doors, methodologist, facts, year_id)
    timetable.settle(session)
    keep_silent(session)


def lessons(session: Session, facts: Facts) -> Mapping[UUID, Lesson]:
    """The lessons with the ids that the gradebook gave them, by those of the generator.

    Some are missing where an earlier attempt, before the summer, laid those of another year.
    """
    laid = timetable.places(session, facts)
    return {
        one.id: replace(one, id=laid[place])
        for one in facts.school.lessons
        if (place := (one.course_id, one.date, one.number)) in laid
    }


def _frame(facts: Facts) -> Rows:
    """What is the same in every year: time zone, subjects, kinds of work."""
    school = facts.school
    return [
        (policy_tables.Setting, [{"time_zone": school.school.time_zone}]),
        (courses_tables.Subject, [{"id": subject.id, "name": subject.name} for subject in school.subjects]),
        (
            marks_tables.KindOfWork,
            [
                {"id": kind.id, "name": kind.name, "weight": kind.weight, "is_answer": kind.code == ANSWER}
                for kind in school.kinds
            ],
        ),
    ]


def _courses(facts: Facts, year_id: UUID) -> Rows:
    courses = facts.school.courses
    return [
        (
            courses_tables.Course,
            [
                {
                    "id": course.id,
                    "title": course.title,
                    "subject_id": course.subject_id,
                    "class_id": course.class_id,
                    "grade": facts.grades[course.class_id],
                    "year_id": year_id,
                    "division": course.division,
                    "group_name": f"{course.group}-я группа" if course.group else "",
                    "kept_here": True,
                }
                for course in courses
            ],
        ),
        (courses_tables.Curriculum, list(_curriculum(facts, year_id))),
        (
            courses_tables.CourseTeacher,
            [
                {"course_id": course.id, "teacher_id": teacher_id}
                for course in courses
                for teacher_id in course.teacher_ids
            ],
        ),
        (
            courses_tables.CourseMember,
            [
                {
                    "id": facts.id_of(f"member:{course.key}:{member.student_id}"),
                    "course_id": course.id,
                    "student_id": member.student_id,
                    "since": member.since,
                    "until": member.until,
                }
                for course in courses
                for member in course.members
            ],
        ),
    ]


def _curriculum(facts: Facts, year_id: UUID) -> Iterator[dict[str, Any]]:
    """The hours of every grade, those of its courses."""
    school = facts.school
    hours = {(facts.grades[one.class_id], one.subject_id): one.weekly_hours for one in school.courses}
    for (grade, subject_id), weekly in hours.items():
        yield {"year_id": year_id, "grade": grade, "subject_id": subject_id, "hours": Decimal(weekly)}


def _copies(facts: Facts) -> Rows:
    school = facts.school
    return [
        (
            people_tables.StudentCopy,
            [
                {"student_id": one.id, "revision": FIRST_REVISION, "class_id": facts.class_of.get(one.id)}
                for one in facts.students
            ],
        ),
        (
            people_tables.GuardianCopy,
            [
                {"student_id": tie.student_id, "guardian_id": tie.guardian_id}
                for tie in school.guardianships
                if PORTAL in facts.purposes(tie)
            ],
        ),
        (
            people_tables.ClassCopy,
            [
                {
                    "class_id": one.id,
                    "revision": FIRST_REVISION,
                    "name": one.name,
                    "grade": one.grade,
                    "homeroom_teacher_id": one.homeroom_teacher_id,
                }
                for one in school.classes
            ],
        ),
    ]
