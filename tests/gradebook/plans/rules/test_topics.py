"""Rows of plans: hours, faults by row, what differs between two versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from kernel.errors import Conflict, Invalid
from services.gradebook.plans.rules.topics import (
    Differences,
    Topic,
    check_none_taught,
    checked_topics,
    differences,
    hours_of,
    is_reserve,
    known_topics,
    written,
)


def row(topic: str, hours: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "id": None,
        "section": "",
        "topic": topic,
        "hours": hours,
        "content": "",
        "control": "",
        "homework": "",
        **more,
    }


def known(topic: str, hours: str = "1") -> Topic:
    return Topic(uuid4(), "", topic, Decimal(hours))


@pytest.mark.parametrize(("text", "hours"), [("1", "1"), (" 2 ", "2"), ("0,5", "0.5"), ("1.5", "1.5"), ("40", "40")])
def test_hours_are_halves_with_a_comma_or_a_point(text: str, hours: str) -> None:
    assert hours_of(text) == Decimal(hours)
    assert written(Decimal(hours)) == hours


@pytest.mark.parametrize("text", ["", "0", "-1", "0,3", "40,5", "1e1", "два", "1,000", "٣"])
def test_what_are_no_hours_of_a_topic(text: str) -> None:
    assert hours_of(text) is None


@pytest.mark.parametrize(
    ("topic", "section", "reserve"),
    [
        ("Резерв", "", True),
        ("Резервный урок", "", True),
        ("Повторение", "Резерв учебного времени", True),
        ("Reserve", "", True),
        ("Заповедники", "", False),
        ("Нерезервный", "", False),
    ],
)
def test_reserve_hours_are_known_by_their_words(topic: str, section: str, reserve: bool) -> None:
    assert is_reserve(topic, section) is reserve
    assert Topic(None, section, topic, Decimal(1)).is_reserve is reserve


def test_every_fault_is_told_by_its_row() -> None:
    with pytest.raises(Invalid) as refused:
        checked_topics([row("Степень"), row("  "), row("Одночлены", "0,3")])
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [
        ("topics.1.topic", "topic-empty"), ("topics.2.hours", "hours"),
    ]  # fmt: skip
    assert (refused.value.field, refused.value.rule) == ("topics.1.topic", "topic-empty")
    assert [str(fault.text) for fault in refused.value.faults] == [
        "The topic is missing.", "Hours are half lessons: 0.5 to 40.",
    ]  # fmt: skip
    assert str(refused.value) == "The topic is missing."


def test_a_row_of_the_plan_keeps_its_id() -> None:
    first = uuid4()
    assert [one.id for one in checked_topics([row("Степень", id=first), row("Одночлены")])] == [first, None]


def test_blanks_around_texts_are_left_out() -> None:
    assert checked_topics([row(" Степень ", section=" I ")]) == [Topic(None, "I", "Степень", Decimal(1))]


def test_versions_differ_by_topics_that_came_changed_moved_and_went() -> None:
    first, second, third = known("1"), known("2"), known("3")
    assert differences([first, second], [first, second]) == Differences()
    reworded = Topic(second.id, "", "2b", Decimal(1))
    assert differences([first, second], [first, reworded]) == Differences(changed=1)
    assert differences([first, second, third], [third, first, second]) == Differences(changed=3)
    assert differences([first, second], [second, Topic(None, "", "new", Decimal(1))]) == Differences(added=1, removed=1)


def test_only_topics_of_the_plan_keep_their_ids_and_each_once() -> None:
    first, stranger = known("1"), known("another plan's")
    assert [one.id for one in known_topics([first], [first, first, stranger])] == [first.id, None, None]


def test_topics_that_were_taught_stay() -> None:
    first, second = known("1"), known("2")
    taught: set[UUID] = {first.id} if first.id else set()
    check_none_taught([first, second], [first], taught)
    with pytest.raises(Conflict) as refused:
        check_none_taught([first, second], [second], taught)
    assert refused.value.params["topics"] == ["1"]
    assert refused.value.rule == "topic-taught"
    assert str(refused.value).startswith("These topics were taught already and stay in the plan: ")


def test_of_many_topics_that_were_taught_the_first_five_are_named() -> None:
    many = [known(str(number)) for number in range(7)]
    with pytest.raises(Conflict) as refused:
        check_none_taught(many, [], {one.id for one in many if one.id})
    assert refused.value.params["topics"] == ["0", "1", "2", "3", "4"]
