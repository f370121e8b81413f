"""Finds the columns of a thematic plan by the meaning of their headings, in schools' usual wordings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from formats.sheets import Sheet, column_letters
from kernel.look_alikes import by_look

#: The rows searched for the heading: title, subject, class, teacher and an explanatory note may precede it.
SEARCHED_ROWS: Final = 60
#: The columns that people may name: no plan has more.
MOST_COLUMNS: Final = 100
#: Longer texts are not headings.
_LONGEST_HEADING: Final = 120


class Meaning(Enum):
    """What a column of a plan holds."""

    NUMBER = "number"
    SECTION = "section"
    TOPIC = "topic"
    HOURS = "hours"
    PLANNED = "planned"
    ACTUAL = "actual"
    HOMEWORK = "homework"
    CONTENT = "content"
    CONTROL = "control"
    NOTES = "notes"


#: Columns that a plan of lessons has and a summary of sections lacks.
OF_LESSONS: Final = frozenset({Meaning.PLANNED, Meaning.ACTUAL, Meaning.HOMEWORK})
_WHEN: Final = r"(дата|даты|срок|сроки)( (проведения|изучения|прохождения))?( (урока|уроков|занятия|темы))?"
#: Schools' wordings of headings, normalised by `normal`; `(…)` and `|` group alternative words.
HEADINGS: Final[dict[Meaning, tuple[str, ...]]] = {
    Meaning.NUMBER: (
        r"№+|n|no|№ ?п ?п|п ?п|№ ?(урока|занятия|темы|уроков)( п ?п)?|№ ?п ?п урока",
        r"(порядковый )?номер( (урока|занятия))?",
    ),
    Meaning.TOPIC: (
        r"(тема|темы)( и (основное )?содержание)?( (урока|уроков|занятия|занятий))?( тип урока)?",
        r"(название|наименование|перечень) (темы|тем)( (урока|уроков|занятия))?",
        r"(наименование|название) (раздела|разделов) и (темы|тем)( (урока|программы))?",
        r"(раздел|разделы|наименование разделов|название раздела),? (и )?(тема|темы|тем)( урока| уроков| программы)?",
        r"содержание( (урока|уроков|занятия|материала|учебного материала|обучения|темы))?",
        r"(изучаемая тема|изучаемый материал|учебный материал)",
    ),
    Meaning.SECTION: (
        r"(название |наименование )?(раздел|раздела|разделов|разделы|модуль|модуля|блок|глава)( (программы|курса))?",
    ),
    Meaning.HOURS: (
        r"ч|час|часы|часов|всего( часов)?",
        r"(кол|кол во|к во|количество|число|объем)( (учебных|академических))? (часов|ч|час|уроков)( (всего|на тему))?",
        r"кол во|к во|количество",
    ),
    Meaning.PLANNED: (
        _WHEN,
        rf"({_WHEN} )?(по )?плану?( (проведения|изучения))?( (и )?(по )?факту?)?",
        r"(план|плановая|планируемая|предполагаемая) дата( проведения)?",
        r"(плановые|календарные) сроки( (прохождения|изучения))?",
    ),
    Meaning.ACTUAL: (
        rf"({_WHEN} )?((по )?факту?|фактически|фактическая)",
        r"(факт|фактическая) дата( проведения)?|фактические сроки( (прохождения|изучения))?",
    ),
    Meaning.HOMEWORK: (r"д ?з|дом(ашнее|ашние|ашн)? ?(задание|задания|зад)|домашняя работа|задание на дом",),
    Meaning.CONTENT: (
        r"(основные |основное )?(элементы|содержание)( обязательного)? (содержания|урока|темы)( (урока|образования))?",
        r"(основные )?элементы (основного )?содержания( (урока|образования))?|основное содержание",
    ),
    Meaning.CONTROL: (
        r"(вид|виды|форма|формы)( и (вид|виды|форма|формы))?( текущего)? (контроля|контрольных работ)( знаний)?",
        r"контроль( знаний)?|(вид|виды) работы",
    ),
    Meaning.NOTES: (r"примечани[ея]|примеч|комментари[йи]|заметки|корректировка|причина корректировки",),
}
#: A heading of topics that is one of their content beside a heading such as «Тема урока».
_CONTENT: Final = "содержание"
_PATTERNS: Final = {meaning: re.compile("|".join(words)) for meaning, words in HEADINGS.items()}
#: Texts in the second row of a heading, under «Дата» or «Количество часов».
_UNDER: Final = re.compile(
    r"(дата )?((по )?плану?|(по )?факту?|фактически)|дата|всего|теория|практика"
    r"|(контрольные|практические|лабораторные) работы"
)
_PUNCTUATION: Final = re.compile(r"[^\w№]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of a plan's heading and the meaning of its columns; rows and columns are counted from 0."""

    first_row: int
    last_row: int
    by_meaning: dict[Meaning, int]

    def get(self, meaning: Meaning) -> int | None:
        """The column with this meaning; None if the plan has none."""
        return self.by_meaning.get(meaning)

    @property
    def topic(self) -> int:
        """The column of topics; every plan has one."""
        return self.by_meaning[Meaning.TOPIC]

    def named(self, given: Mapping[str, Meaning | None]) -> Columns | None:
        """The columns, where people gave some another meaning, or none, by their letters; None without a topic."""
        by_letters = {column_letters(column): column for column in range(MOST_COLUMNS)}
        taken = {
            meaning: by_letters[letters] for letters, meaning in given.items() if meaning and letters in by_letters
        }
        by_meaning = {
            meaning: column
            for meaning, column in self.by_meaning.items()
            if meaning not in taken and column_letters(column) not in given
        }
        found = by_meaning | taken
        return replace(self, by_meaning=found) if Meaning.TOPIC in found else None

    def letters(self) -> dict[str, str]:
        """The letters of the columns by meaning: `{"topic": "C"}`."""
        return {meaning.value: column_letters(column) for meaning, column in self.by_meaning.items()}


