"""Reads projects of FET, the free timetabling program: activities, their participants, times and rooms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

from formats.faults import Faults
from formats.result import Fault, Reading, refused
from formats.safe_xml import parsed
from formats.weekdays import weekday_within
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.class_names import class_names
from services.gradebook.timetable.readers.timetable import (
    NOT_A_TIMETABLE,
    Bell,
    Timetable,
    TimetableLesson,
    UnplacedLessons,
    Week,
    timetable_reading,
)

#: Two weeks of seven days.
MOST_DAYS: Final = 14
#: More lessons than any day has.
MOST_HOURS: Final = 30
_DAYS_IN_WEEK: Final = 7
_CLOCK: Final = re.compile(r"\b([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\b")
#: A number, perhaps followed by the bells: `1 (8:30-9:15)`.
_NUMBERED: Final = re.compile(
    r"([0-9]{1,2})(?![0-9])(?:\s*[.-]?\s*(?:урок|пара|lesson|period))?"
    r"(?:\s*[.)]?\s*[(,]?\s*(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9]\b.*)?",
    re.IGNORECASE,
)
_DURATION: Final = re.compile(r"[1-9][0-9]?")
#: The weight of a binding constraint; one with a lower weight is only a preference.
_CERTAIN: Final = "100"

TOO_MANY_DAYS = Phrase(
    ru="В файле больше {days} дней или {hours} уроков в дне; такое расписание не читается.",
    en="The file has more than {days} days or {hours} lessons a day; such a timetable is not read.",
)
UNPLACED = Phrase(
    ru="Занятие {activity} («{subject}») не поставлено в расписание.",
    en="Activity {activity} (“{subject}”) has no place in the timetable.",
)
NO_STUDENTS = Phrase(
    ru="У занятия {activity} («{subject}») нет учеников; оно пропущено.",
    en="Activity {activity} (“{subject}”) has no students; it is left out.",
)
UNKNOWN_STUDENTS = Phrase(
    ru="Класса или группы «{students}» нет в списке учеников; занятие {activity} для них пропущено.",
    en="The list of students has no class or group “{students}”; activity {activity} is left out for them.",
)
UNKNOWN_TIME = Phrase(
    ru="Дня «{day}» или часа «{hour}» нет в списках файла.",
    en="The file's lists have no day “{day}” or hour “{hour}”.",
)
BEYOND_DAY = Phrase(
    ru="Занятие {activity} («{subject}») выходит за последний урок дня.",
    en="Activity {activity} (“{subject}”) goes on after the last lesson of the day.",
)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The days, as weekday and week, and the hours, as numbers, by their names in the file."""

    days: dict[str, tuple[int, Week]]
    hours: dict[str, int]

    @property
    def weeks(self) -> int:
        """The number of weeks in the file."""
        return 2 if any(week for _, week in self.days.values()) else 1


@dataclass(frozen=True, slots=True)
class _Activity:
    """An activity: a subject taught to sets of students for a number of consecutive hours."""

    identifier: str
    subject: str
    teacher: str
    students: tuple[str, ...]
    duration: int

    @property
    def place(self) -> str:
        """The place of the activity as a person sees it in the program."""
        return f"activity {self.identifier}"


@dataclass(frozen=True, slots=True)
class _Start:
    """The start of an activity: weekday, week, and the position of its first hour in the day."""

    weekday: int
    week: Week
    hour: int


@dataclass(frozen=True, slots=True)
class _Project:
    """The content of the file: starts and rooms by the activity's identifier, classes and groups by name."""

    grid: _Grid
    audiences: dict[str, list[tuple[str, str]]]
    activities: list[_Activity]
    starts: dict[str, _Start]
    rooms: dict[str, str]

    def audience(self, activity: _Activity) -> Iterator[tuple[str, str]]:
        """Yield the (class, group) pairs of the participants."""
        return (pair for name in activity.students for pair in self.audiences[name])


