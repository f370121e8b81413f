"""The gradebook's part of the demo school: the year, courses, lessons, marks with their first revisions, copies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from cli.building import Rows
from cli.building import marks as building
from cli.demo.load import plans
from cli.demo.load.facts import FIRST_REVISION, MARKS_ENTERED, Facts
from cli.demo.year import division_of
from contracts.gradebook.calendar import HOLIDAYS, PUBLIC
from services.gradebook.bells import tables as bells_tables
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as people_tables
from services.gradebook.people.recording import PORTAL
from services.gradebook.policy import tables as policy_tables

#: A table that has rows of the school when this part is written.
MARKER: Final = policy_tables.Setting
#: The kind of work for marks without one.
ANSWER: Final = "answer"


def rows(facts: Facts) -> Rows:
    """The rows of the gradebook's tables."""
    return [
        *_frame(facts),
        *_days(facts),
        *_bells(facts),
        *_courses(facts),
        *_lessons(facts),
        *_marks(facts),
        *_copies(facts),
        *plans.rows(facts),
    ]


def _frame(facts: Facts) -> Rows:
    school = facts.school
    year = school.year
    return [
        (policy_tables.Setting, [{"time_zone": school.school.time_zone}]),
        (
            calendar_tables.Year,
            [{"id": year.id, "title": year.title, "starts_on": year.starts_on, "ends_on": year.ends_on}],
        ),
        (
            calendar_tables.Term,
            [
                {
                    "id": term.id,
                    "year_id": term.year_id,
                    "title": term.title,
                    "starts_on": term.starts_on,
                    "ends_on": term.ends_on,
                    "division": term.division,
                }
                for term in school.terms
            ],
        ),
        (courses_tables.Subject, [{"id": subject.id, "name": subject.name} for subject in school.subjects]),
        (
            marks_tables.KindOfWork,
            [
                {"id": kind.id, "name": kind.name, "weight": kind.weight, "is_answer": kind.code == ANSWER}
                for kind in school.kinds
            ],
        ),
    ]


def _days(facts: Facts) -> Rows:
    """The calendar schedule: weeks of the grades, and holidays."""
    school = facts.school
    weeks = {one.grade: one.days for one in school.classes}
    return [
        (
            calendar_tables.YearGrade,
            [
                {"year_id": school.year.id, "grade": grade, "division": division_of(grade), "days_a_week": days}
                for grade, days in sorted(weeks.items())
            ],
        ),
        (
            calendar_tables.DayOff,
            [
                {
                    "id": holiday.id,
                    "year_id": holiday.year_id,
                    "kind": PUBLIC if holiday.public else HOLIDAYS,
                    "name": holiday.title,
                    "first": holiday.starts_on,
                    "last": holiday.ends_on,
                    "grades": list(holiday.grades),
                }
                for holiday in school.holidays
            ],
        ),
        (
            calendar_tables.ShortDay,
            [
                {"id": facts.id_of(f"short:{day}"), "year_id": school.year.id, "date": day, "grades": []}
                for day in school.short_days
            ],
        ),
    ]


def _bells(facts: Facts) -> Rows:
    """The bells of usual days, and those of short ones."""
    school = facts.school
    titles = {False: "Обычные", True: "Сокращённые уроки"}
    schedules = {short: facts.id_of(f"bells:{school.year.key}:{short}") for short in titles}
    return [
        (
            bells_tables.BellSchedule,
            [
                {
                    "id": schedules[short],
                    "year_id": school.year.id,
                    "title": title,
                    "shift": 1,
                    "weekdays": [],
                    "short": short,
                    "valid_from": school.year.starts_on,
                }
                for short, title in titles.items()
            ],
        ),
        (
            bells_tables.Bell,
            [
                {"schedule_id": schedules[bell.short], "number": bell.number, "starts": bell.starts, "ends": bell.ends}
                for bell in (*school.bells, *school.short_bells)
            ],
        ),
    ]


def _courses(facts: Facts) -> Rows:
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
                    "year_id": course.year_id,
                    "division": course.division,
                    "group_name": f"{course.group}-я группа" if course.group else "",
                    "kept_here": True,
                }
                for course in courses
            ],
        ),
        (courses_tables.Curriculum, list(_curriculum(facts))),
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


def _curriculum(facts: Facts) -> Iterator[dict[str, Any]]:
    """The hours of every grade, those of its courses."""
    school = facts.school
    hours = {(facts.grades[one.class_id], one.subject_id): one.weekly_hours for one in school.courses}
    for (grade, subject_id), weekly in hours.items():
        yield {"year_id": school.year.id, "grade": grade, "subject_id": subject_id, "hours": Decimal(weekly)}


def _lessons(facts: Facts) -> Rows:
    lessons: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for lesson in facts.school.lessons:
        says = {
            "topic": lesson.topic,
            "homework": lesson.homework,
            "homework_due": lesson.homework_due,
            "version": 1,
        }
        place = {"course_id": lesson.course_id, "date": lesson.date, "number": lesson.number}
        lessons.append({"id": lesson.id, **place, **says})
        by = {
            "changed_by": facts.courses[lesson.course_id].teacher_ids[0],
            "changed_at": facts.end_of(lesson),
        }
        revisions.append({"lesson_id": lesson.id, **says, **by})
    return [(lessons_tables.Lesson, lessons), (lessons_tables.LessonRevision, revisions)]


def _marks(facts: Facts) -> Rows:
    works: dict[str, dict[str, Any]] = {}
    marks: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for mark in facts.school.marks:
        lesson, key = facts.lessons[mark.lesson_id], f"work:{mark.lesson_id}:{mark.kind_id}"
        place = {"id": lesson.id, "course_id": lesson.course_id, "date": lesson.date, "number": lesson.number}
        work = works.setdefault(key, building.work(place, mark.kind_id, facts.id_of(key)))
        says = {"value": mark.value, "comment": mark.comment, "version": 1}
        marks.append({**building.mark(work, place, mark.student_id, mark.value, mark.id), **says})
        by = {
            "changed_by": facts.courses[lesson.course_id].teacher_ids[0],
            "changed_at": facts.at(mark.set_on, MARKS_ENTERED),
        }
        revisions.append({"mark_id": mark.id, **says, "reason": "", **by})
    return [
        (marks_tables.Work, list(works.values())),
        (marks_tables.Mark, marks),
        (marks_tables.MarkRevision, revisions),
    ]


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
