"""Layouts of timetables that other programs misread: days across, cut and dated days, bells, odd headings."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import pytest

from formats.result import Reading
from services.gradebook.timetable.readers.lesson_numbers import Bells, LessonNumber, bells_of, lesson_number_of
from services.gradebook.timetable.readers.timetable import Bell, Timetable
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from tests.formats.made import xlsx as named_sheet
from tests.formats.readings import said
from tests.gradebook.timetable.readers.timetables import only_fault, read, xlsx

Place = tuple[str, int, int, str]


def places(table: Timetable) -> list[Place]:
    """Class, weekday, number and subject of each lesson, none of which is of a group."""
    assert {one.group for one in table.lessons} == {""}
    return [(one.class_name, one.weekday, one.number, one.subject) for one in table.lessons]


def rules(reading: Reading[Timetable]) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in reading.faults]


# ---------------------------------------------------------------- days across

ACROSS = [["№", "Понедельник", "Вторник", "Среда"], [1, "Математика", "Русский язык", "ИЗО"], [2, "Труд", "Химия", ""]]
OF_5A = [
    ("5А", 1, 1, "Математика"), ("5А", 1, 2, "Труд"), ("5А", 2, 1, "Русский язык"), ("5А", 2, 2, "Химия"),
    ("5А", 3, 1, "ИЗО"),
]  # fmt: skip


@pytest.mark.parametrize(
    "title", ["5А класс", "5 «А»", "Расписание уроков 5А класса на I полугодие", "Класс: 5А класс"]
)
def test_p09_a_sheet_with_days_across_is_one_classs(title: str) -> None:
    assert places(read(xlsx([[title], *ACROSS]))) == OF_5A


def test_p09_its_class_may_stand_in_the_first_cell_or_be_the_name_of_the_sheet() -> None:
    assert places(read(xlsx([["5А", *ACROSS[0][1:]], *ACROSS[1:]]))) == OF_5A
    assert places(read(named_sheet(ACROSS, name="5А (2)"))) == OF_5A
    assert places(read(named_sheet([["МБОУ СОШ"], [], *ACROSS], name="5 А класс"))) == OF_5A


def test_p09_several_classes_may_stand_below_each_other() -> None:
    rows = [["5А класс"], *ACROSS, [], ["5Б класс"], *ACROSS]
    assert places(read(xlsx(rows))) == [*OF_5A, *(("5Б", *one[1:]) for one in OF_5A)]


def test_p09_each_day_may_have_a_column_of_rooms_and_one_of_bells_may_precede() -> None:
    rows = [
        ["5А класс"],
        ["№", "Время", "Пн", "", "Вт", ""],
        ["", "", "Предмет", "Каб.", "Предмет", "Каб."],
        [1, "8:30-9:10", "Алгебра", 12, "Химия", 31],
        [2, "9:20-10:00", "Труд", 14, "Алгебра", 12],
    ]
    table = read(xlsx(rows, ["C2:D2", "E2:F2"]))
    assert [(one.weekday, one.number, one.subject, one.room) for one in table.lessons] == [
        (1, 1, "Алгебра", "12"), (1, 2, "Труд", "14"), (2, 1, "Химия", "31"), (2, 2, "Алгебра", "12")
    ]  # fmt: skip
    assert table.bells == (Bell(1, time(8, 30), time(9, 10)), Bell(2, time(9, 20), time(10)))


@pytest.mark.parametrize(
    ("name", "title"),
    [("Лист1", "Расписание"), ("5Б", "5А класс"), ("Лист1", "5А, 5Б"), ("Лист1", ""), ("Лист1", "5 классы")],
)
def test_p09_days_across_of_no_certain_class_are_refused(name: str, title: str) -> None:
    reading = read_timetable_sheet(named_sheet([[title], *ACROSS], name=name))
    assert reading.refused
    assert rules(reading) == [(f"{name}!2", "class-unclear"), ("", "not-a-timetable")]
    assert said(reading.faults[0]) == (
        "Дни недели стоят в столбцах, но какого это класса, не ясно: назовите над ними или листом один класс.",
        "Days stand across, but of which class is not clear: name one class above them or as the name of the sheet.",
    )


def test_p09_a_sheet_of_no_certain_class_costs_no_other_sheet() -> None:
    table, fault = only_fault(xlsx([["5А класс"], *ACROSS], more={"Старое": ACROSS}))
    assert places(table) == OF_5A
    assert (fault.place, fault.rule) == ("Старое!1", "class-unclear")


def test_p09_a_heading_between_the_days_that_is_none_costs_its_column() -> None:
    rows = [["5А класс"], ["№", "Понедельник", "Вторник!?", "Среда (замены)", "Четверг"], [1, "А", "Б", "В", "Г"]]
    table, fault = only_fault(xlsx([*rows, [2, "Д", "Е", "Ж", "З"]]))
    assert [(day, subject) for _, day, _, subject in places(table)] == [
        (1, "А"), (1, "Д"), (2, "Б"), (2, "Е"), (4, "Г"), (4, "З")
    ]  # fmt: skip
    assert (fault.place, fault.rule) == ("Лист1!D2", "day-not-understood")
    assert said(fault) == (
        "Заголовок «Среда (замены)» не читается как день недели: уроки под ним пропущены.",
        "The heading “Среда (замены)” cannot be read as a day of the week: the lessons below it are left out.",
    )


def test_p09_days_of_two_halves_below_several_classes_are_no_class_of_their_own() -> None:
    rows = [
        ["", "№", "5А", "5Б", "", "№", "5А", "5Б"],
        ["Понедельник", "", "", "", "Вторник", "", "", ""],
        ["", 1, "А", "Б", "", 1, "В", "Г"],
        ["", 2, "Д", "Е", "", 2, "Ж", "З"],
    ]
    found = {one[1:] for one in places(read(xlsx(rows))) if one[0] == "5А"}
    assert found == {(1, 1, "А"), (1, 2, "Д"), (2, 1, "В"), (2, 2, "Ж")}


# ---------------------------------------------------------------- days down


@pytest.mark.parametrize(
    ("days", "weekdays"),
    [
        (("ПН", "Вт.\n01.12", "Чет.", "Суб"), (1, 2, 4, 6)),
        (("понед.", "Вторн", "сред.", "Пятн."), (1, 2, 3, 5)),
        (("Понедельник 7 сентября", "8 сентября, вторник", "ср 09.09", "10.09.2026 чт"), (1, 2, 3, 4)),
        (("П\nо\nн", "В т о р н и к", "СР", "Воскр."), (1, 2, 3, 7)),
        (("Mon", "Tues.", "Weds"[:3], "Thursday 10/09"), (1, 2, 3, 4)),
        (("Понедельник, 7 сентября 2026 г.", "Вт-08.09", "(среда)", "Чт:"), (1, 2, 3, 4)),
    ],
)
def test_p10_days_in_full_cut_and_beside_a_date(days: Sequence[str], weekdays: Sequence[int]) -> None:
    rows: list[list[Any]] = [["День", "№", "9А"]]
    for day in days:
        rows += [[day, 1, "Алгебра"], ["", 2, "Химия"]]
    assert [one[1] for one in places(read(xlsx(rows)))] == [day for day in weekdays for _ in range(2)]


@pytest.mark.parametrize("day", ["Понедельник/Вторник", "Втoрнык", "Пн утро", "1 декабря", "Ср 01.12.2026", "Неделя 2"])
def test_p10_a_day_that_is_not_understood_gives_its_lessons_to_no_other(day: str) -> None:
    rows = [["День", "№", "9А", "9Б"], ["ПН", 1, "А", "А"], [day, 1, "Б", "Б"], ["", 2, "В", ""], ["Ср", 1, "Г", "Г"],
            ["", 2, "Д", "Д"]]  # fmt: skip
    table, fault = only_fault(xlsx(rows))
    assert {(day, subject) for _, day, _, subject in places(table)} == {(1, "А"), (3, "Г"), (3, "Д")}
    assert (fault.place, fault.rule) == ("Лист1!A3", "day-not-understood")
    assert said(fault) == (
        f"«{day}» не читается как день недели: уроки этого дня пропущены.",
        f"“{day}” cannot be read as a day of the week: the lessons of that day are left out.",
    )


def test_p10_so_does_one_in_a_row_of_its_own_but_a_pause_ends_no_day() -> None:
    rows = [["№", "5А"], ["Вторник"], [1, "А"], ["Обед"], [2, "Б"], ["Среда!"], [1, "В"], ["Чтв-к"], [1, "Г"], [2, "Д"]]
    table, fault = only_fault(xlsx(rows))
    assert [one[1:] for one in places(table)] == [(2, 1, "А"), (2, 2, "Б"), (3, 1, "В")]
    assert (fault.place, fault.rule) == ("Лист1!A8", "day-not-understood")


def test_p10_a_note_across_the_sheet_begins_no_day() -> None:
    rows = [["День", "№", "5А"], ["Пн", 1, "А"], ["Динамический час 40 минут"], ["", 2, "Б"], ["", 3, "В"]]
    assert [one[1:] for one in places(read(xlsx(rows, ["A3:C3"])))] == [(1, 1, "А"), (1, 2, "Б"), (1, 3, "В")]


def test_p10_a_lesson_that_looks_like_a_day_begins_none() -> None:
    rows = [
        ["День", "№", "1А", "2А"],
        ["Пн", 1, "Чт", "Мат"],
        ["", 2, "Мат", "Чт"],
        ["", "", "Чт", ""],
        ["", 3, "Ср", "Р"],
    ]
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    assert {one.weekday for one in reading.value.lessons} == {1}


def test_p11_dates_beside_days_are_no_bells() -> None:
    rows = [
        ["Дата", "№", "8А", "8Б"],
        ["01.12.2026 вторник", 1, "Физкультура", "Алгебра"],
        ["", 2, "История", "Химия"],
        ["02.12.2026 среда", 1, "Алгебра", "Физика"],
        ["", 2, "Химия", "История"],
    ]
    table = read(xlsx(rows))
    found = places(table)
    assert ("8А", 2, 1, "Физкультура") in found
    assert ("8Б", 3, 1, "Физика") in found
    assert table.bells == ()


@pytest.mark.parametrize(
    "days", [("01.12.2026", "02.12.2026"), ("1 декабря 2026 г.", "2 декабря 2026"), ("01.12.26", "2/12/26")]
)
def test_p11_a_whole_date_alone_is_its_weekday(days: Sequence[str]) -> None:
    rows = [["Дата", "№", "8А"], [days[0], 1, "А"], ["", 2, "Б"], [days[1], 1, "В"], ["", 2, "Г"]]
    table = read(xlsx(rows))
    assert [one[1] for one in places(table)] == [2, 2, 3, 3]
    assert table.bells == ()


def test_p11_a_date_without_year_is_no_day_and_no_bell() -> None:
    rows = [["День", "№", "8А"], ["Пн", 1, "А"], ["", 2, "Б"], ["08.12", 1, "В"], ["", 2, "Г"]]
    table, fault = only_fault(xlsx(rows))
    assert [one[3] for one in places(table)] == ["А", "Б"]
    assert (fault.place, fault.rule) == ("Лист1!A4", "day-not-understood")
    assert table.bells == ()


@pytest.mark.parametrize(
    ("text", "bells"),
    [
        ("8:30", Bells(time(8, 30), None)),
        ("8.30 - 9.10", Bells(time(8, 30), time(9, 10))),
        ("с 8:30 до 9:10", Bells(time(8, 30), time(9, 10))),
        ("8:30\n9:10", Bells(time(8, 30), time(9, 10))),
        ("(08:30–09:10)", Bells(time(8, 30), time(9, 10))),
        ("8:30-9:10 (40 мин)", Bells(time(8, 30), time(9, 10))),
        ("01.12.2026", None),
        ("01.12.2026 вторник", None),
        ("8:30 вторник", None),
        ("25:00", None),
        ("8.75", None),
        ("8:30-9:10-9:50", None),
        ("", None),
    ],
)
def test_p11_bells_are_times_that_stand_alone_or_in_a_range(text: str, bells: Bells | None) -> None:
    assert bells_of(text) == bells


# ---------------------------------------------------------------- cells


def test_p12_weeks_of_a_cell_are_no_groups_and_what_is_not_understood_is_told() -> None:
    rows = [["День", "№", "9А"], ["Пн", 1, "Химия/Биология (чет/нечет)"], ["", 2, "Химия 3 неделя"], ["", 3, "Труд"]]
    table, fault = only_fault(xlsx(rows))
    found = [(one.number, one.subject, one.group, one.week) for one in table.lessons]
    assert found == [(1, "Химия", "", "2"), (1, "Биология", "", "1"), (3, "Труд", "", "")]
    assert (fault.place, fault.rule) == ("Лист1!C3", "cell-weeks")
    assert said(fault) == (
        "Чередование недель в «Химия 3 неделя» не понято: ячейка пропущена.",
        "The alternating weeks of “Химия 3 неделя” are not understood: the cell is left out.",
    )


def test_p13_groups_of_a_cell_have_their_rooms_and_what_is_not_understood_is_told() -> None:
    rows = [["День", "№", "9А"], ["Пн", 1, "Англ.яз. 1гр-201, 2гр-305"], ["", 2, "Информатика\nАнглийский"],
            ["", 3, "Физика"], ["", 4, "Труд 1,2 гр."], ["", 5, "Алгебра\nТеория чисел"]]  # fmt: skip
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.value is not None
    assert [(one.number, one.subject, one.group, one.room) for one in reading.value.lessons] == [
        (1, "Англ.яз.", "1", "201"),
        (1, "Англ.яз.", "2", "305"),
        (2, "Информатика", "1", ""),
        (2, "Английский", "2", ""),
        (3, "Физика", "", ""),
    ]
    assert rules(reading) == [("Лист1!C5", "cell-groups"), ("Лист1!C6", "cell-lines")]
    assert said(reading.faults[0]) == (
        "Подгруппы в «Труд 1,2 гр.» не поняты: ячейка пропущена.",
        "The groups of “Труд 1,2 гр.” are not understood: the cell is left out.",
    )
    assert said(reading.faults[1]) == (
        "Не ясно, один предмет или несколько в «Алгебра Теория чисел»: ячейка пропущена.",
        "Whether “Алгебра Теория чисел” is one subject or several is not clear: the cell is left out.",
    )


def test_p15_words_for_no_lesson_are_none_and_a_day_off_is_told() -> None:
    rows = [
        ["День", "№", "8А", "8Б"],
        ["Понедельник", 1, "Мат", "Рус"],
        ["", 2, "окно", "Окно в Европу"],
        ["Вторник", 1, "ПРАЗДНИЧНЫЙ ДЕНЬ", ""],
        ["", 2, "нет", "—"],
        ["Среда", 1, "Физ", "Хим"],
    ]
    table, fault = only_fault(xlsx(rows))
    assert [one.subject for one in table.lessons] == ["Мат", "Физ", "Рус", "Окно в Европу", "Хим"]
    assert (fault.place, fault.rule) == ("Лист1!C4", "cell-day-off")
    assert said(fault) == (
        "«ПРАЗДНИЧНЫЙ ДЕНЬ» – не предмет: урока здесь нет.",
        "“ПРАЗДНИЧНЫЙ ДЕНЬ” is no subject: there is no lesson here.",
    )


# ---------------------------------------------------------------- bells


def test_p14_bells_that_differ_on_a_day_are_kept_for_that_day() -> None:
    """That lessons of the journal ring by them waits for the school's calendar, which knows no bells of days yet."""
    rows = [
        ["День", "№", "Время", "8А"],
        ["Понедельник", 1, "08:30-09:10", "Мат"],
        ["", 2, "09:20-10:00", "Рус"],
        ["Суббота", 1, "09:00-09:30", "Физ"],
        ["", 2, "09:40-10:10", "Хим"],
    ]
    assert read(xlsx(rows)).bells == (
        Bell(1, time(8, 30), time(9, 10)),
        Bell(2, time(9, 20), time(10)),
        Bell(1, time(9), time(9, 30), 6),
        Bell(2, time(9, 40), time(10, 10), 6),
    )


