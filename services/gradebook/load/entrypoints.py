"""Answers calls about the load of a lesson's students."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.gradebook.load import AskLoad, Load
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.homework import queries as homework_queries
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons.rules.lessons import week_of
from services.gradebook.load import queries, views
from services.gradebook.policy.queries import policy_on
from services.gradebook.policy.rules.policy import Place
from services.gradebook.rows import View, missing


class LoadEntrypoints(Entrypoints):
    """Answers calls about the load of a lesson's students."""

    @rpc(Load.homework_load)
    def homework_load(self, actor: Actor, command: AskLoad) -> View:
        """The load of a lesson's students on the day that its homework is due; on its own day, of control works."""
        with self.unit_of_work(actor) as session:
            row = lessons_queries.lesson(session, command.lesson_id, actor.person_id)
            if not courses_permissions.may_read_day(actor, lessons_queries.ties(row, actor.person_id), row.date):
                raise missing("lesson", row.id)
            kept = homework_queries.kept(session, row.id)
            day = command.due or kept.next_lesson
            members = courses_queries.members_on(session, row.course_id, row.date)
            courses = queries.courses(session, row.course_id, members, day or row.date)
            due = queries.due(session, courses, day) if day else ()
            held = queries.held(session, courses, week_of(row.date), week_of(day or row.date))
            policy = policy_on(session, row, day or row.date)
        limits = views.Limits(
            policy, Place(grade=_grade(row.grade, [one.grade for one in members.values()])), courses, set(members)
        )
        minutes = kept.details.minutes if command.minutes is None else command.minutes
        others = [limits.of(one.course_id, day, one.minutes) for one in due if day and one.lesson_id != row.id]
        own = limits.of(row.course_id, day, minutes, row.title) if day else None
        return limits.view(row, own, others, held, topic=command.topic)


def _grade(grade: int | None, of_members: Iterable[int | None]) -> int | None:
    """The grade of a course; of one of several grades the lowest, which has the narrowest limits."""
    return grade if grade is not None else min((one for one in of_members if one is not None), default=None)
