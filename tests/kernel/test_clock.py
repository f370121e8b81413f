"""The date of a moment is that of its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kernel.clock import Pause, local_date


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 9, 1, 19, 59, tzinfo=UTC), "Europe/Samara", date(2026, 9, 1)),
        (datetime(2026, 9, 1, 20, 0, tzinfo=UTC), "Europe/Samara", date(2026, 9, 2)),
        (datetime(2026, 9, 1, 20, 0, tzinfo=UTC), "Europe/Moscow", date(2026, 9, 1)),
        (datetime(2026, 12, 31, 12, 0, tzinfo=UTC), "Asia/Kamchatka", date(2027, 1, 1)),
        (datetime(2026, 9, 1, 23, 0, tzinfo=timezone(timedelta(hours=-3))), "Europe/Moscow", date(2026, 9, 2)),
    ],
)
def test_an_instant_falls_on_a_local_date(instant: datetime, zone: str, day: date) -> None:
    assert local_date(instant, zone) == day


def test_an_instant_without_zone_has_no_local_date() -> None:
    with pytest.raises(ValueError, match=r"^a moment without time zone has no local date$"):
        local_date(datetime(2026, 9, 1), "Europe/Moscow")  # noqa: DTZ001  # the fault that is looked for


@pytest.mark.parametrize("uptime", [0.0, 1.5, 1e9])
def test_a_pause_that_has_not_begun_is_over_however_lately_the_machine_was_started(uptime: float) -> None:
    assert Pause(3600, lambda: uptime).over()


def test_a_pause_lasts_its_seconds_each_time_that_it_begins() -> None:
    present = [0.0]
    pause = Pause(10, lambda: present[0])
    for began in (0.0, 10.0, 25.0):
        present[0] = began
        assert pause.over()
        pause.begin()
        assert not pause.over()
        present[0] = began + 9.9
        assert not pause.over()
