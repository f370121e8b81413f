"""A class of the demo school of which nobody has said the grade: a club, as schools keep them beside their classes.

It takes neither marks nor homework until the methodologist says its grade. It stands in no timetable. It began with the
present quarter, so that nobody waits for its marks of an earlier one.
"""

from __future__ import annotations

from itertools import islice
from typing import Final
from uuid import UUID

from cli.building import Rows, people
from cli.demo.load.facts import FIRST_REVISION, Facts
from contracts.gradebook.calendar import QUARTERS
from services.gradebook.courses import tables as courses_tables
from services.gradebook.people import tables as people_tables

NAME: Final = "Шахматный клуб"
SUBJECT: Final = "Шахматы"
#: How many students go there, and of which grade.
STUDENTS: Final = 8
_GRADE: Final = 5


def of_identity(facts: Facts) -> Rows:
    """The class."""
    return people.school_class(_class_id(facts), NAME, None, revision=FIRST_REVISION)


def of_gradebook(facts: Facts, year_id: UUID) -> Rows:
    """The copy of the class, and its course with its teacher and students."""
    course_id, subject_id = facts.id_of("course:club"), facts.id_of("subject:club")
    quarters = (one.starts_on for one in facts.school.terms if one.division == QUARTERS)
    began = max((day for day in quarters if day <= facts.school.today), default=facts.school.year.starts_on)
    fifth = {class_id for class_id, grade in facts.grades.items() if grade == _GRADE}
    students = (one.id for one in facts.students if facts.class_of.get(one.id) in fifth)
    teacher = next(
        course.teacher_ids[0] for course in facts.courses.values() if facts.grades[course.class_id] == _GRADE
    )
    return [
        (people_tables.ClassCopy, [{"class_id": _class_id(facts), "revision": FIRST_REVISION, "name": NAME}]),
        (courses_tables.Subject, [{"id": subject_id, "name": SUBJECT}]),
        (
            courses_tables.Course,
            [
                {
                    "id": course_id, "title": SUBJECT, "subject_id": subject_id,
                    "class_id": _class_id(facts), "year_id": year_id, "division": QUARTERS, "group_name": "",
                    "kept_here": True,
                }
            ],
        ),
        (courses_tables.CourseTeacher, [{"course_id": course_id, "teacher_id": teacher}]),
        (
            courses_tables.CourseMember,
            [
                {
                    "id": facts.id_of(f"member:club:{student}"), "course_id": course_id, "student_id": student,
                    "since": began,
                }
                for student in islice(students, STUDENTS)
            ],
        ),
    ]  # fmt: skip


def _class_id(facts: Facts) -> UUID:
    return facts.id_of("class:club")
