"""Names of classes and of days, as timetables write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.weekdays import weekday, weekday_within
from services.gradebook.timetable.readers.class_names import ClassName, class_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("5А", "5А"),
        ("10 Б", "10Б"),
        ("11-и", "11И"),
        ("9–В", "9В"),
        ('10 "Б" класс', "10Б"),
        ("3 «Г»", "3Г"),
        ("1„А“", "1А"),
        ("5-й класс", "5"),
        ("12 кл.", "12"),
        ("7 кл", "7"),
        ("5й А класс", "5А"),
        ("9A", "9А"),
        ("8 B класс", "8В"),
        ("8Ё", "8Ё"),
        (' 6 "Е" КЛАСС ', "6Е"),
    ],
)
def test_a_class_in_its_many_spellings(text: str, name: str) -> None:
    assert class_names(text) == (ClassName(name),)


@pytest.mark.parametrize("text", ["5А, 5Б", "5А;5Б", "5а+5б", "5А/5Б", "5А\n5Б", "5А, , 5Б,"])
def test_a_heading_may_name_several(text: str) -> None:
    assert class_names(text) == (ClassName("5А"), ClassName("5Б"))


def test_a_profile_is_the_part_of_the_class_that_a_heading_is_about() -> None:
    assert class_names('11 "И" класс (физ-мат)') == (ClassName("11И", "физ-мат"),)
    assert class_names("10М ( медицинское )") == (ClassName("10М", "медицинское"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "5",
        "11",
        "13А",
        "0А",
        "5АБ",
        "А5",
        "5 классы",
        "Алгебра",
        "5А Алгебра",
        "5А, каб. 12",
        "5А (",
        "331",
        "1,2",
    ],
)
def test_what_is_no_class(text: str) -> None:
    assert class_names(text) == ()


def test_a_long_text_is_no_heading() -> None:
    assert len(class_names("5А," * 12)) == 12
    assert class_names("5А," * 13) == ()
    assert class_names("5А" + " " * 119) == ()


@given(st.text(max_size=130))
def test_any_text_has_names_that_begin_with_a_grade(text: str) -> None:
    assert all(one.name[0] in "123456789" for one in class_names(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ПОНЕДЕЛЬНИК", 1),
        ("Пн", 1),
        ("пн.", 1),
        ("Пнд", 1),
        ("пон", 1),
        ("вторник", 2),
        ("ВТ", 2),
        ("В\nт\nо\nр\nн\nи\nк", 2),
        ("с р е д а", 3),
        ("ср", 3),
        ("Четверг:", 4),
        ("чт", 4),
        ("чет\nверг", 4),
        ("Пят-ница", 5),
        ("пт.", 5),
        ("Суббота", 6),
        ("сб", 6),
        ("Воскресенье", 7),
        ("вс", 7),
        ("Monday", 1),
        ("sun", 7),
    ],
)
def test_days_in_full_short_and_letter_under_letter(text: str, number: int) -> None:
    assert weekday(text) == number


@pytest.mark.parametrize(
    ("number", "names"),
    [
        (1, "понедельник пон пнд пн monday mon"),
        (2, "вторник втор втр вт tuesday tue"),
        (3, "среда сред срд ср wednesday wed"),
        (4, "четверг четв чтв чт thursday thu"),
        (5, "пятница пятн птн пт friday fri"),
        (6, "суббота субб сбт сб saturday sat"),
        (7, "воскресенье воскр вск вс sunday sun"),
    ],
)
def test_all_names_of_a_day(number: int, names: str) -> None:
    assert {weekday(name) for name in names.split()} == {number}


@pytest.mark.parametrize("text", ["", "среда обитания", "день", "понедельник вторник", "п", "5А", "пн" + " " * 59])
def test_what_is_no_day(text: str) -> None:
    assert weekday(text) is None


def test_a_day_is_at_most_sixty_characters_long() -> None:
    assert weekday("пн" + " " * 58) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("А-Понедельник", 1), ("Неделя 1: вторник", 2), ("B-Tuesday", 2), ("пт/сб", 5), ("День 1", None), ("", None)],
)
def test_a_day_among_other_words(text: str, number: int | None) -> None:
    assert weekday_within(text) == number
