"""Names are compared, sorted and told apart in one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.names import FULL, GIVEN, INITIALS, Name, folded, full, initials, listed


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("  Королёва   АННА ", "королева анна"),
        ("О’Нил", "О'Нил"),
        ("О`Нил", "ОʼНил"),
        ("Римская‑Корсакова", "римская-корсакова"),  # a hyphen that does not break
        ("Римская–Корсакова", "римская корсакова"),  # a dash
        ("Cидоров", "Сидоров"),  # a Latin C
        ("Ивaнoвa", "Иванова"),
        ("Ëлкин", "Ёлкин"),
        ("Цои\u0306", "Цой"),
        ("Пет\u00adров\u200b", "Петров"),
    ],
)
def test_p22_look_alikes_and_apostrophes_make_no_difference_between_names(written: str, same: str) -> None:
    assert folded(written) == folded(same)


@pytest.mark.parametrize(("one", "other"), [("Сидоров", "Сидорова"), ("Oxana", "Охана"), ("Smitн", "Smith")])
def test_other_names_stay_others(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_class_stands_in_the_order_of_the_alphabet() -> None:
    people = [
        Name("Жуков", "Лев"), Name("Ёлкин", "Артём"), Name("Ежова", "Яна"), Name("де ла Крус", "Мария"),
        Name("Абрамов", "Ян"), Name("Cидоров", "Олег"), Name("О’Нил", "Ян"), Name("Римская‑Корсакова", "Вера"),
    ]  # fmt: skip
    assert list(listed(dict(enumerate(people)), FULL).values()) == [
        "Абрамов Ян", "де ла Крус Мария", "Ежова Яна", "Ёлкин Артём", "Жуков Лев", "О’Нил Ян",
        "Римская‑Корсакова Вера", "Cидоров Олег",
    ]  # fmt: skip


TWINS = [
    Name("Близнецов", "Илья", "Петрович"), Name("Близнецов", "Иван", "Петрович"),
    Name("Тёзкин", "Олег", "Ильич"), Name("Тёзкин", "Олег", "Юрьевич"), Name("Лев", "Ян"),
]  # fmt: skip


def test_p24_twins_and_namesakes_are_four_different_texts() -> None:
    told = ["Близнецов Иван", "Близнецов Илья", "Тёзкин Олег Ильич", "Тёзкин Олег Юрьевич"]
    assert list(listed(dict(enumerate(TWINS)), GIVEN).values()) == [told[0], told[1], "Лев Ян", *told[2:]]
    initialled = ["Близнецов Иван", "Близнецов Илья", "Лев Я.", "Тёзкин О. И.", "Тёзкин О. Ю."]
    assert list(listed(dict(enumerate(TWINS)), INITIALS).values()) == initialled


def test_the_year_of_birth_is_shown_where_nothing_else_differs_and_numbers_where_not_even_that_does() -> None:
    one, other = Name("Ким", "Ян", "Ли", 2012), Name("Ким", "Ян", "Ли", 2013)
    assert list(listed({1: one, 2: other}, INITIALS).values()) == ["Ким Ян Ли (2012)", "Ким Ян Ли (2013)"]
    assert list(listed({1: one}, FULL).values()) == ["Ким Ян Ли"]
    unknown = Name("Ким", "Ян", "Ли")
    assert listed({1: unknown, 2: unknown}, GIVEN) == {1: "Ким Ян Ли – 1", 2: "Ким Ян Ли – 2"}


def test_initials_keep_a_family_name_of_several_words_whole() -> None:
    assert initials(Name("де ла Крус", "Мария", "Ивановна")) == "де ла Крус М. И."
    assert full(Name("Королёва", "Анна")) == "Королёва Анна"


PARTS = st.sampled_from(["Ян", "Яна", "Ёж", "Еж", "О’Нил", "О'Нил", "", "А"])
NAMES = st.builds(Name, st.sampled_from(["Ким", "Кuм", "Ли"]), PARTS, PARTS, st.sampled_from([None, 2012, 2013]))


@given(st.lists(NAMES, max_size=12), st.sampled_from([INITIALS, GIVEN, FULL]))
def test_nobody_in_a_list_is_shown_like_somebody_else(people: list[Name], least: int) -> None:
    texts = list(listed(dict(enumerate(people)), least).values())
    assert len({folded(text) for text in texts}) == len(people)
