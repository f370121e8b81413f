"""Who may read and write a course's journal."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound
from services.gradebook.people.permissions import reads_whole_school

#: Services that read journal pages of their own accord.
READING_SERVICES = frozenset({"printing"})


@dataclass(frozen=True, slots=True)
class CourseTies:
    """How the actor is tied to a course: teaches it; is homeroom teacher of a class with students in it."""

    teaches: bool
    homeroom: bool


def may_read_course(actor: Actor, ties: CourseTies) -> bool:
    """Whether the actor reads the whole school, teaches the course or leads a class in it (clauses 2.1, 3.3).

    Printing reads every journal of its own accord. The contract names it as well: both have to agree.
    """
    if actor.service in READING_SERVICES or reads_whole_school(actor):
        return True
    return actor.has("teacher") and (ties.teaches or ties.homeroom)


def may_write_course(actor: Actor, ties: CourseTies) -> bool:
    """Only the course's teachers (clause 3.2)."""
    return actor.has("teacher") and ties.teaches


def check_writes_course(actor: Actor, ties: CourseTies, missing: NotFound) -> None:
    """Refuse all but the course's teachers; raises `missing` for actors who may not read the course."""
    if may_write_course(actor, ties):
        return
    if not may_read_course(actor, ties):
        raise missing
    raise Forbidden("Only the teacher of the course writes in its journal.", rule="not-your-course")
