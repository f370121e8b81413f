"""Timetables kept in spreadsheets: a real one, and small ones for each way to write them."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.result import Reading
from services.gradebook.timetable.readers import timetable, timetable_sheet
from services.gradebook.timetable.readers.timetable import Timetable, TimetableLesson
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from tests.examples import examples
from tests.formats.cost import rules_at_bearable_cost
from tests.formats.readings import said
from tests.gradebook.timetable.readers.timetables import NARROW, WIDE, Rows, only_fault, read, short, xlsx
from tests.shared import shared


def test_a_lesson_says_where_it_stands() -> None:
    assert read(xlsx(WIDE)).lessons[4] == TimetableLesson("Лист1!F3", "5Б", "", 1, 2, "", "Химия", "", "15")


def test_two_rooms_are_two_subgroups_and_two_subjects_as_well() -> None:
    rows = [*WIDE[:1], ["Пн", 1, "Англ. яз.", "12/14", 1, "Англ. яз. / Информ.", "16/18"], *WIDE[2:]]
    assert [one[1:] for one in short(read(xlsx(rows))) if one[2:4] == (1, 1)] == [
        ("1", 1, 1, "Англ. яз.", "12"),
        ("2", 1, 1, "Англ. яз.", "14"),
        ("1", 1, 1, "Англ. яз.", "16"),
        ("2", 1, 1, "Информ.", "18"),
    ]


def test_rows_under_one_number_are_subgroups_of_the_class() -> None:
    rows = [
        ["", "", "5А", "", "", "5Б", ""],
        ["Пн", 1, "Англ.", "12/13", 1, "История", 14],
        ["", None, "Труд", 16, 2, "Химия", 15],
        ["", 2, "Химия", 17, 3, "Химия", 15],
    ]
    expected = [("1", 1, "Англ.", "12"), ("2", 1, "Англ.", "13"), ("3", 1, "Труд", "16"), ("", 2, "Химия", "17")]
    for merged in ([], ["B2:B3"]):
        table = read(xlsx(rows, merged))
        of_class = [(one.group, one.number, one.subject, one.room) for one in table.lessons if one.class_name == "5А"]
        assert of_class == expected


def test_subgroups_named_in_their_rows_keep_their_names() -> None:
    rows = [["", "", "5А"], ["Пн", 1, "Англ. (2 гр)"], ["", None, "Труд (1 гр)"], ["", 2, "Химия"]]
    assert [(one.group, one.subject) for one in read(xlsx(rows)).lessons] == [
        ("2", "Англ."),
        ("1", "Труд"),
        ("", "Химия"),
    ]


def test_rows_of_the_same_subgroup_are_numbered() -> None:
    rows = [["", "", "5А"], ["Пн", 1, "Англ. (1 гр)"], ["", None, "Труд (1 гр)"], ["", 2, "Химия"]]
    assert [one.group for one in read(xlsx(rows)).lessons] == ["1", "2", ""]


def test_rows_of_odd_and_even_weeks_are_the_whole_class() -> None:
    rows = [["", "", "5А"], ["Пн", 1, "История (неч.)"], ["", None, "Право (чёт.)"], ["", 2, "Химия"]]
    assert [(one.group, one.week) for one in read(xlsx(rows)).lessons] == [("", "1"), ("", "2"), ("", "")]


def test_a_cell_merged_over_two_classes_is_a_lesson_of_both() -> None:
    rows = [list(row) for row in WIDE]
    rows[2] = [None, 2, "Хор", None, None, None, "зал"]
    table = read(xlsx(rows, ["C3:F3"]))
    assert [one for one in short(table) if one[4] == "Хор"] == [
        ("5А", "", 1, 2, "Хор", "зал"),
        ("5Б", "", 1, 2, "Хор", "зал"),
    ]
    assert [one.place for one in table.lessons if one.subject == "Хор"] == ["Лист1!C3", "Лист1!F3"]


def test_a_cell_merged_over_two_classes_with_shared_numbers() -> None:
    rows = [list(row) for row in NARROW]
    rows[3] = [None, 2, "Хор", None]
    assert [one[:5] for one in short(read(xlsx(rows, ["C4:D4"]))) if one[4] == "Хор"] == [
        ("5А", "", 1, 2, "Хор"),
        ("5Б", "", 1, 2, "Хор"),
    ]


def test_a_cell_merged_over_the_room_as_well_has_no_room() -> None:
    rows = [list(row) for row in WIDE]
    rows[2] = [None, 2, "Хор", None, 2, "Химия", 15]
    assert ("5А", "", 1, 2, "Хор", "") in short(read(xlsx(rows, ["C3:D3"])))


def test_a_cell_merged_over_two_numbers_is_two_lessons() -> None:
    rows = [["", "", "5А", "5Б"], ["Пн", 1, "Труд", "История"], ["", 2, None, "Химия"]]
    table = read(xlsx(rows, ["C2:C3"]))
    assert [one[3:5] for one in short(table)] == [(1, "Труд"), (2, "Труд"), (1, "История"), (2, "Химия")]


def test_number_and_subject_merged_over_the_same_rows_are_one_lesson() -> None:
    rows = [
        ["", "", "5А", "5Б"],
        ["Пн", 1, "Труд", "Англ. (1 гр)"],
        ["", None, None, "Химия (2 гр)"],
        ["", 2, "История", "Труд"],
    ]
    table = read(xlsx(rows, ["B2:B3", "C2:C3"]))
    assert [one[:5] for one in short(table)] == [
        ("5А", "", 1, 1, "Труд"),
        ("5А", "", 1, 2, "История"),
        ("5Б", "1", 1, 1, "Англ."),
        ("5Б", "2", 1, 1, "Химия"),
        ("5Б", "", 1, 2, "Труд"),
    ]


def test_empty_lessons_and_dashes_are_none() -> None:
    rows = [["", "", "5А", "5Б"], ["Пн", 1, "-", "Химия"], ["", 2, None, "Труд"], ["", 3, "Алгебра", "—"]]
    assert [one[3:5] for one in short(read(xlsx(rows)))] == [(3, "Алгебра"), (1, "Химия"), (2, "Труд")]


def test_a_repeated_number_is_noted_and_both_lessons_are_read() -> None:
    rows = [
        ["", "", "5А"],
        ["Пн", 1, "Алгебра"],
        ["", 2, "Труд"],
        ["", 2, "Химия"],
        ["Вт", 1, "Право"],
        ["", 2, "Труд"],
    ]
    table, fault = only_fault(xlsx(rows))
    assert [(one.group, one.number) for one in table.lessons] == [("", 1), ("", 2), ("", 2), ("", 1), ("", 2)]
    assert (fault.place, fault.rule) == ("Лист1!C4", "number-repeated")
    assert said(fault) == (
        "Номер урока 2 повторяется у класса 5А в один день.",
        "The lesson number 2 occurs twice on one day of the class 5А.",
    )


def test_a_repeated_number_without_a_lesson_is_not() -> None:
    rows = [["", "", "5А", "5Б"], ["Пн", 1, "Алгебра", "Труд"], ["", 2, None, "Труд"], ["", 2, "Химия", None]]
    assert len(read(xlsx(rows)).lessons) == 4


def test_rooms_that_cannot_be_told_apart_are_noted() -> None:
    rows = [["", "", "5А", ""], ["Пн", 1, "Информ./Химия", "12/13/14"], ["", 2, "Труд", 12]]
    table, fault = only_fault(xlsx(rows))
    assert [(one.group, one.room) for one in table.lessons[:2]] == [("1", "12, 13, 14"), ("2", "12, 13, 14")]
    assert (fault.place, fault.rule) == ("Лист1!C2", "rooms-do-not-match")
    assert said(fault) == (
        "Кабинеты или учителя не делятся между подгруппами: «12/13/14».",
        "Rooms or teachers cannot be told apart by subgroup: “12/13/14”.",
    )


def test_a_room_without_lesson_is_noted() -> None:
    table, fault = only_fault(xlsx([["", "", "5А", ""], ["Пн", 1, "Труд", 12], ["", 2, None, 15]]))
    assert len(table.lessons) == 1
    assert (fault.place, fault.rule) == ("Лист1!C3", "room-without-lesson")
    assert said(fault) == ("Указан кабинет «15», но урока нет.", "A room, “15”, but no lesson.")


def test_a_lesson_above_the_first_day_is_noted() -> None:
    table, fault = only_fault(xlsx([["", "", "5А"], ["", 1, "Алгебра"], ["Пн", 1, "Труд"], ["", 2, "Химия"]]))
    assert [one.subject for one in table.lessons] == ["Труд", "Химия"]
    assert (fault.place, fault.rule) == ("Лист1!C2", "lesson-without-day")
    assert said(fault) == (
        "Урок «Алгебра» стоит выше первого дня недели и пропущен.",
        "The lesson “Алгебра” stands above the first day of the week and is left out.",
    )


@pytest.mark.parametrize("left", ["", "Директор"])
def test_a_lesson_without_any_number_is_noted(left: str) -> None:
    rows = [["", "", "5А"], ["Пн", 1, "Алгебра"], ["", 2, "Труд"], [left], [left, "", "Осина"]]
    table, fault = only_fault(xlsx(rows))
    assert len(table.lessons) == 2
    assert (fault.place, fault.rule) == ("Лист1!C5", "lesson-without-number")
    assert said(fault) == (
        "У урока «Осина» нет номера, и над ним его нет; урок пропущен.",
        "The lesson “Осина” has no number, nor is there one above it; it is left out.",
    )


def test_the_first_row_of_a_day_needs_a_number_of_its_own() -> None:
    table, fault = only_fault(xlsx([["", "", "5А"], ["Пн", 1, "Алгебра"], ["Вт", "", "Труд"], ["", 2, "Химия"]]))
    assert [(one.weekday, one.subject) for one in table.lessons] == [(1, "Алгебра"), (2, "Химия")]
    assert fault.rule == "lesson-without-number"


def test_a_line_over_the_whole_sheet_is_no_lesson() -> None:
    rows = [*NARROW, ["Каникулы", None, None, None], ["Ср", 1, "Химия", "Химия"]]
    assert len(read(xlsx(rows, ["A6:D6"])).lessons) == 7


def test_a_text_too_long_for_a_lesson_is_noted() -> None:
    table, fault = only_fault(xlsx([["", "", "5А"], ["Пн", 1, "а" * 200], ["", 2, "а" * 201]]))
    assert [one.number for one in table.lessons] == [1]
    assert (fault.place, fault.rule) == ("Лист1!C3", "cell-too-long")
    assert said(fault) == ("Слишком длинный текст для урока; ячейка пропущена.", "Too long for a lesson; left out.")


def test_a_sheet_without_timetable_is_noted() -> None:
    table, fault = only_fault(xlsx(NARROW, more={"Звонки": [["1 урок", "8:30"]], "Пусто": []}))
    assert len(table.lessons) == 5
    assert (fault.place, fault.rule) == ("Звонки", "sheet-without-timetable")
    assert said(fault) == (
        "На листе нет расписания: не найдены строка с классами и номера уроков.",
        "The sheet has no timetable: no row of classes and no numbers of lessons were found.",
    )


def test_a_hidden_sheet_is_not_read() -> None:
    table, fault = only_fault(
        xlsx(NARROW, more={"Старое": NARROW, "6": [["", "", "6А"], ["Пн", 1, "Труд"]]}, hidden=["Старое"])
    )
    assert len(table.lessons) == 6
    assert (fault.place, fault.rule) == ("Старое", "hidden-sheet")
    assert said(fault) == ("Скрытый лист не прочитан.", "The hidden sheet was not read.")


@pytest.mark.parametrize(
    "rows", [[["Предмет", "Оценка"], ["Алгебра", 5]], [["5А", "5Б"]], [["", "", "5А"], ["Пн", 1, None]]]
)
def test_a_workbook_without_timetable_is_refused(rows: Rows) -> None:
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.refused
    (fault,) = reading.faults
    assert (fault.place, fault.rule, fault.fatal) == ("", "not-a-timetable", True)
    assert said(fault) == ("В файле не найдено расписание уроков.", "No timetable was found in the file.")


def test_what_is_no_workbook_is_refused() -> None:
    assert read_timetable_sheet(b"<timetable/>").refused


def test_a_fault_of_the_workbook_is_passed_on() -> None:
    table, fault = only_fault(xlsx([["", "", "5А"], ["Пн", 1, "Алгебра"], ["", 2, "=A1"]]))
    assert len(table.lessons) == 1
    assert (fault.place, fault.rule) == ("Лист1!C3", "formula-without-value")


def test_a_week_of_too_many_lessons_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "MOST_LESSONS", 4)
    assert [fault.rule for fault in read_timetable_sheet(xlsx(NARROW)).faults] == ["too-many-lessons"]


def test_sheets_of_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timetable_sheet.MOST_CELLS == 40_000
    content = xlsx(NARROW, more={"Пусто": [["", "а"], ["б", ""]]})
    monkeypatch.setattr(timetable_sheet, "MOST_CELLS", 5 * 4 + 2 * 2)
    assert read_timetable_sheet(content).value is not None
    monkeypatch.setattr(timetable_sheet, "MOST_CELLS", 5 * 4 + 2 * 2 - 1)
    reading = read_timetable_sheet(content)
    (fault,) = reading.faults
    assert reading.refused
    assert fault.rule == "too-many-cells"
    assert said(fault) == (
        "На листах больше 23 ячеек: это не расписание одной школы.",
        "The sheets have more than 23 cells: this is not the timetable of one school.",
    )


@pytest.mark.slow
def test_the_largest_sheets_take_less_than_2_seconds_and_200_megabytes(tmp_path: Path) -> None:
    width, height = 400, 99
    rows = [["", "", *["5А"] * (width - 2)], *(["Пн", 1 + row % 8, *["Англ./Нем."] * 50] for row in range(height))]
    assert rules_at_bearable_cost(read_timetable_sheet, xlsx(rows), tmp_path) == [
        "more-faults",
        "number-repeated",
    ]


@pytest.fixture(scope="module")
def real() -> Reading[Timetable]:
    return read_timetable_sheet(shared("timetables/school_ru_5-11_raspisanie.xlsx").read_bytes())


def test_every_lesson_cell_of_a_real_school_is_read(real: Reading[Timetable]) -> None:
    """A lesson cell is a cell of a class's column of subjects that names a subject: 1,314 in seven sheets."""
    assert real.value is not None
    lessons = real.value.lessons
    sheets = Counter(place.split("!")[0] for place in {one.place for one in lessons})
    assert [sheets[f"{grade} класс"] for grade in range(5, 12)] == [186, 162, 206, 176, 183, 183, 218]
    assert sum(sheets.values()) == 1314
    assert len(lessons) == 1736  # a cell of several rooms is a lesson of each subgroup


