"""What files of АСУ РСО print of a class's past, as marks at their places."""

from datetime import date

from contracts.gradebook.term_marks import CERTIFICATE, EXAM, TERM, YEAR
from services.gradebook.past_import.readers.printed import read_printed
from services.gradebook.past_import.rules.figures import Figure, Printed
from tests.formats.made import exported
from tests.gradebook.past_import.files import card, cards
from tests.gradebook.past_import.readers.test_netschool_journal import table


def printed(content: bytes) -> Printed:
    reading = read_printed(content)
    assert reading.value is not None
    return reading.value


def test_each_mark_is_told_with_its_cell_and_empty_cells_say_nothing() -> None:
    marks = {"Алгебра": ("4", "", "5", "", "4", "5", "4")}
    found = printed(cards({"Осина Анна": marks}, year="2026/2027"))
    assert (found.class_name, found.year, found.told_apart) == ("8А", "2026/2027", frozenset())
    assert found.figures == (
        Figure("Лист1!C6", "Осина Анна", "Алгебра", "1 Четверть", TERM, "4"),
        Figure("Лист1!E6", "Осина Анна", "Алгебра", "3 Четверть", TERM, "5"),
        Figure("Лист1!G6", "Осина Анна", "Алгебра", "", YEAR, "4"),
        Figure("Лист1!H6", "Осина Анна", "Алгебра", "", EXAM, "5"),
        Figure("Лист1!I6", "Осина Анна", "Алгебра", "", CERTIFICATE, "4"),
    )


def test_class_and_year_are_those_of_most_cards() -> None:
    rows = [
        *card("А", {}, name="8Б"),
        *card("Б", {"Хор": ["5"]}),
        *card("В", {"Хор": ["5"]}),
        *card("Г", {"Хор": ["4"]}),
    ]
    assert printed(exported(rows)).class_name == "8А"


def test_two_students_of_one_name_are_told_apart_by_their_places() -> None:
    rows = [*card("Осина Анна", {"Хор": ["5"]}), *card("Осина Анна", {"Хор": ["4"]}), *card("Дуб Ян", {"Хор": ["4"]})]
    found = printed(exported(rows))
    assert [one.student for one in found.figures] == ["Осина Анна (Лист1!B6)", "Осина Анна (Лист1!B13)", "Дуб Ян"]
    assert found.told_apart == {"Осина Анна (Лист1!B6)", "Осина Анна (Лист1!B13)"}


def test_a_period_journal_says_the_cells_of_its_days() -> None:
    found = printed(exported(table()))
    assert (found.class_name, found.year, found.figures) == ("8А", "2026/2027", ())
    assert [(one.place, one.subject, one.on, one.nth, one.text) for one in found.days] == [
        ("Лист1!B7", "Алгебра", date(2027, 3, 31), 0, "3/3"),
        ("Лист1!C7", "Алгебра", date(2027, 4, 1), 0, "О 2"),
        ("Лист1!D7", "Алгебра", date(2027, 4, 2), 0, "5"),
        ("Лист1!C8", "Музыка", date(2027, 4, 1), 0, "Н"),
    ]


def test_of_two_columns_of_a_day_the_second_is_the_second_lesson_of_the_subject() -> None:
    heading = [["Предмет", "Апрель", None, None], [None, 1, 1, 2]]
    tables = [
        *table(["Алгебра", "5", None, "3"], ["Хор", None, "4", None], heading=heading),
        *table(["Алгебра", None, "2", None], student="Клён Борис", heading=heading),
    ]
    found = printed(exported(tables))
    assert [(one.student, one.subject, one.on.day, one.nth, one.text) for one in found.days] == [
        ("Осина Анна", "Алгебра", 1, 0, "5"), ("Осина Анна", "Алгебра", 2, 0, "3"), ("Осина Анна", "Хор", 1, 0, "4"),
        ("Клён Борис", "Алгебра", 1, 1, "2"),
    ]  # fmt: skip


def test_another_table_is_not_known() -> None:
    reading = read_printed(exported([["Расписание"]]))
    assert (reading.value, [one.rule for one in reading.faults]) == (None, ["not-report-cards"])
    assert read_printed(b"PK\x03\x04").value is None
