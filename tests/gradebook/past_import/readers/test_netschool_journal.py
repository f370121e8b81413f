"""The progress report of АСУ РСО: workbooks in its shape, written from invented students and from real cells."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from formats.result import Reading
from services.gradebook.past_import.readers.netschool_journal import (
    JournalCell,
    JournalRow,
    PeriodJournal,
    StudentJournal,
    read_period_journal,
)
from tests.examples import examples
from tests.formats.made import exported
from tests.formats.readings import said, whole, with_one_fault
from tests.shared import shared

read = whole(read_period_journal)
only_fault = with_one_fault(read_period_journal)

MONTHS = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip
SUMMARY = ["Средняя оценка", "Средневзвешенная", "Итог"]
#: Months over days; the second month is not repeated over its second day.
HEADING = [["Предмет", "Март", "Апрель", None, *SUMMARY], [None, 31, 1, 2]]
AREAS = ("A{0}:A{1}", "C{0}:D{0}", "E{0}:E{1}", "F{0}:F{1}", "G{0}:G{1}")
ALGEBRA = ["Алгебра", "3/3", "О 2", 5, 3.25, "4,5", "3"]
MUSIC = ["Музыка", None, "Н", None, 0, 0]


def table(
    *subjects: Sequence[Any],
    student: str = "Осина Анна",
    heading: Sequence[Sequence[Any]] = HEADING,
    period: str = "Период: с 24.03.27 по 24.05.27",
) -> list[Sequence[Any]]:
    labels = [["Учебный год: 2026/2027"], ["Класс: 8А"], [period], [f"Ученик: {student}"]]
    return [*labels, *heading, *(subjects or (ALGEBRA, MUSIC)), []]


def dates(content: bytes) -> list[date]:
    """The dates of the first subject's cells."""
    return [cell.on for cell in read(content).students[0].rows[0].cells]


ANNA = StudentJournal(
    "Лист1!A7",
    "Осина Анна",
    "8А",
    "2026/2027",
    "с 24.03.27 по 24.05.27",
    (
        JournalRow(
            "Лист1!A7",
            "Алгебра",
            (
                JournalCell("Лист1!B7", date(2027, 3, 31), "3/3"),
                JournalCell("Лист1!C7", date(2027, 4, 1), "О 2"),
                JournalCell("Лист1!D7", date(2027, 4, 2), "5"),
            ),
            Decimal("3.25"),
            Decimal("4.5"),
            "3",
        ),
        JournalRow("Лист1!A8", "Музыка", (JournalCell("Лист1!C8", date(2027, 4, 1), "Н"),), None, None, ""),
    ),
)


def test_cells_stand_at_their_dates_and_means_at_the_end() -> None:
    merged = [area.format(5, 6) for area in AREAS]
    assert read(exported(table(), merged)).students == (ANNA,)


def test_months_are_understood_without_merged_cells_too() -> None:
    assert read(exported(table())).students == (ANNA,)


def test_several_students_under_each_other() -> None:
    first, second = read(exported([*table(), *table(ALGEBRA, student="Клён Борис")])).students
    assert first == ANNA
    assert (second.place, second.student, len(second.rows)) == ("Лист1!A16", "Клён Борис", 1)


def test_a_date_with_two_columns_has_two_cells_in_their_order() -> None:
    heading = [["Предмет", "Апрель", None, None], [None, 2, 1, 1]]
    (row,) = read(exported(table(["Алгебра", "5", "4", "3"], heading=heading))).students[0].rows
    assert [(cell.on.day, cell.text) for cell in row.cells] == [(1, "4"), (1, "3"), (2, "5")]


@pytest.mark.parametrize(("heading", "said_of_it"), [(None, "D «»"), ("Пропуски", "D «Пропуски»")])
def test_a_column_that_is_neither_a_date_nor_a_summary_is_told_where_it_holds_something(
    heading: str | None, said_of_it: str
) -> None:
    rows = [["Предмет", "Апрель", None, heading, "Итог"], [None, 1, 2]]
    journal, fault = only_fault(exported(table(["Алгебра", "5", "4", "3", "5"], heading=rows)))
    assert [cell.text for cell in journal.students[0].rows[0].cells] == ["5", "4"]
    assert (fault.rule, fault.place) == ("columns-not-read", "Лист1!A6")
    assert said(fault) == (
        f"Столбцы, которых система не знает, не прочитаны: {said_of_it}.",
        f"Columns that are not known were not read: {said_of_it}.",
    )
    assert read(exported(table(["Алгебра", "5", "4", None, "5"], heading=rows))).students


