"""What is dear to start is started by one process of tests."""

from __future__ import annotations

import pytest

from tests.kit.sharing import APART, OWN, place, unit_of


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/e2e/test_journey.py::test_a_day[run]", "tests/e2e [run]"),
        ("tests/e2e/test_access.py::TestRunning::test_it[GET /sign-ups-up]", "tests/e2e [up]"),
        ("tests/e2e/test_live.py::test_it[up-no stream]", "tests/e2e [up]"),
        (f"{OWN[0]}::test_it[up]", OWN[0]),
        ("tests/browser/test_pages.py::test_it", "tests/browser"),
        ("tests/e2e/deep/test_more.py::test_a_day", "tests/e2e"),
        ("tests/kernel/test_clock.py::TestNoon::test_it[a::b]", "tests/kernel/test_clock.py"),
        (f"{APART[0]}::test_whatever[identity]", f"{APART[0]}::test_whatever[identity]"),
    ],
)
def test_one_process_takes_a_file_or_a_folder_or_a_test(nodeid: str, unit: str):
    assert unit_of(nodeid) == unit


def test_what_takes_minutes_is_begun_with():
    ordered = ["faults", "browser", "kernel", "cli"]
    shuffled = ["kernel", "cli", "browser", "faults"]
    assert sorted(shuffled, key=lambda folder: place(f"tests/{folder}/test_x.py::test_y")) == ordered