def test_the_real_cells_name_1331_subjects(real: Reading[Timetable]) -> None:
    """The count in the description of the data: 16 cells name two subjects, and one title has a comma."""
    assert real.value is not None
    subjects: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in real.value.lessons:
        subjects[one.place][one.subject] = None
    assert sum(len(re.split("[/,]", "/".join(named))) for named in subjects.values()) == 1331


def test_the_real_school_has_its_classes_days_and_numbers(real: Reading[Timetable]) -> None:
    assert real.value is not None
    lessons = real.value.lessons
    assert len({one.class_name for one in lessons}) == 35
    assert Counter(one.class_name.rstrip("АБГЕИЛМПУ") for one in lessons).keys() == {str(n) for n in range(5, 12)}
    assert {one.weekday for one in lessons} == {1, 2, 3, 4, 5}
    assert {one.number for one in lessons} == set(range(1, 9))
    assert {one.week for one in lessons} == {""}
    assert sum(not one.room for one in lessons) == 1
    assert all(one.subject for one in lessons)


def test_what_is_doubtful_in_the_real_timetable_is_noted(real: Reading[Timetable]) -> None:
    assert Counter(fault.rule for fault in real.faults) == {"rooms-do-not-match": 3, "number-repeated": 1}
    assert all(fault.place.startswith("11 класс!") for fault in real.faults)


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read_timetable_sheet(content), Reading)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
@settings(max_examples=examples(60))
def test_no_damage_to_a_workbook_raises(at: int, noise: bytes) -> None:
    whole = xlsx(WIDE, ["A2:A3"])
    at %= len(whole)
    assert isinstance(read_timetable_sheet(whole[:at] + noise + whole[at + len(noise) :]), Reading)


