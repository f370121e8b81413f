"""Reads the text of one journal cell: marks, absences and work owed. Every entry is read strictly, never guessed.

`mark_text` reads a field that holds only marks; its result is stored, and `stored_marks` reads the stored text.

The syntax of a cell:

- Entries stand apart: a space, `/`, `,` or `;` lies between two of them. A comma between two digits separates
  nothing, since `4,5` may be meant as a fraction: two marks are written `4/5` or `4, 5`. On a scale with numbers of
  several digits a space alone does not separate two numbers: `1 2` may be meant as 12.
- Invisible characters around an entry are left out; inside one they make it unreadable.
- A mark is one of the scale, with + or − right behind it where the scale has signs, or a word: `зач`, `незач`,
  `н/а`, `осв`. Every dash is a minus.
- An absence is a code of the school's dictionary: `Н`, `О 2` (late, and a mark), `Н 2` (absent, the mark set later).
  A code and a mark stand apart: whether `Н5` was there or not is asked. The default codes have other spellings, such
  as `н/б` and `ув.`, and so have the words (`contracts/cell_words.py`).
- A point, `.` or `•`, is work owed; its due date may follow directly: `.12.09` or `.12.09.2026`.
- Letters may be of either case. Latin ones are read by their keys, unless marks are Latin letters (`pfx` is `зач`
  typed with the Latin layout, `y` is `Н`, `<` is `Б`), else as the Cyrillic ones that look the same (`H` is `Н`).
- A comma is the key of `Б`, too, where it separates nothing: alone in its cell, or at one end of it beside a mark with
  a space between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from contracts.cell_words import ABSENCE_OF
from contracts.gradebook.marks import LONGEST
from kernel.errors import FieldFault, Invalid
from kernel.look_alikes import by_key, by_look, letters
from kernel.phrases import Sentence
from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.policy.rules.scales import (
    EXEMPT,
    OFF_SCALE,
    SIGN_REFUSED,
    ZERO,
    Refusal,
    Scale,
    mark_on,
    may_be_signed,
    number_of,
    shown_number,
)

#: The default absence codes, for schools that have not voted their own (domain, §6).
ABSENCE_CODES: Final = ("Н", "У", "Б", "О", "П")
#: The first month of a school year; it determines the year of a date written without one.
_FIRST_MONTH: Final = 9
_POINTS: Final = ".•·"
_SEPARATORS: Final = "/,;"
_SIGNS: Final = {"+": "+", "＋": "+"} | dict.fromkeys("-‐‑‒–—―−﹣－", "-")
# What spreadsheets and web pages leave behind: zero-width spaces and joiners, and the mark of byte order.
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff"
_END: Final = rf"[{_INVISIBLE}]*(?![^\s/,;])"
# `н/а` and `н/б` are one entry in spite of their slash, as is `y/f`, its keys, and `4,5` in spite of its comma.
_PIECE: Final = re.compile(
    rf"[{_INVISIBLE}]*(?:[НнHh]/[АаAaБб]|[Yy]/[Ff]){_END}"
    rf"|[/,;]|(?:[^\s/,;]|(?<=[0-9{_INVISIBLE}]),(?=[0-9{_INVISIBLE}]))+"
)
# Where numbers have several digits, numbers with nothing but spaces between them are one piece.
_PIECE_OF_LONG_NUMBERS: Final = re.compile(rf"[{_INVISIBLE}]*[0-9]+(?:[\s{_INVISIBLE}]+[0-9]+)+{_END}|{_PIECE.pattern}")
_OWED: Final = re.compile(
    rf"[{_POINTS}](?:(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})(?:\.(?P<year>[0-9]{{4}}|[0-9]{{2}}))?)?"
)
_WHOLE: Final = re.compile(r"[0-9]+")
_FRACTION: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)+")
_HIDDEN: Final = re.compile(f"[{_INVISIBLE}]")
_SPACE: Final = re.compile(r"\s")

UNREADABLE: Final = Refusal(
    "cell-unreadable",
    "Запись «{piece}» не читается: это не отметка шкалы {span}, не код посещаемости ({codes}) и не точка.",
    "{piece} cannot be read: it is no mark of the scale {span}, no absence code ({codes}) and no point.",
)
INVISIBLE: Final = Refusal(
    "invisible-character",
    "Запись «{piece}» не читается: внутри неё стоит невидимый знак. Наберите её заново.",
    "{piece} cannot be read: an invisible character stands inside it. Type it anew.",
)
NUMBERS_APART: Final = Refusal(
    "numbers-without-slash",
    "Запись «{piece}» не читается: пробел между числами мог попасть внутрь одной отметки, "
    "а две отметки пишут через косую черту.",
    "{piece} cannot be read: the space between the numbers may have slipped into one mark, "
    "and two marks are written with a slash between them.",
)
SIGN_ALONE: Final = Refusal(
    "sign-alone",
    "Знак «{piece}» стоит отдельно: его пишут слитно с отметкой.",
    "The sign {piece} stands alone: it is written right behind its mark.",
)
FRACTION: Final = Refusal(
    "mark-with-fraction",
    "Запись «{piece}» не читается: дробных отметок нет, а две отметки пишут через косую черту.",
    "{piece} cannot be read: no mark has a fraction, and two marks are written with a slash between them.",
)
CODE_WITH_MARK: Final = Refusal(
    "code-with-mark",
    "В записи «{piece}» код посещаемости и отметка стоят слитно: ученик был или нет? Если верно и то и другое, "
    "разделите их пробелом.",
    "{piece} is an absence code and a mark in one: was the student there or not? If both are right, "
    "put a space between them.",
)
SEPARATOR_ALONE: Final = Refusal(
    "separator-alone",
    "Знак «{piece}» стоит не между двумя записями.",
    "The sign {piece} does not stand between two entries.",
)
OWED_FORM: Final = Refusal(
    "owed-date-form",
    "Срок «{piece}» не читается: после точки пишут день и месяц, например .12.09 или .12.09.2026.",
    "{piece} cannot be read: behind the point stand day and month, such as .12.09 or .12.09.2026.",
)
OWED_WITHOUT_YEAR: Final = Refusal(
    "owed-date-without-year",
    "Срок «{piece}» указан без года.",
    "The date {piece} is written without its year.",
)
OWED_NO_DATE: Final = Refusal(
    "owed-date-unknown",
    "Даты «{piece}» нет в календаре.",
    "The calendar has no date {piece}.",
)
NO_MARK: Final = Refusal("mark-missing", "Отметки нет.", "There is no mark.")
ABSENCE: Final = Refusal(
    "absence-in-mark",
    "«{piece}» — код посещаемости, а не отметка: кого не было, отмечают на странице урока «Кто отсутствовал».",
    "{piece} is an absence code and no mark: absences are entered on the lesson's page “Who was absent”.",
)
OWED: Final = Refusal(
    "owed-work-in-mark",
    "Точка «{piece}» — работа, которую ученик ещё должен: здесь ставят только отметку, а точку пишут в клетке журнала.",
    "The point {piece} is work that is still owed: here only marks are set, a point is written in the journal's cell.",
)
TWO_OWED: Final = Refusal(
    "two-owed",
    "Точек две: «{piece}» и «{other}». Оставьте одну, с последним сроком.",
    "There are two points, {piece} and {other}: keep one, with the last date.",
)
TOO_LONG: Final = Refusal(
    "marks-too-long",
    "Отметки «{piece}» не помещаются в клетку: в ней самое большее {longest} знаков.",
    "The marks {piece} do not fit into a cell, which holds {longest} characters at most.",
)
TWO_ABSENCES: Final = Refusal(
    "two-absences",
    "Кодов посещаемости два: «{piece}» и «{other}». Ученик на уроке был или не был: оставьте один.",
    "There are two absence codes, {piece} and {other}: keep the one that is right.",
)
OWED_BEFORE: Final = Refusal(
    "owed-before-lesson",
    "Срок {due} раньше урока {day}.",
    "The date {due} is before the lesson of {day}.",
)


@dataclass(frozen=True, slots=True)
class MarkToken:
    """A mark: its text without the sign, its number, and its sign: `"+"`, `"-"` or `""`."""

    text: str
    number: Decimal | None
    sign: str = ""
    #: Its index in the cell's text, from 0.
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.text + self.sign


@dataclass(frozen=True, slots=True)
class AbsenceToken:
    """An absence: its code in the school's dictionary."""

    code: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class OwedToken:
    """Work owed and its due date; None if no date was written."""

    due: date | None = None
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f".{self.due:%d.%m}.{self.due.year:04}" if self.due else "."


