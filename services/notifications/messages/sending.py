"""Sends one letter for the deliveries that are due about a thing, and determines their outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from kernel.config import Settings
from services.notifications.channels.outcomes import NotSent, Rejected
from services.notifications.channels.outlet import Outlet
from services.notifications.deliveries import rules as retries
from services.notifications.deliveries.queries import DueLetter
from services.notifications.deliveries.rules import Outcome
from services.notifications.deliveries.tables import Delivery
from services.notifications.messages.contents import SUBJECTS, Contents
from services.notifications.messages.mime import compose
from services.notifications.messages.rules import letters, news, recipients
from services.notifications.messages.rules.letters import Letter

log = structlog.get_logger()

Notices = Mapping[UUID, Mapping[str, Any]]


Outcomes = list[tuple[Delivery, Outcome]]


def outcomes(group: list[DueLetter], contents: Contents, outlet: Outlet, settings: Settings, at: datetime) -> Outcomes:
    """Send one letter for a group of deliveries if consent, address, contents and news are there.

    The group is one of `gathering.gathered`. Returns the outcome of each delivery.
    """
    first = group[0]
    obstacle = recipients.obstacle(first.guardian)
    if first.guardian is None or obstacle is not None:
        return [(due.delivery, _given_up(due, obstacle or recipients.NO_CONSENT)) for due in group]
    found = contents.get(SUBJECTS[first.delivery.kind])
    if found is None:
        return [(due.delivery, _failed(due, "contents-unavailable", at)) for due in group]
    notices = _own(group, found)
    silent = {due.delivery.id: _silence(due, group, notices) for due in group}
    told = [due for due in group if silent[due.delivery.id] is None]
    quiet = [(due.delivery, _given_up(due, reason)) for due in group if (reason := silent[due.delivery.id])]
    return quiet + (_sent(told, notices, outlet, settings, at) if told else [])


def _own(group: list[DueLetter], notices: Notices) -> Notices:
    """Of the things that a group is about what the family of its student is told."""
    kinds = {due.delivery.subject_id: due.delivery.kind for due in group}
    student = group[0].delivery.student_id
    return {one: news.own(kind, notices[one], student) for one, kind in kinds.items() if one in notices}


def _silence(due: DueLetter, group: list[DueLetter], notices: Notices) -> str | None:
    """Why a delivery is not worth a letter; None if it is."""
    subject = due.delivery.subject_id
    if subject not in notices:
        return news.NOTHING_TO_TELL
    return news.silence(_kind(subject, group), notices[subject], subject, _told(subject, group))


def _sent(group: list[DueLetter], notices: Notices, outlet: Outlet, settings: Settings, at: datetime) -> Outcomes:
    delivery, guardian = group[0].delivery, group[0].guardian
    assert guardian is not None, "it has no obstacle"
    try:
        letter = _letter(group, notices, guardian.language)
        mail = compose(
            letter,
            delivery_id=delivery.id,
            to=guardian.email or "",
            mail_from=settings.mail_from,
            address=letters.address(
                letter, settings.public_url, school_id=delivery.school_id, student_id=delivery.student_id
            ),
            at=at,
        )
        outlet.send(mail)
    except Rejected as rejected:
        return [(due.delivery, retries.given_up(due.delivery.attempts + 1, rejected.reason)) for due in group]
    except NotSent as postponed:
        return [(due.delivery, _failed(due, postponed.reason, at)) for due in group]
    except Exception as error:  # noqa: BLE001  # an unforeseen fault must not stop the other letters
        log.error("letter_failed", delivery_id=str(delivery.id), kind=delivery.kind, error=type(error).__name__)
        return [(due.delivery, _failed(due, "letter-failed", at)) for due in group]
    return [(due.delivery, retries.sent(due.delivery.attempts, at, _digest(due, notices))) for due in group]


def _letter(group: list[DueLetter], notices: Notices, language: str) -> Letter:
    """The letter about a thing as it is now; about a day with several absences or changes, one with all of them."""
    subjects = list(dict.fromkeys(due.delivery.subject_id for due in group))
    if len(subjects) > 1:
        day = [notices[subject] for subject in subjects]
        return letters.write_day(_kind(subjects[0], group), day, language=language, student=group[0].student)
    kind, notice = _kind(subjects[0], group), notices[subjects[0]]
    if kind in news.CHANGES.values():
        told = _told(subjects[0], group)
        notice = {**notice, "previous": news.previous_told(notice, subjects[0], told)}
    return letters.write(kind, notice, language=language, student=group[0].student)


def _kind(subject: UUID, group: list[DueLetter]) -> str:
    """What the thing is to the family: a mark that nobody was told of is a new one, even if it was changed."""
    kinds = {due.delivery.kind for due in group if due.delivery.subject_id == subject}
    first = next((one for one in news.CHANGES if one in kinds), None)
    if first is None:
        return kinds.pop()
    return first if _told(subject, group) is None else news.CHANGES[first]


def _told(subject: UUID, group: list[DueLetter]) -> str | None:
    """The digest of the last letter about the thing, as `DueLetter.told`."""
    return next((due.told for due in group if due.delivery.subject_id == subject and due.told is not None), None)


def _digest(due: DueLetter, notices: Notices) -> str:
    subject = due.delivery.subject_id
    return news.digest(subject, news.state(due.delivery.kind, notices[subject]))


def _given_up(due: DueLetter, reason: str) -> Outcome:
    return retries.given_up(due.delivery.attempts, reason)


def _failed(due: DueLetter, reason: str, at: datetime) -> Outcome:
    return retries.failed(due.delivery.attempts, reason, created_at=due.delivery.created_at, at=at)
