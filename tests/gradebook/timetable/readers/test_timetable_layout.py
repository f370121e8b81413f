"""Where sheets keep their timetables: headings, numbers, days, and the columns of each class."""

from datetime import time
from typing import Any

import pytest

from services.gradebook.timetable.readers.timetable import Bell
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from tests.formats.readings import said
from tests.gradebook.timetable.readers.timetables import NARROW, WIDE, only_fault, read, short, xlsx


def test_each_class_with_its_own_numbers_and_rooms() -> None:
    assert short(read(xlsx(WIDE, ["A2:A3"]))) == [
        ("5А", "", 1, 1, "Алгебра", "12"),
        ("5А", "", 1, 2, "Труд", "Сп.зал 2"),
        ("5А", "", 2, 1, "Физика", "12"),
        ("5Б", "", 1, 1, "История", "14"),
        ("5Б", "", 1, 2, "Химия", "15"),
        ("5Б", "", 2, 1, "Алгебра", "14"),
    ]


def test_headings_over_numbers_instead_of_subjects() -> None:
    heading = [None, '5 "А" класс', None, None, '5 "Б" класс', None, None]
    assert read(xlsx([heading, *WIDE[1:]])).lessons == read(xlsx(WIDE)).lessons
    assert read(xlsx([heading, *WIDE[1:]], ["B1:D1", "E1:G1"])).lessons == read(xlsx(WIDE)).lessons


def test_one_column_of_numbers_for_all_classes() -> None:
    assert short(read(xlsx(NARROW))) == [
        ("5А", "", 1, 1, "Алгебра", ""),
        ("5А", "", 1, 2, "Труд", ""),
        ("5А", "", 2, 1, "Физика", ""),
        ("5Б", "", 1, 1, "История", ""),
        ("5Б", "", 1, 2, "Химия", ""),
    ]


def test_shared_numbers_and_a_room_beside_each_subject() -> None:
    rows = [
        ["", "Урок", "5А", "каб", "5Б", "каб"],
        ["Пн", 1, "Алгебра", 12, "История", 14],
        ["", 2, "Труд", 13, "Химия", 15],
    ]
    assert [one.room for one in read(xlsx(rows)).lessons] == ["12", "13", "14", "15"]


def test_numbers_and_days_on_both_sides() -> None:
    rows = [["", "", "5А", "5Б", "", ""], ["Пн", 1, "Алгебра", "История", 1, "Пн"], ["", 2, "Труд", "Химия", 2, ""]]
    assert len(read(xlsx(rows)).lessons) == 4


@pytest.mark.parametrize(
    "numbers",
    [("1", "2"), ("1.", "2."), ("1 урок", "2 урок"), ("I", "II"), ("1-й", "2-й"), (0, 1), ("3ур.", "4 ур"), (13, 14)],
)
def test_numbers_of_lessons_in_their_spellings(numbers: tuple[Any, Any]) -> None:
    rows = [["", "", "5А"], ["Пн", numbers[0], "Алгебра"], ["", numbers[1], "Труд"]]
    first = read(xlsx(rows)).lessons[0].number
    assert [one.number for one in read(xlsx(rows)).lessons] == [first, first + 1]
    assert first == {"I": 1}.get(numbers[0], int("".join(c for c in str(numbers[0]) if c.isdigit()) or "1"))


@pytest.mark.parametrize("number", [15, "урок", 1.5, -1])
def test_without_numbers_of_lessons_there_is_no_timetable(number: Any) -> None:
    assert read_timetable_sheet(xlsx([["", "", "5А"], ["Пн", number, "Алгебра"]])).refused


@pytest.mark.parametrize("day", ["Четверг", "ЧТ.", "чт", "Ч\nЕ\nТ\nВ\nЕ\nР\nГ", "Ч Е Т В Е Р Г"])
def test_a_day_short_or_letter_under_letter(day: str) -> None:
    rows = [["", "", "5А"], [day, 1, "Алгебра"], ["", 2, "Труд"]]
    assert [one.weekday for one in read(xlsx(rows, ["A2:A3"])).lessons] == [4, 4]


def test_a_day_in_a_row_of_its_own() -> None:
    rows = [
        ["№", "5А", "5Б"],
        ["Вторник"],
        [1, "Алгебра", "История"],
        [2, "Труд", "Химия"],
        ["Среда"],
        [1, "Химия", "Труд"],
    ]
    expected = [(2, 1), (2, 2), (3, 1)] * 2
    assert [(one.weekday, one.number) for one in read(xlsx(rows)).lessons] == expected
    assert [(one.weekday, one.number) for one in read(xlsx(rows, ["A2:C2", "A5:C5"])).lessons] == expected


