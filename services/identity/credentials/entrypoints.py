"""Entry points that issue credentials and change passwords."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.identity.credentials import ChangePassword, CredentialOrderId, Credentials, OrderCredentials
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import inbox
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job
from kernel.errors import Forbidden, Refused
from kernel.running.entrypoints import Entrypoints, every, rpc
from kernel.running.jobs import carries_out
from kernel.running.providers import Signing
from services.identity.accounts import passwords
from services.identity.accounts import permissions as accounts_permissions
from services.identity.accounts import queries as accounts_queries
from services.identity.accounts import recording as accounts_recording
from services.identity.base import within_reach
from services.identity.credentials import queries, rules, views
from services.identity.credentials.recording import issuing, orders
from services.identity.credentials.recording.issuing import Fresh
from services.identity.credentials.recording.orders import ORDERS
from services.identity.rows import View
from services.identity.sessions import recording as sessions_recording
from services.identity.sessions import rules as sessions_rules

#: Passwords hashed between two steps of a job: half a second.
AT_ONCE: Final = 25
#: Seconds between two looks for passwords to erase.
ERASING: Final = 300


class CredentialsEntrypoints(Entrypoints):
    """Logins and passwords."""

    signer = Signing()

    @rpc(Credentials.change_password)
    def change_password(self, actor: Actor, command: ChangePassword) -> View:
        """Replace the caller's password and end the other sessions. A wrong old password counts as a failed sign-in."""
        account_id = accounts_permissions.account_of(actor)
        old, new = command.old_password, command.new_password
        with self.unit_of_work.everywhere(keyed=False) as session:
            before = accounts_queries.account(session, account_id)
            limits = sessions_rules.keys(before.login, str(account_id), at_home=True)
            sessions_recording.count_attempt(session, limits, "", now())
        if not passwords.matches(before.password_hash, old):
            raise Forbidden("The old password is wrong.", rule="wrong-password", field="old_password")
        rules.check_new_password(before.login, old, new)
        (password_hash,) = passwords.hashes([new])
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = accounts_queries.account(session, account_id)
            if account.password_hash != before.password_hash:
                raise Forbidden("The old password is wrong.", rule="wrong-password", field="old_password")
            accounts_recording.set_password(account, password_hash, issued=False)
            sessions_recording.forgive_attempt(session, limits)
            sessions_recording.end_all(session, [account_id], now(), but=actor.session_id)
            return {}

    @rpc(Credentials.order_credentials)
    def order_credentials(self, actor: Actor, command: OrderCredentials) -> View:
        """Order new passwords, and logins for people who have none."""
        account_id = accounts_permissions.account_of(actor)
        with within_reach(self.unit_of_work, actor) as session:
            people = issuing.check_may_issue(session, actor, command.person_ids)
            if not command.replace:
                issuing.check_replaces_nothing(session, people)
            order = orders.add(session, actor, account_id, command.person_ids, now(), replace=command.replace)
            return inbox.answer(session, views.order(order, ORDERS.row(session, order.id)))

    @rpc(Credentials.credential_order)
    def credential_order(self, actor: Actor, command: CredentialOrderId) -> View:
        """How far an order is."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            order = queries.own_order(session, command.order_id, accounts_permissions.account_of(actor))
            return views.order(order, ORDERS.row(session, order.id))

    @rpc(Credentials.take_credentials)
    def take_credentials(self, actor: Actor, command: CredentialOrderId) -> View:
        """The passwords of an order. The answer is not stored."""
        account_id = accounts_permissions.account_of(actor)
        with self.unit_of_work.everywhere(keyed=False) as session:
            order = queries.own_order(session, command.order_id, account_id, lock=True)
            return {"credentials": orders.take(order, self.signer, now())}

    @carries_out(ORDERS)
    def issue_ordered(self, job: Job) -> None:
        """Make and hash the passwords, then replace the old ones all at once."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            order = queries.order(session, job.id)
            person_ids, is_done = orders.ids_of(order), order.sealed is not None or order.shown_at is not None
        if is_done:  # by a process that died before it could say so
            return
        fresh: dict[UUID, Fresh] = {}
        for start in range(0, len(person_ids), AT_ONCE):
            job.step("making", start, len(person_ids))
            fresh |= issuing.fresh_passwords(person_ids[start : start + AT_ONCE])
        job.step("writing", len(person_ids), len(person_ids))
        try:
            with _reach(self.unit_of_work, job) as session:
                job.check(session)
                orders.carry_out(session, queries.order(session, job.id), self.signer, fresh)
        except Refused as refusal:
            with self.unit_of_work.everywhere(keyed=False) as session:
                orders.refuse(session, job.check(session), refusal)

    @every(seconds=ERASING)
    def forget_orders(self) -> None:
        """Erase passwords whose time is over, and forget old orders."""
        with self.unit_of_work.everywhere() as session:
            orders.forget(session, now())


def _reach(unit_of_work: UnitOfWork, job: Job) -> AbstractContextManager[Session]:
    """A transaction with the reach of whoever ordered."""
    if job.tenant_id is None:
        return unit_of_work.everywhere(keyed=False)
    return unit_of_work.of(job.tenant_id)
