"""Entry points that issue credentials and change passwords."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from contracts.identity.credentials import ChangePassword, Credentials
from contracts.identity.people import PeopleIds
from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.clock import now
from kernel.data.database import UnitOfWork
from kernel.errors import Forbidden
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.accounts import passwords
from services.identity.accounts import permissions as accounts_permissions
from services.identity.accounts import queries as accounts_queries
from services.identity.accounts import recording as accounts_recording
from services.identity.credentials import recording, rules
from services.identity.rows import View
from services.identity.sessions import recording as sessions_recording


class CredentialsEntrypoints(Entrypoints):
    """Logins and passwords."""

    @rpc(Credentials.change_password)
    def change_password(self, actor: Actor, command: ChangePassword) -> View:
        """Replace the caller's password and end the other sessions. A wrong old password counts as a failed sign-in."""
        account_id = accounts_permissions.account_of(actor)
        old, new = command.old_password, command.new_password
        with self.unit_of_work.everywhere(keyed=False) as session:
            before = accounts_queries.account(session, account_id)
            sessions_recording.count_attempt(session, before.login, str(account_id), now())
        if not passwords.matches(before.password_hash, old):
            raise Forbidden("The old password is wrong.", rule="wrong-password", field="old_password")
        rules.check_new_password(before.login, old, new)
        (password_hash,) = passwords.hashes([new])
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = accounts_queries.account(session, account_id)
            if account.password_hash != before.password_hash:
                raise Forbidden("The old password is wrong.", rule="wrong-password", field="old_password")
            accounts_recording.set_password(account, password_hash)
            sessions_recording.forgive_attempt(session, account.login, str(account_id))
            sessions_recording.end_all(session, [account_id], now(), but=actor.session_id)
            return {}

    @rpc(Credentials.issue_credentials)
    def issue_credentials(self, actor: Actor, command: PeopleIds) -> View:
        """Issue new passwords, and logins to people who have none. The answer is shown once and not stored."""
        fresh = recording.fresh_passwords(command.person_ids)
        with _without_stored_answer(self.unit_of_work, actor) as session:
            return {"credentials": recording.issue(session, actor, list(fresh), fresh)}


def _without_stored_answer(unit_of_work: UnitOfWork, actor: Actor) -> AbstractContextManager[Session]:
    """Open a transaction with the actor's reach that does not store the answer."""
    if actor.has(OPERATOR):
        return unit_of_work.everywhere(keyed=False)
    return unit_of_work.of(actor.tenant)