Token = MarkToken | AbsenceToken | OwedToken


@dataclass(frozen=True, slots=True)
class CellFault:
    """A piece of a cell's text that could not be read: its index, from 0, and the reason. `rule` is a stable slug."""

    position: int
    piece: str
    rule: str
    reason: Sentence

    def of_field(self, field: str) -> FieldFault:
        """The fault as a `FieldFault` of the field that holds the cell."""
        fault = FieldFault.of(field, self.rule, self.reason.text)
        return replace(fault, params={**fault.params, "position": self.position})


@dataclass(frozen=True, slots=True)
class Cell:
    """The entries of a cell, in written order, and the faults."""

    text: str = field(compare=False)
    tokens: tuple[Token, ...]
    faults: tuple[CellFault, ...] = ()

    @property
    def marks(self) -> tuple[MarkToken, ...]:
        """The marks of the cell; one cell may hold several."""
        return tuple(token for token in self.tokens if isinstance(token, MarkToken))

    def __str__(self) -> str:
        """The cell in normal form, which reads as the same cell: `О 4/5`. With faults, the original text."""
        return self.text if self.faults else "".join(_written(self.tokens))


class _Ways(NamedTuple):
    """The settings by which a course's cells are read."""

    scale: Scale
    step: Decimal
    codes: Sequence[str]
    day: date | None
    #: The text of the cell.
    text: str


