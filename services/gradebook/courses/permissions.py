"""Who may read and write a course's journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound
from services.gradebook.people.permissions import reads_whole_school

#: Services that read journal pages of their own accord.
READING_SERVICES = frozenset({"printing"})


@dataclass(frozen=True, slots=True)
class CourseTies:
    """How the actor is tied to a course: teaches it today; is homeroom teacher of a class with students in it."""

    teaches: bool
    homeroom: bool
    #: Teaches it from a later day on, or has taught it.
    at_another_time: bool = False
    #: The last day of who has taught it.
    taught_until: date | None = None


def may_read_course(actor: Actor, ties: CourseTies) -> bool:
    """Whether the actor reads the whole school, teaches the course or leads a class in it (clauses 2.1, 3.3).

    Who will teach it reads it to prepare, who has taught it reads what was (`reads_until`). Printing reads every
    journal of its own accord. The contract names it as well: both have to agree.
    """
    if actor.service in READING_SERVICES or reads_whole_school(actor):
        return True
    return actor.has("teacher") and (ties.teaches or ties.homeroom or ties.at_another_time)


def reads_until(actor: Actor, ties: CourseTies) -> date | None:
    """The last day of the course that the actor reads, who may read it; None where there is no such limit."""
    unlimited = actor.service in READING_SERVICES or reads_whole_school(actor) or ties.teaches or ties.homeroom
    return None if unlimited else ties.taught_until


def may_read_day(actor: Actor, ties: CourseTies, day: date) -> bool:
    """Whether the actor reads what the course has on a day."""
    last = reads_until(actor, ties)
    return may_read_course(actor, ties) and (last is None or day <= last)


def may_write_course(actor: Actor, ties: CourseTies) -> bool:
    """Only those who teach the course today (clauses 3.2, 4.2)."""
    return actor.has("teacher") and ties.teaches


def enters_absences(actor: Actor, ties: CourseTies, by_policy: bool) -> bool:
    """Whether the actor enters absences in a lesson as its teacher, where the policy lets teachers (clause 3.3).

    The homeroom teacher enters those of the own class in any case: attendance knows who that is.
    """
    return by_policy and may_write_course(actor, ties)


def may_split(actor: Actor, ties: Iterable[CourseTies]) -> bool:
    """Those who teach one of the groups today, and the methodologist (clauses 3.2, 4.2)."""
    return actor.has("methodologist") or any(may_write_course(actor, one) for one in ties)


def check_splits(actor: Actor, ties: Iterable[CourseTies]) -> None:
    """Refuse all but the groups' teachers and the methodologist."""
    if not may_split(actor, ties):
        raise Forbidden(
            "Only a teacher of the course or the methodologist splits the class into groups.", rule="not-your-course"
        )


def check_writes_course(actor: Actor, ties: CourseTies, missing: NotFound) -> None:
    """Refuse all but the course's teachers; raises `missing` for actors who may not read the course."""
    if may_write_course(actor, ties):
        return
    if not may_read_course(actor, ties):
        raise missing
    if actor.has("teacher") and ties.taught_until is not None:
        raise Forbidden(
            "You taught this course until {date}: you read what was until then, and write in it no more.",
            rule="no-longer-your-course",
            date=ties.taught_until,
        )
    raise Forbidden("Only the teacher of the course writes in its journal.", rule="not-your-course")
