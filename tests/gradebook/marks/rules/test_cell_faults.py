"""What a cell may not hold: each refusal with its place, its reason, and its sentence in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel.errors import Invalid
from kernel.phrases import Language
from services.gradebook.marks.rules.cells import MarkToken, check_cell, read_cell
from services.gradebook.policy.rules.scales import ECTS, FIVE, HUNDRED, SCALES, TEN, TWELVE, Scale, scale_of_numbers

LESSON = date(2026, 9, 8)
CODES = "Н, У, Б, О, П"


def mark(text: str) -> MarkToken:
    return MarkToken(text, Decimal(text))


@pytest.mark.parametrize(
    ("text", "lesson", "piece", "rule", "ru", "en"),
    [
        (".12.09", None, "12.09", "owed-date-without-year",
         "Срок «12.09» указан без года.", "The date 12.09 is written without its year."),
        (".31.02", LESSON, "31.02", "owed-date-unknown",
         "Даты «31.02» нет в календаре.", "The calendar has no date 31.02."),
        (".29.02", LESSON, "29.02", "owed-date-unknown",
         "Даты «29.02» нет в календаре.", "The calendar has no date 29.02."),
        (".12.13.2026", None, "12.13.2026", "owed-date-unknown",
         "Даты «12.13.2026» нет в календаре.", "The calendar has no date 12.13.2026."),
        (".1.1.0000", None, "1.1.0000", "owed-date-unknown",
         "Даты «1.1.0000» нет в календаре.", "The calendar has no date 1.1.0000."),
        (".07.09", LESSON, "07.09", "owed-before-lesson",
         "Срок 07.09.2026 раньше урока 08.09.2026.", "The date 2026-09-07 is before the lesson of 2026-09-08."),
        (".01.03", date(2027, 3, 2), "01.03", "owed-before-lesson",
         "Срок 01.03.2027 раньше урока 02.03.2027.", "The date 2027-03-01 is before the lesson of 2027-03-02."),
        (".01.10", date(2027, 3, 2), "01.10", "owed-before-lesson",  # October lies behind the March of its school year
         "Срок 01.10.2026 раньше урока 02.03.2027.", "The date 2026-10-01 is before the lesson of 2027-03-02."),
        (".7.9.2026", LESSON, "7.9.2026", "owed-before-lesson",
         "Срок 07.09.2026 раньше урока 08.09.2026.", "The date 2026-09-07 is before the lesson of 2026-09-08."),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused(
    text: str, lesson: date | None, piece: str, rule: str, ru: str, en: str
) -> None:
    cell = read_cell(f"5 {text}", FIVE, day=lesson)
    assert cell.tokens == (mark("5"),)
    (fault,) = cell.faults
    assert (fault.position, fault.piece, fault.rule) == (3, piece, rule)
    assert (fault.reason.said("ru"), fault.reason.said("en")) == (ru, en)


@pytest.mark.parametrize("piece", [".12", ".12.", "..", "...", ".5", ".12.09.", ".12.09.202", ".12.09.20266", ".123.1",
                                   ".1.123", ".12-09", "•x", ".١.٢", ".5+"])  # fmt: skip
def test_a_point_with_anything_but_a_day_behind_it_is_refused(piece: str) -> None:
    (fault,) = read_cell(f" {piece} 5", FIVE, day=LESSON).faults
    assert (fault.position, fault.piece, fault.rule) == (1, piece, "owed-date-form")
    assert fault.reason.said("ru") == (
        f"Срок «{piece}» не читается: после точки пишут день и месяц, например .12.09 или .12.09.2026."
    )
    assert fault.reason.said("en") == (
        f"{piece} cannot be read: behind the point stand day and month, such as .12.09 or .12.09.2026."
    )


def unreadable(piece: str, language: Language, span: str = "1–5") -> str:
    if language == "en":
        return f"{piece} cannot be read: it is no mark of the scale {span}, no absence code ({CODES}) and no point."
    return f"Запись «{piece}» не читается: это не отметка шкалы {span}, не код посещаемости ({CODES}) и не точка."


@pytest.mark.parametrize(
    "piece",
    ["B", "В", "X", "x+", "НН", "О15", "3aч", "н\\а", "н|а", "н-", "5.", "5?", "55+4", "5++", "5+-", "-5",
     "+4", "4-5", "5*", "*", "!", "☀", "😊", "отлично", "n", "5½", "٣", "５", "5\u00ad", "\x00", "(5)", "4="],
)  # fmt: skip
def test_what_is_nothing_known_is_refused_with_its_place(piece: str) -> None:
    cell = read_cell(f"4  {piece};3", FIVE)
    assert cell.tokens == (mark("4"), mark("3"))
    (fault,) = cell.faults
    assert (fault.position, fault.piece, fault.rule) == (3, piece, "cell-unreadable")
    assert fault.reason.said("ru") == unreadable(piece, "ru")
    assert fault.reason.said("en") == unreadable(piece, "en")


@pytest.mark.parametrize(
    ("text", "scale", "position", "piece", "rule", "ru", "en"),
    [
        ("5 7", FIVE, 2, "7", "mark-off-scale",
         "Отметки «7» нет на шкале 1–5.", "There is no mark 7 on the scale 1–5."),
        ("0", FIVE, 0, "0", "mark-off-scale",
         "Отметки «0» нет на шкале 1–5.", "There is no mark 0 on the scale 1–5."),
        ("45", FIVE, 0, "45", "mark-off-scale",
         "Отметки «45» нет на шкале 1–5.", "There is no mark 45 on the scale 1–5."),
        ("05", FIVE, 0, "05", "mark-off-scale",
         "Отметки «05» нет на шкале 1–5.", "There is no mark 05 on the scale 1–5."),
        ("6-", FIVE, 0, "6-", "mark-off-scale",
         "Отметки «6-» нет на шкале 1–5.", "There is no mark 6- on the scale 1–5."),
        ("5", SCALES["pass_fail"], 0, "5", "mark-off-scale",
         "Отметки «5» нет на шкале незач–зач.", "There is no mark 5 on the scale незач–зач."),
        ("5 -", FIVE, 2, "-", "sign-alone",
         "Знак «-» стоит отдельно: его пишут слитно с отметкой.",
         "The sign - stands alone: it is written right behind its mark."),
        ("+", FIVE, 0, "+", "sign-alone",
         "Знак «+» стоит отдельно: его пишут слитно с отметкой.",
         "The sign + stands alone: it is written right behind its mark."),
        ("9+", TWELVE, 0, "9+", "sign-refused",
         "После «9» знак «+» не ставится.", "The sign + may not follow 9."),
        ("ЗАЧ—", FIVE, 0, "ЗАЧ—", "sign-refused",
         "После «зач» знак «-» не ставится.", "The sign - may not follow зач."),
        ("3 4,5", FIVE, 2, "4,5", "mark-with-fraction",
         "Запись «4,5» не читается: дробных отметок нет, а две отметки пишут через косую черту.",
         "4,5 cannot be read: no mark has a fraction, and two marks are written with a slash between them."),
        ("4.5", FIVE, 0, "4.5", "mark-with-fraction",
         "Запись «4.5» не читается: дробных отметок нет, а две отметки пишут через косую черту.",
         "4.5 cannot be read: no mark has a fraction, and two marks are written with a slash between them."),
        ("4,5,3", FIVE, 0, "4,5,3", "mark-with-fraction",
         "Запись «4,5,3» не читается: дробных отметок нет, а две отметки пишут через косую черту.",
         "4,5,3 cannot be read: no mark has a fraction, and two marks are written with a slash between them."),
        ("4,5+", FIVE, 0, "4,5+", "mark-with-fraction",
         "Запись «4,5+» не читается: дробных отметок нет, а две отметки пишут через косую черту.",
         "4,5+ cannot be read: no mark has a fraction, and two marks are written with a slash between them."),
        ("G", ECTS, 0, "G", "cell-unreadable", unreadable("G", "ru", "F–A"), unreadable("G", "en", "F–A")),
        ("3/", FIVE, 1, "/", "separator-alone",
         "Знак «/» стоит не между двумя записями.", "The sign / does not stand between two entries."),
        (";3", FIVE, 0, ";", "separator-alone",
         "Знак «;» стоит не между двумя записями.", "The sign ; does not stand between two entries."),
        ("3/,4", FIVE, 2, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        ("3 / /4", FIVE, 4, "/", "separator-alone",
         "Знак «/» стоит не между двумя записями.", "The sign / does not stand between two entries."),
        ("5,", FIVE, 1, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        (",5", FIVE, 0, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        ("4, ,", FIVE, 3, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        ("4 , , 5 3", FIVE, 4, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        ("Н ,", FIVE, 2, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        (",", ECTS, 0, ",", "separator-alone",
         "Знак «,» стоит не между двумя записями.", "The sign , does not stand between two entries."),
        ("/", FIVE, 0, "/", "separator-alone",
         "Знак «/» стоит не между двумя записями.", "The sign / does not stand between two entries."),
    ],
)  # fmt: skip
def test_each_refusal_says_what_and_where_and_why(
    text: str, scale: Scale, position: int, piece: str, rule: str, ru: str, en: str
) -> None:
    (fault,) = read_cell(text, scale).faults
    assert (fault.position, fault.piece, fault.rule) == (position, piece, rule)
    assert (fault.reason.said("ru"), fault.reason.said("en")) == (ru, en)


@pytest.mark.parametrize(
    ("text", "scale", "piece"),
    [
        ("1\u200b2", TWELVE, "1\u200b2"),
        ("5\ufeff0", HUNDRED, "5\ufeff0"),
        ("4\u20605", FIVE, "4\u20605"),
        ("\ufeff4\u200d-\u200b", FIVE, "4\u200d-"),
        ("4\u200b,5", FIVE, "4\u200b,5"),
        ("4,\u200c5", FIVE, "4,\u200c5"),
        ("н/а\u200b5", FIVE, "а\u200b5"),
        ("\u200b1\u200b 2\u200b", TWELVE, "1\u200b 2"),
    ],
)
def test_an_invisible_character_inside_an_entry_is_refused(text: str, scale: Scale, piece: str) -> None:
    fault = read_cell(text, scale).faults[-1]
    assert (fault.position, fault.piece, fault.rule) == (text.index(piece), piece, "invisible-character")
    assert fault.reason.said("ru") == (
        f"Запись «{piece}» не читается: внутри неё стоит невидимый знак. Наберите её заново."
    )
    assert fault.reason.said("en") == (
        f"{piece} cannot be read: an invisible character stands inside it. Type it anew."
    )


@pytest.mark.parametrize(
    ("text", "scale", "piece"),
    [
        ("8 5", TWELVE, "8 5"),
        (" 1  2\ufeff", TWELVE, "1  2"),
        ("\u200b1 2", TWELVE, "1 2"),
        ("5\u00a00", HUNDRED, "5\u00a00"),
        ("100 0", HUNDRED, "100 0"),
        ("1\n0", TEN, "1\n0"),
        ("7/1 2 3;4", TWELVE, "1 2 3"),
        ("Н 1 2", TWELVE, "1 2"),
        ("1 2", scale_of_numbers(1, 15), "1 2"),
    ],
)
def test_a_space_alone_does_not_part_numbers_where_they_have_several_digits(
    text: str, scale: Scale, piece: str
) -> None:
    (fault,) = read_cell(text, scale).faults
    assert (fault.position, fault.piece, fault.rule) == (text.index(piece), piece, "numbers-without-slash")
    assert fault.reason.said("ru") == (
        f"Запись «{piece}» не читается: пробел между числами мог попасть внутрь одной отметки, "
        "а две отметки пишут через косую черту."
    )
    assert fault.reason.said("en") == (
        f"{piece} cannot be read: the space between the numbers may have slipped into one mark, "
        "and two marks are written with a slash between them."
    )


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("5н/а", ["5н", "а"]), ("н/а5", ["а5"]), ("н / а", ["а"]), ("н/а-", ["а-"]), ("н/н/а", []), ("x/н/а", ["x"])],
)
def test_only_the_whole_word_is_not_attested(text: str, pieces: list[str]) -> None:
    assert [fault.piece for fault in read_cell(text, FIVE).faults] == pieces


def test_a_cell_that_was_read_whole_is_not_refused() -> None:
    check_cell(read_cell("О 2", FIVE))
    check_cell(read_cell("", FIVE))


def test_a_cell_with_faults_is_refused_for_the_first_and_names_all() -> None:
    with pytest.raises(Invalid) as caught:
        check_cell(read_cell("5 7 / x", FIVE), "marks.0.value")
    refusal = caught.value
    assert (refusal.rule, refusal.field) == ("mark-off-scale", "marks.0.value")
    assert refusal.message == "There is no mark {piece} on the scale {span}."
    assert refusal.params == {"position": 2, "piece": "7", "span": "1–5"}
    assert str(refusal) == "There is no mark 7 on the scale 1–5."
    assert [(fault.field, fault.rule, str(fault.text)) for fault in refusal.faults] == [
        ("marks.0.value", "mark-off-scale", "There is no mark 7 on the scale 1–5."),
        ("marks.0.value", "cell-unreadable", unreadable("x", "en")),
    ]


def test_dates_of_a_refusal_cross_the_wire() -> None:
    with pytest.raises(Invalid) as caught:
        check_cell(read_cell(".07.09", FIVE, day=LESSON))
    wire = caught.value.to_wire()
    assert (wire["field"], wire["rule"]) == ("value", "owed-before-lesson")
    assert wire["params"] == {"position": 1, "piece": "07.09", "due": "2026-09-07", "day": "2026-09-08"}
