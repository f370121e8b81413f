"""What one cell of a timetable says: subjects and subgroups, with the rooms and teachers beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.gradebook.timetable.readers.timetable import Week

#: A stroke outside brackets divides a cell, but not one between digits (`1/2`).
_DIVIDES: Final = re.compile(r"(?<![0-9])\s*/\s*(?![^()]*\))|\s*/\s*(?![0-9\s])(?![^()]*\))")
_LIST: Final = re.compile(r"\s*[/;,\n]\s*")
_EMPTY: Final = re.compile(r"[\s\-–—_.]*")
_SURNAME: Final = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
#: Subjects of one word, which look like a surname before initials.
_SUBJECT: Final = (
    r"(?:(?:Алгебр|Математик|Физик|Музык|Литератур|Информатик|Физкультур)[аы]|(?:Геометри|Хими|Биологи|Географи|Истори"
    r"|Технологи|Астрономи|Экономик)[яи]|Обществознание|Право|Труд|Чтение|Черчение|Родн(?:ой|ая)|Иностранный"
    r"|(?:Англий|Рус|Француз|Испан|Китай|Итальян|Татар|Башкир|Казах|Чуваш|Удмурт)ск(?:ий|ая)|Немецк(?:ий|ая))\b"
)
#: What a surname ends with, where initials stand between two words: `Алгебра А.А. Иванова`.
_SURNAME_BY_ENDING: Final = (
    rf"(?!{_SUBJECT})[А-ЯЁ][а-яё-]*(?:[оеё]ва?|[иы]на?|[цс]к(?:ий|ая)|ко|[уюа]к|ич|ян|дзе|швили)\b"
)
_FULL_NAME: Final = rf"{_SURNAME}\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|ьич|вна|чна)\b"
#: Neither initials nor a first name and a patronymic, which would make the word before them another teacher's surname.
_NO_NAME_FOLLOWS: Final = r"(?!\s+(?:[А-ЯЁ]\.|[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|ьич|вна|чна)\b))"
_WORD_BEFORE_A_TEACHER: Final = (
    rf"(?:{_SUBJECT}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?(?!{_SUBJECT}){_SURNAME}"
    rf"|(?!{_SURNAME_BY_ENDING}){_SURNAME}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_SURNAME_BY_ENDING}){_NO_NAME_FOLLOWS}"
)
#: `А.А. Иванова`, `Иванова А.А.`, also without the last point, and `Иванова Анна Петровна`.
TEACHER: Final = re.compile(
    rf"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_SURNAME}|(?!{_WORD_BEFORE_A_TEACHER}){_SURNAME}\s+[А-ЯЁ]\.(?:\s*[А-ЯЁ](?![а-яё])\.?)?"
    rf"|{_FULL_NAME}"
)
#: Words with a stroke inside, as halls and groups are written: с/з, м/з, п/г; it divides nothing.
_STROKED: Final = re.compile(r"\b([а-яё]{1,3})\s?/\s?(з(?:ал)?|гр?)\b", re.IGNORECASE)
#: Stands for the stroke of such a word while strokes divide.
_KEPT: Final = "\u2215"
#: Subgroups that learn at one time; a cell of more pieces is one text.
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
#: A longer text is a note on the sheet, not a lesson.
LONGEST_CELL: Final = 200


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A subject, and who of the class learns it, where and with whom; `group` "" where the cell names none."""

    subject: str
    group: str = ""
    week: Week = ""
    teacher: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class LessonCell:
    """The parts of a cell, and whether its rooms and teachers could be told apart by part."""

    parts: tuple[LessonPart, ...] = ()
    matched: bool = True


def lesson_cell(text: str, rooms: str = "", teachers: str = "") -> LessonCell:
    """What a cell and the ones beside it say; no parts where it is empty or a dash.

    A stroke divides subjects, rooms and teachers. As many rooms as subjects, or several rooms for one subject, are
    subgroups, numbered from 1 where they are not named. Two subjects in one room are one lesson: who learns which, and
    when, the sheet does not say. Rooms or teachers that fit neither way are kept, all of them, with each subject.
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
    """What stands beside each of `count` parts: its own, the only one, or all where it cannot be told."""
    return column if len(column) == count else [", ".join(column)] * count


def _pieces(text: str) -> list[str]:
    """The texts of a cell's subgroups: divided by strokes, or by lines that each name their subgroup."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(_GROUP.search(line) or _NAMED_GROUP.search(line) for line in lines):
        return lines
    pieces = [piece for piece in _DIVIDES.split(text) if not _EMPTY.fullmatch(piece)]
    return pieces if 0 < len(pieces) <= _MOST_PIECES else [text]


def _part(text: str) -> LessonPart:
    """Subject, group, week, teacher and room of one piece: what is none of the others is the subject."""
    text, teachers = _taken(text, TEACHER)
    text, rooms = _taken(text, _ROOM)
    text, weeks = _taken(text, _WEEK)
    text, numbers = _taken(text, _GROUP)
    text, names = _taken(text, _NAMED_GROUP)
    subject = _SPACES.sub(" ", text).strip(" ,;–-")
    return LessonPart(subject, ", ".join(numbers + names), _week(weeks), ", ".join(teachers), ", ".join(rooms))


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text without what the pattern finds, and what it found: its filled group, or the whole."""
    found = [next((group for group in match.groups() if group), match[0]) for match in pattern.finditer(text)]
    return pattern.sub(" ", text), [_SPACES.sub(" ", one) for one in found]


def _week(marks: list[str]) -> Week:
    if not marks:
        return ""
    return "1" if marks[0].casefold() in _ODD else "2"


def _grouped(parts: Sequence[LessonPart]) -> list[LessonPart]:
    """Parts with a group each: numbers where none is named; none where one part has the class, or weeks divide it."""
    if len(parts) == 1 or all(part.week for part in parts):
        return list(parts)
    return [replace(part, group=part.group or str(number)) for number, part in enumerate(parts, 1)]