def read_fet(content: bytes) -> Reading[Timetable]:
    """Read the timetable in a FET project: each active activity at its binding starting time.

    An activity of several hours yields as many lessons. One without a time is unplaced and adds a fault. The class is
    the innermost set of students named like a class (`5А`), else the year; a set inside it is the group. Two weeks of
    days (`А-Понедельник`, `В-Понедельник`) are weeks 1 and 2. Format: FET 5 and 6.
    """
    root = parsed(content)
    if isinstance(root, Fault):
        return Reading(None, (root,))
    if root.tag.lower() != "fet" or root.find("Activities_List") is None:
        return refused("not-fet", NOT_A_TIMETABLE())
    if len(root.findall("Days_List/Day")) > MOST_DAYS or len(root.findall("Hours_List/Hour")) > MOST_HOURS:
        return refused("too-many-days", TOO_MANY_DAYS(days=MOST_DAYS, hours=MOST_HOURS))
    faults = Faults()
    project = _project(root, faults)
    return timetable_reading(_lessons(project, faults), _unplaced(project, faults), _bells(project.grid), faults)


def _project(root: Element, faults: Faults) -> _Project:
    grid, audiences = _grid(root), _audiences(root)
    activities = list(_activities(root, audiences, faults))
    return _Project(grid, audiences, activities, _starts(root, grid, faults), _rooms(root))


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _texts(element: Element, name: str) -> list[str]:
    """The texts of the children with this name, without repetitions."""
    texts = ((child.text or "").strip() for child in element.iterfind(name))
    return list(dict.fromkeys(text for text in texts if text))


def _active(elements: Iterable[Element]) -> Iterator[Element]:
    return (element for element in elements if _text(element, "Active").lower() != "false")


def _grid(root: Element) -> _Grid:
    days = [_text(day, "Name") for day in root.iterfind("Days_List/Day")]
    hours = [_text(hour, "Name") for hour in root.iterfind("Hours_List/Hour")]
    return _Grid(dict(zip(days, _weekdays(days))), dict(zip(hours, _numbers(hours))))


