"""Reports sheets and columns that have content and were not read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from formats.faults import Faults
from formats.sheets import column_letters
from kernel.phrases import Phrase

#: The most characters of a heading, and the most columns, in one fault.
_LONGEST_NAME: Final = 60
_MOST_NAMED: Final = 20

HIDDEN_SHEET = Phrase(ru="Скрытый лист не прочитан.", en="The hidden sheet was not read.")
UNREAD_COLUMNS = Phrase(
    ru="Столбцы, которых система не знает, не прочитаны: {columns}.",
    en="Columns that are not known were not read: {columns}.",
)


def note_unread_columns(at: str, columns: Iterable[tuple[int, str]], faults: Faults) -> None:
    """Add one fault that names these columns with their headings, if there are any."""
    names = (f"{column_letters(column)} «{heading[:_LONGEST_NAME]}»" for column, heading in columns)
    listed = ", ".join(islice(names, _MOST_NAMED))
    if listed:
        faults.add(at, "columns-not-read", UNREAD_COLUMNS(columns=listed))
