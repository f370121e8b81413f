"""Which column of a thematic plan holds what: found by the meaning of its heading, as schools word it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from formats.sheets import Sheet, column_letters
from kernel.look_alikes import by_look

#: Above the heading stand the title, the subject, the class, the teacher, the explanatory note.
SEARCHED_ROWS: Final = 60
#: A heading of two rows has words of the second one only under words of the first.
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
    NOTES = "notes"


#: What a plan of lessons has, and a summary of sections has not.
OF_LESSONS: Final = frozenset({Meaning.PLANNED, Meaning.ACTUAL, Meaning.HOMEWORK})
_WHEN: Final = r"(дата|даты|срок|сроки)( (проведения|изучения|прохождения))?( (урока|уроков|занятия|темы))?"
#: Headings as schools word them, without case, `ё` and punctuation; `(…)` groups and `|` alternatives of words.
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
    Meaning.NOTES: (r"примечани[ея]|примеч|комментари[йи]|заметки|корректировка|причина корректировки",),
}
_PATTERNS: Final = {meaning: re.compile("|".join(words)) for meaning, words in HEADINGS.items()}
#: What stands in the second row of a heading under «Дата» or «Количество часов».
_UNDER: Final = re.compile(
    r"(дата )?((по )?плану?|(по )?факту?|фактически)|дата|всего|теория|практика"
    r"|(контрольные|практические|лабораторные) работы"
)
_PUNCTUATION: Final = re.compile(r"[^\w№]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the heading of a plan stands and what its columns hold; rows and columns counted from 0."""

    first_row: int
    last_row: int
    by_meaning: dict[Meaning, int]

    def get(self, meaning: Meaning) -> int | None:
        """The column that holds this; None where the plan has none."""
        return self.by_meaning.get(meaning)

    @property
    def topic(self) -> int:
        """The column of topics: every plan has one."""
        return self.by_meaning[Meaning.TOPIC]

    def letters(self) -> dict[str, str]:
        """The columns by their meaning as a person sees them: `{"topic": "C"}`."""
        return {meaning.value: column_letters(column) for meaning, column in self.by_meaning.items()}


def heading_meaning(text: str) -> Meaning | None:
    """What a heading says its column holds; None for one that no plan is read by."""
    if len(text) > _LONGEST_HEADING:
        return None
    for words in (normal(text), normal(by_look(text))):
        meaning = next((meaning for meaning, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)
        if meaning is not None:
            return meaning
    return None


def normal(text: str) -> str:
    """A heading without case, `ё`, hyphens at line ends and punctuation: `Кол-во часов:` → `кол во часов`."""
    joined = text.casefold().replace("ё", "е").replace("\xad", "").replace("-\n", "")
    return _PUNCTUATION.sub(" ", joined).strip()


def find_columns(sheet: Sheet) -> Columns | None:
    """The heading of a plan among the first `SEARCHED_ROWS` rows; None where there is none.

    It names a topic and one thing more; one with dates or homework goes before a summary of sections above it. A
    column of sections is the topic where no other column is. A heading of two rows is read as one: «Дата» over «план»
    and «факт». It reaches as far down as the cell of the topic is merged; what stands lower beside it, as classes
    under «план», is not read.
    """
    found = None
    for row in range(min(len(sheet.rows), SEARCHED_ROWS)):
        columns = _columns_at(sheet, row)
        if columns is not None and not OF_LESSONS.isdisjoint(columns.by_meaning):
            return columns
        found = found or columns
    return found


def _columns_at(sheet: Sheet, row: int) -> Columns | None:
    """The heading of a plan that begins in a row."""
    one_row = [sheet.text(row, column) for column in range(sheet.width)]
    two_rows = _joined(sheet, row, one_row)
    in_two = meanings(two_rows) if two_rows else None
    if in_two is not None:
        return Columns(row, _bottom(sheet, row, row + 1, in_two[Meaning.TOPIC]), in_two)
    in_one = meanings(one_row)
    return None if in_one is None else Columns(row, _bottom(sheet, row, row, in_one[Meaning.TOPIC]), in_one)


def _bottom(sheet: Sheet, row: int, last: int, topic: int) -> int:
    """The last row of a heading that begins in `row` and has its words down to the row `last`."""
    merged = (area.bottom for area in sheet.merged if area.top == row and area.left <= topic <= area.right)
    return max((last, *merged))


def meanings(headings: Sequence[str]) -> dict[Meaning, int] | None:
    """The columns of a plan by their headings, the first of each meaning; None where they are not a plan's."""
    found: dict[Meaning, int] = {}
    for column, heading in enumerate(headings):
        meaning = heading_meaning(heading) if heading else None
        if meaning is not None:
            found.setdefault(meaning, column)
    if Meaning.TOPIC not in found and Meaning.SECTION in found:
        found[Meaning.TOPIC] = found.pop(Meaning.SECTION)
    return found if Meaning.TOPIC in found and len(found) > 1 else None


def _joined(sheet: Sheet, row: int, upper: Sequence[str]) -> list[str] | None:
    """Headings of two rows, joined column by column; None where the second row is no part of the heading."""
    lower = [sheet.text(row + 1, column) for column in range(sheet.width)]
    under = [_UNDER.fullmatch(normal(text)) is not None for text in lower if text]
    if not under or not all(under):
        return None
    above = _spread(sheet, row, upper)
    joined, over = [], ""
    for heading, text in zip(above, lower):
        # Without merged cells, as in CSV, a heading stands over the first of its columns only.
        over = heading or (over if text else "")
        joined.append(f"{over} {text}".strip())
    return joined


def _spread(sheet: Sheet, row: int, headings: Sequence[str]) -> list[str]:
    """The headings of a row, each over all columns of its merged area."""
    spread = list(headings)
    for area in sheet.merged:
        if area.top <= row <= area.bottom:
            last = min(area.right + 1, len(spread))
            spread[area.left : last] = [headings[area.left]] * (last - area.left)
    return spread
