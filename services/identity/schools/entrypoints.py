"""Entry point that lists the caller's schools."""

from __future__ import annotations

from contracts.identity.schools import Schools
from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.accounts import permissions as accounts_permissions
from services.identity.rows import View
from services.identity.schools import queries, views


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
