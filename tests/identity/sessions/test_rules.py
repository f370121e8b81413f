"""Waiting times after failed sign-ins: pure."""

from datetime import timedelta

from services.identity.sessions import rules as sessions_rules


def test_waits_begin_after_the_free_failures_grow_and_end():
    waits = [sessions_rules.wait(sessions_rules.PAIR, failures) for failures in (0, 5, 6, 7, 8, 100, 10_000)]
    seconds = [wait.total_seconds() for wait in waits]
    assert seconds == [0, 0, 1, 2, 4, 900, 900]


def test_nobody_is_locked_out_by_failures_from_elsewhere_for_more_than_a_minute():
    own = sessions_rules.keys("anna", "home")
    elsewhere = sessions_rules.keys("anna", "far away")
    shared = {key: limit for key, limit in own.items() if key in elsewhere}
    assert list(shared.values()) == [sessions_rules.LOGIN]
    assert sessions_rules.wait(sessions_rules.LOGIN, 10_000) == timedelta(minutes=1)