def read_cell(
    text: str,
    scale: Scale,
    step: Decimal = ZERO,
    codes: Sequence[str] = ABSENCE_CODES,
    day: date | None = None,
) -> Cell:
    """Read a cell's text entry by entry; an entry that cannot be read becomes a fault, and the others are still read.

    `step` is the value of a sign (`number_of`), `codes` are the school's absence codes, `day` is the day of the
    lesson: a date without a year lies in its school year, and no date may precede it. A text that is both a mark of
    the scale and an absence code is read as the mark.
    Source: domain, §3.
    """
    ways = _Ways(scale, step, codes, day, text)
    pieces = list(_pieces(text, scale))
    tokens: list[Token] = []
    faults: list[CellFault] = []
    for place, (position, piece) in enumerate(pieces):
        if piece in _SEPARATORS:
            code = None if _is_between(place, pieces) else _code_at_end(place, pieces, ways)
            if code is not None:
                tokens.append(AbsenceToken(code, position))
            elif not _is_between(place, pieces):
                faults.append(_fault(SEPARATOR_ALONE, position, piece))
            continue
        read = _read(piece, position, ways)
        if isinstance(read, CellFault):
            faults.append(read)
        else:
            tokens.append(read)
    return Cell(text, tuple(tokens), tuple(faults))


def check_cell(cell: Cell, field: str = "value") -> None:
    """Refuse a cell with faults: raises `Invalid` for the first, with a `FieldFault` for each.

    Source: domain, §3.
    """
    if not cell.faults:
        return
    faults = tuple(one.of_field(field) for one in cell.faults)
    first = cell.faults[0]
    refused = Invalid.of(first.reason.text, rule=first.rule, field=field, faults=faults)
    refused.params |= {"position": first.position, "piece": first.piece}
    raise refused


