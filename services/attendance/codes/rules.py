"""The dictionary of absence codes and their flags (domain, §6)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from contracts.cell_words import ABSENCE_OF
from kernel.errors import Invalid
from kernel.look_alikes import by_look, letters

#: The longest code that fits a cell of the journal.
LONGEST_CODE: Final = 4


class Reason(enum.Enum):
    """Why a student was away from a lesson, as totals and reports count it."""

    UNEXCUSED = "unexcused"
    EXCUSED = "excused"
    ILLNESS = "illness"
    SCHOOL_BUSINESS = "school_business"


@dataclass(frozen=True, slots=True)
class Code:
    """An absence code. `late` codes require minutes; a lesson with a `counts_as_absent` code is missed."""

    code: str
    name: str
    counts_as_absent: bool = True
    excused: bool = False
    illness: bool = False
    late: bool = False

    @property
    def school_business(self) -> bool:
        """Whether the school itself called the student away: excused, and not counted as absence."""
        return self.excused and not self.counts_as_absent and not self.late

    @property
    def reason(self) -> Reason | None:
        """Why the student was away; None for a code of a student who was in the lesson, such as lateness."""
        if self.school_business:
            return Reason.SCHOOL_BUSINESS
        if not self.counts_as_absent:
            return None
        if self.illness:
            return Reason.ILLNESS
        return Reason.EXCUSED if self.excused else Reason.UNEXCUSED


#: The reasons for which a lesson counts as missed.
OF_ABSENCE: Final = frozenset({Reason.UNEXCUSED, Reason.EXCUSED, Reason.ILLNESS})

#: The dictionary of a school that has not voted its own.
DEFAULT: Final = (
    Code("Н", "отсутствует, причина неизвестна"),
    Code("У", "отсутствует по уважительной причине", excused=True),
    Code("Б", "отсутствует по болезни", excused=True, illness=True),
    Code("О", "опоздание", counts_as_absent=False, late=True),
    Code("П", "освобождён, занят делами школы", counts_as_absent=False, excused=True),
)

_BY_CODE: Final = {entry.code: entry for entry in DEFAULT}


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A school's absence codes, in display order.

    Raises `Invalid` for a code that is not one to four capital letters, is a duplicate, has no name or has
    contradictory flags, and for a dictionary without codes of both unexcused and excused absence: excuses turn one
    into the other.
    """

    codes: tuple[Code, ...] = DEFAULT

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for position, entry in enumerate(self.codes):
            field = f"codes.{position}"
            _check_letters(entry, seen, field)
            _check_flags(entry, field)
            seen.add(entry.code)
        for reason in (Reason.UNEXCUSED, Reason.EXCUSED):
            if self._first(reason) is None:
                raise Invalid(
                    "The dictionary needs a code of an absence that is {reason}.",
                    rule="absence-code-missing",
                    field="codes",
                    reason=reason.value,
                )

    @property
    def unexcused(self) -> Code:
        """The first code of an absence without known reason, `Н` by default."""
        return self._required(Reason.UNEXCUSED)

    def excused(self, *, ill: bool) -> Code:
        """The code of an excused absence (`У` by default), or of illness (`Б`) if `ill` and the school has one."""
        return (self._first(Reason.ILLNESS) if ill else None) or self._required(Reason.EXCUSED)

    def entry(self, letters: str) -> Code:
        """The entry of a stored code. Raises KeyError for an unknown code."""
        for entry in self.codes:
            if entry.code == letters:
                return entry
        raise KeyError(letters)

    def read(self, typed: str, field: str = "code") -> Code:
        """The entry of a typed code, in any case, with Latin look-alikes, or a default code in its other spellings.

        Raises `Invalid` naming `field` for an unknown code.
        """
        wanted = by_look(typed.strip()), ABSENCE_OF.get(letters(typed))
        found = next((entry for one in wanted for entry in self.codes if entry.code == one), None)
        if found is None:
            raise _unknown(typed.strip(), (entry.code for entry in self.codes), field)
        return found

    def _first(self, reason: Reason) -> Code | None:
        return next((entry for entry in self.codes if entry.reason is reason), None)

    def _required(self, reason: Reason) -> Code:
        entry = self._first(reason)
        assert entry is not None, "a dictionary without it is refused"
        return entry


def code_of(letters: str) -> Code:
    """The default dictionary's entry for a code (domain, §6). Raises KeyError for an unknown code."""
    return _BY_CODE[letters]


def code_read(typed: str, minutes: int | None, field: str) -> str:
    """The code that was typed, for a student of so many minutes (domain, §6).

    `field` is the dotted path of the object that holds code and minutes, such as `absences.0`. Raises `Invalid` for an
    unknown code, lateness without minutes, or minutes without lateness.
    """
    entry = Dictionary().read(typed, f"{field}.code")
    if entry.late and minutes is None:
        raise Invalid(
            "Say how many minutes late: {code} takes minutes.",
            rule="minutes-required",
            field=f"{field}.minutes",
            code=entry.code,
        )
    if not entry.late and minutes is not None:
        raise Invalid(
            "{code} takes no minutes: only lateness does.",
            rule="minutes-refused",
            field=f"{field}.minutes",
            code=entry.code,
        )
    return entry.code


def _check_letters(entry: Code, before: set[str], field: str) -> None:
    """Refuse letters that cannot be typed, a duplicate of a code in `before`, and a code without name."""
    if not entry.code.isalpha() or len(entry.code) > LONGEST_CODE or entry.code != by_look(entry.code):
        raise Invalid(
            "A code is one to {longest} capital letters, Cyrillic where a Latin one looks the same, not {code}.",
            rule="absence-code-letters",
            field=f"{field}.code",
            longest=LONGEST_CODE,
            code=entry.code,
        )
    if entry.code in before:
        raise Invalid(
            "The code {code} stands twice in the dictionary.",
            rule="absence-code-twice",
            field=f"{field}.code",
            code=entry.code,
        )
    if not entry.name.strip():
        raise Invalid(
            "Say what the code {code} means.", rule="absence-code-nameless", field=f"{field}.name", code=entry.code
        )


def _check_flags(entry: Code, field: str) -> None:
    """Refuse flags that contradict each other."""
    if entry.late and (entry.counts_as_absent or entry.illness):
        raise Invalid(
            "{code} is lateness: the student was in the lesson, neither absent nor ill.",
            rule="late-and-absent",
            field=f"{field}.late",
            code=entry.code,
        )
    if entry.illness and not (entry.counts_as_absent and entry.excused):
        raise Invalid(
            "{code} is illness: such an absence counts, and it is excused.",
            rule="illness-not-excused",
            field=f"{field}.illness",
            code=entry.code,
        )


def _unknown(letters: str, codes: Iterable[str], field: str) -> Invalid:
    return Invalid(
        "There is no absence code {code}; the codes are {codes}.",
        rule="absence-code-unknown",
        field=field,
        code=letters,
        codes=", ".join(codes),
    )
