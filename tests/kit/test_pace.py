"""A limit on a busy machine is the same limit, in what a quiet one does in its time."""

from __future__ import annotations

import pytest

from tests.kit.pace import QUIET, reference, slowness


def test_a_machine_that_takes_twice_as_long_is_twice_as_slow():
    assert slowness(2 * QUIET) == pytest.approx(2)
    assert slowness(QUIET, 3 * QUIET) == pytest.approx(2)


def test_a_faster_machine_is_held_to_the_same_limits():
    assert slowness(QUIET / 3) == 1


def test_the_fixed_piece_of_work_takes_its_time():
    assert QUIET / 4 < reference() < QUIET * 20
