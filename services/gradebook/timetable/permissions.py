"""Who may edit a timetable."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.gradebook.courses.permissions import CourseTies, may_read_course, may_write_course
from services.gradebook.people.permissions import reads_whole_school
from services.gradebook.rows import missing


def may_edit(actor: Actor, ties: CourseTies) -> bool:
    """The methodologist, and who teaches the course today (clause 3.2)."""
    return actor.has("methodologist") or may_write_course(actor, ties)


def check_edits(actor: Actor, ties: Mapping[UUID, CourseTies]) -> None:
    """Refuse all but the methodologist and those who teach each of the courses."""
    for course_id, one in ties.items():
        if may_edit(actor, one):
            continue
        if not may_read_course(actor, one):
            raise missing("course", course_id)
        raise Forbidden(
            "Only a teacher of the course or the methodologist changes its timetable.", rule="not-your-course"
        )


def check_removes_made(actor: Actor) -> None:
    """Refuse all but the methodologist: courses, subjects and classrooms are made and removed by nobody else."""
    if not actor.has("methodologist"):
        raise Forbidden("Only the methodologist removes what a file made.", rule="not-methodologist", field="with_made")


def sees_collisions(actor: Actor) -> bool:
    """Staff: what collides names students (clause 2.1)."""
    return actor.has("teacher") or reads_whole_school(actor)
