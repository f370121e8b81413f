"""The figures of domain, §4, against their definition."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Rule, Scope, Special
from services.gradebook.statistics.rules.statistics import PeriodMark, has_left, statistics, statistics_by
from tests.examples import examples

POLICY = default_policy(version=3)
TODAY = date(2026, 10, 24)
TEXTS = ["5", "4", "3", "2", "1", "н/а", "осв", "зач", "7", None]
COEFFICIENTS = {"5": 100, "4": 64, "3": 36, "2": 16, "н/а": 7}

ROWS = st.builds(
    PeriodMark,
    student=st.sampled_from([f"s{number}" for number in range(40)]),
    text=st.sampled_from(TEXTS),
    class_name=st.sampled_from(["5А", "5Б", "6А"]),
    teacher=st.sampled_from(["t1", "t2"]),
    left_on=st.sampled_from([None, None, None, date(2026, 10, 1), TODAY, date(2026, 11, 5)]),
)


def rows_of(counts, **common):
    """As many rows of each mark as `counts` says."""
    return [PeriodMark(f"{text}-{number}", text, **common) for text, count in counts.items() for number in range(count)]


def figures(found):
    return [one.figure for one in (found.pass_rate, found.quality, found.degree, found.mean_mark)]


CLASS = {"5": 3, "4": 8, "3": 10, "2": 2, "н/а": 1, "осв": 2, None: 1}


def test_a_class_has_the_figures_of_the_published_formulas():
    found = statistics(rows_of(CLASS), POLICY, TODAY)
    assert found.counted == 24
    assert [(str(tally), len(tally.members)) for tally in found.tallies] == [
        ("5", 3), ("4", 8), ("3", 10), ("2", 2), ("н/а", 1),
    ]  # fmt: skip
    assert found.pass_rate.exact == Fraction(2100, 24)
    assert found.quality.exact == Fraction(1100, 24)
    assert found.degree.exact == Fraction(3 * 100 + 8 * 64 + 10 * 36 + 2 * 16 + 7, 24)
    assert found.mean_mark.exact == Fraction(3 * 5 + 8 * 4 + 10 * 3 + 2 * 2, 23)
    assert figures(found) == [Decimal("87.50"), Decimal("45.83"), Decimal("50.46"), Decimal("3.52")]
    assert found.as_of == TODAY


def test_who_is_counted_and_who_is_not_is_known_by_name():
    left = PeriodMark("gone", "5", left_on=date(2026, 9, 30))
    found = statistics([*rows_of({"5": 1, "осв": 1, None: 2, "зач": 1}), left], POLICY, TODAY)
    assert [member.student for member in found.members] == ["5-0"]
    assert [member.student for member in found.having("5")] == ["5-0"]
    assert found.having("4") == ()
    assert [member.student for member in found.left_out_for("exempt")] == ["осв-0"]
    assert [member.student for member in found.left_out_for("no-mark")] == ["None-0", "None-1"]
    assert [member.student for member in found.left_out_for("other-scale")] == ["зач-0"]
    assert [member.student for member in found.left_out_for("left-before")] == ["gone"]
    assert [one.rule for one in found.left_out] == ["exempt", "no-mark", "other-scale", "left-before"]


def test_the_not_attested_are_in_n_and_do_not_pass():
    found = statistics(rows_of({"3": 1, "н/а": 1}), POLICY, TODAY)
    assert found.counted == 2
    assert figures(found) == [Decimal("50.00"), Decimal("0.00"), Decimal("21.50"), Decimal("3.00")]


def test_without_numbers_there_is_no_mean_mark_but_there_are_rates():
    found = statistics(rows_of({"н/а": 2}), POLICY, TODAY)
    assert figures(found) == [Decimal("0.00"), Decimal("0.00"), Decimal("7.00"), None]
    assert found.mean_mark.exact is None


def test_a_one_fails_and_adds_what_the_policy_says():
    rows = rows_of({"5": 1, "1": 1})
    found = statistics(rows, POLICY, TODAY)
    assert figures(found) == [Decimal("50.00"), Decimal("50.00"), Decimal("50.00"), Decimal("3.00")]
    assert "There is no coefficient for 1: it adds 0." in found.degree.said("en")
    assert "Для «1» коэффициента нет: эта отметка прибавляет 0." in found.degree.said("ru")
    table = POLICY.figures.degree.value
    seven = replace(POLICY, figures=replace(POLICY.figures, degree=Rule((*table, ("1", Decimal(7))), Source("vote"))))
    found = statistics(rows, seven, TODAY)
    assert found.degree.figure == Decimal("53.50")
    assert len(found.degree.steps) == 1
    assert found.degree.sources == (Source("vote"),)


def test_coefficients_of_a_subject_hold_in_that_subject_only():
    special = Special(Scope(subjects=frozenset({"music"})), (("5", Decimal(10)),), Source("vote"))
    rule = replace(POLICY.figures.degree, specials=(special,))
    policy = replace(POLICY, figures=replace(POLICY.figures, degree=rule))
    rows = rows_of({"5": 1})
    assert statistics(rows, policy, TODAY, Place(subject="music")).degree.figure == Decimal(10)
    assert statistics(rows, policy, TODAY, Place(subject="maths")).degree.figure == Decimal(100)
    assert statistics(rows, policy, TODAY).degree.figure == Decimal(100)
    by_class = statistics_by(rows, attrgetter("class_name"), policy, TODAY, Place(subject="music"))
    assert by_class[""].degree.figure == Decimal(10)


@pytest.mark.parametrize(
    ("left_on", "gone"),
    [(None, False), (date(2026, 10, 23), True), (date(2026, 10, 24), False), (date(2026, 10, 25), False)],
)
def test_a_student_counts_up_to_the_day_of_leaving(left_on, gone):
    mark = PeriodMark("s", "5", left_on=left_on)
    assert has_left(mark, TODAY) is gone
    assert statistics([mark], POLICY, TODAY).counted == (0 if gone else 1)


def test_nobody_has_no_figures():
    found = statistics([], POLICY, TODAY)
    assert (found.counted, found.tallies, found.left_out) == (0, (), ())
    assert figures(found) == [None] * 4
    assert found.pass_rate.exact is None
    assert found.quality.said("ru") == (
        "Учитывать нечего.", "Нет ни одной отметки, показатель не вычисляется.", "Основание: обычай школ.",
    )  # fmt: skip
    assert found.mean_mark.said("en")[1] == "No mark counts: there is no figure."
    assert found.degree.said("en")[1] == "No mark counts: there is no figure."


def test_the_pass_rate_says_how_it_came_about():
    left = PeriodMark("gone", "5", left_on=date(2026, 9, 30))
    found = statistics([*rows_of({"5": 1, "3": 1, "2": 1, "осв": 2, None: 1, "зач": 1}), left], POLICY, TODAY)
    assert found.pass_rate.said("ru") == (
        "Учтено: 5 × 1, 3 × 1, 2 × 1.",
        "Не учтено: осв — освобождены: 2.",
        "Не учтено: «» — нет отметки: 1.",
        "Не учтено: зач — не отметка пятибалльной шкалы: 1.",
        "Не учтено: 5 — выбыли до 24.10.2026: 1.",
        "Успевают (отметки «5», «4», «3») 2 из 3: 2 × 100 / 3 = 66,6667, то есть 66,67 %.",
        "Основание: обычай школ.",
    )
    assert found.pass_rate.said("en") == (
        "Counted: 5 × 1, 3 × 1, 2 × 1.",
        "Left out: осв – exempt: 2.",
        "Left out: «» – no mark: 1.",
        "Left out: зач – not a mark of the scale of five: 1.",
        "Left out: 5 – left before 2026-10-24: 1.",
        "2 of 3 pass (marks 5, 4, 3): 2 × 100 / 3 = 66.6667, that is 66.67 %.",
        "By the usage of schools.",
    )


def test_the_other_figures_say_how_they_came_about():
    found = statistics(rows_of({"5": 2, "4": 1, "н/а": 1}), POLICY, TODAY)
    assert found.quality.said("ru")[1] == "Учатся на «5» и «4» 3 из 4: 3 × 100 / 4 = 75, то есть 75 %."
    assert found.quality.said("en")[1] == "3 of 4 have a 5 or a 4: 3 × 100 / 4 = 75, that is 75 %."
    assert found.degree.said("ru")[1:] == (
        "(100 × 2 + 64 + 7) / 4 = 67,75.",
        "Основание: порядок АСУ РСО.",
        "Правила школы, версия 3.",
    )
    assert found.mean_mark.said("ru") == (
        "Учтено: 5 × 2, 4 × 1.",
        "Не учтено: н/а — не число, в среднем балле не участвует: 1.",
        "(5 × 2 + 4) / 3 = 4,6667.",
        "С округлением до сотых: 4,67.",
        "Основание: обычай школ.",
    )
    assert found.mean_mark.said("en")[1:4] == (
        "Left out: н/а – no number, not in the mean: 1.",
        "(5 × 2 + 4) / 3 = 4.6667.",
        "Rounded to hundredths: 4.67.",
    )
    assert found.mean_mark.left_out[0].rule == "no-number"


def test_a_coefficient_with_a_fraction_is_written_as_the_language_writes_it():
    rule = Rule((("5", Decimal("0.5")),), Source("vote"))
    found = statistics(rows_of({"5": 1}), replace(POLICY, figures=replace(POLICY.figures, degree=rule)), TODAY)
    assert found.degree.steps[0].said("ru") == "0,5 / 1 = 0,5."


@settings(max_examples=examples(40))
@given(st.lists(ROWS, max_size=40))
def test_every_row_is_counted_or_left_out_and_never_both(rows):
    found = statistics(rows, POLICY, TODAY)
    left_out = [member for one in found.left_out for member in one.item.members]
    assert sorted(map(repr, [*found.members, *left_out])) == sorted(map(repr, rows))
    assert sum(len(found.having(text)) for text in ("5", "4", "3", "2", "1", "н/а")) == found.counted


@settings(max_examples=examples(40))
@given(st.lists(ROWS, max_size=40))
def test_the_figures_are_those_of_the_definition(rows):
    texts = [row.text for row in rows if not (row.left_on and row.left_on < TODAY)]
    counted = [text for text in texts if text in {"5", "4", "3", "2", "1", "н/а"}]
    numbers = [int(text) for text in counted if text != "н/а"]
    found = statistics(rows, POLICY, TODAY)
    assert found.counted == len(counted)
    if counted:
        assert found.pass_rate.exact == Fraction(100 * sum(text in "345" for text in counted), len(counted))
        assert found.quality.exact == Fraction(100 * sum(text in "45" for text in counted), len(counted))
        assert found.degree.exact == Fraction(sum(COEFFICIENTS.get(text, 0) for text in counted), len(counted))
    if numbers:
        assert found.mean_mark.exact == Fraction(sum(numbers), len(numbers))


@settings(max_examples=examples(40))
@given(st.lists(ROWS, max_size=40))
def test_each_figure_can_be_computed_again_from_what_it_says_it_used(rows):
    found = statistics(rows, POLICY, TODAY)
    for one in (found.pass_rate, found.quality, found.degree, found.mean_mark):
        if one.used:
            weights = sum(used.weight for used in one.used)
            assert one.exact == Fraction(sum(used.number * used.weight for used in one.used)) / Fraction(weights)
        else:
            assert (one.exact, one.figure) == (None, None)


@settings(max_examples=examples(40))
@given(st.lists(ROWS, max_size=30), st.lists(ROWS, max_size=30))
def test_the_statistics_of_two_classes_are_those_of_their_rows_together(first, second):
    joined, a, b = (statistics(rows, POLICY, TODAY) for rows in (first + second, first, second))
    assert joined.counted == a.counted + b.counted
    for name in ("pass_rate", "quality", "degree"):
        parts = sum((getattr(one, name).exact or 0) * one.counted for one in (a, b))
        assert (getattr(joined, name).exact or 0) * joined.counted == parts


@settings(max_examples=examples(40))
@given(st.lists(ROWS, max_size=40), st.randoms())
def test_the_order_of_rows_changes_no_figure(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert figures(statistics(shuffled, POLICY, TODAY)) == figures(statistics(rows, POLICY, TODAY))


@settings(max_examples=examples(40))
@given(st.lists(ROWS, max_size=40))
def test_groups_have_the_statistics_of_their_own_rows(rows):
    by_teacher = statistics_by(rows, attrgetter("teacher"), POLICY, TODAY)
    assert list(by_teacher) == list(dict.fromkeys(row.teacher for row in rows))
    for teacher, found in by_teacher.items():
        assert found == statistics([row for row in rows if row.teacher == teacher], POLICY, TODAY)


def test_a_mean_of_means_would_be_another_figure():
    classes = rows_of({"5": 1}, class_name="5А") + rows_of({"2": 9}, class_name="5Б")
    by_class = statistics_by(classes, attrgetter("class_name"), POLICY, TODAY)
    assert [found.pass_rate.figure for found in by_class.values()] == [Decimal(100), Decimal(0)]
    assert statistics(classes, POLICY, TODAY).pass_rate.figure == Decimal(10)