def test_subgroups_in_columns_of_their_own() -> None:
    rows = [
        ["", "", "5А", None, "5Б", None],
        ["Пн", 1, "Алгебра", None, "История", "Труд"],
        ["", 2, "Англ.", "Информ.", None, "Химия"],
        ["", 3, "Труд", None, "Англ. / Нем.", None],
    ]
    table = read(xlsx(rows, ["C1:D1", "E1:F1", "C2:D2", "C4:D4"]))
    assert [one[:5] for one in short(table)] == [
        ("5А", "", 1, 1, "Алгебра"),
        ("5А", "1", 1, 2, "Англ."),
        ("5А", "2", 1, 2, "Информ."),
        ("5А", "", 1, 3, "Труд"),
        ("5Б", "1", 1, 1, "История"),
        ("5Б", "2", 1, 1, "Труд"),
        ("5Б", "2", 1, 2, "Химия"),
        ("5Б", "1", 1, 3, "Англ."),
        ("5Б", "2", 1, 3, "Нем."),
    ]


def test_each_subgroup_with_a_room_of_its_own() -> None:
    rows = [["", "", "5А", "", "", ""], ["Пн", 1, "Англ.", 12, "Информ.", 14], ["", 2, "Труд", 13, "Химия", 15]]
    assert [(one.group, one.room) for one in read(xlsx(rows)).lessons] == [
        ("1", "12"),
        ("2", "14"),
        ("1", "13"),
        ("2", "15"),
    ]


def test_teachers_in_columns_and_in_cells() -> None:
    rows = [
        ["", "", "5А", "", "", "5Б"],
        ["Пн", 1, "Алгебра", "Осина А. Б.", 12, "История\nКлён В. Г.\nкаб. 14"],
        ["", 2, "Труд", "Дуб Е.Ж.", "Сп.зал", "Химия Дуб Е. Ж. 331"],
    ]
    assert [(one.subject, one.teacher, one.room) for one in read(xlsx(rows)).lessons] == [
        ("Алгебра", "Осина А. Б.", "12"),
        ("Труд", "Дуб Е.Ж.", "Сп.зал"),
        ("История", "Клён В. Г.", "14"),
        ("Химия", "Дуб Е. Ж.", "331"),
    ]


def test_a_room_before_its_subject() -> None:
    rows = [["", "", "5А", "", "5Б", ""], ["Пн", 1, 331, "Труд", 333, "Право"], ["", 2, 332, "ИЗО", 334, "Химия"]]
    assert [(one.subject, one.room) for one in read(xlsx(rows, ["D2:D3"])).lessons] == [
        ("Труд", "331"),
        ("Труд", "332"),
        ("Право", "333"),
        ("Химия", "334"),
    ]


def test_a_stray_number_makes_no_column_of_numbers() -> None:
    rows = [["", "", "5А"], ["Пн", 1, "Алгебра"], ["", 2, "Труд"], ["", 3, 1]]
    assert [one.subject for one in read(xlsx(rows)).lessons] == ["Алгебра", "Труд", "1"]


def test_roman_numbers() -> None:
    names = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    rows = [["", "", "5А"], ["Пн"], *(["", name, "Труд"] for name in names)]
    assert [one.number for one in read(xlsx(rows)).lessons] == list(range(1, 11))


def test_subjects_and_rooms_in_one_cell_beside_bells() -> None:
    rows = [["", "№", "Время", "5А"], ["Пн", 1, "8:30", "Труд 215"], ["", 2, "9:20", "ИЗО 216"]]
    assert [(one.subject, one.room) for one in read(xlsx(rows)).lessons] == [("Труд", "215"), ("ИЗО", "216")]


def test_subjects_and_rooms_in_one_cell() -> None:
    rows = [["", "", "5А"], ["Пн", 1, "Труд 215"], ["", 2, "ИЗО 216"]]
    assert [(one.subject, one.room) for one in read(xlsx(rows)).lessons] == [("Труд", "215"), ("ИЗО", "216")]


