"""Reads projects of FET, the free timetabling program: activities, their participants, times and rooms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element

from formats.faults import Faults
from formats.result import Fault, Reading, refused
from formats.safe_xml import parsed
from formats.weekdays import weekday_within
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.class_names import class_names
from services.gradebook.timetable.readers.lesson_numbers import lesson_number_of
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
#: The most days of one weekday: of two weeks, or halves of a day.
_WEEKS: Final = 2
_SHOWN: Final = 200
#: FET's modes in which each day of the list is half a day.
_OF_HALVES: Final = frozenset({"mornings-afternoons"})
_LATER_HALF: Final = re.compile(
    r"вечер|(?<![а-яё])(?:день|дн[её]м)(?![а-яё])|после ?обеда|2|afternoon|evening|(?<![a-zа-яё])(?:p\.?m|s)\b",
    re.IGNORECASE,
)
#: Words of halves of a day.
_HALF: Final = re.compile(
    r"утр[оа]м?|вечер|(?<![а-яё])(?:день|дн[её]м)(?![а-яё])|(?:до|после) ?обеда?|смен[аы]|половин"
    r"|morning|afternoon|evening|(?<![a-zа-яё])[ap]\.?m(?![a-zа-яё])|(?<![a-zа-яё])[ms](?![a-zа-яё])",
    re.IGNORECASE,
)
#: Words and letters of alternating weeks.
_WEEK: Final = re.compile(r"нед|week|ч[её]т|числ|знам|верхн|нижн|(?<![a-zа-яё])[авab](?![a-zа-яё])", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\b([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\b")
_DURATION: Final = re.compile(r"[1-9][0-9]?")
#: The weight of a binding constraint; one with a lower weight is only a preference.
_CERTAIN: Final = "100"

TOO_MANY_DAYS = Phrase(
    ru="В файле больше {days} дней или {hours} уроков в дне; такое расписание не читается.",
    en="The file has more than {days} days or {hours} lessons a day; such a timetable is not read.",
)
NOT_WEEKDAYS = Phrase(
    ru="Дни в файле – не дни недели ({days}): назовите их в FET днями недели, половинами дня или неделями.",
    en="The file's days are no days of the week ({days}): name them in FET by weekdays, also with halves or weeks.",
)
BELLS_OF_HALVES = Phrase(
    ru="Дни разделены на половины, а время уроков у них общее: звонки не взяты.",
    en="Days are divided into halves that share the times of their hours: bells were not taken.",
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
class _Day:
    """A day of the file: its weekday and week, and what to add to numbers of lessons in a second half of a weekday."""

    weekday: int
    week: Week
    offset: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """The days and the hours, as numbers, by their names in the file."""

    days: dict[str, _Day]
    hours: dict[str, int]

    @property
    def weeks(self) -> int:
        """The number of weeks in the file."""
        return 2 if any(day.week for day in self.days.values()) else 1

    @property
    def has_halves(self) -> bool:
        """Whether some days are second halves of weekdays."""
        return any(day.offset for day in self.days.values())


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
    """The start of an activity: its day, and the position of its first hour in it."""

    day: _Day
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
    days (`А-Понедельник`, `В-Понедельник`) are weeks 1 and 2; halves of days (`Пн утро`, `Пн день`) are one weekday. A
    file whose days are no weekdays is refused. Format: FET 5 and 6.
    """
    root = parsed(content)
    if isinstance(root, Fault):
        return Reading(None, (root,))
    if root.tag.lower() != "fet" or root.find("Activities_List") is None:
        return refused("not-fet", NOT_A_TIMETABLE())
    if len(root.findall("Days_List/Day")) > MOST_DAYS or len(root.findall("Hours_List/Hour")) > MOST_HOURS:
        return refused("too-many-days", TOO_MANY_DAYS(days=MOST_DAYS, hours=MOST_HOURS))
    faults = Faults()
    grid = _grid(root)
    if grid is None:
        names = ", ".join(dict.fromkeys(_names(root, "Days_List/Day")))
        return refused("days-not-weekdays", NOT_WEEKDAYS(days=names[:_SHOWN]))
    project = _project(root, grid, faults)
    bells = list(_bells(grid))
    if bells and grid.has_halves:
        faults.add("", "bells-of-halves", BELLS_OF_HALVES())
        bells = []
    return timetable_reading(_lessons(project, faults), _unplaced(project, faults), bells, faults)


