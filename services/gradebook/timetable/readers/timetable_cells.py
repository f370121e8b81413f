"""Parses one cell of a timetable: subjects and subgroups with their rooms and teachers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.gradebook.timetable.readers.timetable import Week

#: A slash divides a cell, unless it is inside brackets or between digits (`1/2`).
_DIVIDES: Final = re.compile(r"(?<![0-9])\s*/\s*(?![^()]*\))|\s*/\s*(?![0-9\s])(?![^()]*\))")
_LIST: Final = re.compile(r"\s*[/;,\n]\s*")
_EMPTY: Final = re.compile(r"[\s\-–—_.]*")
_SURNAME: Final = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
#: Subjects of one word, which could be taken for a surname before initials.
_SUBJECT: Final = (
    r"(?:(?:Алгебр|Математик|Физик|Музык|Литератур|Информатик|Физкультур)[аы]|(?:Геометри|Хими|Биологи|Географи|Истори"
    r"|Технологи|Астрономи|Экономик)[яи]|Обществознание|Право|Труд|Чтение|Черчение|Родн(?:ой|ая)|Иностранный"
    r"|(?:Англий|Рус|Француз|Испан|Китай|Итальян|Татар|Башкир|Казах|Чуваш|Удмурт)ск(?:ий|ая)|Немецк(?:ий|ая))\b"
)
#: Endings of surnames, to decide which word initials belong to: `Алгебра А.А. Иванова`.
_SURNAME_BY_ENDING: Final = (
    rf"(?!{_SUBJECT})[А-ЯЁ][а-яё-]*(?:[оеё]ва?|[иы]на?|[цс]к(?:ий|ая)|ко|[уюа]к|ич|ян|дзе|швили)\b"
)
_FULL_NAME: Final = rf"{_SURNAME}\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|ьич|вна|чна)\b"
#: No initials or first name and patronymic follow: the word before them would be another teacher's surname.
_NO_NAME_FOLLOWS: Final = r"(?!\s+(?:[А-ЯЁ]\.|[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|ьич|вна|чна)\b))"
_WORD_BEFORE_A_TEACHER: Final = (
    rf"(?:{_SUBJECT}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?(?!{_SUBJECT}){_SURNAME}"
    rf"|(?!{_SURNAME_BY_ENDING}){_SURNAME}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_SURNAME_BY_ENDING}){_NO_NAME_FOLLOWS}"
)
#: `А.А. Иванова`, `Иванова А.А.`, also without the last dot, and `Иванова Анна Петровна`.
TEACHER: Final = re.compile(
    rf"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_SURNAME}|(?!{_WORD_BEFORE_A_TEACHER}){_SURNAME}\s+[А-ЯЁ]\.(?:\s*[А-ЯЁ](?![а-яё])\.?)?"
    rf"|{_FULL_NAME}"
)
#: Abbreviations of halls and groups that contain a slash: с/з, м/з, п/г. It does not divide the cell.
_STROKED: Final = re.compile(r"\b([а-яё]{1,3})\s?/\s?(з(?:ал)?|гр?)\b", re.IGNORECASE)
#: Replaces the slash of such an abbreviation while the cell is divided.
_KEPT: Final = "\u2215"
#: The most subgroups at one time; a cell of more pieces is not divided.
_MOST_PIECES: Final = 12
_ROOM: Final = re.compile(
    r"\(?\b(?:каб|кабинет|ауд)\b\.?\s*№?\s*([0-9]+[а-я]?(?:\s*[/,]\s*[0-9]+[а-я]?)*)\)?|\bк\.\s*([0-9]+[а-я]?)|\(([0-9]{2,4}[а-я]?)\)|\s([0-9]{3})$",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(
    r"\(?(?<![0-9/])([1-9])\s*-?я?\s*(?:(?:под)?гр(?:уппа)?|п[/\u2215]гр?)\b\.?\)?", re.IGNORECASE
)
_NAMED_GROUP: Final = re.compile(r"\(\s*(мальчики|девочки|юноши|девушки|мал|дев)\.?\s*\)", re.IGNORECASE)
_ODD: Final = ("нечётная", "нечетная", "нечётн", "нечетн", "нечёт", "нечет", "неч", "числитель", "числ", "1")
_EVEN: Final = ("чётная", "четная", "чётн", "четн", "чёт", "чет", "знаменатель", "знам", "2")
_WEEK: Final = re.compile(
    rf"\(?\b({'|'.join(_ODD[:-1] + _EVEN[:-1])})\b\.?(?:\s*нед[а-я]*\b\.?)?\)?|\(?\b([12])\s*-?я?\s*нед[а-я]*\b\.?\)?",
    re.IGNORECASE,
)
_SPACES: Final = re.compile(r"\s+")
#: Longer texts are notes, not lessons.
LONGEST_CELL: Final = 200


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A subject with group, week, teacher and room; `group` is "" if the cell names none."""

    subject: str
    group: str = ""
    week: Week = ""
    teacher: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class LessonCell:
    """The parts of a cell, and whether its rooms and teachers could be assigned to them."""

    parts: tuple[LessonPart, ...] = ()
    matched: bool = True


