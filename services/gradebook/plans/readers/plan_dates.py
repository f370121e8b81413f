"""The dates of a plan: read by column, and compared with the school year of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from formats.dates import NOTHING, DateReading
from formats.sheets import Sheet
from kernel.phrases import Phrase
from services.gradebook.plans.readers.date_column import column_dates, school_year
from services.gradebook.plans.readers.plan_columns import Columns, Meaning

OTHER_YEAR = Phrase(
    ru="Дата «{text}» не в {year} учебном году, как другие даты плана: не взята.",
    en="The date “{text}” is not in the school year {year}, as other dates of the plan are: it was not taken.",
)
YEAR_UNCLEAR = Phrase(
    ru="Даты плана из разных учебных лет, и ни одного нет чаще других: дата «{text}» не взята.",
    en="The dates of the plan are of several school years, none more frequent than all others: “{text}” was not taken.",
)
_DATED: Final = (Meaning.PLANNED, Meaning.ACTUAL)


class PlanDates:
    """The dates of a plan's sheets by column and row.

    A plan is for one school year: that of most of its dates. A date in another one has a slip in its year and is not
    taken. Whether that school year is the school's present one, and whether a day is a school day, only the calendar of
    the school can say.
    """

    def __init__(self, sheets: Sequence[tuple[Sheet, Columns]]) -> None:
        self._read: dict[tuple[int, Meaning, int], DateReading] = {}
        for meaning in _DATED:
            self._read_column(meaning, sheets)
        self._year = _most_frequent(one.value for one in self._read.values())

    def reading(self, sheet: Sheet, meaning: Meaning, row: int) -> DateReading:
        """The date of a row, or the reason why there is none."""
        found = self._read.get((id(sheet), meaning, row), NOTHING)
        if found.value is None or school_year(found.value) == self._year:
            return found
        return DateReading(None, "other-school-year", YEAR_UNCLEAR if self._year is None else OTHER_YEAR)

    @property
    def said(self) -> dict[str, object]:
        """What reasons say besides the date: the school year as people write it, `2026/27`."""
        return {} if self._year is None else {"year": f"{self._year}/{(self._year + 1) % 100:02}"}

    def _read_column(self, meaning: Meaning, sheets: Sequence[tuple[Sheet, Columns]]) -> None:
        places, cells = [], []
        for sheet, columns in sheets:
            column, filled = columns.get(meaning), sheet.filled()
            if column is None:
                continue
            for row in range(columns.last_row + 1, len(sheet.rows)):
                places.append((id(sheet), meaning, row))
                cells.append(filled.cell(row, column))
        from_1904 = any(sheet.from_1904 for sheet, _ in sheets)
        self._read.update(zip(places, column_dates(cells, from_1904=from_1904)))


def _most_frequent(days: Iterable[date | None]) -> int | None:
    """The school year of most of the days; None without days, or where two are equally frequent."""
    counts = Counter(school_year(day) for day in days if day is not None).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return None
    return counts[0][0]
