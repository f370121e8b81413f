"""Parses one cell of a timetable: subjects and subgroups with their rooms and teachers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

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
    r"\(?\b(?:каб|кабинет|ауд)\b\.?\s*№?\s*([0-9]+[а-я]?(?:\s*[/,]\s*[0-9]+[а-я]?)*)\)?|\bк\.\s*([0-9]+[а-я]?)"
    r"|\(([0-9]{2,4}[а-я]?)\)|\s([0-9]{3}(?:\s*[/,]\s*[0-9]{3})*)$",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(
    r"\(?(?<![0-9/])([1-9])\s*-?я?\s*(?:(?:под)?гр(?:уппа)?|п[/\u2215]гр?)\b\.?\)?", re.IGNORECASE
)
_NAMED_GROUP: Final = re.compile(r"\(\s*(мальчики|девочки|юноши|девушки|мал|дев)\.?\s*\)", re.IGNORECASE)
#: Words of the first (odd) and the second (even) of two alternating weeks, longer ones first.
_ODD_WORDS: Final = r"неч[её]тн(?:ая|ой|ую|ые|ым|ых)?|неч[её]т|неч|числител[ьюя]|числ|верхн(?:яя|ей|юю)?"
_EVEN_WORDS: Final = r"ч[её]тн(?:ая|ой|ую|ые|ым|ых)?|ч[её]т|знаменател[ьюя]|знам|нижн(?:яя|ей|юю)?"
_WEEK_WORD: Final = r"нед(?:ел[а-я]*)?\b\.?"
#: A mark of a week, perhaps in brackets: `(чёт.)`, `нечётная неделя`, `1 нед.`, `II неделя`, `неделя 2`.
_WEEK: Final = re.compile(
    rf"\(?\s*(?:\b(?:по|в)\s+)?\b(?:(?P<odd>{_ODD_WORDS}|(?:1|I)(?=\s*-?[аяй]*\s*{_WEEK_WORD}))"
    rf"|(?P<even>{_EVEN_WORDS}|(?:2|II)(?=\s*-?[аяй]*\s*{_WEEK_WORD})))(?![а-яё])\.?(?:\s*-?[аяй]*\s*{_WEEK_WORD})?\s*\)?"
    rf"|\(?\s*\b{_WEEK_WORD}\s*№?\s*(?:(?P<odd_behind>1|I)|(?P<even_behind>2|II))\b\s*\)?",
    re.IGNORECASE,
)
#: One pair of brackets for the weeks of both subjects: `Химия/Биология (чет/нечет)`.
_BOTH_WEEKS: Final = re.compile(r"\(([^()/,]{1,30})[/,]([^()/,]{1,30})\)\s*$")
#: Words of weeks that no mark explains, such as `3 неделя`.
_WEEKS_LEFT: Final = re.compile(
    rf"\b(?:{_WEEK_WORD}|{_ODD_WORDS}|{_EVEN_WORDS})(?![а-яё])|(?:^|\s|\()[чн]\.?\)?$", re.IGNORECASE
)
#: Words of groups and rooms that no pattern explains: a subject does not end in them.
_GROUPS_LEFT: Final = re.compile(
    r"(?:\b|[0-9])(?:(?:под)?гр(?:уппа|уппы)?|п[/\u2215]г|каб(?:инет)?)\b\.?|[-–:]\s*[0-9]{1,4}[а-я]?$", re.IGNORECASE
)
#: A group and its room: `1гр-201`, `2 гр: 305`.
_GROUP_AND_ROOM: Final = re.compile(
    r"(?<![0-9/])([1-9]\s*-?я?\s*(?:(?:под)?гр(?:уппа)?|п[/\u2215]гр?)\b\.?)\s*[-–—:]\s*([0-9]{1,4}[а-я]?)\b",
    re.IGNORECASE,
)
#: Whole cells that say that there is no lesson, and those that may be a day off or an event of the day.
_NO_LESSON: Final = re.compile(
    r"окно|нет|нет урок(?:а|ов)|урок(?:а|ов) нет|обед|завтрак|(?:большая )?перемена|выходной(?: день)?|[xх]|пусто",
    re.IGNORECASE,
)
_PERHAPS_NO_LESSON: Final = re.compile(
    r"праздник.*|праздничн\w+ д(?:ень|ни)|каникулы|(?:осенние|зимние|весенние|летние) каникулы|день здоровья"
    r"|методический день|санитарный день|карантин|неучебный день|дистант|отмен(?:а|ён|ено)|карантин",
    re.IGNORECASE,
)
#: Nouns that a second line may hold, by the ending of the adjective in the first: `Физическая` above `Культура`.
_NOUNS: Final = (
    (
        re.compile(r".*(?:[иы]й|ой)", re.IGNORECASE),
        re.compile(r"(?:язык|мир|труд|практикум|проект)\b.*", re.IGNORECASE),
    ),
    (
        re.compile(r".*ая", re.IGNORECASE),
        re.compile(r"(?:литература|культура|речь|безопасность|этика|грамотность|технология)\b.*", re.IGNORECASE),
    ),
    (re.compile(r".*(?:ое|ее)", re.IGNORECASE), re.compile(r"(?:чтение|искусство|обучение|дело)\b.*", re.IGNORECASE)),
)
#: Several groups or weeks of one mark, such as `1,2 гр.` and `1 и 2 неделя`: who learns when is not said.
_SEVERAL: Final = re.compile(
    r"[0-9I]\s*(?:[,+/–—-]|\bи\b)\s*[0-9I]{1,2}\s*-?[аяй]{0,2}\s*(?P<of>(?:под)?гр|п[/\u2215]г|нед)", re.IGNORECASE
)
_LINES: Final = re.compile(r"\n")
_COMMAS: Final = re.compile(r"[,;\n](?![^()]*\))")
_EITHER: Final = re.compile(r"[/,\n]")
_DIVIDERS: Final = " /,;\n"
_KNOWN_SUBJECT: Final = re.compile(
    rf"(?:{_SUBJECT}|Информ|Англ|Нем|Франц|Физ|Мат|Рус|Лит|Ист|Общ|Хим|Био|Гео|Труд|Техн|ОБЖ|ОБЗР|ИЗО|МХК|Музык|Изобраз"
    r"|Окруж|Чтен|Алг|Родн|Черч|Астр|Право|Эконом)"
)
_SPACES: Final = re.compile(r"\s+")
#: The most characters of a mark of a week that stands alone.
_LONGEST_WEEK: Final = 30
#: Longer texts are notes, not lessons.
LONGEST_CELL: Final = 200


Problem = Literal["", "weeks", "groups", "lines", "day-off"]


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
    """The parts of a cell, and whether its rooms and teachers could be assigned to them.

    A cell with a `problem` has no parts: its weeks or groups are not understood, its lines may be one subject or
    several, or it says that there is a day off.
    """

    parts: tuple[LessonPart, ...] = ()
    matched: bool = True
    problem: Problem = ""


@lru_cache(maxsize=1024)  # a week repeats its lessons
def lesson_cell(text: str, rooms: str = "", teachers: str = "") -> LessonCell:
    """Parse a cell and the cells beside it; no parts if it is empty or a dash.

    A slash divides subjects, rooms and teachers. As many rooms as subjects, or several rooms for one subject, are
    subgroups, numbered from 1 if unnamed. Two subjects in one room are one lesson, since the sheet does not say who
    learns which, and when. Rooms or teachers that fit neither way are all kept with each subject. Marks of alternating
    weeks and of groups divide the cell as well, by commas and lines too; whole words such as «окно» are no lesson.
    """
    said = _SPACES.sub(" ", text).strip(" .!")
    if _EMPTY.fullmatch(text) or _NO_LESSON.fullmatch(said):
        return LessonCell()
    if _PERHAPS_NO_LESSON.fullmatch(said):
        return LessonCell(problem="day-off")
    text, rooms = (_STROKED.sub(rf"\1{_KEPT}\2", one) for one in (text, rooms))
    text = _GROUP_AND_ROOM.sub(r"\1 каб. \2", _with_own_weeks(text))
    pieces = _pieces(text)
    parts = [_part(piece) for piece in pieces]
    parts = [replace(part, subject=part.subject or parts[0].subject) for part in parts]
    problem = _problem(pieces, parts)
    if problem:
        return LessonCell(problem=problem)
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


def written_week(text: str, *, numbers: bool = False) -> Week:
    """The week of a text that is only its mark; with `numbers` also of `1`, `2`, `I`, `II`. "" for any other text."""
    if len(text) > _LONGEST_WEEK:
        return ""
    found = _WEEK.fullmatch(text.strip())
    if found is not None:
        return _week(found)
    bare = text.strip().upper()
    return ("1" if bare in ("1", "I") else "2" if bare in ("2", "II") else "") if numbers else ""


def _listed(text: str) -> list[str]:
    return [_SPACES.sub(" ", part).strip() for part in _LIST.split(text) if not _EMPTY.fullmatch(part)]


def _shared(column: list[str], count: int) -> list[str]:
    """The room or teacher of each of `count` parts: its own, the only one, or all if they cannot be assigned."""
    return column if len(column) == count else [", ".join(column)] * count


def _pieces(text: str) -> list[str]:
    """The texts of a cell's parts: divided by marks of weeks, by lines or commas if each has a group, by slashes."""
    weeks = list(_WEEK.finditer(text))
    if len(weeks) > 1:
        return _by_weeks(text, weeks)
    for divider in (_LINES, _COMMAS):
        lines = [line for line in divider.split(text) if line.strip()]
        if len(lines) > 1 and all(_GROUP.search(line) or _NAMED_GROUP.search(line) for line in lines):
            return lines
    if _are_subjects(text):
        return [line for line in text.split("\n") if line.strip()]
    pieces = [piece for piece in _DIVIDES.split(text) if not _EMPTY.fullmatch(piece)]
    return pieces if 0 < len(pieces) <= _MOST_PIECES else [text]


