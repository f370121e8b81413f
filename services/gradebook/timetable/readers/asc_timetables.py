"""Reads the XML export of aSc Timetables («aSc Расписание»): cards placed in a week, and the entries they refer to."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

from formats.faults import Faults
from formats.result import Fault, Reading, refused
from formats.safe_xml import parsed
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.timetable import (
    MOST_LESSONS,
    NOT_A_TIMETABLE,
    TOO_MANY_LESSONS,
    Bell,
    Timetable,
    TimetableLesson,
    UnplacedLessons,
    Week,
    timetable_reading,
)

_BITS: Final = re.compile(r"[01]{1,7}")
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_PERIOD: Final = re.compile(r"[0-9]{1,2}")
_HOURS: Final = re.compile(r"[0-9]{1,3}([.,][0-9]{1,3})?")
_WEEKDAY: Final = re.compile(r"[0-7]")
#: The option of files in which `day` counts from 1.
_FROM_ONE: Final = "daynumbering1"
#: The most characters of a name.
_LONGEST_NAME: Final = 200
#: The most teachers or rooms of one lesson.
_MOST_NAMES: Final = 30
#: The kinds of entries whose names are needed; lessons and cards refer to them by identifier.
_NAMED: Final = ("subject", "teacher", "classroom", "class")
_SECTIONS: Final = {"class": "classes"}
_LAST_WEEKDAY: Final = 7
#: Odd and even weeks are supported, longer cycles are not.
_WEEKS: Final = 2

NO_LESSON = Phrase(
    ru="Карточка ссылается на урок «{lesson}», которого в файле нет.",
    en="The card refers to the lesson “{lesson}”, which is not in the file.",
)
NO_TIME = Phrase(
    ru="У карточки не указаны день и номер урока (дни «{days}», урок «{period}»).",
    en="The card names no day and period (days “{days}”, period “{period}”).",
)
NO_CLASS = Phrase(
    ru="Предмет «{subject}» не относится ни к одному классу; его уроки пропущены.",
    en="The subject “{subject}” belongs to no class; its lessons are left out.",
)
NO_SUBJECT = Phrase(
    ru="У урока не указан предмет; он прочитан без названия.",
    en="The lesson names no subject; it is read without a title.",
)
BAD_HOURS = Phrase(
    ru="Число уроков в неделю «{hours}» не читается: сколько из них не поставлено, не известно.",
    en="The number of lessons a week “{hours}” cannot be read: how many have no place is not known.",
)
MANY_WEEKS = Phrase(
    ru="Чередование недель больше двух не поддерживается: урок записан на каждую неделю (недели «{weeks}»).",
    en="A cycle of more than two weeks is not supported: the lesson is taken for every week (weeks “{weeks}”).",
)
SOME_TERMS = Phrase(
    ru="Урок по предмету «{subject}» стоит не во всех учебных периодах; он записан на весь год.",
    en="The lesson of “{subject}” is not held in all terms; it is taken for the whole year.",
)
UNKNOWN = Phrase(
    ru="В файле нет записи «{id}», на которую здесь есть ссылка.",
    en="The file has no entry “{id}”, which is referred to here.",
)
BELLS_DIFFER = Phrase(
    ru="Время урока {number} указано дважды и по-разному: взято первое.",
    en="The time of lesson {number} is given twice, differently: the first was taken.",
)
UNPLACED = Phrase(
    ru="Предмет «{subject}»: уроков в неделю, которым не нашлось места в расписании, – {hours}.",
    en="Subject “{subject}”: lessons a week that have no place in the timetable: {hours}.",
)


MANY_NAMES = Phrase(
    ru="Учителей или кабинетов у одного урока слишком много ({count}): взяты первые {most}.",
    en="One lesson has too many teachers or rooms ({count}): the first {most} were taken.",
)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """The lesson of a card: a subject taught to classes and groups, for so many hours a week."""

    place: str
    subject: str
    teacher: str
    audience: tuple[tuple[str, str], ...]
    hours: Decimal


class _Names:
    """Names by kind of entry and identifier. An unknown identifier adds a fault and has no name.

    Identifiers are unique only within a kind: in files of 2008 a subject, a teacher and a class may all be `*1`.
    """

    def __init__(self, root: Element, faults: Faults) -> None:
        self.faults = faults
        self._names = {
            (kind, entry.get("id", "")): entry.get("name", "").strip()[:_LONGEST_NAME]
            for kind in _NAMED
            for entry in root.iterfind(f"{_SECTIONS.get(kind, kind + 's')}/{kind}")
        }

    def one(self, kind: str, identifier: str, place: str) -> str:
        if identifier and (kind, identifier) not in self._names:
            self.unknown(identifier, place)
        return self._names.get((kind, identifier), "")

    def unknown(self, identifier: str, place: str) -> None:
        self.faults.add(place, "unknown-reference", UNKNOWN(id=identifier))

    def joined(self, kind: str, identifiers: Sequence[str], place: str) -> str:
        if len(identifiers) > _MOST_NAMES:
            self.faults.add(place, "many-names", MANY_NAMES(count=len(identifiers), most=_MOST_NAMES))
            identifiers = identifiers[:_MOST_NAMES]
        return ", ".join(filter(None, (self.one(kind, identifier, place) for identifier in identifiers)))


def read_asc_timetables(content: bytes) -> Reading[Timetable]:
    """Read the timetable in an aSc export: one lesson for each card, day, class and group.

    `days` and `weeks` are strings of bits, Monday first; in files of 2008 `day` is a number. The group
    `entireclass="1"` is the whole class (aSc Timetables XML, 2008–2012). Faults name cards without a lesson, lessons
    without a class and lessons without a place in the week.
    """
    root = parsed(content)
    if isinstance(root, Fault):
        return Reading(None, (root,))
    if root.tag != "timetable" or root.find("cards") is None:
        return refused("not-asc-timetables", NOT_A_TIMETABLE())
    faults = Faults()
    names = _Names(root, faults)
    lessons = _lessons(root, names)
    if lessons is None:
        return refused("too-many-lessons", TOO_MANY_LESSONS(most=MOST_LESSONS))
    placed: Counter[str] = Counter()
    return timetable_reading(
        _cards(root, lessons, names, placed), _unplaced(lessons, placed, faults), _bells(root, faults), faults
    )


def _lessons(root: Element, names: _Names) -> dict[str, _Lesson] | None:
    """The lessons by identifier; None if their classes and groups are too many."""
    groups = {
        group.get("id", ""): (group.get("classid", ""), _group_name(group)) for group in root.iterfind("groups/group")
    }
    lessons: dict[str, _Lesson] = {}
    left = MOST_LESSONS
    for entry in root.iterfind("lessons/lesson"):
        lesson = _lesson(entry, names, groups)
        left -= len(lesson.audience)
        if left < 0:
            return None
        lessons[entry.get("id", "")] = lesson
    return lessons


def _group_name(group: Element) -> str:
    return "" if group.get("entireclass") == "1" else group.get("name", "").strip()


def _lesson(entry: Element, names: _Names, groups: dict[str, tuple[str, str]]) -> _Lesson:
    place = f"lesson {entry.get('id', '')}"
    lesson = _Lesson(
        place,
        names.one("subject", entry.get("subjectid", ""), place),
        names.joined("teacher", _ids(entry, "teacherids"), place),
        tuple(_audience(entry, names, groups, place)),
        _hours(entry.get("periodsperweek", ""), place, names.faults),
    )
    if not entry.get("subjectid"):
        names.faults.add(place, "lesson-without-subject", NO_SUBJECT())
    if not lesson.audience:
        names.faults.add(place, "lesson-without-class", NO_CLASS(subject=lesson.subject))
    return lesson


def _hours(text: str, place: str, faults: Faults) -> Decimal:
    """Parse lessons a week, with a decimal point or comma; 0 if absent."""
    if text and not _HOURS.fullmatch(text):
        faults.add(place, "bad-hours", BAD_HOURS(hours=text[:_LONGEST_NAME]))
        return Decimal(0)
    return Decimal(text.replace(",", ".") or 0)


def _audience(
    entry: Element, names: _Names, groups: dict[str, tuple[str, str]], place: str
) -> Iterator[tuple[str, str]]:
    """Yield the (class, group) names of a lesson; a class without a named group is whole."""
    of_class: defaultdict[str, list[str]] = defaultdict(list)
    for identifier in _ids(entry, "groupids"):
        if identifier in groups:
            class_id, group = groups[identifier]
            of_class[class_id].append(group)
        else:
            names.unknown(identifier, place)
    for class_id in dict.fromkeys([*_ids(entry, "classids"), *of_class]):
        class_name = names.one("class", class_id, place)
        if class_name:
            yield from ((class_name, group) for group in of_class.get(class_id, [""]))


def _cards(
    root: Element, lessons: dict[str, _Lesson], names: _Names, placed: Counter[str]
) -> Iterator[TimetableLesson]:
    """Yield the lessons that cards place; `placed` counts their half-weekly hours by the lesson's identifier."""
    first_day = 1 if _FROM_ONE in root.get("options", "") else 0
    for index, card in enumerate(root.iterfind("cards/card"), 1):
        place, identifier = f"card {index}", card.get("lessonid", "")
        lesson = lessons.get(identifier)
        days, period = _days(card, first_day), card.get("period", "")
        if lesson is None:
            names.faults.add(place, "card-without-lesson", NO_LESSON(lesson=identifier))
        elif not days or not _PERIOD.fullmatch(period):
            names.faults.add(
                place, "card-without-time", NO_TIME(days=card.get("days", card.get("day", "")), period=period)
            )
        else:
            week = _week(card, place, names.faults)
            placed[identifier] += len(days) * (1 if week else _WEEKS)
            room = names.joined("classroom", _ids(card, "classroomids"), place)
            _note_terms(card, place, lesson.subject, names.faults)
            for weekday in days:
                for name, group in lesson.audience:
                    yield TimetableLesson(
                        place, name, group, weekday, int(period), week, lesson.subject, lesson.teacher, room
                    )


