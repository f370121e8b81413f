"""Entry points that grant and revoke staff roles, and enter teachers."""

from __future__ import annotations

from contracts.identity.appointments import Appoint, Appointments, MakePeople
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.appointments import permissions, queries, recording, rules
from services.identity.base import within_reach
from services.identity.directory import views as directory_views
from services.identity.people import queries as people_queries
from services.identity.people import views as people_views
from services.identity.rows import View
from services.identity.schools import queries as schools_queries


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

    @rpc(Appointments.make_people)
    def make_people(self, actor: Actor, command: MakePeople) -> View:
        """Enter people with a role, all or none; who may be there already is asked about."""
        with self.unit_of_work(actor) as session:
            schools_queries.school(session, actor.tenant, lock=True)
            wanted = rules.entered(given(command)["people"])
            names = [one.name for one in wanted]
            rules.check_namesakes(wanted, queries.who_may_be_meant(session, names, command.role))
            made = recording.new_people(session, actor, names, command.role)
            return inbox.answer(session, {"people": people_views.listed(made)})
