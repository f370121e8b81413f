"""Entry points of people: names, search, contacts, and the facts of students that other services copy."""

from __future__ import annotations

from contracts.identity.people import FindPeople, People, PeopleIds, SetContact
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.people import permissions, queries, recording, views
from services.identity.rows import View


class PeopleEntrypoints(Entrypoints):
    """People and who they are."""

    @rpc(People.names)
    def names(self, actor: Actor, command: PeopleIds) -> View:
        """The names that the actor may see; others are left out."""
        viewer = None if permissions.sees_every_name(actor) else actor.person_id
        with self.unit_of_work(actor) as session:
            rows = queries.names_visible_to(session, command.person_ids, viewer)
            return {"people": [views.named(row) for row in rows] if viewer else views.listed(rows)}

    @rpc(People.people)
    def people(self, actor: Actor, command: FindPeople) -> View:
        """A page of people by name."""
        limit = command.limit
        with self.unit_of_work(actor) as session:
            rows = queries.people_page(session, command.role, command.query, command.after, limit + 1)
            page = rows[:limit]
            roles = queries.roles_of(session, [person.id for person, _ in page])
            alike = views.namesakes([person for person, _ in page])
            return {
                "people": [
                    views.person(person, roles[person.id], login, with_year=person.id in alike)
                    for person, login in page
                ],
                "next": page[-1][0].id if len(rows) > limit else None,
            }

    @rpc(People.set_contact)
    def set_contact(self, actor: Actor, command: SetContact) -> View:
        """Set a person's e-mail address and phone."""
        with self.unit_of_work(actor) as session:
            person = queries.person(session, command.person_id)
            recording.set_contact(session, person, given(command))
            return inbox.answer(session, views.current_person(session, person))

    @rpc(People.student_facts)
    def student_facts(self, actor: Actor, command: PeopleIds) -> View:
        """The facts of students that other services copy."""
        with self.unit_of_work(actor) as session:
            students = queries.students(session, command.person_ids)
            ids = [student.id for student in students]
            guardians, purposes = queries.guardians_of(session, ids), queries.purposes(session, ids)
            return {"students": [views.student_fact(row, guardians[row.id], purposes) for row in students]}
