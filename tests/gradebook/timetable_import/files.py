"""Files of timetables: small ones, and a project of a large school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.gradebook.timetable.readers.timetables import xlsx

WEEKDAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница")

#: Teachers stand below the subjects, as schools write them.
SHEET: Sequence[Sequence[Any]] = [
    [None, None, '5 "А" класс', None, '5 "Б" класс', None],
    ["ПОНЕДЕЛЬНИК", 1, "Матем.", "каб. 214", "Физ-ра", "Сп.зал"],
    [None, 2, "Англ. яз.", "12/14", "Матем.", "215"],
    ["ВТОРНИК", 1, "Матем.", "214", "Матем.", "215"],
]


def sheet(rows: Sequence[Sequence[Any]] = SHEET) -> bytes:
    """A spreadsheet with these rows."""
    return xlsx(rows)


def changed_rows() -> list[list[Any]]:
    """The rows after a while: 5А has its algebra in another room and one lesson less, 5Б one more."""
    rows = [list(row) for row in SHEET]
    rows[1][3] = "216"
    rows[2][2] = rows[2][3] = None
    rows.append([None, 3, None, None, "Матем.", "215"])
    return rows


def changed_sheet() -> bytes:
    """A spreadsheet with these rows."""
    return xlsx(changed_rows())


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


def large_school(classes: int = 60, subjects: int = 16, numbers: int = 7) -> bytes:
    """A project of a school of so many classes, each with so many lessons a day, held by 90 teachers."""
    found = []
    for at in range(classes):
        name = f"{at % 11 + 1}{'АБВГДЕ'[at // 11]}"
        for weekday in range(1, 6):
            for number in range(1, numbers + 1):
                subject = (at + weekday * numbers + number) % subjects
                teacher = f"Учителев{'абвгдежзик'[at % 10]} {'АБВГДЕЖЗИ'[subject % 9]}.П."
                found.append((name, f"Предмет {'абвгдежзиклмнопр'[subject]}", teacher, weekday, number, str(100 + at)))
    return fet(found, numbers)