@pytest.mark.parametrize(
    ("period", "month", "year"),
    [
        ("Период: с 24.03.25 по 24.05.25", "Апрель", 2025),
        ("Период с 01.09.2025 по 31.08.2026", "Апрель", 2026),
        ("Период: 01.09.2025 - 31.05.2026", "Сентябрь", 2025),
        ("Период: с 01.04.2025 по 01.04.2025", "Апрель", 2025),
        ("Период: с 01.10.2025 по 30.04.2027", "Ноябрь", 2025),
        ("Период: IV четверть", "Апрель", 2027),
        ("Период: с 32.03.25 по 24.05.25", "Июль", 2027),
        ("Период: с 24.03.25", "Апрель", 2027),
        ("", "Август", 2026),
        ("", "Сентябрь", 2026),
        ("", "Декабрь", 2026),
        ("", "Январь", 2027),
        ("", "июль", 2027),
        ("", "Апрель 2024", 2024),
        ("", "апр. 2024 г.", 2024),
        ("Период: с 24.03.25 по 24.05.25", "Апрель 2024", 2024),
        ("Период: с 24.03.25 по 24.05.25", "апреля", 2025),
    ],
)
def test_the_year_of_a_month(period: str, month: str, year: int) -> None:
    content = exported(table(["Алгебра", "5"], heading=[["Предмет", month], [None, 1]], period=period))
    assert [one.year for one in dates(content)] == [year]


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS, 1)))
def test_months_in_full_short_and_bent(number: int, month: str) -> None:
    bent = f"{month}а" if month in ("Март", "Август") else f"{month[:-1]}я"
    for name in (month, month.upper(), bent, month[:3]):
        content = exported(table(["Алгебра", "5"], heading=[["Предмет", name], [None, 7]], period=""))
        assert [(one.month, one.day) for one in dates(content)] == [(number, 7)]


@pytest.mark.parametrize("day", ["1", 1, "01", "1 ср", "1, ср.", "1\nср"])
def test_days_in_their_spellings(day: Any) -> None:
    assert dates(exported(table(["Алгебра", "5"], heading=[["Предмет", "Апрель"], [None, day]]))) == [date(2027, 4, 1)]


@pytest.mark.parametrize("written", ["31.03.2025", "31.03.25", date(2025, 3, 31)])
def test_dates_in_full_need_no_month(written: Any) -> None:
    assert dates(exported(table(["Алгебра", "5"], heading=[["Предмет", written]], period=""))) == [date(2025, 3, 31)]


@pytest.mark.parametrize(
    ("heading", "said_as"),
    [
        ([["Предмет", "Апрель", None], [None, 1, 31]], "C: 31"),
        ([["Предмет", "Апрель", "Август"], [None, 1, 3]], "C: Август 3"),
        ([["Предмет", "01.04.2027", "30.02.2027"], [None, None, None]], "C: 30.02.2027"),
    ],
)
def test_a_column_whose_date_is_not_clear_is_left_out_and_noted(heading: Any, said_as: str) -> None:
    table_, fault = only_fault(exported(table(["Алгебра", "5", "4"], heading=heading)))
    assert [cell.text for cell in table_.students[0].rows[0].cells] == ["5"]
    assert (fault.place, fault.rule) == ("Лист1!C6", "no-such-date")
    assert said(fault) == (
        f"Дата в заголовке столбца не определяется: «{said_as}»; столбец пропущен.",
        f"The date in the column's heading is not clear: “{said_as}”; the column is left out.",
    )


def test_a_day_before_any_month_is_no_date() -> None:
    heading = [["Предмет", None, "Апрель"], [None, 31, 1]]
    table_, fault = only_fault(exported(table(["Алгебра", "5", "4"], heading=heading)))
    assert [cell.text for cell in table_.students[0].rows[0].cells] == ["4"]
    assert fault.rule == "no-such-date"


def test_without_any_year_there_are_no_dates() -> None:
    rows = table(["Алгебра", "5"], heading=[["Предмет", "Апрель"], [None, 1]], period="")
    for year in ("", "Учебный год: первый"):
        assert read_period_journal(exported([[year], *rows[1:]])).refused


def test_a_cell_that_the_spreadsheet_took_for_a_date_is_noted() -> None:
    row = ["Алгебра", date(2027, 3, 3), "5"]
    table_, fault = only_fault(exported(table(row)))
    assert [cell.text for cell in table_.students[0].rows[0].cells] == ["5"]
    assert (fault.place, fault.rule) == ("Лист1!B7", "cell-is-a-date")
    assert said(fault) == (
        "В ячейке дата (03.03.2027) вместо оценки: вероятно, таблица превратила в неё запись вида «3/3».",
        "The cell holds a date (03.03.2027), not a mark: the spreadsheet probably made it of text like “3/3”.",
    )


