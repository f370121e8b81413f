"""When a letter is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.deliveries.rules import failed, given_up, sent

CREATED = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 5), (2, 30), (3, 120), (4, 360), (5, 360), (9, 360)])
def test_the_wait_grows_to_six_hours(attempts, minutes):
    outcome = failed(attempts, "postponed-451", created_at=CREATED, at=CREATED)
    assert outcome.state == "due"
    assert outcome.due_at == CREATED + timedelta(minutes=minutes)
    assert (outcome.attempts, outcome.reason) == (attempts + 1, "postponed-451")


def test_after_three_days_it_is_given_up():
    last = CREATED + timedelta(days=3) - timedelta(hours=6)
    assert failed(9, "x", created_at=CREATED, at=last).state == "due"
    given = failed(9, "x", created_at=CREATED, at=last + timedelta(seconds=1))
    assert (given.state, given.reason, given.attempts, given.due_at) == ("gone", "x", 10, None)


def test_the_whole_course_of_a_server_that_stays_away_ends():
    at, attempts = CREATED, 0
    while True:
        outcome = failed(attempts, "x", created_at=CREATED, at=at)
        if outcome.state == "gone":
            break
        assert outcome.due_at is not None
        assert outcome.due_at > at
        at, attempts = outcome.due_at, outcome.attempts
    assert at <= CREATED + timedelta(days=3)
    assert outcome.attempts == 16


def test_a_sent_letter_says_when_and_a_given_up_one_why():
    assert sent(0, CREATED).sent_at == CREATED
    assert sent(2, CREATED).attempts == 3
    assert given_up(1, "rejected-550").state == "gone"
