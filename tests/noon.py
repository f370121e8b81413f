"""A school where it is noon when the tests start: no run goes on past its midnight, whatever the hour here."""

from datetime import UTC, datetime

_OFFSET = 12 - datetime.now(UTC).hour
#: Such as `Etc/GMT-3`, which is three hours before UTC: these names count westwards.
NOON_ZONE = f"Etc/GMT{-_OFFSET:+d}" if _OFFSET else "Etc/GMT"
