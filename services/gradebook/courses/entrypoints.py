"""Answers calls about the school's courses."""

from __future__ import annotations

from contracts.gradebook.courses import Courses, FindCourses
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.courses import queries, views
from services.gradebook.people import permissions as people_permissions
from services.gradebook.rows import View


class CoursesEntrypoints(Entrypoints):
    """Answers calls about the school's courses."""

    @rpc(Courses.courses)
    def courses(self, actor: Actor, command: FindCourses) -> View:
        """The courses that the actor may read, filtered in SQL."""
        everything = people_permissions.reads_whole_school(actor)
        with self.unit_of_work(actor) as session:
            found, teachers = queries.courses(
                session, actor.person_id, everything=everything, mine=command.mine, class_id=command.class_id
            )
        return views.courses(found, teachers)
