"""Projects of FET: with the lessons that are given, and one of a large school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

WEEKDAYS: Final = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница")
#: The classes of the large school, and their lessons a day.
CLASSES: Final = tuple(f"{at % 11 + 1}{'АБВГДЕ'[at // 11]}" for at in range(60))
A_DAY: Final = 7
_SUBJECTS: Final = "абвгдежзиклмнопр"


def _named(tag: str, names: Sequence[str]) -> str:
    return "".join(f"<{tag}><Name>{name}</Name></{tag}>" for name in names)


def fet(
    activities: Sequence[tuple[str, str, str, int, int, str]], numbers: int = 8, hours: Sequence[str] = ()
) -> bytes:
    """A project of FET: (class, subject, teacher, weekday, number, room) of each activity; names of hours, if any."""
    hours = hours or [str(one) for one in range(1, numbers + 1)]
    listed, times, rooms = [], [], []
    for key, (name, subject, teacher, weekday, number, room) in enumerate(activities, 1):
        listed.append(
            f"<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>{name}</Students>"
            f"<Duration>1</Duration><Id>{key}</Id><Active>true</Active></Activity>"
        )
        times.append(
            "<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage>"
            f"<Activity_Id>{key}</Activity_Id><Preferred_Day>{WEEKDAYS[weekday - 1]}</Preferred_Day>"
            f"<Preferred_Hour>{hours[number - 1]}</Preferred_Hour></ConstraintActivityPreferredStartingTime>"
        )
        rooms.append(
            f"<ConstraintActivityPreferredRoom><Activity_Id>{key}</Activity_Id><Room>{room}</Room>"
            "</ConstraintActivityPreferredRoom>"
        )
    years = _named("Year", sorted({one[0] for one in activities}))
    text = (
        f"<fet version='6.0.0'><Days_List>{_named('Day', WEEKDAYS)}</Days_List>"
        f"<Hours_List>{_named('Hour', hours)}</Hours_List>"
        f"<Students_List>{years}</Students_List><Activities_List>{''.join(listed)}</Activities_List>"
        f"<Time_Constraints_List>{''.join(times)}</Time_Constraints_List>"
        f"<Space_Constraints_List>{''.join(rooms)}</Space_Constraints_List></fet>"
    )
    return text.encode()


def large_school() -> bytes:
    """A project of a large school: each of `CLASSES` has `A_DAY` lessons on every weekday, held by 90 teachers."""
    found = []
    for at, name in enumerate(CLASSES):
        for weekday in range(1, len(WEEKDAYS) + 1):
            for number in range(1, A_DAY + 1):
                subject = (at + weekday * A_DAY + number) % len(_SUBJECTS)
                teacher = f"Учителев{_SUBJECTS[at % 10]} {'АБВГДЕЖЗИ'[subject % 9]}.П."
                found.append((name, f"Предмет {_SUBJECTS[subject]}", teacher, weekday, number, str(100 + at)))
    return fet(found, A_DAY)
