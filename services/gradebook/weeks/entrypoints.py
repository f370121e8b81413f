"""Answers calls about weeks of lessons and free classrooms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.weeks import FreeClassroomsAt, WeekOf, Weeks
from contracts.weeks_of_years import parity
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.bells import views as bells_views
from services.gradebook.bells.rules.bells import Bell, Times
from services.gradebook.classrooms import queries as classrooms_queries
from services.gradebook.classrooms.rules import names
from services.gradebook.courses.queries import shifts as shifts_queries
from services.gradebook.lessons.rules import lessons
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View, missing, picked
from services.gradebook.weeks import permissions, queries, rules, views
from services.gradebook.weeks.queries import LessonInClassroom, WeekLesson

_OF = ("class_id", "teacher_id", "classroom_id", "student_id")


class WeeksEntrypoints(Entrypoints):
    """Answers calls about weeks of lessons and free classrooms."""

    @rpc(Weeks.week)
    def week(self, actor: Actor, command: WeekOf) -> View:
        """The week of a class, a teacher, a classroom or a student."""
        of, thing_id = rules.one_of({name: getattr(command, name) for name in _OF})
        monday, sunday = lessons.week_of(command.date)
        with self.unit_of_work(actor) as session:
            if of == "student_id":
                ties = queries.ties_to_student(session, thing_id, actor.person_id)
                permissions.check_reads_students_week(actor, thing_id, ties)
            found = queries.lessons_of(session, of, thing_id, monday, sunday)
            name = _name(session, actor, of, thing_id, found)
            times = shifts_queries.times_of(
                session, {row.year_id: row.year_version for row in found if row.number is not None}
            )
            came = queries.moved_here(session, monday, sunday)
            begins = max((row.year_starts_on for row in found), default=None)
            if begins is None:  # a week without lessons
                begins = queries.beginning_of_year(session, monday, sunday)
        shown = views.lessons(found, times, thing_id if of == "teacher_id" else None)
        return {
            "starts_on": monday,
            "name": name,
            "days": views.days(monday, views.with_origin(shown, came)),
            "parity": "" if begins is None else parity(sunday, begins),
        }

    @rpc(Weeks.week_choices)
    def week_choices(self, actor: Actor, command: Empty) -> View:
        """Classes, classrooms and teachers whose weeks can be looked at."""
        with self.unit_of_work(actor) as session:
            today = policy_queries.today(session)
            rooms = sorted(classrooms_queries.classrooms(session), key=lambda row: names.order(row.name))
            return {
                "classes": [picked(row, ("id", "name", "grade")) for row in queries.classes(session, today)],
                "classrooms": [picked(row, ("id", "name")) for row in rooms],
                "teacher_ids": list(queries.teachers(session, today)),
            }

    @rpc(Weeks.free_classrooms)
    def free_classrooms(self, actor: Actor, command: FreeClassroomsAt) -> View:
        """The classrooms in which no lesson is held at the time of a lesson, and shared ones."""
        day, number, shift = command.date, command.number, command.shift
        with self.unit_of_work(actor) as session:
            rooms = classrooms_queries.classrooms(session)
            held = queries.in_classrooms(session, day)
            years = queries.years_on(session, day)
            times = shifts_queries.times_of(session, years | {row.year_id: row.year_version for row in held})
        rung = next((times.at(year_id, day, number, shift) for year_id in years), None)
        taken = Counter(row.classroom_id for row in held if _takes_up(row, times, number, rung))
        free = [row for row in rooms if row.shared or not taken[row.id]]
        return {
            **bells_views.times(rung),
            "of_school": len(rooms),
            "classrooms": [
                {**picked(row, ("id", "name", "shared")), "lessons": taken[row.id]}
                for row in sorted(free, key=lambda row: (names.order(row.name), row.name))
            ],
        }


def _takes_up(row: LessonInClassroom, times: Times, number: int, rung: Bell | None) -> bool:
    bell = times.of(row.year_id, row.course_id, row.date, row.number, row.class_id, row.grade)
    return rules.takes_up(row.number, bell, number, rung)


def _name(session: Session, actor: Actor, of: str, thing_id: UUID, lessons: Sequence[WeekLesson]) -> str:
    """What is called whose week it is, by its lessons if there are any; people are not. Raises `NotFound`."""
    match of:
        case "class_id":
            known = next((row.class_name for row in lessons if row.class_id == thing_id), None)
        case "classroom_id":
            known = next((row.classroom for row in lessons), None)
        case "teacher_id":
            there = bool(lessons) or thing_id == actor.person_id or queries.teaches(session, thing_id)
            known = "" if there else None
        case _:
            return ""
    if known is None and of != "teacher_id":
        known = queries.name_of(session, of, thing_id)
    if known is None:
        raise missing(of.removesuffix("_id"), thing_id)
    return known