def mark_text(text: str, scale: Scale, field: str = "value", day: date | None = None) -> str:
    """The marks in a text, in the form in which they are stored: `4-`, `н/а`, or two marks of one cell, `4/5`.

    `day` is the day of the lesson. Raises `Invalid` naming `field` if the text has faults, holds no mark, holds
    anything but marks, or is too long for a cell.
    Source: domain, §3.
    """
    cell = _field(text, scale, day)
    check_cell(cell, field)
    for token in cell.tokens:
        if isinstance(token, AbsenceToken):
            raise _refused(ABSENCE, field, piece=str(token))
        if isinstance(token, OwedToken):
            raise _refused(OWED, field, at=token.position, piece=str(token))
    stored = _stored(cell, field)
    if stored is None:
        raise _refused(NO_MARK, field)
    return stored


class Written(NamedTuple):
    """What the text of a cell says: its marks as they are stored, absence code, work owed; None of what it lacks."""

    value: str | None
    absence: str | None
    owed: OwedToken | None = None


EMPTY: Final = Written(None, None)


def cell_written(text: str, scale: Scale, field: str = "text", day: date | None = None) -> Written:
    """Read the whole text of a cell, as it is typed into the journal's grid: marks, an absence, work owed, or nothing.

    `day` is the day of the lesson. Raises `Invalid` naming `field` if the text has faults, holds more than one absence
    or more than one work owed, or its marks are too long for a cell.
    Source: domain, §3.
    """
    cell = _field(text, scale, day)
    check_cell(cell, field)
    return Written(_stored(cell, field), _absence_in(cell, field), _owed_in(cell, field))


def column_written(text: str, scale: Scale, field: str = "value", day: date | None = None) -> Written:
    """The same in a field for marks and work owed: raises `Invalid` for an absence, too, and for an empty text.

    Source: domain, §3.
    """
    cell = _field(text, scale, day)
    check_cell(cell, field)
    for token in cell.tokens:
        if isinstance(token, AbsenceToken):
            raise _refused(ABSENCE, field, piece=str(token))
    if not cell.tokens:
        raise _refused(NO_MARK, field)
    return Written(_stored(cell, field), None, _owed_in(cell, field))


def _owed_in(cell: Cell, field: str) -> OwedToken | None:
    owed = [token for token in cell.tokens if isinstance(token, OwedToken)]
    if len(owed) > 1:
        raise _refused(TWO_OWED, field, at=owed[1].position, piece=str(owed[1]), other=str(owed[0]))
    return owed[0] if owed else None


def _absence_in(cell: Cell, field: str) -> str | None:
    absences = [token for token in cell.tokens if isinstance(token, AbsenceToken)]
    if len({one.code for one in absences}) > 1:
        first, second, *_ = absences
        raise _refused(TWO_ABSENCES, field, at=second.position, piece=str(second), other=str(first))
    return absences[0].code if absences else None


def _stored(cell: Cell, field: str) -> str | None:
    """The marks of a cell as they are stored; None where it has none. Raises `Invalid`."""
    stored = "".join(_written(cell.marks))
    if len(stored) > LONGEST:
        raise _refused(TOO_LONG, field, piece=stored, longest=LONGEST)
    return stored or None


@lru_cache(maxsize=1024)  # a column repeats the same few texts
def _field(text: str, scale: Scale, day: date | None) -> Cell:
    return read_cell(text, scale, day=day)


