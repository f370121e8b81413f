"""A school where it is noon when the tests start: no run goes on past its midnight, whatever the hour here."""

from datetime import UTC, datetime

_OFFSET = 12 - datetime.now(UTC).hour
#: Such as `Etc/GMT-3`, which is three hours before UTC: these names count westwards.
NOON_ZONE = f"Etc/GMT{-_OFFSET:+d}" if _OFFSET else "Etc/GMT"
#: A zone with another date at that moment, an hour or more from its midnight, and how many days later it is there.
OTHER_DAY_ZONE, OTHER_DAY = ("Etc/GMT-14", 1) if _OFFSET < 2 else ("Etc/GMT+12", -1)
