"""Report cards as АСУ РСО exports them; the real file gives counts only, every name here is invented."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.result import Fault, Reading
from services.gradebook.past_import.readers.netschool_report_card import (
    ReportCards,
    ReportRow,
    StudentReport,
    TermResult,
    read_report_cards,
)
from tests.examples import examples
from tests.formats.made import exported
from tests.formats.readings import said, whole
from tests.shared import shared

read = whole(read_report_cards)

MEANS = ["Средний балл", "Ср. взв. балл", "Итог"]
HEADING = [
    [None, "Предмет", "Учебные периоды", *[None] * 5, "Год. оценка", "Экз. оценка", "Гос. экз. оценка", "Итог. оценка"],
    ["№"],
    ["п/п", None, "1 Четверть", None, None, "2 Четверть"],
    [None, None, *MEANS, *MEANS],
]
HEADING_AREAS = ("B{0}:B{3}", "C{0}:H{0}", "C{2}:E{2}", "F{2}:H{2}", "I{0}:I{3}", "J{0}:J{3}", "K{0}:K{3}", "L{0}:L{3}")
ALGEBRA = ["1", "Алгебра", 4.25, 4.5, "4", 3, 0, "3", "4", "5", "н/а", "4"]
MUSIC = ["2", "Музыка", 0, 0, "зач", 0, 0]


def card(
    student: str = "Осина Анна", *subjects: Sequence[Any], name: str = "8А", year: str = "2026/2027"
) -> list[Sequence[Any]]:
    rows = subjects or (ALGEBRA, MUSIC)
    return [[f"Учебный год: {year}"], [f"Класс: {name}"], [f"Ученик: {student}"], [], *HEADING, *rows, []]


def areas(first: int) -> list[str]:
    """The merged areas of a heading whose first row has the number."""
    return [area.format(first, first + 1, first + 2, first + 3) for area in HEADING_AREAS]


def only_fault(content: bytes) -> tuple[ReportCards, Fault]:
    reading = read_report_cards(content)
    assert reading.value is not None
    (fault,) = reading.faults
    return reading.value, fault


ANNA = StudentReport(
    "Лист1!B9",
    "Осина Анна",
    "8А",
    "2026/2027",
    (
        ReportRow(
            "Лист1!B9",
            "Алгебра",
            (
                TermResult("1 Четверть", Decimal("4.25"), Decimal("4.5"), "4"),
                TermResult("2 Четверть", Decimal(3), None, "3"),
            ),
            "4",
            "5",
            "н/а",
            "4",
        ),
        ReportRow(
            "Лист1!B10",
            "Музыка",
            (TermResult("1 Четверть", None, None, "зач"), TermResult("2 Четверть", None, None, "")),
            "",
            "",
            "",
            "",
        ),
    ),
)


def test_a_card_has_terms_and_marks_of_the_year_for_each_subject() -> None:
    assert read(exported(card(), areas(5))).students == (ANNA,)


def test_the_heading_is_understood_without_merged_cells_too() -> None:
    assert read(exported(card())).students == (ANNA,)


def test_several_students_under_each_other() -> None:
    rows = [["Табель успеваемости учащегося"], *card(), *card("Клён Борис", ALGEBRA, name="8Б", year="2025/2026")]
    first, second = read(exported(rows, [*areas(6), *areas(17)])).students
    assert (first.student, first.class_name, len(first.rows)) == ("Осина Анна", "8А", 2)
    assert (second.place, second.student, second.class_name, second.year) == (
        "Лист1!B21",
        "Клён Борис",
        "8Б",
        "2025/2026",
    )
    assert [row.subject for row in second.rows] == ["Алгебра"]


def test_two_students_of_one_name_are_two_cards() -> None:
    assert [one.student for one in read(exported(card() + card())).students] == ["Осина Анна"] * 2


def test_class_and_year_hold_for_the_cards_below() -> None:
    below = [["Учащаяся:", "Ива Вера"], *HEADING, ALGEBRA]
    last = read(exported(card() + below)).students[1]
    assert (last.student, last.class_name, last.year) == ("Ива Вера", "8А", "2026/2027")


@pytest.mark.parametrize(
    "label", ["Ученик:  Осина Анна", "ученик (ца): Осина Анна", "Учащийся: Осина Анна", "Ученик(ца) : Осина\nАнна"]
)
def test_labels_in_their_spellings(label: str) -> None:
    rows = card()
    rows[2] = [None, label]
    assert read(exported(rows)).students[0].student == "Осина Анна"


def test_a_table_without_student_is_left_out_and_noted() -> None:
    table, fault = only_fault(exported([*card(), [], *HEADING, ALGEBRA]))
    assert table.students == (ANNA,)
    assert (fault.place, fault.rule, fault.fatal) == ("Лист1!B17", "table-without-student", False)
    assert said(fault) == (
        "Над таблицей не указан ученик; она пропущена.",
        "No student is named above the table; it is left out.",
    )


@pytest.mark.parametrize(
    ("printed", "value"),
    [("3,75", Decimal("3.75")), ("3.5", Decimal("3.5")), (10, Decimal(10)), ("0", None), ("0,00", None), (None, None)],
)
def test_means_with_point_or_comma_and_none_for_zero(printed: Any, value: Decimal | None) -> None:
    row = ["1", "Алгебра", printed, 4, "4"]
    assert read(exported(card("Осина Анна", row))).students[0].rows[0].terms[0].mean == value


@pytest.mark.parametrize("printed", ["нет", "-1", "4.5.6", "123", "4,"])
@pytest.mark.parametrize("column", [2, 3])
def test_a_mean_that_is_none_is_noted(printed: str, column: int) -> None:
    row: list[Any] = ["1", "Алгебра", 4, 4, "4"]
    row[column] = printed
    table, fault = only_fault(exported(card("Осина Анна", row)))
    term = table.students[0].rows[0].terms[0]
    assert (term.mean, term.weighted_mean) == ((None, 4) if column == 2 else (4, None))
    assert (fault.place, fault.rule) == (f"Лист1!{'CD'[column - 2]}9", "bad-mean")
    assert said(fault) == (f"«{printed}» – не средний балл.", f"“{printed}” is no mean.")


@pytest.mark.parametrize("term", ["1 полугодие", "3 ТРИМЕСТР", "IV четверть", "6 модуль", "II  четверть"])
def test_terms_of_other_schools(term: str) -> None:
    rows = card("Осина Анна", [*ALGEBRA[:5], None, None, None, *ALGEBRA[8:]])
    rows[6] = ["п/п", None, term]
    (found,) = read(exported(rows)).students[0].rows[0].terms
    assert found.term == " ".join(term.split())
    assert (found.mean, found.weighted_mean, found.mark) == (Decimal("4.25"), Decimal("4.5"), "4")


def test_marks_are_kept_as_they_are_written() -> None:
    row = ["1", "Алгебра", 4, 4, " осв ", 4, 4, 5, 4, None, "зач", 0]
    found = read(exported(card("Осина Анна", row))).students[0].rows[0]
    assert [term.mark for term in found.terms] == ["осв", "5"]
    assert (found.year_mark, found.exam_mark, found.state_exam_mark, found.final_mark) == ("4", "", "зач", "0")


def test_a_column_that_is_not_known_is_told_where_it_holds_something() -> None:
    rows = card("Осина Анна", [*ALGEBRA, "12"])
    rows[4] = [*HEADING[0], "Пропуски"]
    _, fault = only_fault(exported(rows, areas(5)))
    assert (fault.rule, fault.place) == ("columns-not-read", "Лист1!B8")
    assert said(fault)[1] == "Columns that are not known were not read: M «Пропуски»."


def test_columns_may_stand_in_another_order() -> None:
    rows = card("Осина Анна", ["1", "Алгебра", "5", 4.5, 4.25, "3"])
    rows[4:8] = [
        ["№", "Предмет", "1 четверть", None, None, "Год"],
        [None, None, "Оценка", "Средневзвешенный", "Средний"],
    ]
    (found,) = read(exported(rows, ["B5:B6", "C5:E5", "F5:F6"])).students[0].rows
    assert found.terms == (TermResult("1 четверть", Decimal("4.25"), Decimal("4.5"), "5"),)
    assert found.year_mark == "3"


@pytest.mark.parametrize(
    "rows",
    [
        [["Предмет", "Оценка"], ["Алгебра", 5]],
        [["Предмет"], *([[]] * 9), ["Алгебра"]],
        [["Ученик: Осина Анна"], ["Предмет", "Год. оценка"], ["Алгебра", 5]],
        [["Ученик: Осина Анна"], [None, "Предмет", "1 четверть"]],
        [["5А", "5Б"]],
    ],
)
def test_other_workbooks_are_refused(rows: Sequence[Sequence[Any]]) -> None:
    reading = read_report_cards(exported(rows))
    assert reading.refused
    (fault,) = reading.faults
    assert (fault.place, fault.rule, fault.fatal) == ("", "not-report-cards", True)
    assert said(fault) == (
        "Это не табель успеваемости АСУ РСО: не найдены таблицы с предметами и учебными периодами.",
        "These are no report cards of АСУ РСО: no tables of subjects and terms were found.",
    )


def test_a_hidden_sheet_is_not_read() -> None:
    assert read_report_cards(exported(card(), hidden=True)).refused


def test_what_is_no_workbook_is_refused() -> None:
    assert read_report_cards("Ученик: Осина Анна".encode()).refused


def test_a_fault_of_the_workbook_is_passed_on() -> None:
    _, fault = only_fault(exported(card("Осина Анна", ["1", "Алгебра", "=A1"])))
    assert (fault.place, fault.rule) == ("Лист1!C9", "formula-without-value")


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    """What may be said of the real file: counts and sets of marks, no student's line, not even in a failure."""
    reading = read_report_cards(shared("netschool/report_card_8A_2024-2025.xlsx").read_bytes())
    students = reading.value.students if reading.value else ()
    rows = [row for one in students for row in one.rows]
    terms = [term for row in rows for term in row.terms]
    means = [term.mean for term in terms if term.mean is not None]
    weighted = [term.weighted_mean for term in terms if term.weighted_mean is not None]
    return {
        "faults": len(reading.faults),
        "students": len(students),
        "names": len({one.student for one in students}),
        "tables": {(one.class_name, one.year, len(one.rows)) for one in students},
        "rows": len(rows),
        "places": len({row.place for row in rows}),
        "terms": {tuple(term.term for term in row.terms) for row in rows},
        "means": (len(means), min(means) > 1, max(means) <= 5),
        "weighted": (len(weighted), min(weighted) >= 1, max(weighted) <= 5),
        "marks": {term.mark for term in terms},
        "year marks": ({row.year_mark for row in rows}, sum(row.year_mark != "" for row in rows)),
        "other marks": {row.exam_mark + row.state_exam_mark + row.final_mark for row in rows},
    }


