"""Telling which sheets and columns hold something and were not read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from formats.faults import Faults
from formats.sheets import column_letters
from kernel.phrases import Phrase

#: Characters of a heading, and columns, that a fault names.
_LONGEST_NAME: Final = 60
_MOST_NAMED: Final = 20

HIDDEN_SHEET = Phrase(ru="Скрытый лист не прочитан.", en="The hidden sheet was not read.")
UNREAD_COLUMNS = Phrase(
    ru="Столбцы, которых система не знает, не прочитаны: {columns}.",
    en="Columns that are not known were not read: {columns}.",
)


def note_unread_columns(at: str, columns: Iterable[tuple[int, str]], faults: Faults) -> None:
    """A fault that names these columns, each with its heading; none where there are none."""
    names = (f"{column_letters(column)} «{heading[:_LONGEST_NAME]}»" for column, heading in columns)
    listed = ", ".join(islice(names, _MOST_NAMED))
    if listed:
        faults.add(at, "columns-not-read", UNREAD_COLUMNS(columns=listed))
