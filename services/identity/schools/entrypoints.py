"""Entry points of schools: the caller's, and the time zone of one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contracts.identity.schools import Schools, SetTimeZone
from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.accounts import permissions as accounts_permissions
from services.identity.rows import View
from services.identity.schools import queries, recording, rules, views


class SchoolsEntrypoints(Entrypoints):
    """Schools."""

    @rpc(Schools.schools)
    def schools(self, actor: Actor, command: Empty) -> View:
        """An operator's or an unbound service's call gets all schools, a bound service's one, a human's own."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            if actor.has(OPERATOR) or (actor.service and actor.tenant_id is None):
                rows = queries.schools(session)
            elif actor.service:
                rows = queries.schools(session, [actor.tenant])
            else:
                rows = queries.schools_of_account(session, accounts_permissions.account_of(actor))
            return {"schools": [views.school(row.id, row.name, row.source_id, row.time_zone) for row in rows]}

    @rpc(Schools.time_zone)
    def time_zone(self, actor: Actor, command: Empty) -> View:
        """The school's time zone with its history."""
        with self.unit_of_work(actor) as session:
            return _zone(session, actor)

    @rpc(Schools.set_time_zone)
    def set_time_zone(self, actor: Actor, command: SetTimeZone) -> View:
        """Change the school's time zone."""
        zone = rules.zone_named(command.time_zone)
        with self.unit_of_work(actor) as session:
            recording.set_time_zone(session, queries.school(session, actor.tenant, lock=True), zone, actor)
            return inbox.answer(session, _zone(session, actor))


def _zone(session: Session, actor: Actor) -> View:
    return views.zone(queries.school(session, actor.tenant), queries.zone_changes(session))
