"""Columns of plans that people name by hand, and what a file's rows become."""

from __future__ import annotations

from decimal import Decimal

from services.gradebook.plans.readers.plan_columns import Meaning, meanings
from services.gradebook.plans.readers.taking import read_topics
from services.gradebook.plans.readers.thematic_plan import read_named
from tests.formats.made import xlsx
from tests.gradebook.plans.readers.plans import text_table

STRANGE = [["Что делаем", "Сколько", "Дома"], ["Дроби", "2", "№ 1"], ["Доли", "1", "№ 2"]]


def test_content_and_kinds_of_control_are_read() -> None:
    heading = ["№", "Тема урока", "Часы", "Элементы содержания", "Вид контроля", "Д/з"]
    read = read_topics(xlsx([heading, [1, "Дроби", 1, "Числитель", "Тест", "№ 1"]]), {})
    (topic,) = read.topics
    assert (topic.content, topic.control, topic.homework) == ("Числитель", "Тест", "№ 1")
    assert read.faults == []


def test_content_beside_a_topic_is_its_content_wherever_it_stands() -> None:
    assert meanings(["№", "Тема урока", "Содержание"]) == {
        Meaning.NUMBER: 0, Meaning.TOPIC: 1, Meaning.CONTENT: 2,
    }  # fmt: skip
    assert meanings(["№", "Содержание", "Тема урока"]) == {
        Meaning.NUMBER: 0, Meaning.TOPIC: 2, Meaning.CONTENT: 1,
    }  # fmt: skip
    assert meanings(["№", "Содержание", "Часы"]) == {Meaning.NUMBER: 0, Meaning.TOPIC: 1, Meaning.HOURS: 2}


def test_a_file_without_known_headings_is_read_once_its_columns_are_named() -> None:
    content = text_table([["План", "", ""], *STRANGE])
    reading, seen = read_named(content, {})
    assert reading.refused
    assert [(one.letters, one.heading, one.meaning, one.samples) for one in seen] == [
        ("A", "Что делаем", None, ("Дроби", "Доли")), ("B", "Сколько", None, ("2", "1")),
        ("C", "Дома", None, ("№ 1", "№ 2")),
    ]  # fmt: skip
    named = {"A": Meaning.TOPIC, "B": Meaning.HOURS, "C": Meaning.HOMEWORK}
    read = read_topics(content, named)
    assert [(one.topic, one.hours, one.homework) for one in read.topics] == [
        ("Дроби", Decimal(2), "№ 1"), ("Доли", Decimal(1), "№ 2"),
    ]  # fmt: skip
    assert [one.meaning for one in read.columns] == list(named.values())


def test_a_name_by_hand_wins_over_the_heading() -> None:
    content = xlsx([["Тема", "Часы", "Вариант"], ["Дроби", 1, "Обыкновенные дроби"]])
    reading, seen = read_named(content, {"C": Meaning.TOPIC})
    assert reading.value is not None
    assert [row.topic for row in reading.value.rows] == ["Обыкновенные дроби"]
    assert [one.meaning for one in seen] == [None, Meaning.HOURS, Meaning.TOPIC]
    assert [fault.rule for fault in reading.faults] == ["columns-not-read"]


def test_a_column_may_be_left_out_by_hand_but_not_the_topics() -> None:
    content = xlsx([["Тема", "Часы", "Д/з"], ["Дроби", 2, "№ 1"]])
    reading, _ = read_named(content, {"B": None})
    assert reading.value is not None
    assert reading.value.rows[0].hours == 1
    assert read_named(content, {"A": None})[0].refused
    assert read_named(content, {"ZZZ": Meaning.NOTES})[0].value is not None


def test_texts_that_are_too_long_are_cut_and_told_by_their_place() -> None:
    read = read_topics(xlsx([["Тема", "Часы"], ["Д" * 501, "0,5"], ["Доли", "1"]]), {})
    assert [len(one.topic) for one in read.topics] == [500, 4]
    assert [one.hours for one in read.topics] == [Decimal("0.5"), Decimal(1)]
    assert [(one.place, one.rule) for one in read.faults] == [("План!A2", "text-too-long")]


def test_more_topics_than_a_plan_may_have_are_told() -> None:
    read = read_topics(text_table([["№", "Тема"], *([str(number), f"Т{number}"] for number in range(1, 403))]), {})
    assert len(read.topics) == 400
    assert (read.faults[-1].rule, read.faults[-1].place) == ("too-many-topics", "B402")