def _weekdays(days: list[str]) -> Iterator[tuple[int, Week]]:
    """Yield the weekday and week of each day: by its name, else by its position."""
    named = [weekday_within(day) for day in days]
    half = len(days) if len(days) <= _DAYS_IN_WEEK else -(-len(days) // 2)
    numbers = [position % half + 1 if None in named else day or 0 for position, day in enumerate(named)]
    for position, number in enumerate(numbers):
        if numbers.count(number) == 1:
            yield number, ""
        else:
            yield number, "2" if number in numbers[:position] else "1"


def _numbers(hours: list[str]) -> list[int]:
    """The number in each hour's name (`0`, `1 урок`), or its position if the names are not numbers."""
    found = [_NUMBERED.fullmatch(hour) for hour in hours]
    numbers = [int(one[1]) for one in found if one]
    ascending = numbers == list(range(numbers[0], numbers[0] + len(hours))) if numbers else False
    return numbers if ascending else list(range(1, len(hours) + 1))


def _audiences(root: Element) -> dict[str, list[tuple[str, str]]]:
    """The (class, group) pairs of each set of students by name; a group shared by several years has several."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for year in root.iterfind("Students_List/Year"):
        found[_text(year, "Name")].append((_text(year, "Name"), ""))
        for group in year.iterfind("Group"):
            path = [_text(year, "Name"), _text(group, "Name")]
            found[path[-1]].append(_class_and_group(path))
            for subgroup in group.iterfind("Subgroup"):
                found[_text(subgroup, "Name")].append(_class_and_group([*path, _text(subgroup, "Name")]))
    return {name: list(dict.fromkeys(pairs)) for name, pairs in found.items()}


def _class_and_group(path: list[str]) -> tuple[str, str]:
    classes = [name for name in path if class_names(name)]
    owner = classes[-1] if classes else path[0]
    return owner, "" if owner == path[-1] else path[-1]


def _activities(root: Element, audiences: Container[str], faults: Faults) -> Iterator[_Activity]:
    for entry in _active(root.iterfind("Activities_List/Activity")):
        duration = _text(entry, "Duration")
        identifier, subject = _text(entry, "Id"), _text(entry, "Subject")
        named = _texts(entry, "Students")
        activity = _Activity(
            identifier,
            subject,
            ", ".join(_texts(entry, "Teacher")),
            tuple(name for name in named if name in audiences),
            int(duration) if _DURATION.fullmatch(duration) else 1,
        )
        if not named:
            faults.add(activity.place, "activity-without-students", NO_STUDENTS(activity=identifier, subject=subject))
        for name in named:
            if name not in audiences:
                reason = UNKNOWN_STUDENTS(students=name, activity=identifier)
                faults.add(activity.place, "unknown-students", reason)
        yield activity


def _starts(root: Element, grid: _Grid, faults: Faults) -> dict[str, _Start]:
    """The starts of activities by identifier."""
    hours = list(grid.hours)
    starts: dict[str, _Start] = {}
    path = "Time_Constraints_List/ConstraintActivityPreferredStartingTime"
    for given in _active(root.iterfind(path)):
        identifier = _text(given, "Activity_Id")
        day = _text(given, "Preferred_Day") or _text(given, "Day")
        hour = _text(given, "Preferred_Hour") or _text(given, "Hour")
        if _text(given, "Weight_Percentage") not in (_CERTAIN, ""):
            continue
        if day in grid.days and hour in grid.hours:
            starts[identifier] = _Start(*grid.days[day], hours.index(hour))
        else:
            faults.add(f"activity {identifier}", "unknown-time", UNKNOWN_TIME(day=day, hour=hour))
    return starts


def _rooms(root: Element) -> dict[str, str]:
    """The room of each activity: the assigned one, or the only one allowed."""
    rooms: dict[str, str] = {}
    for allowed in _active(root.iterfind("Space_Constraints_List/ConstraintActivityPreferredRooms")):
        names = _texts(allowed, "Preferred_Room")
        if len(names) == 1:
            rooms[_text(allowed, "Activity_Id")] = names[0]
    for given in _active(root.iterfind("Space_Constraints_List/ConstraintActivityPreferredRoom")):
        rooms[_text(given, "Activity_Id")] = _text(given, "Room")
    return rooms


def _lessons(project: _Project, faults: Faults) -> Iterator[TimetableLesson]:
    numbers = list(project.grid.hours.values())
    for activity in project.activities:
        start = project.starts.get(activity.identifier)
        if start is None:
            continue
        held = numbers[start.hour : start.hour + activity.duration]
        if len(held) < activity.duration:
            reason = BEYOND_DAY(activity=activity.identifier, subject=activity.subject)
            faults.add(activity.place, "beyond-day", reason)
        for number in held:
            yield from _at(project, activity, start, number)


def _at(project: _Project, activity: _Activity, start: _Start, number: int) -> Iterator[TimetableLesson]:
    """Yield the lessons of all participants in one of the activity's hours."""
    room = project.rooms.get(activity.identifier, "")
    for class_name, group in project.audience(activity):
        yield TimetableLesson(
            place=activity.place,
            class_name=class_name,
            group=group,
            weekday=start.weekday,
            number=number,
            week=start.week,
            subject=activity.subject,
            teacher=activity.teacher,
            room=room,
        )


def _unplaced(project: _Project, faults: Faults) -> Iterator[UnplacedLessons]:
    for activity in project.activities:
        if activity.identifier in project.starts:
            continue
        reason = UNPLACED(activity=activity.identifier, subject=activity.subject)
        faults.add(activity.place, "unplaced", reason)
        hours = Decimal(activity.duration) / project.grid.weeks
        for class_name, group in project.audience(activity):
            yield UnplacedLessons(activity.place, class_name, group, activity.subject, activity.teacher, hours)


def _bells(grid: _Grid) -> Iterator[Bell]:
    """Yield the bells if the names of hours contain times of the day: `9.30 - 11.00`, `08:30`."""
    for name, number in grid.hours.items():
        clocks = [time(int(hour), int(minute)) for hour, minute in _CLOCK.findall(name)]
        if clocks:
            yield Bell(number, clocks[0], clocks[1] if len(clocks) > 1 else None)