def test_a_real_class_is_read_whole(real: dict[str, Any]) -> None:
    assert real["faults"] == 0
    assert (real["students"], real["names"]) == (28, 28)
    assert real["tables"] == {("8А", "2024/2025", 20)}
    assert (real["rows"], real["places"]) == (560, 560)
    assert real["terms"] == {tuple(f"{n} Четверть" for n in range(1, 5))}


def test_the_real_means_and_marks_are_in_their_range(real: dict[str, Any]) -> None:
    assert real["means"] == (1854, True, True)
    assert real["weighted"] == (536, True, True)
    assert real["marks"] == {"", "0", "2", "3", "4", "5"}
    assert real["year marks"] == ({"", "2", "3", "4", "5"}, 448)
    assert real["other marks"] == {""}


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read_report_cards(content), Reading)


CELL = st.one_of(
    st.none(), st.integers(0, 9), st.sampled_from(["Предмет", "1 четверть", *MEANS, "Ученик: А", "Год", "5"])
)


@given(st.lists(st.lists(CELL, max_size=6), max_size=10))
@settings(max_examples=examples(60))
def test_no_arrangement_of_cells_raises(rows: list[list[Any]]) -> None:
    reading = read_report_cards(exported(rows, ["A1:B2", "C3:D5"]))
    assert reading.refused or all(one.rows for one in reading.value.students)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