def heading_meaning(text: str) -> Meaning | None:
    """The meaning of a heading; None if it is unknown."""
    if len(text) > _LONGEST_HEADING:
        return None
    for words in (normal(text), normal(by_look(text))):
        meaning = next((meaning for meaning, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)
        if meaning is not None:
            return meaning
    return None


def normal(text: str) -> str:
    """Normalise a heading: no case, `ё`, hyphenation or punctuation: `Кол-во часов:` → `кол во часов`."""
    joined = text.casefold().replace("ё", "е").replace("\xad", "").replace("-\n", "")
    return _PUNCTUATION.sub(" ", joined).strip()


def find_columns(sheet: Sheet) -> Columns | None:
    """Find the heading of a plan among the first `SEARCHED_ROWS` rows; None if there is none.

    A heading names a topic and at least one more column. One with dates or homework wins over a summary of sections
    above it. A column of sections serves as topic if there is no other. Two rows are read as one heading: «Дата» over
    «план» and «факт». The heading ends where the topic's merged cell ends; lower texts beside it, such as classes under
    «план», are not read.
    """
    found = None
    for row in _searched(sheet):
        columns = _columns_at(sheet, row)
        if columns is not None and not OF_LESSONS.isdisjoint(columns.by_meaning):
            return columns
        found = found or columns
    return found


def fullest_row(sheet: Sheet) -> int:
    """The row to take for the heading of a table in which none was found: the first with as many texts as any."""
    counts = [sum(bool(sheet.text(row, column)) for column in range(sheet.width)) for row in _searched(sheet)]
    return counts.index(max(counts)) if counts else 0


def _searched(sheet: Sheet) -> range:
    return range(min(len(sheet.rows), SEARCHED_ROWS))


def _columns_at(sheet: Sheet, row: int) -> Columns | None:
    """The heading of a plan that begins in this row, if any."""
    one_row = [sheet.text(row, column) for column in range(sheet.width)]
    two_rows = _joined(sheet, row, one_row)
    in_two = meanings(two_rows) if two_rows else None
    if in_two is not None:
        return Columns(row, _bottom(sheet, row, row + 1, in_two[Meaning.TOPIC]), in_two)
    in_one = meanings(one_row)
    return None if in_one is None else Columns(row, _bottom(sheet, row, row, in_one[Meaning.TOPIC]), in_one)


def _bottom(sheet: Sheet, row: int, last: int, topic: int) -> int:
    """The last row of a heading that begins in `row` and whose texts end in the row `last`."""
    merged = (area.bottom for area in sheet.merged if area.top == row and area.left <= topic <= area.right)
    return max((last, *merged))


def meanings(headings: Sequence[str]) -> dict[Meaning, int] | None:
    """Map meanings to columns, the first of each meaning; None if the headings are not those of a plan."""
    found: dict[Meaning, int] = {}
    for column, heading in enumerate(headings):
        meaning = heading_meaning(heading) if heading else None
        if meaning is Meaning.TOPIC and Meaning.TOPIC in found:
            _prefer_topic(found, headings, column)
        elif meaning is not None:
            found.setdefault(meaning, column)
    if Meaning.TOPIC not in found and Meaning.SECTION in found:
        found[Meaning.TOPIC] = found.pop(Meaning.SECTION)
    return found if Meaning.TOPIC in found and len(found) > 1 else None


def _prefer_topic(found: dict[Meaning, int], headings: Sequence[str], column: int) -> None:
    """Of two headings of topics, one that says «Содержание» is that of their content."""
    first = found[Meaning.TOPIC]
    if normal(headings[column]).startswith(_CONTENT):
        found.setdefault(Meaning.CONTENT, column)
    elif normal(headings[first]).startswith(_CONTENT):
        found.setdefault(Meaning.CONTENT, first)
        found[Meaning.TOPIC] = column


def _joined(sheet: Sheet, row: int, upper: Sequence[str]) -> list[str] | None:
    """Join the headings of two rows by column; None if the second row is not part of the heading."""
    lower = [sheet.text(row + 1, column) for column in range(sheet.width)]
    under = [_UNDER.fullmatch(normal(text)) is not None for text in lower if text]
    if not under or not all(under):
        return None
    above = _spread(sheet, row, upper)
    joined, over = [], ""
    for heading, text in zip(above, lower):
        # Without merged cells, as in CSV, only the first of a heading's columns has its text.
        over = heading or (over if text else "")
        joined.append(f"{over} {text}".strip())
    return joined


def _spread(sheet: Sheet, row: int, headings: Sequence[str]) -> list[str]:
    """The headings of a row, each repeated over all columns of its merged area."""
    spread = list(headings)
    for area in sheet.merged:
        if area.top <= row <= area.bottom:
            last = min(area.right + 1, len(spread))
            spread[area.left : last] = [headings[area.left]] * (last - area.left)
    return spread
