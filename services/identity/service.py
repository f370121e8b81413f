"""The entry points of identity: load, permit, decide, save, announce, answer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import Bundles, ImportRequested
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.identity.schools import Schools
from contracts.identity.sessions import Sessions
from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data import inbox
from kernel.data.received import Received
from kernel.errors import Forbidden, Unauthenticated
from kernel.running.entrypoints import every, on_event, rpc
from kernel.running.providers import Database, Signing
from services.identity import (
    announcing,
    credentials,
    import_queries,
    importing,
    permissions,
    queries,
    records,
    sessions,
    views,
)
from services.identity.rules import logins
from services.identity.tables import Person

HOUR = 3600


class IdentityService:
    """Who people are."""

    name = "identity"
    unit_of_work = Database()
    signer = Signing()

    @rpc(Sessions.open_session)
    def open_session(self, actor: None, command: dict[str, Any]) -> dict[str, Any]:
        """Unknown logins, wrong passwords and people who left get the same answer after the same time."""
        login, address, password = logins.folded(command["login"]), command["address"], command["password"]
        with self.unit_of_work.everywhere(keyed=False) as session:
            sessions.count_attempt(session, login, address, now())
            found = queries.account_of_login(session, login)
        if not credentials.matches(found.password_hash if found else None, password) or found is None:
            raise _mismatch()
        renewed = credentials.renewed(found.password_hash, password)
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = queries.account(session, found.id)
            memberships = queries.memberships(session, account.id)
            # what was compared may have been replaced meanwhile
            if account.password_hash != found.password_hash or not (memberships or account.is_operator):
                raise _mismatch()
            account.password_hash = renewed
            sessions.forgive_attempt(session, login, address)
            sign_in, token = sessions.begin(session, account.id, now())
            return sessions.tokens(self.signer, account, sign_in, token, memberships)

    @rpc(Sessions.refresh_session)
    def refresh_session(self, actor: None, command: dict[str, Any]) -> dict[str, Any]:
        """New tokens with the roles of this moment. A token used twice ends its session, and that is kept."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            answer = self._refreshed(session, command["refresh_token"])
        if answer is None:
            raise Unauthenticated("The refresh token is not valid. Sign in again.", rule="refresh-invalid")
        return answer

    def _refreshed(self, session: Session, given: str) -> dict[str, Any] | None:
        exchanged = sessions.exchange(session, given, now())
        if exchanged is None:
            return None
        sign_in, token = exchanged
        account = queries.account(session, sign_in.account_id)
        memberships = queries.memberships(session, account.id)
        if not (memberships or account.is_operator):
            sessions.end(session, [sign_in.id], now())
            return None
        return sessions.tokens(self.signer, account, sign_in, token, memberships)

    @rpc(Sessions.close_session)
    def close_session(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Sign out."""
        permissions.account_of(actor)
        with self.unit_of_work.everywhere() as session:
            sessions.end(session, [actor.session_id] if actor.session_id else [], now())
            return inbox.answer(session, {})

    @rpc(Credentials.change_password)
    def change_password(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Replace the own password; the other sessions of the account end. A wrong old one counts as a sign-in."""
        account_id = permissions.account_of(actor)
        old, new = command["old_password"], command["new_password"]
        with self.unit_of_work.everywhere(keyed=False) as session:
            before = queries.account(session, account_id)
            sessions.count_attempt(session, before.login, str(account_id), now())
        if not credentials.matches(before.password_hash, old):
            raise Forbidden("The old password is wrong.", rule="wrong-password", field="old_password")
        credentials.check_new_password(before.login, old, new)
        (password_hash,) = credentials.hashes([new])
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = queries.account(session, account_id)
            if account.password_hash != before.password_hash:
                raise Forbidden("The old password is wrong.", rule="wrong-password", field="old_password")
            account.password_hash = password_hash
            sessions.forgive_attempt(session, account.login, str(account_id))
            sessions.end_all(session, [account_id], now(), but=actor.session_id)
            return {}

    @rpc(Sessions.me)
    def me(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """The account with its places, as they stand now."""
        account_id = permissions.account_of(actor)
        with self.unit_of_work.everywhere(keyed=False) as session:
            account = queries.account(session, account_id)
            places = queries.people_of_account(session, account_id)
            ids = [person.id for person, _ in places]
            roles, children = queries.roles_of(session, ids), queries.children_of(session, ids)
            homerooms = queries.homerooms_of(session, ids)
            return {
                "account_id": account.id,
                "login": account.login,
                "roles": [OPERATOR] if account.is_operator else [],
                "memberships": [
                    views.membership(person, at, roles[person.id], children[person.id], homerooms[person.id])
                    for person, at in places
                ],
            }

    @rpc(Schools.schools)
    def schools(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """All schools for an operator, a service's one, those of a human's account."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            if actor.has(OPERATOR) or (actor.service and actor.tenant_id is None):
                rows = queries.schools(session)
            elif actor.service:
                rows = queries.schools(session, [actor.tenant])
            else:
                places = queries.people_of_account(session, permissions.account_of(actor))
                rows = [school for _, school in places]
            return {"schools": [views.school(row) for row in rows]}

    @rpc(Classes.classes)
    def classes(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Classes by grade and name, with today's number of students."""
        permissions.check_may_see_classes(actor)
        with self.unit_of_work(actor) as session:
            rows = queries.classes(session, _today(session, actor.tenant))
            return {"classes": [views.school_class(row, students) for row, students in rows]}

    @rpc(Classes.class_list)
    def class_list(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """A class with its students of today and to come."""
        permissions.check_may_see_classes(actor)
        with self.unit_of_work(actor) as session:
            today = _today(session, actor.tenant)
            school_class = queries.school_class(session, command["class_id"])
            return views.class_list(school_class, queries.class_list(session, school_class.id, today), today)

    @rpc(People.names)
    def names(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Names, those that the actor may not see left out."""
        viewer = None if permissions.sees_every_name(actor) else actor.person_id
        with self.unit_of_work(actor) as session:
            rows = queries.names_visible_to(session, command["person_ids"], viewer)
            return {"people": [views.named(row) for row in rows]}

    @rpc(People.people)
    def people(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """A page of people by name."""
        permissions.check_may_find_people(actor)
        limit = command["limit"]
        with self.unit_of_work(actor) as session:
            rows = queries.people_page(session, command["role"], command["query"], command["after"], limit + 1)
            page = rows[:limit]
            roles = queries.roles_of(session, [person.id for person, _ in page])
            return {
                "people": [views.person(person, roles[person.id], login) for person, login in page],
                "next": page[-1][0].id if len(rows) > limit else None,
            }

    @rpc(People.set_contact)
    def set_contact(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Enter where a person is reached."""
        permissions.check_may_set_contact(actor)
        with self.unit_of_work(actor) as session:
            person = queries.person(session, command.pop("person_id"))
            records.set_contact(session, person, command)
            return inbox.answer(session, _person_view(session, person))

    @rpc(Credentials.issue_credentials)
    def issue_credentials(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """New passwords, and logins for those who have none; shown this once."""
        permissions.check_may_issue(actor)
        fresh = credentials.fresh_passwords(command["person_ids"])
        with self._secretly(actor) as session:
            return {"credentials": credentials.issue(session, actor, list(fresh), fresh)}

    @rpc(People.appoint)
    def appoint(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Give a staff role or take it away."""
        permissions.check_may_appoint(actor, command["role"])
        with self._for(actor) as session:
            person = queries.person(session, command["person_id"])
            records.appoint(session, actor, person, command["role"], held=command["held"])
            return inbox.answer(session, _person_view(session, person))

    @rpc(Consents.record_consent)
    def record_consent(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Enter a consent or its withdrawal."""
        permissions.check_may_record_consent(actor)
        with self.unit_of_work(actor) as session:
            consent = records.record_consent(session, actor, **command)
            return inbox.answer(session, views.consent(consent))

    @rpc(Bundles.start_import)
    def start_import(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Take in a bundle that can be read; what it says is checked and written afterwards."""
        permissions.check_may_import(actor)
        bundle = importing.decoded(command["bundle"])
        importing.check_form(bundle)
        with self._for(actor) as session:
            row = importing.start(session, actor, bundle, command["file_name"], dry_run=command["dry_run"])
            return inbox.answer(session, views.bundle_import(row, []))

    @rpc(Bundles.import_status)
    def import_status(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """How an import stands."""
        permissions.check_may_import(actor)
        with self.unit_of_work.everywhere(keyed=False) as session:
            row = importing.seen(session, actor, command["import_id"])
            return views.bundle_import(row, import_queries.imported_schools(session, row.id))

    @rpc(Bundles.import_part)
    def import_part(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """A page of the gradebook's part."""
        permissions.check_may_fetch_parts(actor)
        with self.unit_of_work(actor) as session:
            importing.check_unfinished(session, command["import_id"], actor.tenant)
            pages = import_queries.import_pages(session, **command)
            return {"rows": pages[0].rows if pages else [], "more": len(pages) > 1}

    @rpc(People.student_facts)
    def student_facts(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """What services copy of students."""
        permissions.check_is_service(actor)
        with self.unit_of_work(actor) as session:
            students = queries.students(session, command["person_ids"])
            ids = [student.id for student in students]
            guardians, purposes = queries.guardians_of(session, ids), queries.purposes(session, ids)
            return {"students": [views.student_fact(row, guardians[row.id], purposes) for row in students]}

    @rpc(Classes.class_facts)
    def class_facts(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """What services copy of classes."""
        permissions.check_is_service(actor)
        with self.unit_of_work(actor) as session:
            rows = queries.class_facts(session, command["class_ids"])
            zone = queries.school(session, actor.tenant).time_zone
            return {"classes": [views.class_fact(row) for row in rows], "time_zone": zone}

    @on_event(ImportRequested)
    def on_import_requested(self, received: Received[ImportRequested]) -> None:
        """Check the bundle and write it, or say what is wrong with it."""
        importing.carry_out(self.unit_of_work, received)

    @on_event(BundleGradesImported)
    def on_bundle_grades_imported(self, received: Received[BundleGradesImported]) -> None:
        """The gradebook has finished its part for one school."""
        with self.unit_of_work.once(received) as session:
            importing.take_report(session, received)

    @every(seconds=HOUR)
    def forget_old(self) -> None:
        """Delete sessions and failures that mean nothing any more, and end imports that nothing can end."""
        with self.unit_of_work.everywhere() as session:
            sessions.forget_old(session, now())
            importing.give_up_old(session, now())

    @every(seconds=HOUR)
    def announce_moved(self) -> None:
        """Tell of students whose class changed because a date came."""
        with self.unit_of_work.everywhere() as session:
            schools = queries.schools(session)
        for school in schools:
            with self.unit_of_work.of(school.id) as session:
                announcing.moved_students(session, local_date(now(), school.time_zone))

    def _for(self, actor: Actor) -> AbstractContextManager[Session]:
        """A transaction in the actor's school; everywhere for an operator."""
        return self.unit_of_work.everywhere() if actor.has(OPERATOR) else self.unit_of_work(actor)

    def _secretly(self, actor: Actor) -> AbstractContextManager[Session]:
        """The same, whose answer is not kept."""
        if actor.has(OPERATOR):
            return self.unit_of_work.everywhere(keyed=False)
        return self.unit_of_work.of(actor.tenant)


def _mismatch() -> Unauthenticated:
    return Unauthenticated("Login and password do not match.", rule="login-mismatch")


def _today(session: Session, school_id: UUID) -> date:
    return local_date(now(), queries.school(session, school_id).time_zone)


def _person_view(session: Session, person: Person) -> dict[str, Any]:
    roles = queries.roles_of(session, [person.id])
    return views.person(person, roles[person.id], queries.login_of(session, person))