@lru_cache(maxsize=4096)  # journals repeat the same few texts
def stored_marks(
    text: str, scale: Scale, step: Decimal, weight: Decimal | None, kind: str = ""
) -> tuple[GivenMark, ...]:
    """The marks of a stored text as input of means, each of the column's kind of work, and with the column's weight.

    `kind` is a code of the policy; without `weight` the policy says what its marks weigh.

    An entry that the scale does not have was stored while the school had another scale: a whole number counts as that
    number, without its sign where it has one; anything else is a mark without number. The cell's other entries count
    as ever. Nothing stored is an absence, so no codes are read: the letter of another scale is not taken for one.
    Source: domain, §3.
    """
    cell = read_cell(text, scale, step, codes=())
    unread = [MarkToken(one.piece, _number_shown(one.piece), position=one.position) for one in cell.faults]
    tokens = sorted((*cell.tokens, *unread), key=attrgetter("position"))
    return given_marks(replace(cell, tokens=tuple(tokens)), kind, weight=weight)


def given_marks(
    cell: Cell,
    kind: str = "",
    day: date | None = None,
    weight: Decimal | None = None,
    ref: str = "",
    entered_on: date | None = None,
) -> tuple[GivenMark, ...]:
    """The cell's marks and owed works as input of means; the other parameters are those of `GivenMark`.

    `осв` means that the student is excused from the work, a point that the work has no mark yet; absences are not
    marks. A point beside a mark is still owed: it stands for another work.
    Source: domain, §3.
    """
    return tuple(
        GivenMark(
            text=str(token),
            number=token.number if isinstance(token, MarkToken) else None,
            state=_state(token),
            kind=kind,
            day=day,
            weight=weight,
            ref=ref,
            entered_on=entered_on,
        )
        for token in cell.tokens
        if not isinstance(token, AbsenceToken)
    )


def _number_shown(piece: str) -> Decimal | None:
    """The whole number of an entry that is off the scale, or whose sign the scale does not have."""
    number = shown_number(_without_sign(piece)[0])
    return None if number is None else Decimal(number)


def _state(token: MarkToken | OwedToken) -> State:
    if isinstance(token, OwedToken):
        return State.UNGRADED
    return State.EXCUSED if token.text == EXEMPT else State.GIVEN


