"""Kinds of work in heads of columns and in choices."""

from __future__ import annotations

from gateway.pages.teacher.kinds import chosen, in_choice, short_names

ANSWER = {"id": "a", "name": "Ответ на уроке", "is_answer": True}
CONTROL = {"id": "c", "name": "Контрольная работа", "is_answer": False}
ESSAY = {"id": "e", "name": "Сочинение"}


def test_short_names_are_initials_or_a_beginning() -> None:
    assert short_names(["Контрольная работа", "Самостоятельная работа", "Диктант", "Тест", "Проект"]) == {
        "Контрольная работа": "КР", "Самостоятельная работа": "СР", "Диктант": "Дикт.", "Тест": "Тест",
        "Проект": "Проект",
    }  # fmt: skip


def test_short_names_differ_where_initials_are_the_same() -> None:
    assert short_names(["Контрольная работа", "Классная работа", "Лабораторная работа"]) == {
        "Контрольная работа": "Кон. раб.", "Классная работа": "Кла. раб.", "Лабораторная работа": "ЛР",
    }  # fmt: skip
    both = ["Контрольная работа", "Контурная работа"]
    assert short_names(both) == {name: name for name in both}


def test_the_answer_is_offered_first() -> None:
    assert in_choice([CONTROL, ESSAY, ANSWER]) == [ANSWER, CONTROL, ESSAY]


def test_the_form_begins_with_the_kind_asked_for_or_else_with_one_that_has_marks() -> None:
    kinds = [ANSWER, CONTROL, ESSAY]
    assert chosen(kinds, {"e"}, "c") == CONTROL
    assert chosen(kinds, {"e", "c"}, None) == CONTROL
    assert chosen(kinds, {"e", "a"}, "no such kind") == ANSWER
    assert chosen(kinds, set(), None) == ANSWER
    assert chosen([], set(), None) is None