def test_p14_the_most_frequent_bell_is_that_of_all_days() -> None:
    rows = [["День", "№", "Время", "8А"], ["Пн", 1, "9:00", "А"], ["", 2, "10:00", "А"]]
    for day in ("Вт", "Ср"):
        rows += [[day, 1, "8:30", "Б"], ["", 2, "10:00", "В"]]
    assert read(xlsx(rows)).bells == (Bell(1, time(8, 30), None), Bell(2, time(10), None), Bell(1, time(9), None, 1))


def test_p14_different_bells_of_one_day_are_told() -> None:
    block = [["День", "№", "Время", "8А"], ["Пн", 1, "8:30", "А"], ["", 2, "9:20", "Б"]]
    other = [["День", "№", "Время", "1А"], ["Пн", 1, "9:00", "А"], ["", 2, "9:20", "Б"]]
    table, fault = only_fault(xlsx([*block, *other]))
    assert table.bells == (Bell(1, time(8, 30), None), Bell(2, time(9, 20), None))
    assert (fault.place, fault.rule) == ("Лист1!B5", "bells-differ")
    assert said(fault) == (
        "У урока 1 в один день разное время: взято первое.",
        "The lesson 1 has different times on one day: the first was taken.",
    )


# ---------------------------------------------------------------- numbers of lessons


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1\n8.30-9.10", "2\n9.20-10.00"),
        ("1 (8:30-9:10)", "2 (9:20-10:00)"),
        ("1. 8:30-9:10", "2. 9:20-10:00"),
        ("№1 8:30 - 9:10", "№2 9:20 - 10:00"),
        ("1 урок, 8:30–9:10", "2 урок, 9:20–10:00"),
        ("I (8:30-9:10)", "II (9:20-10:00)"),
        ("Урок 1\n8:30-9:10", "Урок 2\n9:20-10:00"),
    ],
)
def test_p37_a_number_may_have_its_bells_beside_it(first: str, second: str) -> None:
    rows = [["День", "Урок", "8А", "8Б"], ["Понедельник", first, "Мат", "Рус"], ["", second, "Рус", "Мат"],
            ["Вторник", first, "Физ", "Хим"], ["", second, "Хим", "Физ"]]  # fmt: skip
    table = read(xlsx(rows))
    assert [one[2] for one in places(table)] == [1, 2] * 4
    assert table.bells == (Bell(1, time(8, 30), time(9, 10)), Bell(2, time(9, 20), time(10)))


