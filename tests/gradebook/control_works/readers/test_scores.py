"""Scores of a control work pasted from a spreadsheet."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.control_works.readers.score_words import Role, heading_role
from services.gradebook.control_works.readers.scores import (
    ScoreSheet,
    StudentScores,
    Task,
    is_absence,
    read_scores,
    written_score,
)
from tests.examples import examples
from tests.gradebook.control_works.readers.score_tables import pasted, rules, said, scores, sheet


def test_a_whole_table() -> None:
    reading = read_scores(
        pasted(
            "№|ФИО|Вариант|1|2|3а|Итого|Оценка",
            "|Макс. балл||1|2|3|6|",
            "1|Первый|1|1|1,5||2,5|3",
            "2|Второй|2|н|н|н||",
            "3|Третий|2|0|2|3|5|4",
        )
    )
    assert reading.faults == ()
    assert reading.value == ScoreSheet(
        tasks=(Task("1", Decimal(1)), Task("2", Decimal(2)), Task("3а", Decimal(3))),
        students=(
            StudentScores("A3", "1", "Первый", "1", False, (Decimal(1), Decimal("1.5"), None)),
            StudentScores("A4", "2", "Второй", "2", True, (None, None, None)),
            StudentScores("A5", "3", "Третий", "2", False, (Decimal(0), Decimal(2), Decimal(3))),
        ),
    )


def test_semicolons_separate_where_there_is_no_tab() -> None:
    assert scores("ФИО;1;2\nПервый;1;0,5\n") == [("1", "0.5")]
    assert scores('ФИО;1;2\n"Первый; он же";1;0\n') == [("1", "0")]


@pytest.mark.parametrize(
    ("role", "headings"),
    [
        (Role.NUMBER, ["№", "№ п/п", "№п/п", "п/п", "Номер", "Код", "n", "No."]),
        (Role.NAME, ["ФИО", "Ф.И.О.", "Ф. И.", "Фамилия, имя", "Фамилия", "Ученик", "Ученики", "Учащийся", "Student"]),
        (Role.NAME, ["ФИО ученика", "Обучающийся", "Учащиеся", "Имя", "Ученица"]),
        (Role.VARIANT, ["Вариант", "Вар.", "вар", "variant"]),
        (Role.TOTAL, ["Итого", "ВСЕГО", "Сумма", "Сумма баллов", "Всего  баллов", "Кол-во баллов", "Первичный балл"]),
        (Role.TOTAL, ["Total", "Балл", "Баллы", "Количество баллов", "Итог"]),
        (Role.IGNORED, ["%", "% вып.", "Процент выполнения", "Оценка", "Отметка", "Mark", "Уровень", "Примечание"]),
        (Role.TASK, ["1", "1.2", "Задание 1", "К1", "№1", "Тест", "Ф", "Номер 1", "Сумма углов"]),
    ],
)
def test_columns_are_known_by_their_headings(role: Role, headings: list[str]) -> None:
    assert {heading: heading_role(heading) for heading in headings} == dict.fromkeys(headings, role)


def test_a_first_column_without_heading_names_the_students() -> None:
    (student,) = sheet(pasted("|1|2", "Первый|1|0")).students
    assert (student.name, student.number) == ("Первый", "")
    (student,) = sheet(pasted("|ФИО|1", "7|Первый|1")).students
    assert (student.name, student.number) == ("Первый", "7")


def test_a_column_inside_without_heading_is_passed_over() -> None:
    assert scores(pasted("ФИО|1||2", "Первый|1|х|0")) == [("1", "0")]


def test_a_number_alone_names_a_student() -> None:
    (student,) = sheet(pasted("№|1|2", "4|1|0")).students
    assert (student.number, student.name, student.variant) == ("4", "", "")


def test_without_headings_the_works_own_tasks_are_the_columns() -> None:
    found = sheet(pasted("Первый|1|0", "Второй|0|1"), [Decimal(1), Decimal(2)])
    assert found.tasks == (Task("1", Decimal(1)), Task("2", Decimal(2)))
    assert [(student.name, student.place) for student in found.students] == [("Первый", "A1"), ("Второй", "A2")]
    assert read_scores(pasted("Первый|1|0")).faults[0].rule == "not-scores"


def test_highest_scores_come_from_the_table_or_from_the_work() -> None:
    text = pasted("ФИО|1|2", "max|1|2", "Первый|1|2")
    assert sheet(text).tasks == (Task("1", Decimal(1)), Task("2", Decimal(2)))
    assert sheet(pasted("ФИО|1|2", "Первый|1|2")).tasks == (Task("1", None), Task("2", None))
    assert sheet(pasted("ФИО|1|2", "Первый|1|2"), [Decimal(3), Decimal(4)]).tasks[1] == Task("2", Decimal(4))
    reading = read_scores(text, [Decimal(1), Decimal("2.5")])
    assert rules(reading) == [("C2", "maximum-differs")]
    assert said(reading) == (
        "Наибольший балл в таблице 2, а в работе 2,5: взят балл работы.",
        "The highest score is 2 in the table and 2.5 in the work: the work's was taken.",
    )
    assert reading.value is not None
    assert reading.value.tasks[1].highest == Decimal("2.5")


@pytest.mark.parametrize("written", ["", "0", "x", "-1"])
def test_a_highest_score_that_is_none_is_a_fault(written: str) -> None:
    reading = read_scores(pasted("ФИО|1|2", f"Максимум|1|{written}", "Первый|1|2"))
    assert rules(reading) == [("C2", "bad-maximum")]
    assert reading.value is not None
    assert reading.value.tasks[1].highest is None
    assert said(reading) == (
        f"Наибольший балл «{written}» не читается: это положительное число.",
        f"The highest score “{written}” cannot be read: it is a number above zero.",
    )


def test_an_empty_highest_score_is_no_fault_where_the_work_has_one() -> None:
    assert read_scores(pasted("ФИО|1|2", "Макс|1|", "Первый|1|2"), [Decimal(1), Decimal(2)]).faults == ()


def test_as_many_tasks_as_the_work_has() -> None:
    reading = read_scores(pasted("ФИО|1|2|Итого", "Первый|1|2|3"), [Decimal(1)])
    assert reading.refused
    assert rules(reading) == [("", "task-count")]
    assert said(reading) == (
        "В таблице заданий: 2, а в работе: 1.",
        "The table has 2 tasks, the work has 1.",
    )


@pytest.mark.parametrize(
    "mark", ["н", "Н", "H", "h", "н/б", "нб", "отс", "ОТС.", "отсутствовал", "не был", "ув.", "бол", "-", "–", "—", "−"]
)
def test_a_row_of_absences_is_an_absent_student(mark: str) -> None:
    for row in (f"Первый|{mark}|{mark}", f"Первый|{mark}|"):
        (student,) = sheet(pasted("ФИО|1|2", row)).students
        assert (student.absent, student.scores) == (True, (None, None))


def test_a_student_without_any_score_was_there_and_tried_nothing_and_the_teacher_is_told() -> None:
    reading = read_scores(pasted("ФИО|1|2|Итого", "Первый|||0"))
    assert reading.value is not None
    (student,) = reading.value.students
    assert (student.absent, student.scores) == (False, (None, None))
    assert rules(reading) == [("A2", "empty-row")]
    assert said(reading) == (
        "В строке ученика нет баллов и нет отметки «н»: он считается присутствовавшим и не решившим ничего.",
        "The student's row has neither scores nor an absence: they count as present, having tried nothing.",
    )


def test_a_dash_beside_scores_is_a_task_not_tried_and_an_absence_is_a_fault() -> None:
    reading = read_scores(pasted("ФИО|1|2|3", "Первый|1|-|н"))
    assert reading.value is not None
    assert reading.value.students[0].scores == (Decimal(1), None, None)
    assert not reading.value.students[0].absent
    assert rules(reading) == [("D2", "absent-with-scores")]
    assert said(reading) == (
        "Отмечено отсутствие «н», но в строке есть баллы: задание сочтено невыполненным.",
        "An absence “н” is marked, but the row has scores: the task counts as not tried.",
    )


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("0", "0"),
        ("2", "2"),
        ("1,5", "1.5"),
        ("1.50", "1.5"),
        ("0,125", "0.125"),
        ("9999", "9999"),
        ("10000", None),
        ("0,1234", None),
        ("-1", None),
        ("1/2", None),
        ("+", None),
        ("1 ", None),
        ("", None),
        ("²", None),
    ],
)
def test_scores_as_they_are_written(written: str, score: str | None) -> None:
    found = written_score(written)
    assert (None if found is None else str(found)) == score


@pytest.mark.parametrize(
    ("written", "rule", "ru", "en"),
    [
        (
            "2,5",
            "above-maximum",
            "Балл 2,5 больше наибольшего за задание: 2.",
            "The score 2.5 is above the task's highest: 2.",
        ),
        ("-1", "negative-score", "Балл «-1» меньше нуля.", "The score “-1” is below zero."),
        ("− 1", "negative-score", "Балл «− 1» меньше нуля.", "The score “− 1” is below zero."),
        ("+", "not-a-score", "«+» – не балл.", "“+” is no score."),
        ("x" * 99, "not-a-score", f"«{'x' * 30}» – не балл.", f"“{'x' * 30}” is no score."),
    ],
)
def test_what_is_no_score_of_the_task_is_a_fault_at_its_place(written: str, rule: str, ru: str, en: str) -> None:
    reading = read_scores(pasted("ФИО|1|2|Итого", "макс|2|2|", f"Первый|1|{written}|1", "Второй|2|2|4"))
    assert rules(reading) == [("C3", rule)]
    assert said(reading) == (ru, en)
    assert reading.value is not None
    assert [student.scores for student in reading.value.students] == [(Decimal(1), None), (Decimal(2), Decimal(2))]


def test_the_column_of_totals_is_compared_with_the_sum() -> None:
    reading = read_scores(pasted("ФИО|1|2|Всего", "а|1|1,5|2,5", "б|1|1,5|3", "в|1|-|1", "г|1|1|", "д|1|1|много"))
    assert rules(reading) == [("D3", "total-differs"), ("D6", "not-a-score")]
    assert said(reading) == (
        "В столбце суммы 3, а сумма баллов 2,5.",
        "The column of totals says 3, the scores add up to 2.5.",
    )


def test_an_absent_students_total_is_not_compared() -> None:
    assert read_scores(pasted("ФИО|1|Итого", "Первый|н|0", "Второй|н|5")).faults == ()


def test_rows_below_the_students_are_left_out() -> None:
    text = pasted("ФИО|1", "Первый|1", "", "Средний балл|1", "Итого|1", "% выполнения|100", "Справились|1", "Набрали|1")
    assert len(sheet(text).students) == 1
    assert read_scores(text).faults == ()


def test_a_row_without_student_is_a_fault() -> None:
    reading = read_scores(pasted("№|ФИО|1", "||1", "1|Первый|1"))
    assert rules(reading) == [("A2", "no-student")]
    assert reading.value is not None
    assert len(reading.value.students) == 1
    assert said(reading) == (
        "В строке нет ни имени, ни номера ученика: строка пропущена.",
        "The row names no student: it was left out.",
    )


def test_what_stands_right_of_the_headings_is_a_fault() -> None:
    reading = read_scores(pasted("ФИО|1", "Первый|1||хорошо"))
    assert rules(reading) == [("D2", "beyond-headings")]
    assert said(reading) == ("«хорошо» стоит правее заголовков.", "“хорошо” stands to the right of the headings.")


def test_tasks_without_a_name_cannot_be_there() -> None:
    assert read_scores(pasted("ФИО|Вариант", "Первый|1")).faults[0].rule == "not-scores"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("Дорогие родители!", "not-scores"),
        (pasted("ФИО|1"), "no-students"),
        (pasted("ФИО|1", "макс|1", "Итого|1"), "no-students"),
        (pasted("ФИО|1", *["а|1"] * 500), "too-large"),
        (pasted("ФИО" + "|1" * 150, "а|1"), "too-large"),
        ("а" * 500_001, "too-large"),
        ('ФИО\t"' + "a" * 200_000, "not-scores"),
    ],
)
def test_what_is_no_table_of_scores_is_refused(text: str, rule: str) -> None:
    reading = read_scores(text)
    assert reading.refused
    assert rules(reading)[-1] == ("", rule)


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        ("", "Вставлен пустой текст.", "The pasted text is empty."),
        (
            "Дорогие родители!",
            "Это не таблица баллов: в первой строке нужны заголовки «ФИО» или «№» и названия заданий.",
            "This is no table of scores: its first row needs a heading of names or numbers, and the tasks.",
        ),
        ("ФИО\t1", "В таблице нет ни одного ученика.", "The table has no student."),
        (
            "ФИО\t1\n" * 501,
            "Таблица слишком велика: не больше 500 строк и 150 столбцов.",
            "The table is too large: at most 500 rows and 150 columns.",
        ),
    ],
)
def test_a_refusal_is_said_in_both_languages(text: str, ru: str, en: str) -> None:
    assert said(read_scores(text)) == (ru, en)


def test_the_longest_text() -> None:
    spaces = (" " * 100_000 + "\t") * 4
    assert rules(read_scores(spaces + " " * 99_996)) == [("", "empty")]
    assert rules(read_scores(spaces + " " * 99_997)) == [("", "too-large")]


def test_empty_fields_right_of_the_headings_are_no_headings() -> None:
    assert rules(read_scores(pasted("ФИО|1||", "Первый|1|x|y"))) == [
        ("C2", "beyond-headings"),
        ("D2", "beyond-headings"),
    ]


def test_the_largest_table() -> None:
    assert len(sheet(pasted("ФИО|1", *["а|1"] * 499)).students) == 499
    assert len(sheet(pasted("ФИО" + "|1" * 149, "а|1")).tasks) == 149


def test_an_absence_is_not_any_word() -> None:
    assert not is_absence("")
    assert not is_absence("не")
    assert not is_absence("0")


POINTS = st.one_of(st.none(), st.integers(0, 4000).map(lambda thousandths: Decimal(thousandths) / 1000))


@given(st.lists(st.lists(POINTS, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["\t", ";"]))
@settings(max_examples=examples(60))
def test_scores_that_were_written_are_read_again(table: list[list[Decimal | None]], mark: str) -> None:
    rows = [["ФИО", "1", "2", "3", "Итого"]]
    for number, points in enumerate(table):
        total = sum((point for point in points if point is not None), Decimal(0))
        rows.append([f"Ученик {number}", *("" if p is None else str(p).replace(".", ",") for p in points), str(total)])
    reading = read_scores("\n".join(mark.join(row) for row in rows), [Decimal(4)] * 3)
    assert reading.value is not None
    assert [list(student.scores) for student in reading.value.students] == table
    empty = [f"A{number}" for number, points in enumerate(table, 2) if points == [None] * 3]
    assert rules(reading) == [(place, "empty-row") for place in empty]


@given(st.text(st.sampled_from('ФИО№макс123,н-\t;\n "абв\0'), max_size=80), st.booleans())
@settings(max_examples=examples(200))
def test_any_text_is_a_table_or_refused(text: str, given_tasks: bool) -> None:
    reading = read_scores(text, [Decimal(2)] if given_tasks else None)
    for student in reading.value.students if reading.value else ():
        assert student.number or student.name
        assert all(score is None or score >= 0 for score in student.scores)
    assert all(fault.reason.said("ru") and fault.reason.said("en") for fault in reading.faults)


@pytest.mark.parametrize(
    "name", ["Среднев А.", "Процентов Пётр", "Средний-Иванов", "Набралова О.", "Суммаров", "Итогов А."]
)
def test_students_whose_names_begin_as_the_rows_below_do_are_students(name: str) -> None:
    reading = read_scores(pasted("ФИО|1", "Первый|1", f"{name}|1"))
    assert reading.value is not None
    assert [student.name for student in reading.value.students] == ["Первый", name]


@pytest.mark.parametrize(
    "label",
    ["Средний балл", "Среднее", "Итого", "Всего по классу", "% выполнения", "Процент", "Справились", "Не выполнили",
     "Набрали балл", "Сумма"],
)  # fmt: skip
def test_rows_below_the_students_are_known_by_whole_words(label: str) -> None:
    reading = read_scores(pasted("ФИО|1", "Первый|1", f"{label}|1"))
    assert reading.value is not None
    assert [student.name for student in reading.value.students] == ["Первый"]


def test_columns_of_names_are_one_name() -> None:
    reading = read_scores(pasted("№|Фамилия|Имя|Отчество|1", "1|Орлов|Пётр||1", "2|Орлова|Анна|Львовна|0"))
    assert reading.value is not None
    assert [student.name for student in reading.value.students] == ["Орлов Пётр", "Орлова Анна Львовна"]
    assert len(reading.value.tasks) == 1


def test_a_quotation_mark_that_is_not_closed_is_told() -> None:
    reading = read_scores(pasted("ФИО|1", 'Первый|"1', "Второй|1"))
    assert "odd-quotes" in [fault.rule for fault in reading.faults]


@pytest.mark.parametrize(
    "label",
    ["Средн. балл", "Ср. балл", "% выполн.", "% выполнили", "Суммарный балл", "Не справились", "Выполнивших",
     "Справившихся", "Качество", "Успеваемость, %", "Решаемость, %", "Ср балл", "Медиана", "Выполняемость",
     "Average", "Total", "Mean score", 'Количество "5"', "Кол-во двоек"],
)  # fmt: skip
def test_no_row_below_the_students_is_a_student(label: str) -> None:
    reading = read_scores(pasted("№|ФИО|1", "1|Первый|1", f"|{label}|1"))
    assert reading.value is not None
    assert ([student.name for student in reading.value.students], reading.faults) == (["Первый"], ())


@pytest.mark.parametrize("name", ["Максимов Иван", "Макс Фрай", "Максимова", "Maxim"])
def test_a_first_student_whose_name_begins_like_a_maximum_is_a_student(name: str) -> None:
    reading = read_scores(pasted("ФИО|1", f"{name}|1", "Второй|1"))
    assert reading.value is not None
    assert [student.name for student in reading.value.students] == [name, "Второй"]
    assert reading.value.tasks[0].highest is None


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Итого баллов", Role.TOTAL), ("Набрано баллов", Role.TOTAL), ("Общая сумма баллов", Role.TOTAL),
        ("Сумма первичных баллов", Role.TOTAL), ("Кол-во набранных баллов", Role.TOTAL), ("Σ", Role.TOTAL),
        ("Итоговая оценка", Role.IGNORED), ("Оценка за КР", Role.IGNORED), ("Отметка за работу", Role.IGNORED),
        ("Задание 3", Role.TASK), ("Балльная задача", Role.TASK),
    ],
)  # fmt: skip
def test_sums_and_marks_are_no_tasks(heading: str, role: Role) -> None:
    assert heading_role(heading) is role


@pytest.mark.parametrize(
    "label",
    ["Количество выполнивших", "Кол-во справившихся", "Доля выполнивших", "Писали работу", "Не приступили", "Верно",
     "Отсутствовали", "Выполнение, %", "Выполнено верно", "Решили", "По классу"],
)  # fmt: skip
def test_counts_below_the_students_are_no_students(label: str) -> None:
    reading = read_scores(pasted("№|ФИО|1", "1|Первый|1", f"|{label}|1"))
    assert reading.value is not None
    assert ([student.name for student in reading.value.students], reading.faults) == (["Первый"], ())


@pytest.mark.parametrize("label", ["Максимальное кол-во баллов", "Кол-во баллов", "Макс. балл", "Максимум"])
def test_highest_scores_are_known_by_their_label(label: str) -> None:
    reading = read_scores(pasted("№|ФИО|1|2", f"|{label}|2|3", "1|Первый|1|3"))
    assert reading.value is not None
    assert [task.highest for task in reading.value.tasks] == [2, 3]
    assert [student.name for student in reading.value.students] == ["Первый"]


def test_an_absence_may_stand_where_the_mark_would() -> None:
    reading = read_scores(pasted("ФИО|1|2|Итого|Оценка", "Первый|1|1|2|4", "Второй||||н", "Третий|||н|"))
    assert reading.value is not None
    assert [student.absent for student in reading.value.students] == [False, True, True]


def test_a_column_that_holds_something_and_has_no_heading_is_told() -> None:
    reading = read_scores(pasted("№|ФИО|Задания|||Итого", "||1|2|3|", "1|Первый|1|1|1|1"))
    assert "column-without-heading" in [fault.rule for fault in reading.faults]
    assert [fault.place for fault in reading.faults if fault.rule == "column-without-heading"] == ["D1", "E1"]
