"""Entry points that grant and revoke staff roles."""

from __future__ import annotations

from contracts.identity.appointments import Appoint, Appointments
from kernel.auth import Actor
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.appointments import permissions, recording
from services.identity.base import within_reach
from services.identity.directory import views as directory_views
from services.identity.people import queries as people_queries
from services.identity.rows import View


class AppointmentsEntrypoints(Entrypoints):
    """Staff roles."""

    @rpc(Appointments.appoint)
    def appoint(self, actor: Actor, command: Appoint) -> View:
        """Grant or revoke a staff role."""
        permissions.check_may_appoint(actor, command.role)
        with within_reach(self.unit_of_work, actor) as session:
            person = people_queries.person(session, command.person_id)
            recording.appoint(session, actor, person, command.role, held=command.held)
            return inbox.answer(session, directory_views.current_person(session, person))