def lesson_cell(text: str, rooms: str = "", teachers: str = "") -> LessonCell:
    """Parse a cell and the cells beside it; no parts if it is empty or a dash.

    A slash divides subjects, rooms and teachers. As many rooms as subjects, or several rooms for one subject, are
    subgroups, numbered from 1 if unnamed. Two subjects in one room are one lesson, since the sheet does not say who
    learns which, and when. Rooms or teachers that fit neither way are all kept with each subject.
    """
    if _EMPTY.fullmatch(text):
        return LessonCell()
    text, rooms = (_STROKED.sub(rf"\1{_KEPT}\2", one) for one in (text, rooms))
    parts = [_part(piece) for piece in _pieces(text)]
    parts = [replace(part, subject=part.subject or parts[0].subject) for part in parts]
    beside = [_listed(rooms), _listed(teachers)]
    most = max(map(len, beside))
    if most == 1 and not all(part.group or part.week for part in parts):
        parts = [_part(text)]
    if len(parts) == 1:
        parts *= max(1, most)
    count = len(parts)
    matched = all(len(column) in (0, 1, count) for column in beside)
    room, teacher = (_shared(column, count) for column in beside)
    joined = [
        replace(
            part,
            subject=part.subject.replace(_KEPT, "/"),
            room=(part.room or room[index]).replace(_KEPT, "/"),
            teacher=part.teacher or teacher[index],
        )
        for index, part in enumerate(parts)
    ]
    return LessonCell(tuple(_grouped(joined)), matched)


def _listed(text: str) -> list[str]:
    return [_SPACES.sub(" ", part).strip() for part in _LIST.split(text) if not _EMPTY.fullmatch(part)]


def _shared(column: list[str], count: int) -> list[str]:
    """The room or teacher of each of `count` parts: its own, the only one, or all if they cannot be assigned."""
    return column if len(column) == count else [", ".join(column)] * count


def _pieces(text: str) -> list[str]:
    """The texts of a cell's subgroups, divided by slashes, or by lines if each names its subgroup."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(_GROUP.search(line) or _NAMED_GROUP.search(line) for line in lines):
        return lines
    pieces = [piece for piece in _DIVIDES.split(text) if not _EMPTY.fullmatch(piece)]
    return pieces if 0 < len(pieces) <= _MOST_PIECES else [text]


def _part(text: str) -> LessonPart:
    """Parse one piece; the text that remains after teacher, room, week and group is the subject."""
    text, teachers = _taken(text, TEACHER)
    text, rooms = _taken(text, _ROOM)
    text, weeks = _taken(text, _WEEK)
    text, numbers = _taken(text, _GROUP)
    text, names = _taken(text, _NAMED_GROUP)
    subject = _SPACES.sub(" ", text).strip(" ,;–-")
    return LessonPart(subject, ", ".join(numbers + names), _week(weeks), ", ".join(teachers), ", ".join(rooms))


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text without the pattern's matches, and the matches: each its filled group, or the whole match."""
    found = [next((group for group in match.groups() if group), match[0]) for match in pattern.finditer(text)]
    return pattern.sub(" ", text), [_SPACES.sub(" ", one) for one in found]


def _week(marks: list[str]) -> Week:
    if not marks:
        return ""
    return "1" if marks[0].casefold() in _ODD else "2"


def _grouped(parts: Sequence[LessonPart]) -> list[LessonPart]:
    """Number the unnamed groups of parts, unless there is one part, or the parts differ by week."""
    if len(parts) == 1 or all(part.week for part in parts):
        return list(parts)
    return [replace(part, group=part.group or str(number)) for number, part in enumerate(parts, 1)]
