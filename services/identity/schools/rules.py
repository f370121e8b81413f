"""Time zones of schools. Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from kernel.errors import Invalid


def zone_named(name: str) -> str:
    """The time zone of this name. Raises `Invalid` if there is none."""
    if name not in available_timezones():
        raise Invalid("There is no time zone {zone}.", rule="no-time-zone", field="time_zone", zone=name)
    return ZoneInfo(name).key
