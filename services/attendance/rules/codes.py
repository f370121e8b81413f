"""Absence codes as data: a dictionary with flags (domain, §6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Code:
    """An absence code. `late` codes take minutes; `counts_as_absent` ones make a lesson missed."""

    code: str
    name: str
    counts_as_absent: bool = True
    excused: bool = False
    illness: bool = False
    late: bool = False


#: The dictionary of a school that has voted none of its own.
DEFAULT: Final = (
    Code("Н", "отсутствует, причина неизвестна"),
    Code("У", "отсутствует по уважительной причине", excused=True),
    Code("Б", "отсутствует по болезни", excused=True, illness=True),
    Code("О", "опоздание", counts_as_absent=False, late=True),
    Code("П", "освобождён, занят делами школы", counts_as_absent=False, excused=True),
)

_BY_CODE: Final = {entry.code: entry for entry in DEFAULT}


def code_of(letters: str) -> Code:
    """The dictionary's entry for a code that is in it. Raises KeyError for another."""
    return _BY_CODE[letters]


def check_code(letters: str, minutes: int | None, field: str) -> None:
    """Refuse a code that the dictionary lacks, a lateness without minutes, and minutes without lateness.

    `field` is the dotted path of the entry that holds both, such as `absences.0`.
    """
    entry = _BY_CODE.get(letters)
    if entry is None:
        raise Invalid(
            "There is no absence code {code}; the codes are {codes}.",
            rule="absence-code-unknown", field=f"{field}.code", code=letters, codes=_listed(_BY_CODE),
        )  # fmt: skip
    if entry.late and minutes is None:
        raise Invalid(
            "Say how many minutes late: {code} takes minutes.",
            rule="minutes-required", field=f"{field}.minutes", code=letters,
        )  # fmt: skip
    if not entry.late and minutes is not None:
        raise Invalid(
            "{code} takes no minutes: only lateness does.",
            rule="minutes-refused", field=f"{field}.minutes", code=letters,
        )  # fmt: skip


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)