@pytest.mark.parametrize(
    ("names", "values", "unread"),
    [
        (["Средний балл", "Ср. взв. балл", "Оценка за период"], ("3.5", "4", "5"), []),
        (["Ср. взв.", "Ср. балл", "Итоговая"], ("4", "3.5", "5"), []),
        (["Прочее", "Средняя", "Прочее"], ("4", None, ""), ["C «Прочее», E «Прочее»"]),
        (["Средняя", "Средняя", "Итог"], ("3.5", None, "5"), ["D «Средняя»"]),
    ],
)
def test_the_summaries_are_found_by_their_words(
    names: list[str], values: tuple[str, str | None, str], unread: list[str]
) -> None:
    heading = [["Предмет", "Апрель", *names], [None, 1]]
    reading = read_period_journal(exported(table(["Алгебра", "5", 3.5, 4, "5"], heading=heading)))
    assert reading.value is not None
    assert [said(fault)[1] for fault in reading.faults] == [
        f"Columns that are not known were not read: {columns}." for columns in unread
    ]
    (row,) = reading.value.students[0].rows
    mean, weighted, final = values
    assert row.mean == Decimal(mean)
    assert row.weighted_mean == (None if weighted is None else Decimal(weighted))
    assert row.final == final


def test_without_summaries_there_are_none() -> None:
    (row,) = read(exported(table(["Алгебра", "5"], heading=[["Предмет", "Апрель"], [None, 1]]))).students[0].rows
    assert (row.mean, row.weighted_mean, row.final) == (None, None, "")


@pytest.mark.parametrize(("column", "letter"), [(4, "E"), (5, "F")])
def test_a_mean_that_is_none_is_noted(column: int, letter: str) -> None:
    row = [*ALGEBRA]
    row[column] = "нет"
    _, fault = only_fault(exported(table(row)))
    assert (fault.place, fault.rule) == (f"Лист1!{letter}7", "bad-mean")


def test_a_table_without_student_is_left_out_and_noted() -> None:
    table_, fault = only_fault(exported([*table(), *HEADING, ALGEBRA]))
    assert table_.students == (ANNA,)
    assert (fault.place, fault.rule) == ("Лист1!A12", "table-without-student")


@pytest.mark.parametrize(
    "rows",
    [
        [["Ученик: Осина Анна"], ["Предмет", "Оценка"], ["Алгебра", 5]],
        [["Ученик: Осина Анна"], ["Предмет", "1 Четверть"], [None, "Итог"], ["Алгебра", 5]],
        [["5А"]],
    ],
)
def test_other_workbooks_are_refused(rows: Sequence[Sequence[Any]]) -> None:
    reading = read_period_journal(exported(rows))
    assert reading.refused
    (fault,) = reading.faults
    assert (fault.place, fault.rule, fault.fatal) == ("", "not-a-journal", True)
    assert said(fault) == (
        "Это не отчёт об успеваемости АСУ РСО: не найдены таблицы с предметами и датами уроков.",
        "This is no progress report of АСУ РСО: no tables of subjects and dates of lessons were found.",
    )


def test_a_hidden_sheet_is_not_read() -> None:
    assert read_period_journal(exported(table(), hidden=True)).refused


def test_what_is_no_workbook_is_refused() -> None:
    assert read_period_journal(b"<html>").refused


def test_a_fault_of_the_workbook_is_passed_on() -> None:
    _, fault = only_fault(exported(table(["Алгебра", "=A1", "5"])))
    assert (fault.place, fault.rule) == ("Лист1!B7", "formula-without-value")


Case = tuple[str, list[tuple[date, str]], Decimal | None, Decimal | None, str]


def report(students: dict[str, list[Case]]) -> bytes:
    """A workbook in the shape of the report: months over the dates of all subjects, as many columns to a date as a
    subject has lessons on it.
    """
    rows: list[list[Any]] = [["Учебный год: 2024/2025"], ["Класс: 8А"], ["Период: с 24.03.25 по 24.05.25"]]
    for student, cases in students.items():
        counts: Counter[date] = Counter([date(2025, 3, 31)])
        for _, cells, *_ in cases:
            counts |= Counter(on for on, _ in cells)
        days = sorted(counts.elements())
        months: list[str | None] = []
        for month, of_month in groupby(days, key=lambda on: on.month):
            months += [MONTHS[month - 1], *[None] * (len(list(of_month)) - 1)]
        rows += [[f"Ученик: {student}"], ["Предмет", *months, *SUMMARY], [None, *(on.day for on in days)]]
        for subject, cells, mean, weighted, final in cases:
            waiting = list(cells)
            texts = [waiting.pop(0)[1] if waiting and waiting[0][0] == on else None for on in days]
            rows.append([subject, *texts, mean or 0, weighted or 0, final])
        rows.append([])
    return exported(rows)