def test_p37_bells_alone_are_numbered_by_their_order_and_told() -> None:
    rows = [["День", "Время", "8А"], ["Пн", "8:30-9:10", "А"], ["", "9:20-10:00", "Б"], ["Вт", "8:30-9:10", "В"],
            ["", "9:20-10:00", "Г"]]  # fmt: skip
    table, fault = only_fault(xlsx(rows))
    assert [one[1:] for one in places(table)] == [(1, 1, "А"), (1, 2, "Б"), (2, 1, "В"), (2, 2, "Г")]
    assert table.bells == (Bell(1, time(8, 30), time(9, 10)), Bell(2, time(9, 20), time(10)))
    assert (fault.place, fault.rule) == ("Лист1", "numbers-by-order")
    assert said(fault) == (
        "Номеров уроков на листе нет: уроки пронумерованы с 1 по порядку звонков.",
        "The sheet has no numbers of lessons: they are numbered from 1 in the order of their bells.",
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("3.", 3), ("№ 3", 3), ("3 урок", 3), ("3-й урок", 3), ("III", 3), ("Урок 3", 3), ("3)", 3), ("0", 0),
     ("8 - 8.45", None), ("8:30", None), ("3 класс", None), ("3а", None), ("331", None), ("1,5", None), ("5Й", None),
     ("01.12.2026", None), ("XL", None), ("", None)],
)  # fmt: skip
def test_p37_one_way_to_read_a_number_for_all_readers(text: str, number: int | None) -> None:
    assert lesson_number_of(text) == (None if number is None else LessonNumber(number))


