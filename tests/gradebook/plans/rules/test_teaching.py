"""Where a course stands in its plan: the next topic, several hours, joined and skipped ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from services.gradebook.plans.rules.teaching import (
    DROPPED,
    JOINED,
    Planned,
    after,
    matched,
    offer,
    standings,
    topic_text,
)


def planned(text: str, hours: str = "1", covered: int = 0, measure: str = "", **more: Any) -> Planned:
    return Planned(uuid4(), more.pop("section", ""), text, Decimal(hours), covered=covered, measure=measure, **more)


def offered(*topics: Planned, **more: Any) -> list[tuple[str, int, int]]:
    return [(one.topic.topic, one.lesson, one.of) for one in offer(topics, **more)]


def stands(*topics: Planned, **more: Any) -> list[str]:
    return [one.value for one in standings(topics, **more)]


def test_a_course_begins_with_the_first_topic_and_ends_with_none() -> None:
    assert offered(planned("A"), planned("B")) == [("A", 1, 1)]
    assert offered(planned("A", covered=1), planned("B", covered=1)) == []
    assert offered() == []


def test_a_topic_of_several_hours_goes_on_until_they_are_held() -> None:
    assert offered(planned("A", "3", covered=1), planned("B")) == [("A", 2, 3)]
    assert offered(planned("A", "3", covered=3), planned("B")) == [("B", 1, 1)]
    assert stands(planned("A", "3", covered=1), planned("B")) == ["begun", "ahead"]


def test_joined_topics_are_offered_with_the_last_lesson_of_the_one_before() -> None:
    joined = planned("B", measure=JOINED)
    assert offered(planned("A"), joined, planned("C")) == [("A", 1, 1), ("B", 1, 1)]
    assert offered(planned("A", "2"), joined) == [("A", 1, 2)]
    assert offered(planned("A", "2", covered=1), joined) == [("A", 2, 2), ("B", 1, 1)]
    assert offered(planned("A", covered=1), joined, planned("C")) == [("B", 1, 1)], "it stands alone once A is over"


def test_halves_fill_a_lesson() -> None:
    assert offered(planned("A", "0.5"), planned("B", "0.5"), planned("C", "0.5")) == [("A", 1, 1), ("B", 1, 1)]
    assert offered(planned("A", "0.5"), planned("B")) == [("A", 1, 1)]
    assert offered(planned("A", "1.5", covered=1), planned("B", "0.5")) == [("A", 2, 2), ("B", 1, 1)]


def test_a_skipped_topic_is_told_and_the_course_goes_on_behind_the_last_one() -> None:
    topics = (planned("A", covered=1), planned("B"), planned("C", covered=1), planned("D"))
    assert stands(*topics) == ["passed", "skipped", "passed", "ahead"]
    assert offered(*topics) == [("D", 1, 1)]


def test_hours_that_were_left_are_over_once_a_later_topic_was_begun() -> None:
    assert stands(planned("A", "3", covered=1), planned("B", "2", covered=1)) == ["passed", "begun"]


def test_a_dropped_topic_is_not_offered() -> None:
    topics = (planned("A", covered=1), planned("Резерв", measure=DROPPED), planned("B"))
    assert stands(*topics) == ["passed", "dropped", "ahead"]
    assert offered(*topics) == [("B", 1, 1)]
    assert stands(planned("A"), planned("Резерв", covered=1, measure=DROPPED)) == ["skipped", "passed"], (
        "it was taught all the same"
    )


def test_where_the_journal_began_late_the_topics_before_its_first_one_were_passed() -> None:
    topics = (planned("A"), planned("B", covered=1), planned("C"), planned("D", covered=1))
    assert stands(*topics, began_late=True) == ["passed", "passed", "skipped", "passed"]
    assert stands(planned("A"), began_late=True) == ["ahead"]


def test_of_two_lessons_of_a_day_the_second_is_offered_what_follows_the_first() -> None:
    topics = [planned("A", "2"), planned("B")]
    first = offer(topics)
    topics = after(topics, [one.topic.id for one in first])
    assert offered(*topics) == [("A", 2, 2)]


def test_the_words_of_a_lesson_that_takes_several_topics() -> None:
    assert topic_text(["Дроби.", "Доли"], 500) == "Дроби. Доли"
    assert topic_text(["Дроби", "Доли"], 7) == "Дроби. "[:7]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["степень.", "Зачёт", "другое", "ЗАЧЕТ", "зачёт"], ["A", "B", None, "C", "C"]),
        (["Степень", "Степень"], ["A", "A"]),
        ([], []),
    ],
)
def test_lessons_are_matched_by_the_words_of_their_topics(words: list[str], expected: list[str | None]) -> None:
    names = {"A": planned("Степень"), "B": planned("Зачет"), "C": planned("Зачёт")}
    by_id = {one.id: name for name, one in names.items()}
    lessons = [(uuid4(), text) for text in words]
    pairs = dict(matched(lessons, list(names.values())))
    assert [by_id.get(pairs[lesson_id]) if lesson_id in pairs else None for lesson_id, _ in lessons] == expected
