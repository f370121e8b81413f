"""Waiting times after failed sign-ins: pure."""

import hashlib
from datetime import timedelta

from services.identity.sessions import rules as sessions_rules

DEVICE = sessions_rules.digest_of_device("a browser")


def test_waits_begin_after_the_free_failures_grow_and_end():
    waits = [sessions_rules.wait(sessions_rules.PLACE, failures) for failures in (0, 5, 6, 7, 8, 100, 10_000)]
    seconds = [wait.total_seconds() for wait in waits]
    assert seconds == [0, 0, 1, 2, 4, 900, 900]


def test_guesses_from_unknown_places_are_counted_together_and_make_wait_a_minute_at_most():
    here, there = (sessions_rules.keys("anna", address) for address in ("192.0.2.1", "198.51.100.1"))
    shared = {key: limit for key, limit in here.items() if key in there}
    assert list(shared.values()) == [sessions_rules.ELSEWHERE]
    assert sessions_rules.wait(sessions_rules.ELSEWHERE, 10_000) == timedelta(minutes=1)


def test_a_known_network_and_a_known_browser_share_no_count_with_anybody_else():
    stranger = set(sessions_rules.keys("anna", "198.51.100.1"))
    at_home = set(sessions_rules.keys("anna", "192.0.2.1", at_home=True))
    in_her_browser = set(sessions_rules.keys("anna", "198.51.100.1", DEVICE))
    assert not stranger & at_home
    assert not (stranger | at_home) & in_her_browser


def test_failures_of_one_kind_are_never_counted_with_those_of_another():
    elsewhere, browser = "198.51.100.1", DEVICE.hex()
    two = sessions_rules.digest_of_device("another browser")
    of_anna = set(sessions_rules.keys("anna", elsewhere, DEVICE))
    assert not of_anna & set(sessions_rules.keys("boris", elsewhere, DEVICE))
    assert not of_anna & set(sessions_rules.keys("anna", elsewhere, two))
    # logins that are called like what stands beside them
    assert not set(sessions_rules.keys("elsewhere", elsewhere, DEVICE)) & set(sessions_rules.keys(browser, elsewhere))
    here = set(sessions_rules.keys("elsewhere", "192.0.2.1", at_home=True))
    assert not here & set(sessions_rules.keys(sessions_rules.place("192.0.2.1"), elsewhere))


def test_a_browser_is_kept_as_its_digest():
    assert sessions_rules.digest_of_device("a browser") == hashlib.sha256(b"a browser").digest()
    assert sessions_rules.digest_of_device("") is None


def test_a_wait_stops_growing_where_no_limit_stops_it():
    without = sessions_rules.Limit(0, timedelta(days=400))
    assert sessions_rules.wait(without, 21) == sessions_rules.wait(without, 10_000) == timedelta(seconds=2**20)


def test_a_place_is_a_network_and_not_an_address():
    assert sessions_rules.keys("anna", "192.0.2.1") == sessions_rules.keys("anna", "192.0.2.200")
    assert sessions_rules.keys("anna", "2001:db8:1:2::3") == sessions_rules.keys("anna", "2001:db8:1:ffff::1")
    assert sessions_rules.keys("anna", "192.0.2.1") != sessions_rules.keys("anna", "192.0.3.1")


def test_nothing_is_counted_for_a_network_as_a_whole():
    """Else a few wrong guesses at many logins would shut out a school."""
    anna, boris = (set(sessions_rules.keys(login, "192.0.2.1")) for login in ("anna", "boris"))
    assert not anna & boris