def _written(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the parts of the normal form: a slash between two marks, a space between other entries."""
    for place, token in enumerate(tokens):
        if place:
            yield "/" if isinstance(token, MarkToken) and isinstance(tokens[place - 1], MarkToken) else " "
        yield str(token)


def _pieces(text: str, scale: Scale) -> Iterator[tuple[int, str]]:
    """Entries and separators with their places, without the invisible characters around them."""
    pattern = _PIECE_OF_LONG_NUMBERS if scale.has_long_numbers else _PIECE
    for found in pattern.finditer(text):
        begun = found.group().lstrip(_INVISIBLE)
        if begun:
            yield found.end() - len(begun), begun.rstrip(_INVISIBLE)


def _is_between(place: int, pieces: Sequence[tuple[int, str]]) -> bool:
    """Whether a separator has an entry on each side; the second of two separators in a row has not."""
    return 0 < place < len(pieces) - 1 and pieces[place - 1][1] not in _SEPARATORS


def _code_at_end(place: int, pieces: Sequence[tuple[int, str]], ways: _Ways) -> str | None:
    """The absence code on whose key a separator lies that stands alone, or at an end beside a mark, a space between."""
    code = None if ways.scale.is_latin else _code(by_key(pieces[place][1]), ways.codes)
    if code is None or len(pieces) == 1:
        return code
    if 0 < place < len(pieces) - 1:
        return None
    left, right = (pieces[0], pieces[1]) if place == 0 else (pieces[-2], pieces[-1])
    is_apart = _SPACE.search(ways.text, left[0] + len(left[1]), right[0]) is not None
    beside = right if place == 0 else left
    return code if is_apart and isinstance(_read(beside[1], beside[0], ways), MarkToken) else None


def _without_sign(piece: str) -> tuple[str, str]:
    """What stands before the sign, and the sign: `"+"`, `"-"` or `""`."""
    return (piece[:-1], _SIGNS[piece[-1]]) if piece[-1] in _SIGNS else (piece, "")


def _read(piece: str, position: int, ways: _Ways) -> Token | CellFault:
    if _HIDDEN.search(piece):
        return _fault(INVISIBLE, position, piece)
    if _SPACE.search(piece):
        return _fault(NUMBERS_APART, position, piece)
    if piece[0] in _POINTS:
        return _owed(piece, position, ways.day)
    body, sign = _without_sign(piece)
    keys = body if ways.scale.is_latin else by_key(body)
    mark = mark_on(ways.scale, body) or mark_on(ways.scale, keys)
    if mark is not None:
        if sign and not may_be_signed(ways.scale, mark):
            return _fault(SIGN_REFUSED, position, piece, mark=mark.text, sign=sign)
        return MarkToken(mark.text, number_of(ways.scale, mark.text, sign, ways.step), sign, position)
    # by its keys first: who types у with the Latin layout on presses E, and Y is the key of Н
    code = _code(keys + sign, ways.codes) or _code(piece, ways.codes)
    return _unread(piece, body, keys + sign, position, ways) if code is None else AbsenceToken(code, position)


def _code(text: str, codes: Sequence[str]) -> str | None:
    """The school's absence code that a text is: by its look, or in another spelling of a default code that it has."""
    own = next((code for code in codes if by_look(code) == by_look(text)), None)
    usual = ABSENCE_OF.get(letters(text))
    return own or (usual if usual in codes else None)


def _is_code_with_mark(piece: str, ways: _Ways) -> bool:
    """Whether a piece is an absence code and a mark with nothing between, in either order: `Н5`, `5н`."""
    halves = [(piece[:at], piece[at:]) for at in range(1, len(piece))]
    return any(
        _code(one, ways.codes) is not None and mark_on(ways.scale, _without_sign(other)[0]) is not None
        for half in halves
        for one, other in (half, half[::-1])
    )


def _unread(piece: str, body: str, keys: str, position: int, ways: _Ways) -> CellFault:
    if not body:
        return _fault(SIGN_ALONE, position, piece)
    if _WHOLE.fullmatch(body):
        return _fault(OFF_SCALE, position, piece, span=ways.scale.span)
    if _FRACTION.fullmatch(body):
        return _fault(FRACTION, position, piece)
    if _is_code_with_mark(piece, ways) or _is_code_with_mark(keys, ways):
        return _fault(CODE_WITH_MARK, position, piece)
    return _fault(UNREADABLE, position, piece, span=ways.scale.span, codes=", ".join(ways.codes))


def _owed(piece: str, position: int, lesson: date | None) -> OwedToken | CellFault:
    form = _OWED.fullmatch(piece)
    if form is None:
        return _fault(OWED_FORM, position, piece)
    if form["day"] is None:
        return OwedToken(None, position)
    year = _year(form["year"], int(form["month"]), lesson)
    if year is None:
        return _fault(OWED_WITHOUT_YEAR, position + 1, piece[1:])
    try:
        due = date(year, int(form["month"]), int(form["day"]))
    except ValueError:
        return _fault(OWED_NO_DATE, position + 1, piece[1:])
    if lesson is not None and due < lesson:
        return _fault(OWED_BEFORE, position + 1, piece[1:], due=due, day=lesson)
    return OwedToken(due, position)


def _year(written: str | None, month: int, lesson: date | None) -> int | None:
    """The written year, `26` for 2026; else the year of that month in the lesson's school year."""
    if written is not None:
        return int(written) + (2000 if len(written) == 2 else 0)
    if lesson is None:
        return None
    began = lesson.year if lesson.month >= _FIRST_MONTH else lesson.year - 1
    return began if month >= _FIRST_MONTH else began + 1


def _refused(reason: Refusal, field: str, at: int | None = None, **values: Any) -> Invalid:
    refused = Invalid.of(reason.phrase(**values).text, rule=reason.rule, field=field)
    if at is not None:
        refused.params["position"] = at
    return refused


def _fault(reason: Refusal, position: int, piece: str, **values: object) -> CellFault:
    return CellFault(position, piece, reason.rule, reason.phrase(piece=piece, **values))
