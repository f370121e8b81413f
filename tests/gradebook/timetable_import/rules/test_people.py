"""Which person a teacher's name in a file names: a surname is never guessed."""

import pytest

from kernel.names import Name, full
from services.gradebook.timetable_import.rules.people import certain, person_in, who_may_be_one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Иванова А.П.", "Иванова|А.|П."),
        ("Иванова  а. п.", "Иванова|А.|П."),
        ("Иванова АП", "Иванова|А.|П."),
        ("Иванова А П", "Иванова|А.|П."),
        ("А.П. Иванова", "Иванова|А.|П."),
        ("А. П. Иванова", "Иванова|А.|П."),
        ("учитель Иванова А.П.", "Иванова|А.|П."),
        ("Римская-Корсакова А.П.", "Римская-Корсакова|А.|П."),
        ("де ла Крус М.Х.", "де ла Крус|М.|Х."),
        ("Ли А.Б.", "Ли|А.|Б."),
        ("Иванова Анна Петровна", "Иванова|Анна|Петровна"),
        ("Анна Петровна Иванова", "Иванова|Анна|Петровна"),
        ("Абрамович Роман Ильич", "Абрамович|Роман|Ильич"),
        ("Мамедова Лала Гасан кызы", "Мамедова|Лала|Гасан кызы"),
    ],
)
def test_a_form_that_says_which_word_is_the_family_name_is_understood(text, name):
    assert person_in(text) == Name(*name.split("|"))


@pytest.mark.parametrize(
    "text",
    [
        "", "Иванова", "Иванова А.", "Анна И.", "Анна Иванова", "Анна Петровна", "Роман Ильич Абрамович",
        "Учитель 064", "Иванова/Петрова", "Anne Rush", "Smith J.K.", "Иванова А.П. (совм.)", "Иванова Ан. П.",
        "Иванова Анна Мария", "Мамедова 7 Гасан кызы", "А.П.", "Вакансия",
    ],
)  # fmt: skip
def test_of_a_form_that_does_not_say_it_no_surname_is_guessed(text):
    assert person_in(text) is None


def test_names_of_one_file_that_may_be_one_persons_are_told_and_are_not_certain():
    names = [
        "Иванова А.П.",
        "Иванова А. П.",
        "Петрова А.П.",
        "Петрова Анна Павловна",
        "Ким А.П.",
        "Иванова",
        "Ким А.С.",
    ]
    alike = who_may_be_one(names)
    assert alike == {
        "Иванова А.П.": ["Иванова А. П."], "Иванова А. П.": ["Иванова А.П."],
        "Петрова А.П.": ["Петрова Анна Павловна"], "Петрова Анна Павловна": ["Петрова А.П."],
        "Ким А.П.": [], "Ким А.С.": [],
    }  # fmt: skip
    assert certain(alike) == {"Иванова А.П.", "Иванова А. П.", "Ким А.П.", "Ким А.С."}
    assert full(person_in("Ким А.С.") or Name("")) == "Ким А. С."
