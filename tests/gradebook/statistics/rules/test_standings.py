"""Who is excellent, good, failing, and whom one mark keeps from standing better."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.statistics.rules.standings import STANDING_NAMES, Standing, near_miss, standing, standings
from services.gradebook.statistics.rules.statistics import PeriodMark

TODAY = date(2026, 12, 28)


def marks(*texts, student="s"):
    return [PeriodMark(student, text, subject=f"subject {number}") for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["5", "5"], Standing.EXCELLENT),
        (["5", "осв", None, "зач"], Standing.EXCELLENT),
        (["5", "4"], Standing.GOOD),
        (["4", "4"], Standing.GOOD),
        (["5", "3"], Standing.SATISFACTORY),
        (["5", "н/а"], Standing.NOT_ATTESTED),
        (["3", "н/а"], Standing.NOT_ATTESTED),
        (["5", "2"], Standing.FAILING),
        (["5", "1"], Standing.FAILING),
        (["5", "незач"], Standing.FAILING),
        (["н/а", "2", "5"], Standing.FAILING),
        (["осв", None], None),
        ([], None),
    ],
)
def test_the_worst_mark_decides_how_a_student_stands(texts, expected):
    assert standing(marks(*texts)) is expected


@pytest.mark.parametrize(
    ("texts", "position", "would_be"),
    [
        (["5", "4", "5"], 1, Standing.EXCELLENT),
        (["5", "4", "осв", None, "зач"], 1, Standing.EXCELLENT),
        (["3", "4", "5"], 0, Standing.GOOD),
        (["4", "4", "3"], 2, Standing.GOOD),
        (["5", "5", "3"], 2, Standing.GOOD),
    ],
)
def test_one_mark_may_be_all_that_is_missing(texts, position, would_be):
    found = near_miss(marks(*texts))
    assert (found.student, found.mark.subject, found.would_be) == ("s", f"subject {position}", would_be)


@pytest.mark.parametrize(
    "texts",
    [
        ["5", "5"], ["4", "4", "5"], ["3", "3", "5"], ["4", "3", "3"], ["3", "2"], ["3", "н/а"], ["4", "незач"],
        ["3"], ["4"], ["4", "осв"], ["2", "5"], ["н/а", "5"], [None], [],
    ],
)  # fmt: skip
def test_others_miss_nothing_narrowly(texts):
    assert near_miss(marks(*texts)) is None


@given(st.lists(st.sampled_from(["5", "4", "3", "2", "1", "н/а", "осв", "зач", "незач", None]), max_size=8))
def test_a_near_miss_with_the_next_better_mark_stands_as_it_would(texts):
    found = near_miss(marks(*texts))
    if found is not None:
        better = {"4": "5", "3": "4"}[found.mark.text]
        raised = [better if text == found.mark.text else text for text in texts]
        assert standing(marks(*raised)) is found.would_be
        assert texts.count(found.mark.text) == 1


def test_a_class_is_counted_by_students():
    rows = [
        *marks("5", "5", student="a"), *marks("5", "4", student="b"), *marks("3", "4", "5", student="c"),
        *marks("2", "5", student="d"), *marks("н/а", "5", student="e"), *marks(None, student="f"),
    ]  # fmt: skip
    found = standings(rows, TODAY)
    assert found.students == {
        Standing.EXCELLENT: ("a",), Standing.GOOD: ("b",), Standing.SATISFACTORY: ("c",),
        Standing.NOT_ATTESTED: ("e",), Standing.FAILING: ("d",),
    }  # fmt: skip
    assert [(miss.student, miss.would_be) for miss in found.near_misses] == [
        ("b", Standing.EXCELLENT), ("c", Standing.GOOD),
    ]  # fmt: skip
    assert (str(found.pass_rate), found.pass_rate.percent) == ("3/5", Decimal("60.00"))
    assert (str(found.quality), found.quality.percent) == ("2/5", Decimal("40.00"))


def test_those_who_left_are_not_in_the_class():
    gone = [mark._replace(left_on=date(2026, 12, 27)) for mark in marks("5", "4", student="gone")]
    leaving = [mark._replace(left_on=TODAY) for mark in marks("5", "4", student="leaving")]
    found = standings([*gone, *leaving], TODAY)
    assert found.students[Standing.GOOD] == ("leaving",)
    assert [miss.student for miss in found.near_misses] == ["leaving"]


def test_a_class_without_marks_has_no_rates():
    assert standings([], TODAY).pass_rate.percent is None
    assert standings([], TODAY).quality.percent is None


def test_standings_have_names():
    assert {one: name().said("ru") for one, name in STANDING_NAMES.items()} == {
        Standing.EXCELLENT: "отличник",
        Standing.GOOD: "хорошист",
        Standing.SATISFACTORY: "успевающий с отметками «3»",
        Standing.NOT_ATTESTED: "не аттестован",
        Standing.FAILING: "неуспевающий",
    }
    assert {name().said("en") for name in STANDING_NAMES.values()} == {
        "excellent student", "good student", "student with marks of 3", "not attested", "failing student",
    }  # fmt: skip