def students_of(journal: PeriodJournal) -> dict[str, list[Case]]:
    return {
        one.student: [
            (
                row.subject,
                [(cell.on, cell.text) for cell in row.cells],
                row.mean and round(row.mean, 10),
                row.weighted_mean and round(row.weighted_mean, 10),
                row.final,
            )
            for row in one.rows
        ]
        for one in journal.students
    }


def test_all_real_cells_come_back_from_a_workbook_as_they_were_written() -> None:
    """280 subjects of one real class, doubled spaces aside; a failure counts what differs and shows nobody's line."""
    students: defaultdict[str, list[Case]] = defaultdict(list)
    for case in json.loads(shared("cases/netschool_period_means.json").read_text())["cases"]:
        cells = [(date.fromisoformat(cell["date"]), " ".join(cell["raw"].split())) for cell in case["cells"]]
        means = [round(Decimal(str(case[name])), 10) or None for name in ("expected_mean", "expected_weighted")]
        students[case["student"]].append((case["subject"], cells, means[0], means[1], case["final"] or ""))
    read_back = students_of(read(report(students)))
    differing = sum(read_back.get(name) != cases for name, cases in students.items())
    counts = len(students), sum(map(len, students.values())), sum(map(len, read_back.values()))
    assert counts == (14, 280, 280)
    assert differing == 0


DAYS = st.integers(0, 61).map(lambda days: date(2025, 3, 24) + timedelta(days))
MEANS = st.one_of(st.none(), st.integers(100, 500).map(lambda hundredths: Decimal(hundredths) / 100))
TOKENS = st.sampled_from(["5", "3/3", "О 2", "Н", "Б", "н/а", "4/5/3", "зач"])
ROWS = st.tuples(
    st.sampled_from(["Алгебра", "Музыка", "Иностранный язык (английский)"]),
    st.lists(st.tuples(DAYS, TOKENS), max_size=8).map(lambda cells: sorted(cells, key=lambda cell: cell[0])),
    MEANS,
    MEANS,
    st.sampled_from(["", "3", "5", "н/а"]),
)


@given(
    st.dictionaries(st.sampled_from(["Осина Анна", "Клён Борис"]), st.lists(ROWS, min_size=1, max_size=3), min_size=1)
)
@settings(max_examples=examples(40))
def test_any_report_comes_back_as_it_was_written(students: dict[str, list[Case]]) -> None:
    assert students_of(read(report(students))) == students


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read_period_journal(content), Reading)


CELL = st.one_of(
    st.none(),
    st.integers(0, 40),
    st.sampled_from(["Предмет", "Март", "31.02.2025", "Ученик: А", "Период: 01.01.00", "5"]),
)


@given(st.lists(st.lists(CELL, max_size=6), max_size=10))
@settings(max_examples=examples(60))
def test_no_arrangement_of_cells_raises(rows: list[list[Any]]) -> None:
    content = exported([["Учебный год: 2026/2027"], *rows], ["A2:B3", "C3:D5"])
    assert isinstance(read_period_journal(content), Reading)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
@settings(max_examples=examples(60))
def test_no_damage_to_a_workbook_raises(at: int, noise: bytes) -> None:
    whole = exported(table())
    at %= len(whole)
    assert isinstance(read_period_journal(whole[:at] + noise + whole[at + len(noise) :]), Reading)


def test_a_journal_whose_days_have_no_year_is_refused_with_the_days_that_have_none() -> None:
    rows = [["Ученик: Орлов Пётр"], *HEADING, ALGEBRA]
    reading = read_period_journal(exported(rows))
    assert reading.refused
    assert [fault.rule for fault in reading.faults][-1] == "not-a-journal"
    assert len(reading.faults) > 1
    assert not any(fault.fatal for fault in reading.faults[:-1])