def test_profiles_of_a_class_are_its_groups() -> None:
    rows = [
        ["", "", "10М (мед)", "", "10М (псих)", ""],
        ["Пн", 1, "Химия", "12/14", "Право", 13],
        ["", 2, "Труд", 12, "Труд", 13],
    ]
    assert [one[:3] for one in short(read(xlsx(rows)))] == [
        ("10М", "мед, 1", 1),
        ("10М", "мед, 2", 1),
        ("10М", "мед", 1),
        ("10М", "псих", 1),
        ("10М", "псих", 1),
    ]


def test_a_heading_of_two_classes_is_a_column_of_both() -> None:
    assert [one.class_name for one in read(xlsx([["", "", "5А, 5Б"], ["Пн", 1, "Алгебра"]])).lessons] == ["5А", "5Б"]


def test_blocks_under_each_other_and_several_sheets() -> None:
    rows = [*NARROW, [], ["День", "№", "6А"], ["Пн", 1, "Химия"]]
    table = read(xlsx(rows, more={"7 классы": [["", "", "7А"], ["Ср", 1, "Физика"]]}))
    assert [one.class_name for one in table.lessons] == ["5А"] * 3 + ["5Б"] * 2 + ["6А", "7А"]
    assert [one.place for one in table.lessons[-2:]] == ["Лист1!C8", "7 классы!C2"]


def test_bells_beside_the_numbers() -> None:
    rows = [
        ["", "№", "Время", "5А"],
        ["Пн", 1, "8:30–9:10", "Алгебра"],
        ["", 2, "9.20 - 10.00", "Труд"],
        ["", 3, "10:10", "Химия"],
        ["Вт", 1, "8:00-8:40", "Химия"],
    ]
    table = read(xlsx(rows))
    assert table.bells == (
        Bell(1, time(8, 30), time(9, 10)),
        Bell(2, time(9, 20), time(10)),
        Bell(3, time(10, 10), None),
        Bell(1, time(8), time(8, 40), 2),
    )
    assert [one.subject for one in table.lessons] == ["Алгебра", "Труд", "Химия", "Химия"]
    assert read(xlsx(NARROW)).bells == ()


@pytest.mark.parametrize("heading", ["10ФМ", "10А каб. 12", "5А 5Б", "10 физмат", "5АБ", "Физмат", "Резерв"])
def test_the_lessons_of_a_class_that_is_not_understood_go_to_no_other(heading: str) -> None:
    rows = [
        ["День", "Урок", "9А", heading, "11А"],
        ["Пн", 1, "Физика", "Химия", "Пение"],
        ["", 2, "Труд", "ИЗО", "ОБЖ"],
    ]
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    found = {(one.class_name, one.group, one.number, one.subject) for one in reading.value.lessons}
    assert found == {
        ("9А", "", 1, "Физика"), ("9А", "", 2, "Труд"), ("11А", "", 1, "Пение"), ("11А", "", 2, "ОБЖ")
    }  # fmt: skip
    (fault,) = reading.faults
    assert fault.rule == "class-not-understood"
    assert fault.place.endswith("!D1")
    assert said(fault) == (
        f"Заголовок «{heading}» не читается как название класса: его уроки пропущены.",
        f"The heading “{heading}” cannot be read as the name of a class: its lessons are left out.",
    )


@pytest.mark.parametrize(
    "heading",
    ["Предмет", "2 гр.", "2-я группа", "Подгруппа 2", "девочки", "", "2-ая группа", "Группа Б", "II группа",
     "2 группа (Иванова)", "2-я подгр.", "англ.", "Английский язык", "нем. яз.", "юн.", "дев.", "Предмет, кабинет",
     "Название предмета"],
)  # fmt: skip
def test_a_word_over_a_second_column_of_a_class_is_no_other_class(heading: str) -> None:
    rows = [["День", "Урок", "9А", heading, "11А"], ["Пн", 1, "Физика", "Химия", "Пение"]]
    assert [(one[0], one[1], one[4]) for one in short(read(xlsx(rows)))] == [
        ("9А", "1", "Физика"), ("9А", "2", "Химия"), ("11А", "", "Пение")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        ("Учитель", ["Иванова", "Осина"], "teacher"),
        ("ФИО учителя", ["Иванова", "Осина"], "teacher"),
        ("Преподаватель", ["Иванова", "Осина"], "teacher"),
        ("Кабинет", ["библиотека", "актовый"], "room"),
        ("Каб. №", ["библиотека", "актовый"], "room"),
    ],
)
def test_headings_say_what_stands_below_whatever_it_looks_like(heading: str, cells: list[str], kind: str) -> None:
    rows = [["День", "Урок", "9А", heading, "11А"], ["Пн", 1, "Физика", cells[0], "Пение"],
            ["", 2, "Труд", cells[1], "ОБЖ"]]  # fmt: skip
    lessons = read(xlsx(rows)).lessons
    assert sorted((one.class_name, one.subject, getattr(one, kind)) for one in lessons) == [
        ("11А", "ОБЖ", ""), ("11А", "Пение", ""), ("9А", "Труд", cells[1]), ("9А", "Физика", cells[0])
    ]  # fmt: skip


