"""Words of headings and rows in tables of scores, as schools write them."""

from __future__ import annotations

from decimal import Decimal
from time import process_time

import pytest

from services.gradebook.control_works.readers.scores import Task, read_scores
from tests.gradebook.control_works.readers.score_tables import pasted, rules, said, scores, sheet


@pytest.mark.parametrize(
    "label", ["МАХ", "Мах. балл", "макс. б.", "макс. б", "Максимальный б.", "Балл", "Баллы за задание", "max", "Макс."]
)
def test_highest_scores_are_known_by_what_schools_call_them(label: str) -> None:
    found = sheet(pasted("ФИО|1|2", f"{label}|2|3", "Первый|1|3"))
    assert found.tasks == (Task("1", Decimal(2)), Task("2", Decimal(3)))
    assert [student.name for student in found.students] == ["Первый"]


@pytest.mark.parametrize("label", ["Макс. балл", "Максимальный балл", "Максимальное кол-во баллов"])
def test_highest_scores_below_the_students_are_told(label: str) -> None:
    below = pasted("ФИО|1|2", "Первый|1|9", f"{label}|2|3")
    reading = read_scores(below)
    assert (rules(reading), [task.highest for task in sheet(below).tasks]) == ([("A3", "maximum-below")], [None, None])
    assert said(reading) == (
        "Наибольшие баллы стоят под учениками: строка не прочитана; перенесите её под заголовки.",
        "The highest scores stand below students: the row was not read; move it up to the headings.",
    )
    assert rules(read_scores(below, [Decimal(9), Decimal(9)])) == [("A3", "maximum-below")]


def test_a_student_may_be_called_max() -> None:
    found = sheet(pasted("ФИО|1|2", "Макс Б.|1|2", "Иван А.|2|2"))
    assert [(student.name, student.scores[0]) for student in found.students] == [("Макс Б.", 1), ("Иван А.", 2)]


def test_titles_above_the_headings_are_no_students() -> None:
    for tasks in (None, [Decimal(2), Decimal(2)]):
        reading = read_scores(pasted("7А класс", "", "ФИО|1|2", "Первый|1|1"), tasks)
        assert reading.value is not None
        assert [(student.place, student.name) for student in reading.value.students] == [("A4", "Первый")]
        assert rules(reading) == [("A1", "above-headings")]
        assert said(reading) == (
            "Строка над заголовками столбцов не прочитана.", "A row above the headings of the columns was not read."
        )  # fmt: skip


@pytest.mark.parametrize("heading", ["Список учащихся", "Участник", "Учащиеся класса", "Ученики", "Участники работы"])
def test_headings_of_students_in_other_words(heading: str) -> None:
    found = sheet(pasted(f"{heading}|1|2", "Первый|1|1"), [Decimal(2), Decimal(2)])
    assert [student.name for student in found.students] == ["Первый"]


def test_a_surname_may_begin_as_a_heading_does() -> None:
    found = sheet(pasted("Учеников|1|0", "Списков|0|1"), [Decimal(2), Decimal(2)])
    assert [student.name for student in found.students] == ["Учеников", "Списков"]


def test_a_first_row_that_may_be_headings_or_scores_is_not_guessed() -> None:
    tasks = [Decimal(2), Decimal(2)]
    reading = read_scores(pasted("Кто писал|1|2", "Первый|1|1"), tasks)
    assert (reading.value, [fault.rule for fault in reading.faults]) == (None, ["heading-unclear"])
    assert said(reading) == (
        "Первая строка – заголовки или баллы ученика? Назовите первый столбец «ФИО» или «№».",
        "Is the first row headings or a student's scores? Head the first column with “Name” or “№”.",
    )
    named = sheet(pasted("Кто писал|Задание 1|Задание 2", "Первый|1|1"), tasks)
    assert ([task.name for task in named.tasks], len(named.students)) == (["Задание 1", "Задание 2"], 1)
    absent = sheet(pasted("Первый|н|н", "Второй|1|1"), tasks)
    assert [student.absent for student in absent.students] == [True, False]


@pytest.mark.parametrize("heading", ["Итого (4)", "Сумма (макс. 4)", "Сумма баллов (4)", "Итого баллов"])
def test_totals_are_compared_whatever_stands_beside_the_word(heading: str) -> None:
    reading = read_scores(pasted(f"ФИО|1|2|{heading}", "Первый|1|1|3"))
    assert rules(reading) == [("D2", "total-differs")]


@pytest.mark.parametrize("heading", ["Класс", "Тестовый балл", "Результат", "Итого за часть 1"])
def test_columns_that_are_no_tasks(heading: str) -> None:
    reading = read_scores(pasted(f"ФИО|{heading}|1|2", "Первый|7|1|1"))
    assert reading.faults == ()
    assert scores(pasted(f"ФИО|{heading}|1|2", "Первый|7|1|1")) == [("1", "1")]


def test_a_student_who_stands_twice_is_told() -> None:
    reading = read_scores(pasted("ФИО|1", "Первый|1", "Второй|1", "первый|0"))
    assert rules(reading) == [("A4", "student-twice")]
    assert said(reading) == (
        "Этот ученик уже есть в строке A2: прочитаны обе.", "This student is in the row A2: both were read."
    )  # fmt: skip
    assert rules(read_scores(pasted("№|ФИО|1", "1|Первый|1", "1|Второй|1"))) == [("A3", "student-twice")]
    assert rules(read_scores(pasted("№|ФИО|1", "1|Первый|1", "2|Первый|1"))) == []


def test_headings_of_any_length_are_read_at_once() -> None:
    began = process_time()
    for heading in ("сумма " * 21_000, "итого за набранные " * 6_000):
        read_scores(pasted(f"ФИО|{heading}", "Первый|1", f"{heading}|1"))
    assert process_time() - began < 1
