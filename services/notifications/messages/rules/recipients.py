"""Selects recipients: guardians who consented to the channel and have an address (domain, §9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.notifications.copies.rules import Guardian
from services.notifications.deliveries.rules import EMAIL

NO_CONSENT: Final = "no-consent"
NO_ADDRESS: Final = "no-address"


def obstacle(guardian: Guardian | None) -> str | None:
    """Why a guardian cannot get e-mail: no consent in force, or no address. None if nothing is missing."""
    if guardian is None or EMAIL not in guardian.purposes:
        return NO_CONSENT
    return None if guardian.email else NO_ADDRESS


def told_by_email(guardians: Iterable[Guardian]) -> list[Guardian]:
    """The guardians among these who get e-mail."""
    return [guardian for guardian in guardians if obstacle(guardian) is None]
