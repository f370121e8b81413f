"""Entry points that open, refresh and close sessions, and describe the signed-in account."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from contracts.identity.sessions import EndSession, OpenSession, RefreshSession, Sessions
from contracts.roles import OPERATOR
from kernel.auth import Actor, Signer
from kernel.clock import now
from kernel.contract import Empty
from kernel.data import inbox
from kernel.errors import NotFound, Unauthenticated
from kernel.running.entrypoints import Entrypoints, every, rpc
from kernel.running.providers import Signing
from services.identity.accounts import passwords
from services.identity.accounts import permissions as accounts_permissions
from services.identity.accounts import queries as accounts_queries
from services.identity.accounts import recording as accounts_recording
from services.identity.accounts import rules as accounts_rules
from services.identity.base import HOUR
from services.identity.classes import queries as classes_queries
from services.identity.people import queries as people_queries
from services.identity.rows import View
from services.identity.schools import queries as schools_queries
from services.identity.sessions import queries, recording, rules, views

log = structlog.get_logger()


class SessionsEntrypoints(Entrypoints):
    """Sessions."""

    signer = Signing()

    @rpc(Sessions.open_session)
    def open_session(self, actor: None, command: OpenSession) -> View:
        """Sign in. Unknown logins, wrong passwords and people who left get the same answer after the same time."""
        login, password = accounts_rules.folded(command.login), command.password
        origin = recording.Origin(command.address, rules.digest_of_device(command.device), command.client)
        with self.unit_of_work.everywhere(keyed=False) as session:
            found = queries.candidate(session, login, origin.network, origin.device, now())
            device = origin.device if found.knows_device else None
            limits = rules.keys(login, origin.address, device, at_home=found.knows_network)
            recording.count_attempt(session, limits, origin.address, now())
        if not passwords.matches(found.password_hash, password) or found.id is None or not found.password_hash:
            raise _mismatch(found.id, origin.address)
        renewed = passwords.renewed(found.password_hash, password)
        with self.unit_of_work.everywhere(keyed=False) as session:
            rights = queries.rights(session, found.id)
            # the password may have been replaced meanwhile
            if rights.password_hash != found.password_hash or not rights:
                raise _mismatch(found.id, origin.address)
            if renewed != found.password_hash:
                accounts_recording.renew_hash(accounts_queries.account(session, found.id), renewed)
            sign_in_id, token = recording.begin(session, found.id, origin, limits, now())
            if command.earlier:
                recording.end_earlier(session, command.earlier, now())
            log.info("signed_in", account=str(found.id), network=rules.network(origin.address))
            return views.tokens(self.signer, rights, sign_in_id, token)

    @rpc(Sessions.refresh_session)
    def refresh_session(self, actor: None, command: RefreshSession) -> View:
        """Issue new tokens with the present roles. A stolen token ends its session; that is committed."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            answer = _refreshed(session, self.signer, command.refresh_token)
        if answer is None:
            raise Unauthenticated("The refresh token is not valid. Sign in again.", rule="refresh-invalid")
        return answer

    @rpc(Sessions.close_session)
    def close_session(self, actor: Actor, command: Empty) -> View:
        """Sign out."""
        accounts_permissions.account_of(actor)
        with self.unit_of_work.everywhere() as session:
            recording.end(session, [actor.session_id] if actor.session_id else [], now())
            return inbox.answer(session, {})

    @rpc(Sessions.own_sessions)
    def own_sessions(self, actor: Actor, command: Empty) -> View:
        """Where the caller is signed in."""
        account_id = accounts_permissions.account_of(actor)
        with self.unit_of_work.everywhere(keyed=False) as session:
            going_on = queries.open_sessions(session, account_id, now())
            return {"sessions": [views.own_session(one, actor.session_id) for one in going_on]}

    @rpc(Sessions.end_session)
    def end_session(self, actor: Actor, command: EndSession) -> View:
        """End one of the caller's own sessions. Raises `NotFound` for another's, and for one that has ended."""
        account_id = accounts_permissions.account_of(actor)
        with self.unit_of_work.everywhere() as session:
            if command.session_id not in queries.live_sign_ins(session, [account_id], now()):
                raise NotFound("There is no such session.", rule="no-session", field="session_id")
            recording.end(session, [command.session_id], now())
            return inbox.answer(session, {})

    @rpc(Sessions.check_session)
    def check_session(self, actor: Actor, command: Empty) -> View:
        """Raises `Unauthenticated` if the caller's session has ended."""
        accounts_permissions.account_of(actor)
        with self.unit_of_work.everywhere(keyed=False) as session:
            if actor.session_id and queries.has_ended(session, actor.session_id):
                raise Unauthenticated("The session has ended: sign in again.", rule="session-ended")
        return {}

    @rpc(Sessions.me)
    def me(self, actor: Actor, command: Empty) -> View:
        """The account with its present memberships."""
        account_id = accounts_permissions.account_of(actor)
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = accounts_queries.account(session, account_id)
            places = schools_queries.people_of_account(session, account_id)
            ids = [place.id for place in places]
            roles, children = people_queries.roles_of(session, ids), classes_queries.children_of(session, ids)
            homerooms = classes_queries.homerooms_of(session, ids)
            own_class = classes_queries.class_names_of(session, ids)
            return {
                "account_id": account.id,
                "login": account.login,
                "roles": [OPERATOR] if account.is_operator else [],
                "memberships": [
                    views.membership(
                        place, roles[place.id], own_class.get(place.id), children[place.id], homerooms[place.id]
                    )
                    for place in places
                ],
            }

    @every(seconds=HOUR)
    def forget_old(self) -> None:
        """Delete old sessions and failed sign-ins."""
        with self.unit_of_work.everywhere() as session:
            recording.forget_old(session, now())


def _refreshed(session: Session, signer: Signer, given: str) -> View | None:
    exchanged = recording.exchange(session, given, now())
    if exchanged is None:
        return None
    rights = queries.rights(session, exchanged.account_id)
    if not rights:
        recording.end(session, [exchanged.sign_in_id], now())
        return None
    return views.tokens(signer, rights, exchanged.sign_in_id, exchanged.refresh_token)


def _mismatch(account_id: UUID | None, address: str) -> Unauthenticated:
    """What is answered; the log alone tells whether there is such an account. The login may be a mistyped password."""
    log.warning("sign_in_refused", account=str(account_id) if account_id else None, network=rules.network(address))
    return Unauthenticated("Login and password do not match.", rule="login-mismatch")
