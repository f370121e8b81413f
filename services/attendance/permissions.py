"""Who may enter and who may see attendance. Pure: decided on what was loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.roles import MEMBERS, STAFF
from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound

#: Reads all of the school's attendance (domain, §2).
ADMINISTRATION = frozenset({"director", "deputy", "methodologist"})
#: Services that read attendance of their own accord: a journal is printed with its absences.
READING_SERVICES = frozenset({"printing"})


@dataclass(frozen=True, slots=True)
class ClassOf:
    """The class a student is in today, and its homeroom teacher."""

    class_id: UUID
    homeroom_teacher_id: UUID | None


@dataclass(frozen=True, slots=True)
class Student:
    """Whom a student's absences concern, beside the student. The guardians consented to the portal."""

    student_id: UUID
    portal_guardians: frozenset[UUID]
    homeroom_teacher_id: UUID | None


def sees_whole_school(actor: Actor) -> bool:
    """The administration does, and services that show it on to those who may see it."""
    return actor.service in READING_SERVICES or actor.has(*ADMINISTRATION)


def check_staff(actor: Actor) -> None:
    """Refuse those who have no access to the journal (clause 2.1)."""
    if not (actor.holds(STAFF) or actor.service in READING_SERVICES):
        raise Forbidden("Only the school's staff may do this.", rule="staff-only")


def check_service(actor: Actor) -> None:
    """Refuse everyone but our own services."""
    if actor.service is None:
        raise Forbidden("Only services may ask this.", rule="services-only")


def check_has_student_access(actor: Actor) -> None:
    """Refuse roles that see no child's data at all, such as the operator's."""
    if not (actor.holds(MEMBERS) or actor.service in READING_SERVICES):
        raise Forbidden("Your role sees no student's data.", rule="no-student-data")


def own_students(actor: Actor, classes: Mapping[UUID, ClassOf]) -> dict[UUID, UUID]:
    """Student → class of the students whose absences the actor enters: those of the own class (clause 3.3).

    Raises `Forbidden` where none of them is: only the homeroom teacher enters absences.
    """
    own = {
        student: of.class_id for student, of in classes.items()
        if actor.person_id is not None and of.homeroom_teacher_id == actor.person_id
    }  # fmt: skip
    if not own:
        raise Forbidden(
            "Only the homeroom teacher of the students' class enters absences.", rule="not-homeroom-teacher"
        )
    return own


def check_may_see_absences(actor: Actor, student: Student) -> None:
    """Refuse those whom a student's absences do not concern, as if the student did not exist (clause 2.2)."""
    if not sees_whole_school(actor) and not _concerns(student, actor):
        raise no_such_student()


def _concerns(student: Student, actor: Actor) -> bool:
    if actor.person_id is None:
        return False
    return (
        (actor.has("student") and actor.person_id == student.student_id)
        or (actor.has("parent") and actor.person_id in student.portal_guardians)
        or (actor.holds(STAFF) and actor.person_id == student.homeroom_teacher_id)
    )


def no_such_student() -> NotFound:
    """The same words for a student that is not there and for another family's."""
    return NotFound("There is no such student.", rule="no-such-student", field="student_id")