# ---------------------------------------------------------------- headings of classes


def test_p16_a_class_named_by_its_number_alone_costs_no_file() -> None:
    rows = [
        ["День", "№", "1 класс", "2", "3А", "10А1"],
        ["Пн", 1, "Чт", "Мат", "Рус", "Физ"],
        ["", 2, "Мат", "Чт", "Мат", "Хим"],
        ["Вт", 1, "Рус", "Рус", "Чт", "Инф"],
        ["", 2, "Ок", "Ок", "Ок", "Мат"],
    ]
    found = places(read(xlsx(rows)))
    assert list(dict.fromkeys(one[0] for one in found)) == ["1", "2", "3А", "10А1"]
    assert len(found) == 16
    assert ("2", 1, 2, "Чт") in found


@pytest.mark.parametrize("heading", ["2", "7", "10ФМ", "спец", "3 и 4"])
def test_p16_a_heading_that_is_not_certain_costs_its_column_and_is_told(heading: str) -> None:
    """A bare number beside «5А» may be a group of it as well as a class."""
    rows = [["День", "№", "5А", heading, "6А"], ["Пн", 1, "А", "Б", "В"], ["", 2, "Г", "Д", "Е"]]
    table, fault = only_fault(xlsx(rows))
    assert [one[3] for one in places(table)] == ["А", "Г", "В", "Е"]
    assert (fault.place, fault.rule) == ("Лист1!D1", "class-not-understood")


