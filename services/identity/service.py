"""The entry points of identity: load, permit, decide, save, announce, answer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy.orm import Session

from contracts.gradebook import BundleGradesImported
from contracts.identity import OPERATOR, Identity, ImportRequested
from kernel import inbox, tenancy
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.entrypoints import every, on_event, rpc
from kernel.errors import Unauthenticated
from kernel.providers import Database, Signing
from kernel.received import Received
from services.identity import announcing, credentials, permissions, queries, records, sessions, views
from services.identity.rules import logins

HOUR = 3600


class IdentityService:
    """Who people are."""

    name = "identity"
    unit_of_work = Database()
    signer = Signing()

    @rpc(Identity.open_session)
    def open_session(self, actor: None, command: dict[str, Any]) -> dict[str, Any]:
        """Unknown logins, wrong passwords and people who left get the same answer after the same time."""
        login, address, moment = logins.folded(command["login"]), command["address"], now()
        with self.unit_of_work.everywhere(keyed=False) as session:
            sessions.count_attempt(session, login, address, moment)
            account = queries.account_of_login(session, login)
        right = credentials.matches(account.password_hash if account else None, command["password"])
        if account is None or not right:
            raise _mismatch()
        renewed = credentials.renewed(account.password_hash, command["password"])
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = session.get_one(type(account), account.id)
            memberships = queries.memberships(session, account.id)
            if not (memberships or account.is_operator):
                raise _mismatch()
            account.password_hash = renewed
            sessions.forgive_attempt(session, login, address)
            sign_in, token = sessions.begin(session, account.id, now())
            return sessions.tokens(self.signer, account, sign_in, token, memberships)