def _project(root: Element, grid: _Grid, faults: Faults) -> _Project:
    audiences = _audiences(root)
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


def _names(root: Element, path: str) -> list[str]:
    return [_text(element, "Name") for element in root.iterfind(path)]


def _grid(root: Element) -> _Grid | None:
    """The days and hours of the file; None where its days are no weekdays."""
    hours = _names(root, "Hours_List/Hour")
    days = _days(_names(root, "Days_List/Day"), _text(root, "Mode"), len(hours))
    return None if days is None else _Grid(days, dict(zip(hours, _numbers(hours))))


def _days(names: list[str], mode: str, hours: int) -> dict[str, _Day] | None:
    """The weekday, week and half of each day; None where their names do not tell.

    Days are weekdays by their own words, never by their order. Two of one weekday are halves of it if their words say
    so, or in FET's mode of mornings and afternoons; they are days of alternating weeks if their words do, or stand in
    two blocks. Numbers of a second half go on behind those of the first, as many as a half has hours.
    """
    weekdays = [weekday_within(name) for name in names]
    counts = Counter(weekdays)
    if None in counts or max(counts.values(), default=0) > _WEEKS:
        return None
    twice = [day for day in weekdays if counts[day] == _WEEKS]
    halves = mode.casefold() in _OF_HALVES or _are_halves(names, weekdays, twice)
    if twice and not halves and not _are_weeks(names, weekdays):
        return None
    days: dict[str, _Day] = {}
    for position, (name, day) in enumerate(zip(names, weekdays)):
        second = day in weekdays[:position]
        if halves:
            of_day = [one for one, other in zip(names, weekdays) if other == day]
            days[name] = _Day(day or 0, "", hours if _is_later(name, of_day, second=second) else 0)
        else:
            days[name] = _Day(day or 0, "" if counts[day] == 1 else "2" if second else "1", 0)
    return days


def _is_later(name: str, of_day: list[str], *, second: bool) -> bool:
    """Whether a half of a weekday is the later one: by its words, else by the order of the file."""
    told = [_LATER_HALF.search(one) is not None for one in of_day]
    return told[of_day.index(name)] if len(of_day) == 1 or sum(told) == 1 else second


def _are_halves(names: list[str], weekdays: list[int | None], twice: list[int | None]) -> bool:
    """Whether two days of one weekday are halves of it: by words, or by numbers where they stand side by side."""
    told = [bool(_HALF.search(name)) for name, day in zip(names, weekdays) if day in twice]
    beside = all(first == second for first, second in zip(weekdays[::2], weekdays[1::2])) and len(set(weekdays)) > 1
    return bool(told) and (all(told) or (beside and not any(_WEEK.search(name) for name in names)))


def _are_weeks(names: list[str], weekdays: list[int | None]) -> bool:
    """Whether days that occur twice are those of two weeks: by words or letters, or as two blocks of different days."""
    blocks = len(set(weekdays)) > 1 and all(before != after for before, after in pairwise(weekdays))
    return blocks or all(_WEEK.search(name) for name in names)


def _numbers(hours: list[str]) -> list[int]:
    """The number in each hour's name (`0`, `1 урок`), or its position if the names are not numbers."""
    found = [lesson_number_of(hour) for hour in hours]
    numbers = [one.number for one in found if one]
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
            starts[identifier] = _Start(grid.days[day], hours.index(hour))
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
            yield from _at(project, activity, start.day, number + start.day.offset)


def _at(project: _Project, activity: _Activity, day: _Day, number: int) -> Iterator[TimetableLesson]:
    """Yield the lessons of all participants in one of the activity's hours."""
    room = project.rooms.get(activity.identifier, "")
    for class_name, group in project.audience(activity):
        yield TimetableLesson(
            place=activity.place,
            class_name=class_name,
            group=group,
            weekday=day.weekday,
            number=number,
            week=day.week,
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
