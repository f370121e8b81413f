"""Copies what the later year gets: courses, curriculum, bells and plans, by the rooms that own their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from services.gradebook.bells import recording as bells_recording
from services.gradebook.bells.rules.bells import BellSchedule, YearBells
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.courses import recording as courses_recording
from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.next_year.rules import ClassToCome
from services.gradebook.plans import recording as plans_recording
from services.gradebook.plans.recording import NewPlan
from services.gradebook.plans.rules import topics
from services.gradebook.plans.rules.topics import WholePlan


def copied_courses(
    session: Session, actor: Actor, year: YearCalendar, classes: Sequence[ClassToCome], *, with_teachers: bool
) -> dict[str, int]:
    """Make the courses of these classes in a year; returns how many courses, teachers and members there are of them."""
    rows: list[dict[str, Any]] = []
    teachers: dict[UUID, list[Teaching]] = {}
    members: dict[UUID, dict[UUID, Any]] = {}
    for one in classes:
        for course in one.courses:
            course_id = uuid7()
            rows.append(
                {
                    "id": course_id, "year_id": year.id, "subject_id": course.subject_id, "class_id": one.class_id,
                    "grade": course.grade, "group_name": course.group_name, "title": course.title,
                    "hours_a_week": course.hours_a_week, "division": course.division,
                }
            )  # fmt: skip
            teachers[course_id] = [Teaching(teacher) for teacher in course.teachers] if with_teachers else []
            members[course_id] = dict.fromkeys(course.students, year.starts_on)
    courses_recording.new_courses(session, actor, rows, teachers, members)
    return {
        "courses": len(rows),
        "teachers": sum(map(len, teachers.values())),
        "members": sum(map(len, members.values())),
    }


def copied_hours(
    session: Session, actor: Actor, year_id: UUID, version: int, hours: Mapping[tuple[UUID, int], Any]
) -> None:
    """Add hours to a year's curriculum."""
    if hours:
        courses_recording.changed_curriculum(session, actor, year_id, version, {}, hours)


def copied_bells(session: Session, actor: Actor, year: YearBells, schedules: Sequence[BellSchedule]) -> int:
    """Save bells as new schedules of a year; returns how many."""
    bells_recording.set_bells(session, actor, year, *(replace(one, id=uuid7()) for one in schedules))
    return len(schedules)


def copied_plans(session: Session, actor: Actor, year_id: UUID, plans: Sequence[WholePlan]) -> int:
    """Save plans as drafts of a year, which its associations look through and submit; returns how many."""
    drafts = [
        NewPlan(one.subject_id, one.grade, year_id, one.title, [topics.renewed(topic) for topic in one.topics])
        for one in plans
    ]
    return len(plans_recording.new_plans(session, actor, "copied", drafts))
