"""One delivery from its contents to the server: what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted
from kernel.config import Settings
from services.notifications import mail
from services.notifications.message import compose
from services.notifications.queries import Claimed
from services.notifications.rules import letters, recipients, retries
from services.notifications.rules.recipients import Guardian
from services.notifications.rules.retries import Outcome

log = structlog.get_logger()

#: Which subjects of deliveries are asked for together: the field of the owner's command, by the event's name.
SUBJECTS: Final = {
    MarkPosted.NAME: "mark_ids",
    MarkChanged.NAME: "mark_ids",
    HomeworkSet.NAME: "lesson_ids",
    AbsenceRecorded.NAME: "absence_ids",
}

#: What an owner says of a subject, by field and id. A field is missing where the owner could not be asked.
Contents = dict[str, dict[UUID, dict[str, Any]]]


def outcome(claimed: Claimed, contents: Contents, outlet: mail.Outlet, settings: Settings, at: datetime) -> Outcome:
    """Send one delivery, unless something is in the way, and say what becomes of it."""
    delivery = claimed.delivery
    guardian = claimed.guardian
    obstacle = recipients.obstacle(guardian)
    if guardian is None or obstacle is not None:
        return retries.given_up(delivery.attempts, obstacle or recipients.NO_CONSENT)
    notices = contents.get(SUBJECTS[delivery.kind])
    if notices is None:
        return _failed(claimed, "contents-unavailable", at)
    if delivery.subject_id not in notices:
        return retries.given_up(delivery.attempts, "nothing-to-tell")
    return _sent(claimed, guardian, notices[delivery.subject_id], outlet, settings, at)


def _sent(
    claimed: Claimed,
    guardian: Guardian,
    notice: dict[str, Any],
    outlet: mail.Outlet,
    settings: Settings,
    at: datetime,
) -> Outcome:
    delivery = claimed.delivery
    try:
        letter = letters.write(delivery.kind, notice, language=guardian.language, student=claimed.student)
        message = compose(
            letter, delivery_id=delivery.id, to=guardian.email or "", mail_from=settings.mail_from,
            public_url=settings.public_url, at=at,
        )  # fmt: skip
        outlet.send(message)
    except mail.Rejected as rejected:
        return retries.given_up(delivery.attempts + 1, rejected.reason)
    except mail.NotSent as postponed:
        return _failed(claimed, postponed.reason, at)
    except Exception as error:  # noqa: BLE001  # an unforeseen fault must not hold up the others
        log.error("letter_failed", delivery_id=str(delivery.id), kind=delivery.kind, error=type(error).__name__)
        return _failed(claimed, "letter-failed", at)
    return retries.sent(delivery.attempts, at)


def _failed(claimed: Claimed, reason: str, at: datetime) -> Outcome:
    return retries.failed(claimed.delivery.attempts, reason, created_at=claimed.delivery.created_at, at=at)
