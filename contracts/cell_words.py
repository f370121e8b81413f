"""What teachers write into a cell of the journal, besides numbers: one dictionary for all who read cells.

Only the letters count (`kernel.look_alikes.letters`): case, dots, slashes and spaces do not, and ё is е. A word that is
not here is told as unreadable; nobody guesses it by its single letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kernel.look_alikes import letters

#: Absence code of the default dictionary → how else it is written. Source: usage of Russian journals.
ABSENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "Н": (
        "н/б",
        "нп",
        "н/я",
        "отс",
        "неявка",
        "не явился",
        "не явилась",
        "не был",
        "не была",
        "отсутствовал",
        "отсутствовала",
        "отсутствует",
    ),
    "У": ("ув", "уп", "уваж", "ув. пр.", "уваж. причина"),
    "Б": ("бол", "болен", "больна", "болел", "болела", "болеет", "болезнь", "по болезни"),
    "О": ("оп", "опозд", "опоздал", "опоздала", "опоздание"),
    "П": ("освобождён от урока", "освобождена от урока"),
}
#: Mark in words → how else it is written.
MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "зач": ("зачёт", "зачтено"),
    "незач": ("незачёт", "незачтено", "не зачёт", "не зачтено", "не зач"),
    "н/а": ("не атт", "неатт", "не аттестован", "не аттестована"),
    "осв": ("освоб", "освобождён", "освобождена"),
}


def _by_letters(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {letters(spelling): word for word, spellings in words.items() for spelling in (word, *spellings)}


#: The letters of each spelling → code or mark.
ABSENCE_OF: Final[Mapping[str, str]] = _by_letters(ABSENCES)
MARK_OF: Final[Mapping[str, str]] = _by_letters(MARKS)
