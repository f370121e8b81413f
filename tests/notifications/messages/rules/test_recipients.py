"""Whom to tell."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.notifications.copies.rules import Guardian
from services.notifications.messages.rules.recipients import obstacle, told_by_email


def guardian(*purposes, email="anna@example.org"):
    return Guardian(uuid4(), uuid4(), email, "ru", frozenset(purposes))


def test_a_guardian_with_consent_and_address_is_told():
    anna = guardian("portal", "email")
    assert obstacle(anna) is None
    assert told_by_email([anna, guardian("portal"), guardian("email", email=None)]) == [anna]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (None, "no-consent"),
        (guardian(), "no-consent"),
        (guardian("portal", "sms"), "no-consent"),
        (guardian("email", email=None), "no-address"),
        (guardian("email", email=""), "no-address"),
    ],
)
def test_without_consent_or_address_there_is_an_obstacle(who, reason):
    assert obstacle(who) == reason