def _ids(element: Element, attribute: str) -> list[str]:
    """The identifiers that an attribute lists, without repetitions."""
    parts = (part.strip() for part in element.get(attribute, "").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _days(card: Element, first_day: int) -> list[int]:
    """The weekdays of a card, Monday as 1; `first_day` is the number of Monday in a card's `day`."""
    number = card.get("day", "")
    if "days" not in card.attrib and _WEEKDAY.fullmatch(number):
        return [weekday] if 1 <= (weekday := int(number) - first_day + 1) <= _LAST_WEEKDAY else []
    return _bits(card.get("days", ""))


def _bits(text: str) -> list[int]:
    """The positions, from 1, of the ones in `10000` or `10000,01000`; empty for other texts."""
    parts = [part.strip() for part in text.split(",")]
    if not all(_BITS.fullmatch(part) for part in parts):
        return []
    return sorted({place for part in parts for place, bit in enumerate(part, 1) if bit == "1"})


def _week(card: Element, place: str, faults: Faults) -> Week:
    weeks = card.get("weeks", "")
    longest = _longest(weeks)
    if longest > _WEEKS:
        faults.add(place, "many-weeks", MANY_WEEKS(weeks=weeks))
    if longest != _WEEKS:
        return ""
    held = _bits(weeks)
    return "1" if held == [1] else "2" if held == [2] else ""


def _longest(bits: str) -> int:
    return max(len(part.strip()) for part in bits.split(","))


def _note_terms(card: Element, place: str, subject: str, faults: Faults) -> None:
    terms = card.get("terms", "")
    if len(_bits(terms)) < _longest(terms):
        faults.add(place, "some-terms", SOME_TERMS(subject=subject))


def _unplaced(lessons: dict[str, _Lesson], placed: Counter[str], faults: Faults) -> Iterator[UnplacedLessons]:
    """Yield the hours of lessons that exceed their cards. Call after the cards are read: they fill `placed`."""
    for identifier, lesson in lessons.items():
        missing = lesson.hours - Decimal(placed[identifier]) / _WEEKS
        if missing > 0:
            faults.add(lesson.place, "unplaced", UNPLACED(subject=lesson.subject, hours=missing))
            for name, group in lesson.audience:
                yield UnplacedLessons(lesson.place, name, group, lesson.subject, lesson.teacher, missing)


def _bells(root: Element, faults: Faults) -> Iterator[Bell]:
    """Yield the bell of each period; of different ones of one period the first, with a fault."""
    first: dict[int, Bell] = {}
    for period in root.iterfind("periods/period"):
        number, starts = period.get("period", ""), _clock(period.get("starttime", ""))
        if starts is None or not _PERIOD.fullmatch(number):
            continue
        bell = Bell(int(number), starts, _clock(period.get("endtime", "")))
        if bell.number not in first:
            yield first.setdefault(bell.number, bell)
        elif first[bell.number] != bell:
            faults.add(f"period {number}", "bells-differ", BELLS_DIFFER(number=number))


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text.strip())
    return time(int(found[1]), int(found[2])) if found else None
