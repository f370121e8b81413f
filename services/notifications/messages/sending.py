"""Sends one delivery and determines its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from kernel.config import Settings
from services.notifications.channels.outcomes import NotSent, Rejected
from services.notifications.channels.outlet import Outlet
from services.notifications.copies.rules import Guardian
from services.notifications.deliveries import rules as retries
from services.notifications.deliveries.queries import DueLetter
from services.notifications.deliveries.rules import Outcome
from services.notifications.messages.contents import SUBJECTS, Contents
from services.notifications.messages.mime import compose
from services.notifications.messages.rules import letters, recipients

log = structlog.get_logger()


def outcome(due: DueLetter, contents: Contents, outlet: Outlet, settings: Settings, at: datetime) -> Outcome:
    """Send one delivery if consent, address and contents are there. Returns the outcome."""
    delivery = due.delivery
    guardian = due.guardian
    obstacle = recipients.obstacle(guardian)
    if guardian is None or obstacle is not None:
        return retries.given_up(delivery.attempts, obstacle or recipients.NO_CONSENT)
    notices = contents.get(SUBJECTS[delivery.kind])
    if notices is None:
        return _failed(due, "contents-unavailable", at)
    if delivery.subject_id not in notices:
        return retries.given_up(delivery.attempts, "nothing-to-tell")
    return _sent(due, guardian, notices[delivery.subject_id], outlet, settings, at)


def _sent(
    due: DueLetter,
    guardian: Guardian,
    notice: Mapping[str, Any],
    outlet: Outlet,
    settings: Settings,
    at: datetime,
) -> Outcome:
    delivery = due.delivery
    try:
        letter = letters.write(delivery.kind, notice, language=guardian.language, student=due.student)
        mail = compose(
            letter,
            delivery_id=delivery.id,
            to=guardian.email or "",
            mail_from=settings.mail_from,
            public_url=settings.public_url,
            at=at,
        )
        outlet.send(mail)
    except Rejected as rejected:
        return retries.given_up(delivery.attempts + 1, rejected.reason)
    except NotSent as postponed:
        return _failed(due, postponed.reason, at)
    except Exception as error:  # noqa: BLE001  # an unforeseen fault must not stop the other letters
        log.error("letter_failed", delivery_id=str(delivery.id), kind=delivery.kind, error=type(error).__name__)
        return _failed(due, "letter-failed", at)
    return retries.sent(delivery.attempts, at)


def _failed(due: DueLetter, reason: str, at: datetime) -> Outcome:
    return retries.failed(due.delivery.attempts, reason, created_at=due.delivery.created_at, at=at)