CELL = st.one_of(
    st.none(),
    st.integers(-1, 16),
    st.sampled_from(
        ["5А", "5Б", "10 М (мед)", "Пн", "среда", "Алгебра", "Англ. / Нем.", "12/14", "8:30", "Труд (1 гр)"]
    ),
)


@given(
    st.lists(st.lists(CELL, max_size=6), max_size=8),
    st.lists(st.sampled_from(["A1:B2", "C2:D3", "B3:B5", "C4:F4"]), unique=True),
)
@settings(max_examples=examples(100))
def test_no_arrangement_of_cells_raises_or_gives_a_lesson_out_of_the_week(rows: Rows, merged: list[str]) -> None:
    reading = read_timetable_sheet(xlsx(rows, merged))
    for one in reading.value.lessons if reading.value else ():
        assert 1 <= one.weekday <= 7
        assert 0 <= one.number <= 14
        assert one.class_name


def test_a_number_that_occurs_twice_on_a_day_is_told_also_in_another_block() -> None:
    rows = [["День", "№", "5А", "№", "5А"], ["Пн", 1, "Алгебра", 1, "Химия"], ["", 2, "Пение", 2, "Физика"]]
    reading = read_timetable_sheet(xlsx(rows))
    assert [fault.rule for fault in reading.faults] == ["number-repeated", "number-repeated"]


def test_halls_and_groups_with_a_stroke_divide_nothing() -> None:
    rows = [["День", "№", "5А", "Каб"], ["Пн", 1, "Физкультура", "с/з"], ["", 2, "Пение", "12"], ["", 3, "ИЗО", "м/з"]]
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    assert [(one.subject, one.group, one.room) for one in reading.value.lessons] == [
        ("Физкультура", "", "с/з"), ("Пение", "", "12"), ("ИЗО", "", "м/з")
    ]  # fmt: skip
