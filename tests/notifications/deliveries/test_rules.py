"""When a letter is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import RFC_4122, UUID

import pytest
from uuid_utils.compat import uuid7

from services.notifications.deliveries.rules import EMAIL, delivery_id, failed, given_up, sent

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


MESSAGE, ANNA, BORIS = (UUID(int=0x0197_0000_0000_7000_8000_000000000000 + number) for number in range(3))
LATER = CREATED + timedelta(days=40)


def test_a_message_that_is_handled_again_makes_the_same_delivery_even_in_another_month():
    assert delivery_id(str(MESSAGE), ANNA, BORIS, EMAIL, CREATED) == delivery_id(
        str(MESSAGE), ANNA, BORIS, EMAIL, LATER
    )


def test_every_message_student_recipient_and_channel_has_a_delivery_of_its_own():
    people = (uuid7(), uuid7())
    every = list(product((str(uuid7()), str(uuid7())), people, people, (EMAIL, "sms")))
    assert len({delivery_id(*one, CREATED) for one in every}) == len(every) == 16


def test_a_delivery_s_id_begins_with_the_moment_of_its_message():
    made = delivery_id(str(MESSAGE), ANNA, BORIS, EMAIL, CREATED)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == MESSAGE.int >> 80


@pytest.mark.parametrize("message_id", ["m1", "7f8d3c0a-4e5b-4c6d-8e7f-012345678901"])
def test_where_a_message_names_no_moment_that_of_handling_stands_for_it(message_id):
    made = delivery_id(message_id, ANNA, BORIS, EMAIL, CREATED)
    assert made.int >> 80 == int(CREATED.timestamp() * 1000)
    assert made == delivery_id(message_id, ANNA, BORIS, EMAIL, CREATED)