def _with_own_weeks(text: str) -> str:
    """The text with the weeks of one pair of brackets behind each of the two subjects before it."""
    both = _BOTH_WEEKS.search(text)
    if both is None or not all(_WEEK.fullmatch(week.strip()) for week in both.groups()):
        return text
    subjects = [piece for piece in _EITHER.split(text[: both.start()]) if piece.strip()]
    if len(subjects) != 2:
        return text
    return " / ".join(f"{subject.strip()} ({week.strip()})" for subject, week in zip(subjects, both.groups()))


def _by_weeks(text: str, weeks: list[re.Match[str]]) -> list[str]:
    """The pieces of a text with several marks of weeks: each begins with its mark if the text does, else it ends so."""
    begins = not text[: weeks[0].start()].strip(_DIVIDERS)
    cuts = [week.start() for week in weeks[1:]] if begins else [week.end() for week in weeks[:-1]]
    return [text[start:end].strip(_DIVIDERS) for start, end in pairwise([0, *cuts, len(text)])]


def _are_subjects(text: str) -> bool:
    """Whether each of several lines is a subject by itself: `Информатика` above `Английский`."""
    lines = [subject for line in text.split("\n") if (subject := _part(line).subject)]
    known = all(_KNOWN_SUBJECT.match(line) or _KNOWN_SUBJECT.match(line.capitalize()) for line in lines)
    return len(lines) > 1 and known and not any(_goes_on(*two) for two in pairwise(lines))