def test_a_students_table_of_other_columns_is_told() -> None:
    other = table(["Физика", 4.5, 5], student="Клён Вера", heading=[["Предмет", "Средняя оценка", "Итог"]])
    journal, fault = only_fault(exported([*table(), *other, *table(student="Липа Юлия")]))
    assert [one.student for one in journal.students] == ["Осина Анна", "Липа Юлия"]
    assert (fault.rule, fault.place) == ("table-of-other-columns", "Лист1!A15")
    assert said(fault) == (
        "Над столбцами таблицы нет того, что есть у других учеников: она пропущена.",
        "The table's columns are not headed as those of other students: it is left out.",
    )


def test_rows_below_a_table_without_subject_are_told() -> None:
    rows = [*table()[:-1], [None, 5, 4], ["Физика", 5, 4], [], ["Осина А.Б."], *table(student="Липа Юлия")]
    reading = read_period_journal(exported(rows))
    assert reading.value is not None
    assert [len(one.rows) for one in reading.value.students] == [2, 2]
    assert [(fault.place, fault.rule) for fault in reading.faults] == [
        ("Лист1!A9", "row-without-subject"), ("Лист1!A10", "row-without-subject")
    ]  # fmt: skip
    assert said(reading.faults[0]) == (
        "В строке под таблицей нет предмета: она пропущена.", "The row below a table names no subject: it is left out."
    )  # fmt: skip


def test_a_hidden_sheet_beside_a_journal_is_told() -> None:
    file = io.BytesIO(exported(table()))
    book = load_workbook(file)
    book.copy_worksheet(book.worksheets[0]).title = "Старый"
    book["Старый"].sheet_state = "hidden"
    book.create_sheet("Пустой").sheet_state = "hidden"
    book.save(file)
    journal, fault = only_fault(file.getvalue())
    assert len(journal.students) == 1
    assert (fault.place, fault.rule) == ("Старый", "hidden-sheet")


LEGEND = [["Н — отсутствовал"], ["О — опоздал"], ["Б — болел"], ["У — уважительная причина"]]


def test_p33_legends_of_codes_under_each_students_table_are_no_faults() -> None:
    """28 students of 20 subjects, as in a class's export: the legend's 112 faults took the place of real ones."""
    subjects = [[f"Предмет {number}", "3/3", 5, "Н", 3.25, "4,5", "3"] for number in range(20)]
    rows: list[Sequence[Any]] = []
    for number in range(28):
        rows += [*table(*subjects, student=f"Осина {number}"), *([None, *line] for line in LEGEND), []]
    journal = read(exported(rows))
    assert sum(len(one.rows) for one in journal.students) == 560
    assert sum(len(row.cells) for one in journal.students for row in one.rows) == 1680


@pytest.mark.parametrize(
    "footer",
    [
        *LEGEND,
        ["Н – отсутствие, Б – болезнь, О - опоздание"],
        ["Н/А = не аттестован"],
        ["5 — отлично"],
        ["осв – освобождён(а)"],
        ["Условные обозначения:"],
        ["Классный руководитель", None, "__________", None, "/ Осина А. Б. /"],
        ["Директор школы: ________"],
        ["Подпись родителей"],
        ["С оценками ознакомлен(а)"],
        ["Отчёт сформирован 25.05.2027 в 12:40", None, "Страница 1 из 28"],
        ["стр. 3"],
        ["Дата печати: 25.05.2027"],
        ["АСУ РСО «Сетевой город. Образование»"],
    ],
)
@pytest.mark.parametrize("below", [[], [[]]])
def test_p33_footers_are_known_beside_the_table_and_below_it(footer: list[Any], below: list[Any]) -> None:
    """Where no empty row parts it from the table, a footer was a subject without cells."""
    rows = [*table()[:-1], *below, footer, [], *table(student="Липа Юлия")]
    assert [len(one.rows) for one in read(exported(rows)).students] == [2, 2]


@pytest.mark.parametrize(
    "subject", ["ИЗО - рисование", "Труд - мальчики", "И-т", "Физ-ра", "Н", "Ин. яз. – англ.", "ОБЖ"]
)
def test_p33_subjects_that_resemble_a_legend_are_subjects(subject: str) -> None:
    rows = table(ALGEBRA, [subject], MUSIC)
    assert [row.subject for row in read(exported(rows)).students[0].rows] == ["Алгебра", subject, "Музыка"]


@pytest.mark.parametrize("row", [["Н — отсутствовал", 5], [None, "Н — отсутствовал", 4]])
def test_p33_a_row_with_marks_is_no_footer(row: list[Any]) -> None:
    reading = read_period_journal(exported([*table(), row]))
    assert reading.value is not None
    assert [fault.rule for fault in reading.faults] == ["row-without-subject"]