# ---------------------------------------------------------------- more layouts of these kinds


def weeks(table: Timetable) -> list[tuple[int, int, str, str, str]]:
    """Weekday, number, week, group and subject of each lesson."""
    return [(one.weekday, one.number, one.week, one.group, one.subject) for one in table.lessons]


@pytest.mark.parametrize(
    ("heading", "odd", "even"),
    [
        ("Неделя", 1, 2),
        ("Нед.", "I", "II"),
        ("", "неч", "чет"),
        ("Нед.", "числ.", "знам."),
        ("чёт/неч", "нечёт", "чёт"),
    ],
)
def test_p12_a_column_may_say_in_which_week_a_row_is(heading: str, odd: Any, even: Any) -> None:
    rows = [["День", "№", heading, "9А"], ["Пн", 1, even, "Химия"], ["", "", odd, "Право"], ["", 2, "", "Труд"],
            ["", 3, odd, "ИЗО"]]  # fmt: skip
    assert weeks(read(xlsx(rows))) == [
        (1, 1, "2", "", "Химия"), (1, 1, "1", "", "Право"), (1, 2, "", "", "Труд"), (1, 3, "1", "", "ИЗО")
    ]  # fmt: skip


def test_p12_a_row_of_its_own_may_begin_a_week() -> None:
    rows = [["День", "№", "5А"], ["1 неделя"], ["Пн", 1, "А"], ["", 2, "Б"], ["2 неделя"], ["Пн", 1, "В"], ["", 2, "Б"]]
    assert weeks(read(xlsx(rows))) == [
        (1, 1, "1", "", "А"), (1, 2, "1", "", "Б"), (1, 1, "2", "", "В"), (1, 2, "2", "", "Б")
    ]  # fmt: skip


