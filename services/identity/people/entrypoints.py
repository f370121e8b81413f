"""The entry point of people: names."""

from __future__ import annotations

from contracts.identity.people import People, PeopleIds
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.people import permissions, queries, views
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

    @rpc(People.present_people)
    def present_people(self, actor: Actor, command: PeopleIds) -> View:
        """Those who belong to the school and may sign in, with their roles."""
        with self.unit_of_work(actor) as session:
            roles = queries.roles_of_present(session, command.person_ids)
        return {"people": [{"person_id": one, "roles": sorted(held)} for one, held in sorted(roles.items())]}
