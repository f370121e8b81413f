"""Who may check a lesson. Pure: decides from loaded data."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.attendance.copies.permissions import ClassOf


def check_enters(actor: Actor, of: ClassOf | None, *, as_teacher: bool) -> None:
    """Raises `Forbidden` unless the actor is the homeroom teacher of the student's class (clause 3.3).

    `as_teacher`: the actor teaches the lesson, and the school's policy lets its teachers enter absences too.
    """
    leads = of is not None and actor.person_id is not None and of.homeroom_teacher_id == actor.person_id
    if not leads and not as_teacher:
        raise Forbidden(
            "Only the homeroom teacher of this student's class enters the student's absences.",
            rule="not-own-class",
            field="student_id",
        )


def own_students(actor: Actor, classes: Mapping[UUID, ClassOf]) -> dict[UUID, UUID]:
    """Student → class, for the students whose homeroom teacher is the actor (clause 3.3).

    Raises `Forbidden` if there are none: only the homeroom teacher enters absences.
    """
    own = {
        student: of.class_id
        for student, of in classes.items()
        if actor.person_id is not None and of.homeroom_teacher_id == actor.person_id
    }
    if not own:
        raise Forbidden(
            "Only the homeroom teacher of the students' class enters absences.", rule="not-homeroom-teacher"
        )
    return own
