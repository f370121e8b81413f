"""Cells as they are written: what is read, in which form it is shown, and what of it the means take."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.marks.rules.cells import (
    ABSENCE_CODES,
    AbsenceToken,
    Cell,
    MarkToken,
    OwedToken,
    Token,
    given_marks,
    read_cell,
)
from services.gradebook.policy.rules.scales import (
    ECTS,
    FIVE,
    FIVE_WITH_ZERO,
    HUNDRED,
    LETTERS,
    SCALES,
    SIX,
    TWELVE,
    WORDS,
    Scale,
    number_of,
)

HALF = Decimal("0.5")
LESSON = date(2026, 9, 8)


def mark(text: str, sign: str = "", scale: Scale = FIVE, step: Decimal = Decimal(0)) -> MarkToken:
    return MarkToken(text, number_of(scale, text, sign, step), sign)


def absent(code: str) -> AbsenceToken:
    return AbsenceToken(code)


def owed(*due: int) -> OwedToken:
    return OwedToken(date(*due) if due else None)


def read(text: str, **ways: Any) -> tuple[Token, ...]:
    """The tokens of a cell of the scale 1 to 5, all of which must be readable."""
    cell = read_cell(text, FIVE, **ways)
    assert cell.faults == ()
    return cell.tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        ("  ", ()),
        ("5", (mark("5"),)),
        ("3/3", (mark("3"), mark("3"))),
        ("О 2", (absent("О"), mark("2"))),
        ("Н 2", (absent("Н"), mark("2"))),
        ("2 Н", (mark("2"), absent("Н"))),
        ("Б", (absent("Б"),)),
        ("Н Н", (absent("Н"), absent("Н"))),
        ("О 4/3", (absent("О"), mark("4"), mark("3"))),
        ("2  3", (mark("2"), mark("3"))),
        ("У;5", (absent("У"), mark("5"))),
        ("П, 4", (absent("П"), mark("4"))),
        ("4, 5", (mark("4"), mark("5"))),
        ("4 ,5", (mark("4"), mark("5"))),
        ("4 / 5", (mark("4"), mark("5"))),
        ("4/\n5\t3", (mark("4"), mark("5"), mark("3"))),
        ("4\u00a05", (mark("4"), mark("5"))),  # no-break space
        ("4\u202f5", (mark("4"), mark("5"))),  # narrow no-break space
        ("\ufeff4\u200b\ufeff / \u200b5\u200b", (mark("4"), mark("5"))),  # invisible characters around entries
        ("\u200bн/а\ufeff/5\u2060", (mark("н/а"), mark("5"))),
        ("5-", (mark("5", "-"),)),
        ("4+", (mark("4", "+"),)),
        ("4+,5-", (mark("4", "+"), mark("5", "-"))),
        ("зач", (mark("зач"),)),
        ("незач/осв", (mark("незач"), mark("осв"))),
        ("н/а", (mark("н/а"),)),
        ("Н/А", (mark("н/а"),)),
        ("Н н/а", (absent("Н"), mark("н/а"))),
        ("н/а/н/а/3", (mark("н/а"), mark("н/а"), mark("3"))),
        ("3/н/а", (mark("3"), mark("н/а"))),
        ("н/а,5", (mark("н/а"), mark("5"))),
        (".", (owed(),)),
        ("•", (owed(),)),
        ("·/5", (owed(), mark("5"))),
        (". 5 .", (owed(), mark("5"), owed())),
        (",", (absent("Б"),)),
        (" \u200b, ", (absent("Б"),)),
        ("<", (absent("Б"),)),
        ("5 ,", (mark("5"), absent("Б"))),
        (", 4-/5", (absent("Б"), mark("4", "-"), mark("5"))),
        ("4/5 <", (mark("4"), mark("5"), absent("Б"))),
        ("< 4 , 5", (absent("Б"), mark("4"), mark("5"))),
        ("<jk", (absent("Б"),)),
    ],
)
def test_a_cell_is_read_entry_by_entry_in_its_order(text: str, tokens: tuple[Token, ...]) -> None:
    assert read(text) == tokens


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("н", "Н"),
        ("H", "Н"),  # Latin
        ("h", "Н"),
        ("О", "О"),
        ("O 2", "О 2"),  # Latin O
        ("o 2", "О 2"),
        ("Y", "Н"),  # its key: who types У with the Latin layout on presses E
        ("e", "У"),
        ("б", "Б"),
        ("п", "П"),
        ("H/A", "н/а"),
        ("h/a", "н/а"),
        ("н/a", "н/а"),  # Latin a only
        ("3aч", "3aч"),  # a figure 3 is no letter З: refused, so kept as it came
        ("зaч", "зач"),
        ("НEЗAЧ", "незач"),
        ("OCB", "осв"),
    ],
)
def test_letters_count_by_their_look(typed: str, canonical: str) -> None:
    assert str(read_cell(typed, FIVE)) == canonical


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("н", "Н"),
        ("Н", "Н"),
        ("н/б", "Н"),
        ("H/б", "Н"),  # Latin H
        ("нб", "Н"),
        ("н.б.", "Н"),
        ("нп", "Н"),
        ("ув", "У"),
        ("УП", "У"),
        ("Ув.", "У"),
        ("б", "Б"),
        ("бол.", "Б"),
        ("ОП 5", "О 5"),
        ("5", "5"),
        ("5/4", "5/4"),
        ("н/б/н/а", "Н н/а"),
        ("н.а.", "н/а"),
        ("НА", "н/а"),
        ("зачёт", "зач"),
        ("Зачет.", "зач"),
        ("незачёт", "незач"),
        ("освобождён", "осв"),
        ("осв.", "осв"),
    ],
)
def test_p32_absence_words_in_a_cell_are_whole_words(typed: str, canonical: str) -> None:
    cell = read_cell(typed, FIVE)
    assert (str(cell), cell.faults) == (canonical, ())


@pytest.mark.parametrize("piece", ["Н5", "5н", "нб4", "О2", "Н5-", "Hзач", "J5", "j5-", "5<", "<5"])
def test_p32_a_code_and_a_mark_in_one_are_told_as_a_contradiction(piece: str) -> None:
    (fault,) = read_cell(piece, FIVE).faults
    assert (fault.rule, fault.piece) == ("code-with-mark", piece)


@pytest.mark.parametrize("text", ["нбу", "нн", "ббб", "нб/"])
def test_p32_nothing_is_guessed_by_its_single_letters(text: str) -> None:
    assert [fault.rule for fault in read_cell(text, FIVE).faults] in (["cell-unreadable"], ["separator-alone"])


def test_a_school_that_has_its_own_codes_has_no_spellings_of_those_it_has_not() -> None:
    assert [fault.piece for fault in read_cell("н/б", FIVE, codes=("УП", "НП")).faults] == ["н/б"]
    assert read("нп", codes=("УП", "НП")) == (absent("НП"),)


@pytest.mark.parametrize("dash", "-‐‑‒–—―−﹣－")
def test_every_dash_is_a_minus(dash: str) -> None:
    assert read(f"5{dash}/4{dash}", step=HALF) == (
        MarkToken("5", Decimal("4.5"), "-"),
        MarkToken("4", Decimal("3.5"), "-"),
    )


@pytest.mark.parametrize("plus", "+＋")
def test_both_forms_of_plus_are_one(plus: str) -> None:
    assert read(f"4{plus}", step=HALF) == (MarkToken("4", Decimal("4.5"), "+"),)


def test_a_sign_is_shown_but_counts_only_by_the_schools_step() -> None:
    (shown,) = read("4+")
    assert (str(shown), shown) == ("4+", MarkToken("4", Decimal(4), "+"))
    (counted,) = read("5+", step=HALF)
    assert (str(counted), counted) == ("5+", MarkToken("5", Decimal(5), "+"))


def test_each_entry_knows_its_place_in_the_text_and_is_the_same_entry_elsewhere() -> None:
    tokens = read(" Н  2/4- .12.09.2026")
    assert [token.position for token in tokens] == [1, 4, 6, 9]
    assert tokens == read("Н 2 4- .12.09.2026")
    assert [token.position for token in read("Н 2 4- .12.09.2026")] == [0, 2, 4, 7]
    assert [token.position for token in read(". Б /.")] == [0, 2, 5]
    assert [token.position for token in read_cell("5 ? x 4", FIVE).tokens] == [0, 6]


def test_entries_are_told_apart_by_what_they_are() -> None:
    assert mark("4") != mark("4", "+")
    assert mark("4") != mark("5")
    assert absent("Н") != absent("О")
    assert owed() != owed(2026, 9, 12)
    assert read_cell("4", FIVE) == read_cell(" 4 ", FIVE)
    assert read_cell("4", FIVE) != read_cell("4 ?", FIVE)


@pytest.mark.parametrize(
    ("text", "scale", "tokens"),
    [
        ("12/7", TWELVE, (mark("12", scale=TWELVE), mark("7", scale=TWELVE))),
        ("100; 0", HUNDRED, (mark("100", scale=HUNDRED), mark("0", scale=HUNDRED))),
        ("8, 5", TWELVE, (mark("8", scale=TWELVE), mark("5", scale=TWELVE))),
        ("8 зач", TWELVE, (mark("8", scale=TWELVE), mark("зач"))),
        ("Н 12", TWELVE, (absent("Н"), mark("12", scale=TWELVE))),
        ("8 .12.09.2026", TWELVE, (mark("8", scale=TWELVE), owed(2026, 9, 12))),
        ("0", FIVE_WITH_ZERO, (MarkToken("0", Decimal(0)),)),
        ("a-/В+", LETTERS, (MarkToken("A", Decimal(4), "-"), MarkToken("B", Decimal(3), "+"))),  # Cyrillic В
        ("fx Н", ECTS, (MarkToken("FX", None), absent("Н"))),
        ("зач", SCALES["pass_fail"], (MarkToken("зач", None),)),
        ("2+ 6", SIX, (MarkToken("2", Decimal(2), "+"), MarkToken("6", Decimal(6)))),
    ],
)
def test_other_scales_have_their_own_marks(text: str, scale: Scale, tokens: tuple[Token, ...]) -> None:
    cell = read_cell(text, scale)
    assert (cell.tokens, cell.faults) == (tokens, ())


def test_the_schools_own_absence_codes_are_read() -> None:
    assert read("уп нп 5", codes=("УП", "НП")) == (absent("УП"), absent("НП"), mark("5"))
    assert [fault.piece for fault in read_cell("Н 5", FIVE, codes=("УП",)).faults] == ["Н"]


def test_a_text_that_is_a_mark_and_a_code_is_the_mark() -> None:
    assert read_cell("В", LETTERS, codes=("В",)).tokens == (MarkToken("B", Decimal(3)),)


@pytest.mark.parametrize(
    ("text", "lesson", "due"),
    [
        (".12.09", LESSON, (2026, 9, 12)),
        (".8.9", LESSON, (2026, 9, 8)),  # the lesson's own day
        (".31.12", LESSON, (2026, 12, 31)),
        (".01.01", LESSON, (2027, 1, 1)),
        (".31.08", LESSON, (2027, 8, 31)),
        (".12.02", date(2027, 2, 11), (2027, 2, 12)),
        (".31.08", date(2027, 8, 31), (2027, 8, 31)),
        (".29.02", date(2027, 9, 1), (2028, 2, 29)),
        ("•12.09.2026", None, (2026, 9, 12)),
        (".12.09.26", None, (2026, 9, 12)),
        (".12.09.26", LESSON, (2026, 9, 12)),
        (".1.9.2027", LESSON, (2027, 9, 1)),  # written out, a date may lie in the next school year
        (".1.9.0999", None, (999, 9, 1)),
    ],
)
def test_a_point_may_carry_the_day_on_which_the_work_is_due(
    text: str, lesson: date | None, due: tuple[int, int, int]
) -> None:
    assert read(text, day=lesson) == (owed(*due),)


def test_a_cell_that_was_read_whole_is_shown_in_one_form_and_another_as_it_came() -> None:
    assert str(read_cell(" o  4- ;5, •12.09.26 б 3/зач", FIVE)) == "О 4-/5 .12.09.2026 Б 3/зач"
    assert str(read_cell("", FIVE)) == ""
    assert str(read_cell(" o  4 ?", FIVE)) == " o  4 ?"


def test_a_cell_keeps_its_text_and_lists_its_marks() -> None:
    cell = read_cell("О  4/н/а .", FIVE)
    assert cell.text == "О  4/н/а ."
    assert cell.marks == (mark("4"), mark("н/а"))


def test_two_marks_of_a_cell_are_two_marks_for_the_means() -> None:
    cell = read_cell("О 4-/5 осв н/а .12.09.2026", FIVE, HALF)
    rest: dict[str, Any] = {
        "kind": "control", "day": LESSON, "weight": Decimal(2), "ref": "c1", "entered_on": date(2026, 9, 9),
    }  # fmt: skip
    assert given_marks(cell, **rest) == (
        GivenMark("4-", Decimal("3.5"), state=State.GIVEN, **rest),
        GivenMark("5", Decimal(5), state=State.GIVEN, **rest),
        GivenMark("осв", None, state=State.EXCUSED, **rest),
        GivenMark("н/а", None, state=State.GIVEN, **rest),
        GivenMark(".12.09.2026", None, state=State.UNGRADED, **rest),
    )
    assert given_marks(read_cell("4", FIVE)) == (GivenMark("4", Decimal(4)),)


def test_absences_are_no_marks() -> None:
    assert given_marks(read_cell("Н Б", FIVE)) == ()


DATES = st.dates(min_value=date(1, 1, 1))


def tokens_of(scale: Scale) -> st.SearchStrategy[Token]:
    signs = ("", "+", "-") if scale.signed else ("",)
    marks = st.builds(
        lambda text, sign: mark(text, sign, scale, HALF),
        st.sampled_from([one.text for one in scale.marks]),
        st.sampled_from(signs),
    )
    words = st.sampled_from([mark(word.text) for word in WORDS])
    return st.one_of(marks, words, st.sampled_from(ABSENCE_CODES).map(absent), DATES.map(OwedToken), st.just(owed()))


@given(data=st.data(), scale=st.sampled_from(list(SCALES.values())))
def test_the_canonical_text_reads_as_the_same_entries(data: st.DataObject, scale: Scale) -> None:
    tokens = tuple(data.draw(st.lists(tokens_of(scale), max_size=6)))
    canonical = str(Cell("", tokens))
    again = read_cell(canonical, scale, HALF)
    assert again == Cell("", tokens)
    assert str(again) == canonical


NEAR_CELL = " \u00a0/,<;.•+-−0123456789НнHhАаAaОБУПозачсвнеxB"
NEAR_CELLS = st.text(st.sampled_from(NEAR_CELL), max_size=20)
INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")


@given(st.one_of(st.text(max_size=30), NEAR_CELLS), st.sampled_from(list(SCALES.values())))
@example("н/а5", FIVE)
@example("4,5", FIVE)
def test_of_any_text_every_piece_is_either_read_or_refused_at_its_place(text: str, scale: Scale) -> None:
    cell = read_cell(text, scale, HALF, day=LESSON)
    for fault in cell.faults:
        assert fault.piece
        assert text[fault.position : fault.position + len(fault.piece)] == fault.piece
        assert fault.reason.said("ru") != fault.reason.said("en")
    positions = [token.position for token in cell.tokens]
    assert positions == sorted(set(positions))
    assert not {fault.position for fault in cell.faults} & set(positions)
    assert bool(cell.tokens or cell.faults) == bool(re.sub(r"\s", "", INVISIBLE.sub("", text)))
    if not cell.faults:
        assert read_cell(str(cell), scale, HALF) == cell
        assert str(read_cell(str(cell), scale, HALF)) == str(cell)


@given(st.text(st.sampled_from(NEAR_CELL + "\u200b\ufeff" * 8), max_size=10), st.sampled_from([FIVE, TWELVE, HUNDRED]))
@example("1\u200b2", TWELVE)
@example("5\ufeff0", HUNDRED)
@example("4\u200b,5", FIVE)
@example("4,\u200b5", FIVE)
@example("\u200b1 2", TWELVE)
@example("5\u200bн/а", FIVE)
@example("н/а\u200b5", FIVE)
def test_an_invisible_character_makes_no_two_entries_of_one(text: str, scale: Scale) -> None:
    """The text is refused, or means what it means without such characters."""
    cell = read_cell(text, scale, HALF, day=LESSON)
    assert cell.faults or cell == read_cell(INVISIBLE.sub("", text), scale, HALF, day=LESSON)


@given(NEAR_CELLS, NEAR_CELLS)
def test_entries_are_read_one_by_one(one: str, other: str) -> None:
    """What stands before a space changes nothing of what is read behind it."""
    apart = [read_cell(text, FIVE, day=LESSON) for text in (one, other)]
    meets_comma = one.rstrip().endswith(",") or other.lstrip().startswith(",")  # it may separate the two
    if not meets_comma and not any(fault.rule == "separator-alone" for cell in apart for fault in cell.faults):
        together = read_cell(f"{one} {other}", FIVE, day=LESSON)
        assert together.tokens == apart[0].tokens + apart[1].tokens
        assert [fault.piece for fault in together.faults] == [fault.piece for cell in apart for fault in cell.faults]


WITHOUT_ILL = tuple(code for code in ABSENCE_CODES if code != "Б")
SHORT_CELLS = st.text(st.sampled_from(" /,;<.+-45Нбзо\u200b"), max_size=6)


@given(SHORT_CELLS, st.sampled_from(list(SCALES.values())))
@example("4 , 5", FIVE)
def test_a_comma_as_a_code_changes_nothing_that_is_readable_without_it(text: str, scale: Scale) -> None:
    before = read_cell(text, scale, HALF, codes=WITHOUT_ILL, day=LESSON)
    if not before.faults:
        assert read_cell(text, scale, HALF, day=LESSON) == before


@given(SHORT_CELLS, st.sampled_from(list(SCALES.values())))
@example(", 4", FIVE)
@example("4 ,", FIVE)
def test_a_comma_that_is_read_as_a_code_is_as_its_letter(text: str, scale: Scale) -> None:
    cell = read_cell(text, scale, HALF, day=LESSON)
    typed = [one.position for one in cell.tokens if isinstance(one, AbsenceToken) and text[one.position] in ",<"]
    if not cell.faults:
        meant = "".join("Б" if at in typed else letter for at, letter in enumerate(text))
        assert read_cell(meant, scale, HALF, day=LESSON) == cell