def _goes_on(line: str, following: str) -> bool:
    """Whether a line goes on with the subject above it: by a small letter, after a cut word, or by a noun."""
    nouns = (noun for adjective, noun in _NOUNS if adjective.fullmatch(line))
    return not following[0].isupper() or line.endswith(".") or any(noun.fullmatch(following) for noun in nouns)


def _problem(pieces: list[str], parts: list[LessonPart]) -> Problem:
    """Why the parts of a cell cannot be trusted; "" where they can."""
    marked = [len(_WEEK.findall(piece)) for piece in pieces]
    some_weeks = any(marked) and not all(marked) and not all(part.group for part in parts)
    several = {found["of"].casefold() == "нед" for piece in pieces for found in _SEVERAL.finditer(piece)}
    undivided = sum(marked) > 1 and any(_DIVIDES.search(part.subject) for part in parts)
    if (
        True in several
        or undivided
        or max(marked) > 1
        or some_weeks
        or any(_WEEKS_LEFT.search(part.subject) for part in parts)
    ):
        return "weeks"
    if several or any(
        len(_GROUP.findall(piece)) > 1 or _GROUPS_LEFT.search(part.subject) for piece, part in zip(pieces, parts)
    ):
        return "groups"
    return "lines" if any(_may_be_several(piece) for piece in pieces) else ""


def _may_be_several(piece: str) -> bool:
    """Whether a later line of a piece may be another subject: by a capital, unless all are capitals."""
    lines = [subject for line in piece.split("\n") if (subject := _part(line).subject)]
    return not piece.isupper() and any(not _goes_on(*two) for two in pairwise(lines))


def _part(text: str) -> LessonPart:
    """Parse one piece; the text that remains after teacher, room, week and group is the subject."""
    text, teachers = _taken(text, TEACHER)
    text, rooms = _taken(text, _ROOM)
    weeks = [_week(found) for found in _WEEK.finditer(text)]
    text = _WEEK.sub(" ", text)
    text, numbers = _taken(text, _GROUP)
    text, names = _taken(text, _NAMED_GROUP)
    subject = _SPACES.sub(" ", text).strip(" ,;:–-")
    return LessonPart(
        subject, ", ".join(numbers + names), weeks[0] if weeks else "", ", ".join(teachers), ", ".join(rooms)
    )


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text without the pattern's matches, and the matches: each its filled group, or the whole match."""
    found = [next((group for group in match.groups() if group), match[0]) for match in pattern.finditer(text)]
    return pattern.sub(" ", text), [_SPACES.sub(" ", one) for one in found]


def _week(found: re.Match[str]) -> Week:
    return "1" if found["odd"] or found["odd_behind"] else "2"


def _grouped(parts: Sequence[LessonPart]) -> list[LessonPart]:
    """Number the unnamed groups of parts, unless there is one part, or the parts differ by week."""
    if len(parts) == 1 or all(part.week for part in parts):
        return list(parts)
    return [replace(part, group=part.group or str(number)) for number, part in enumerate(parts, 1)]