def test_p12_sheets_may_be_named_by_weeks_and_then_repeat_no_number() -> None:
    week = [["День", "№", "5А"], ["Пн", 1, "А"], ["", 2, "Б"]]
    table = read(named_sheet(week, name="Нечётная неделя"))
    assert {one.week for one in table.lessons} == {"1"}
    both = read_timetable_sheet(xlsx(week, more={"2 неделя": week}))
    assert [rule for _, rule in rules(both)] == ["number-repeated"] * 2  # the first sheet is of every week
    two = read(xlsx([["1 неделя"], *week], more={"2 неделя": week}))
    assert [one.week for one in two.lessons] == ["1", "1", "2", "2"]


def test_p10_a_day_may_be_the_title_of_a_table() -> None:
    table = [["№", "5А", "5Б"], [1, "А", "Б"], [2, "В", "Г"]]
    found = places(read(xlsx([["Понедельник"], *table, [], ["Вторник, 8 сентября"], *table])))
    assert [one[:3] for one in found] == [
        (name, day, number) for day in (1, 2) for name in ("5А", "5Б") for number in (1, 2)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Класс", "№", "Пн", "Вт"], ["5А", 1, "Мат", "Рус"], ["5Б", 1, "Хим", "Физ"], ["", 2, "Физ", "Хим"]],
        [["5А"], ["Класс", "№", "Пн", "Вт"], ["5А", 1, "Мат", "Рус"], ["5Б", 1, "Хим", "Физ"], ["5Б", 2, "Х", "Ф"]],
        [["", "5А", "", "5Б", ""], ["№", "Пн", "Вт", "Пн", "Вт"], [1, "А", "Б", "В", "Г"], [2, "А", "Б", "В", "Г"]],
        [["", "Пн", "", "Вт", ""], ["№", "5А", "5Б", "5А", "5Б"], [1, "А", "Б", "В", "Г"], [2, "А", "Б", "В", "Г"]],
        [["Понедельник"], ["Класс", 1, 2, 3], ["5А", "Мат", "Рус", "Хим"], ["5Б", "Рус", "Мат", "Физ"]],
        [["Учитель", "№", "Понедельник", "Вторник"], ["Осина А.Б.", 1, "5А", "6Б"], ["", 2, "5Б", "6А"]],
        [["День", "№", "Осина А.Б.", "Клён В.Г."], ["Пн", 1, "5А", "6Б"], ["", 2, "5Б", "6А"]],
        [["5А класс"], ["Пн", "Вт"], ["Мат", "Рус"], ["Рус", "Мат"]],
        [["День", "№", "9А"], ["Пн", "1 чет", "Химия"], ["", "1 неч", "Право"], ["", 2, "Труд"]],
    ],
)
def test_p09_layouts_that_are_not_understood_are_refused_as_a_whole(rows: Sequence[Sequence[Any]]) -> None:
    reading = read_timetable_sheet(xlsx(rows))
    assert reading.refused
    assert reading.faults[-1].fatal
