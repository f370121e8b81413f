"""Who may read whose week.

A class's, a teacher's and a classroom's week hang on the school's wall: every member of the school reads them. They
hold no data of a student. A student's own week says in which groups the student is, so it is for those who read the
diary.
"""

from __future__ import annotations

from uuid import UUID

from kernel.auth import Actor
from services.gradebook.people.permissions import StudentTies, may_read_student
from services.gradebook.rows import missing


def check_reads_students_week(actor: Actor, student_id: UUID, ties: StudentTies | None) -> None:
    """Refuse all but the student, guardians with consent, the homeroom teacher, administration (clauses 2.1, 5.2).

    `ties` is None where there is no such student, which sounds the same.
    """
    if ties is None or not may_read_student(actor, student_id, ties):
        raise missing("student", student_id)
