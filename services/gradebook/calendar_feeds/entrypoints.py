"""Answers calls about calendar feeds, and with what they hold."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.calendar_feeds import CalendarFeeds, FeedOf, FeedSecret
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import inbox
from kernel.errors import NotFound
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.calendar_feeds import permissions, queries, recording, rules, views
from services.gradebook.calendar_feeds.queries import FeedRow
from services.gradebook.courses.queries import shifts as shifts_queries
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View
from services.gradebook.weeks import queries as weeks_queries
from services.gradebook.weeks import views as weeks_views


class CalendarFeedsEntrypoints(Entrypoints):
    """Answers calls about calendar feeds, and with what they hold."""

    @rpc(CalendarFeeds.calendar_feed_state)
    def calendar_feed_state(self, actor: Actor, command: FeedOf) -> View:
        """Since when the actor's feed has its address."""
        with self.unit_of_work(actor) as session:
            feed = _own(session, actor, command.student_id)
            return {"made_at": queries.made_at(session, *feed)}

    @rpc(CalendarFeeds.renew_calendar_feed)
    def renew_calendar_feed(self, actor: Actor, command: FeedOf) -> View:
        """Give the actor's feed a new address. The secret is kept nowhere, so a repetition gives another one."""
        secret, moment = rules.secret_of(actor.tenant, secrets.token_bytes(rules.RANDOM_BYTES)), now()
        with self.unit_of_work.of(actor.tenant) as session:
            feed = _own(session, actor, command.student_id)
            recording.renewed(session, actor.tenant, *feed, rules.digest(secret), moment)
        return {"secret": secret, "made_at": moment}

    @rpc(CalendarFeeds.end_calendar_feed)
    def end_calendar_feed(self, actor: Actor, command: FeedOf) -> View:
        """End the actor's feed."""
        with self.unit_of_work(actor) as session:
            recording.ended(session, *_own(session, actor, command.student_id))
            return inbox.answer(session, {})

    @rpc(CalendarFeeds.calendar_feed)
    def calendar_feed(self, actor: None, command: FeedSecret) -> View:
        """The lessons of the feed with a secret, as long as its person may read them."""
        school_id = rules.school_of(command.secret)
        if school_id is None:
            raise _no_feed()
        with self.unit_of_work.of(school_id) as session:
            feed = queries.by_secret(session, rules.digest(command.secret))
        if feed is None:
            raise _no_feed()
        present = self.ask(People.present_people, tenant=school_id, as_service=True, person_ids=[feed.person_id])
        reader = _reader(school_id, feed, {one.person_id: frozenset(one.roles) for one in present.people})
        with self.unit_of_work.of(school_id) as session:
            _check_reads(session, reader, feed)
            return views.feed(_content(session, feed), command.known)


def _own(session: Session, actor: Actor, student_id: UUID | None) -> tuple[UUID, str, UUID]:
    """The actor's feed, of a student's lessons or of those that the actor holds, as its key names it."""
    assert actor.person_id is not None, "whoever holds a role in a school is a person of it"
    if student_id is None:
        permissions.check_teaches(actor)
        return actor.person_id, "teacher_id", actor.person_id
    ties = weeks_queries.ties_to_student(session, student_id, actor.person_id)
    permissions.check_family(actor, student_id, ties)
    return actor.person_id, "student_id", student_id


def _reader(school_id: UUID, feed: FeedRow, present: dict[UUID, frozenset[str]]) -> Actor:
    """Whoever made a feed, with today's roles. Raises `NotFound` for one who left."""
    if feed.person_id not in present:
        raise _no_feed()
    return Actor(school_id, feed.person_id, roles=present[feed.person_id])


def _check_reads(session: Session, reader: Actor, feed: FeedRow) -> None:
    """Refuse a feed whose person may no longer read its lessons: one without role or consent."""
    if feed.of == "teacher_id":
        may_read = reader.has("teacher")
    else:
        ties = weeks_queries.ties_to_student(session, feed.of_id, reader.person_id)
        may_read = permissions.may_have_of_student(reader, feed.of_id, ties)
    if not may_read:
        raise _no_feed()


def _content(session: Session, feed: FeedRow) -> View:
    setting = policy_queries.setting(session)
    first, last = rules.days(policy_queries.today_of(setting), queries.years(session))
    found = weeks_queries.lessons_of(session, feed.of, feed.of_id, first, last)
    times = shifts_queries.times_of(session, {row.year_id: row.year_version for row in found if row.number is not None})
    changed, of_teacher = queries.changed(session), feed.of == "teacher_id"
    return {
        "of": "teacher" if of_teacher else "student",
        "class_name": None if of_teacher else queries.class_of(session, feed.of_id),
        "time_zone": policy_queries.zone_of(setting),
        "changed_at": changed.last_at or feed.made_at,
        "sequence": changed.times,
        "lessons": views.lessons(weeks_views.lessons(found, times, feed.of_id if of_teacher else None)),
    }


def _no_feed() -> NotFound:
    """The same for an address that never was, that was renewed, and whose person may no longer read it."""
    return NotFound("There is nothing at this address.", rule="no-such-address")
