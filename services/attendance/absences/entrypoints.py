"""Entry points that show absences, to people and for notices."""

from __future__ import annotations

from typing import Any

from contracts.attendance.absences import AbsenceIds, Absences, ClassDays, StudentDays
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
from services.attendance.absences import permissions, queries, views
from services.attendance.absences.rules.ranges import check_days
from services.attendance.copies.queries import class_of, student


class AbsencesEntrypoints(Entrypoints):
    """Absences of students."""

    @rpc(Absences.absences_of)
    def absences_of(self, actor: Actor, command: StudentDays) -> dict[str, Any]:
        """A student's absences, for the family, the homeroom teacher and the administration."""
        check_days(command.starts_on, command.ends_on)
        student_id = command.student_id
        with self.unit_of_work(actor) as session:
            permissions.check_may_see_absences(actor, student(session, student_id))
            rows = queries.absences_between(session, student_id, command.starts_on, command.ends_on)
            return {"student_id": student_id, "absences": [views.absence_view(*row) for row in rows]}

    @rpc(Absences.absences_of_class)
    def absences_of_class(self, actor: Actor, command: ClassDays) -> dict[str, Any]:
        """How often the students of a class were absent, for its homeroom teacher and the administration."""
        check_days(command.starts_on, command.ends_on)
        with self.unit_of_work(actor) as session:
            permissions.check_may_see_class(actor, class_of(session, command.class_id))
            numbers = queries.numbers_in_class(session, command.class_id, command.starts_on, command.ends_on)
        return {"class_id": command.class_id, "students": views.missed_views(numbers)}

    @rpc(Absences.notices)
    def notices(self, actor: Actor, command: AbsenceIds) -> dict[str, Any]:
        """The contents of notices of absences, for services."""
        with self.unit_of_work(actor) as session:
            rows = queries.absences_by_id(session, command.absence_ids)
            return {"absences": [views.notice_view(*row) for row in rows]}