def test_numbers_of_lessons_before_each_class_are_no_class() -> None:
    rows = [["День", "Урок", "5А", "День", "№ урока", "5Б"], ["Пн", "I", "Физика", "Пн", "I", "Пение"],
            ["", "II", "Труд", "", "II", "ОБЖ"]]  # fmt: skip
    assert [(one[0], one[3], one[4]) for one in short(read(xlsx(rows)))] == [
        ("5А", 1, "Физика"), ("5А", 2, "Труд"), ("5Б", 1, "Пение"), ("5Б", 2, "ОБЖ")
    ]  # fmt: skip


def test_notes_beside_the_last_class_are_no_lessons() -> None:
    rows = [["День", "Урок", "9А", "Примечание"], ["Пн", 1, "Физика", ""], ["", 2, "Труд", "замена"]]
    table, fault = only_fault(xlsx(rows))
    assert [(one[0], one[4]) for one in short(table)] == [("9А", "Физика"), ("9А", "Труд")]
    assert (fault.rule, fault.place) == ("class-not-understood", "Лист1!D1")


def test_a_profile_of_several_subjects_and_a_word_before_are_understood() -> None:
    rows = [["День", "Урок", "Класс 9А", "10А (физ/мат)", "11А (физика, химия)"], ["Пн", 1, "Физика", "Химия", "Пение"],
            ["", 2, "Труд", "ИЗО", "ОБЖ"]]  # fmt: skip
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    classes = {(one.class_name, one.group) for one in reading.value.lessons}
    assert classes == {("9А", ""), ("10А", "физ/мат"), ("11А", "физика, химия")}
    assert reading.faults == ()


def test_a_room_that_is_always_the_same_is_no_number_of_a_lesson() -> None:
    rows = [["День", "№", "1А", "Каб", "2А", "Каб"], ["Пн", 1, "Письмо", 1, "Счёт", 2], ["", 2, "Счёт", 1, "Письмо", 2],
            ["", 3, "Труд", 1, "Пение", 2]]  # fmt: skip
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    assert reading.faults == ()
    found = [(one.class_name, one.number, one.subject, one.room) for one in reading.value.lessons]
    assert sorted(found)[:3] == [("1А", 1, "Письмо", "1"), ("1А", 2, "Счёт", "1"), ("1А", 3, "Труд", "1")]
    assert sorted(found)[3:] == [("2А", 1, "Счёт", "2"), ("2А", 2, "Письмо", "2"), ("2А", 3, "Пение", "2")]


def test_two_halves_of_a_week_stand_beside_each_other() -> None:
    heading = ["День", "№", "5А", "5Б", "День", "№", "5А", "5Б"]
    rows = [heading, ["Понедельник", 1, "Алгебра", "История", "Четверг", 1, "Химия", "Труд"],
            ["", 2, "Пение", "ИЗО", "", 2, "Физика", "ОБЖ"],
            ["Вторник", 1, "Труд", "Химия", "Пятница", 1, "ИЗО", "Пение"]]  # fmt: skip
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    assert reading.faults == ()
    of_a = sorted((one.weekday, one.number, one.subject) for one in reading.value.lessons if one.class_name == "5А")
    assert of_a == [
        (1, 1, "Алгебра"), (1, 2, "Пение"), (2, 1, "Труд"), (4, 1, "Химия"), (4, 2, "Физика"), (5, 1, "ИЗО")
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["А.А. Иванова", "Иванова А.А.", "Иванова А.А", "Иванова Анна Петровна"])
def test_a_column_of_teachers_is_no_subgroup(name: str) -> None:
    rows = [["День", "№", "5А", "Учитель"], ["Пн", 1, "Алгебра", name], ["", 2, "Пение", name], ["", 3, "ИЗО", name]]
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    found = [(one.subject, one.group, one.teacher) for one in reading.value.lessons]
    assert found == [("Алгебра", "", name), ("Пение", "", name), ("ИЗО", "", name)]
