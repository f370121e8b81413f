"""Entry points that find people and change how they are reached."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contracts.identity.people import FindPeople, People, SetContact
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.classes import queries as classes_queries
from services.identity.directory import queries, rules, views
from services.identity.directory.queries import Filter
from services.identity.people import queries as people_queries
from services.identity.people import recording as people_recording
from services.identity.rows import View


class DirectoryEntrypoints(Entrypoints):
    """People as those see them who keep the records."""

    @rpc(People.people)
    def people(self, actor: Actor, command: FindPeople) -> View:
        """A page of people by name."""
        limit = command.limit
        with self.unit_of_work(actor) as session:
            rows = queries.page(session, _filter(session, command), command.after, limit + 1)
            page = rows[:limit]
            return {
                "people": views.people(session, page),
                "next": page[-1].Person.id if len(rows) > limit else None,
            }

    @rpc(People.set_contact)
    def set_contact(self, actor: Actor, command: SetContact) -> View:
        """Set a person's e-mail address and phone."""
        with self.unit_of_work(actor) as session:
            person = people_queries.person(session, command.person_id)
            people_recording.set_contact(session, person, given(command))
            session.flush()
            return inbox.answer(session, views.current_person(session, person))


def _filter(session: Session, command: FindPeople) -> Filter:
    """What the command looks for. Raises `NotFound` for a class that the school does not have."""
    if command.class_id is not None:
        classes_queries.school_class(session, command.class_id)
    query = command.query.strip()
    sought = rules.sought(query, classes_queries.names(session)) if query else None
    return Filter(command.role, sought, command.class_id, command.person_ids)