@settings(max_examples=examples(60))
def test_no_damage_to_a_workbook_raises(at: int, noise: bytes) -> None:
    whole = exported(card(), areas(5))
    at %= len(whole)
    assert isinstance(read_report_cards(whole[:at] + noise + whole[at + len(noise) :]), Reading)


def test_columns_headed_by_a_term_alone_are_its_marks_and_the_last_is_the_final_one() -> None:
    heading = ["Предмет", "1 Четверть", "2 Четверть", "3 Четверть", "4 Четверть", "Год", "Итог"]
    content = exported(
        [["Ученик: Орлов Пётр", "Учебный год: 2024/2025"], heading, ["Алгебра", "4", "3", "4", "4", "4", "5"]]
    )
    reading = read_report_cards(content)
    assert reading.value is not None
    ((row,),) = [student.rows for student in reading.value.students]
    assert [(term.term, term.mark) for term in row.terms] == [
        ("1 Четверть", "4"), ("2 Четверть", "3"), ("3 Четверть", "4"), ("4 Четверть", "4")
    ]  # fmt: skip
    assert (row.year_mark, row.final_mark) == ("4", "5")


def test_subjects_below_one_that_stands_beside_two_rows_are_read() -> None:
    rows = [["Ученик: Орлов Пётр"], ["Предмет", "1 Четверть"], ["Язык", "4"], ["", "5"], ["Физика", "3"]]
    reading = read_report_cards(exported(rows, ["A3:A4"]))
    assert reading.value is not None
    (student,) = reading.value.students
    assert [(row.subject, row.terms[0].mark) for row in student.rows] == [("Язык", "4"), ("Язык", "5"), ("Физика", "3")]
