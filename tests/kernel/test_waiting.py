"""Waiting for a condition."""

import pytest

from kernel.waiting import NeverHappened, eventually


def test_the_value_that_came_true_is_returned():
    values = iter([None, "", "there"])
    assert eventually(lambda: next(values)) == "there"


def test_what_never_happens_is_told_with_the_last_value():
    with pytest.raises(NeverHappened, match=r"three messages: not within 0\.02 s; last seen: 0"):
        eventually(lambda: 0, timeout=0.02, what="three messages")


def test_an_exception_is_raised_at_once_unless_it_means_not_yet():
    def refused():
        raise ConnectionRefusedError("nobody listens")

    with pytest.raises(ConnectionRefusedError):
        eventually(refused)
    with pytest.raises(NeverHappened, match="nobody listens"):
        eventually(refused, timeout=0.02, ignoring=(ConnectionError,))
