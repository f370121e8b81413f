"""Means and marks that other systems printed or are tested with, read where they lie at run time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any

import pytest

from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.marks.rules.cells import given_marks, read_cell
from services.gradebook.past_import.readers.netschool_report_card import ReportRow, read_report_cards
from services.gradebook.policy.rules.policy import Group, Handling, Policy, Threshold
from services.gradebook.policy.rules.scales import FIVE_BEST_ONE, SCALES
from services.gradebook.statistics.rules.statistics import PeriodMark, statistics, statistics_by
from services.gradebook.term_marks.rules.means import mean, rounded_half_up
from services.gradebook.term_marks.rules.term_marks import needs_reason, term_mark
from services.gradebook.term_marks.rules.year_marks import year_mark
from tests.gradebook.term_marks.courses import ONE_LESSON, PLACE, points, voted
from tests.shared import shared


def cases(name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(shared(f"cases/{name}").read_text())["cases"]
    return listed


# --- Canvas -----------------------------------------------------------------------------------------------------------

#: Cases that do not hold, by the beginning of their name.
NOT_OURS = {
    "c21": "weights above 100 % are added on top there; here only the proportion of weights matters",
    "c22": "as c21: 50 and 60 make 110 % there",
}


def work(item: dict[str, Any], kind: str) -> GivenMark:
    """A work of the calculator: what is hidden from the student has no mark yet, what is omitted is excused."""
    one = points(item["score"], item["possible"], kind)
    if item["score"] is None or item.get("hidden"):
        return GivenMark(one.text, None, kind, maximum=one.maximum, state=State.UNGRADED)
    if item.get("omit"):
        return GivenMark(one.text, None, kind, maximum=one.maximum, state=State.EXCUSED)
    return one


def percent(case: dict[str, Any], ungraded: Handling) -> Decimal | None:
    """The mean in per cent by our rules: groups where the calculator weights, all works together where not."""
    shown_to_all = case.get("view", "").startswith("teacher")
    kinds = [f"group-{number}" for number in range(len(case["groups"]))]
    works = [
        work({**item, "hidden": False} if shown_to_all else item, kind)
        for kind, one in zip(kinds, case["groups"])
        for item in one["items"]
    ]
    groups = tuple(
        Group(kind, frozenset({kind}), Decimal(str(one.get("weight", 1)))) for kind, one in zip(kinds, case["groups"])
    )
    weighted = case["scheme"] == "percent"
    policy = voted(means__ungraded=ungraded, means__groups=groups if weighted else ())
    exact = mean(works, policy, PLACE).exact
    return None if exact is None else rounded_half_up(exact * 100, 2)


def test_a_grade_calculators_own_cases_hold_but_for_weights_above_100() -> None:
    compared, other = 0, []
    for case in cases("canvas_grade_calculator.json"):
        handlings = {"current": Handling.LEFT_OUT, "final": Handling.ZERO}
        ours = {key: percent(case, handlings[key]) for key in case["expect"]}
        if ours == {key: value if value is None else Decimal(str(value)) for key, value in case["expect"].items()}:
            compared += 1
        else:
            other.append(case["id"].split("-")[0])
    assert (compared, other) == (22, list(NOT_OURS))


# --- Bakaláři and Vulcan ----------------------------------------------------------------------------------------------


def printed(system: str) -> dict[str, Any]:
    [case] = [one for one in cases("bakalari_wulkanowy_printed_means.json") if one["system"] == system]
    return case


def test_the_weighted_mean_of_a_czech_system_with_half_marks() -> None:
    case = printed("Bakaláři")
    listed = [
        one
        for text, weight in case["marks"]
        for one in given_marks(read_cell(text, FIVE_BEST_ONE, Decimal("0.5")), weight=Decimal(weight))
    ]
    assert mean(listed, voted(), PLACE).figure == Decimal(case["printed"].replace(",", "."))


def test_the_mean_of_points_of_a_czech_system() -> None:
    case = printed("Bakaláři points")
    listed = [points(score, maximum) for score, maximum in case["marks"]]
    assert mean(listed, voted(), PLACE).figure == Decimal(case["printed"].replace(",", "."))


def test_the_weighted_mean_of_a_polish_system() -> None:
    case = printed("Vulcan UONET+")
    listed = [
        one
        for text, weight in case["marks"]
        for one in given_marks(read_cell(text, SCALES["six"]), weight=Decimal(weight))
    ]
    assert mean(listed, voted(scales__scale="six"), PLACE).figure == case["printed"]


# --- АСУ РСО ----------------------------------------------------------------------------------------------------------


def cell_marks(case: dict[str, Any]) -> Iterator[GivenMark]:
    for cell in case["cells"]:
        yield from given_marks(read_cell(cell["raw"], SCALES["five_with_zero"]))


def test_every_mean_that_asu_rso_printed_of_a_class() -> None:
    """Without weights. Left out: one row, flagged, that counts a mark which is not on the sheet."""
    compared = empty = flagged = 0
    for case in cases("netschool_period_means.json"):
        flagged += bool(case.get("mismatch"))
        if case.get("mismatch"):
            continue
        exact = mean(cell_marks(case), voted(means__weighted=False), PLACE).exact
        expected = Decimal(str(case["expected_mean"]))
        if exact is None:
            assert expected == 0
            empty += 1
        else:
            assert rounded_half_up(exact, 10) == round(expected, 10)
            compared += 1
    assert (compared, empty, flagged) == (223, 56, 1)


@cache
def report_rows() -> tuple[ReportRow, ...]:
    reading = read_report_cards(shared("netschool/report_card_8A_2024-2025.xlsx").read_bytes())
    assert reading.value is not None
    assert len(reading.value.students) == 28
    return tuple(row for student in reading.value.students for row in student.rows)


def terms_with_both() -> Iterator[tuple[Decimal, str]]:
    """The printed mean and the set mark of each term that has both; a 0 is no term mark."""
    for row in report_rows():
        for term in row.terms:
            if term.mean is not None and term.mark in {"2", "3", "4", "5"}:
                yield term.mean, term.mark


def steps_off(policy: Policy) -> Counter[int]:
    """By how many steps the set marks lie above the computed ones."""
    off: Counter[int] = Counter()
    for value, set_mark in terms_with_both():
        computed = term_mark([GivenMark(str(value), value)], policy, PLACE, ONE_LESSON)
        assert computed.text is not None
        off[int(set_mark) - int(computed.text)] += 1
        assert needs_reason(computed, set_mark) == (computed.text != set_mark)
    return off


def table(least: str) -> tuple[Threshold, ...]:
    return (*(Threshold(mark, mark - 1 + Decimal(least)) for mark in (5, 4, 3)), Threshold(2, Decimal(0)))


def test_of_the_quarter_marks_of_a_class_6_of_100_differ_from_the_mean_half_up() -> None:
    assert len(report_rows()) == 560
    off = steps_off(voted(terms__least_marks=()))
    assert off == {0: 1744, -1: 85, 1: 21, -3: 1}
    assert (off.total(), off.total() - off[0]) == (1851, 107)


def deviations(policy: Policy) -> Iterator[str]:
    """Each set mark that is not the computed one, as a methodologist reads it: where, the mean, both marks."""
    for row in report_rows():
        for term in row.terms:
            if term.mean is not None and term.mark in {"2", "3", "4", "5"}:
                computed = term_mark([GivenMark(str(term.mean), term.mean)], policy, PLACE, ONE_LESSON)
                if needs_reason(computed, term.mark):
                    yield f"{row.place} {row.subject}, {term.term}: {term.mean} → {computed.text}, set {term.mark}"


def test_each_deviation_of_a_set_mark_from_the_computed_one_is_shown() -> None:
    shown = list(deviations(voted(terms__least_marks=())))
    assert (len(shown), len(set(shown))) == (107, 107)
    by_steps = Counter(int(line[-1]) - int(line[line.index("→") + 2]) for line in shown)
    assert by_steps == {-1: 85, 1: 21, -3: 1}
    (three_steps,) = [line for line in shown if line.endswith("→ 5, set 2")]
    assert three_steps.split(" ", 1)[1] == THREE_STEPS


#: How a mark far below its mean is shown: what a methodologist would ask the teacher about.
THREE_STEPS = "Биология, 1 Четверть: 5 → 5, set 2"


def as_period_marks() -> list[PeriodMark]:
    """The quarter marks and, as the period `year`, the year marks of the class; a student is a number."""
    return [
        PeriodMark(str(index // 20), text or None, subject=row.subject, period=period)
        for index, row in enumerate(report_rows())
        for period, text in [*((term.term, term.mark) for term in row.terms), ("year", row.year_mark)]
    ]


@pytest.mark.parametrize(
    ("period", "counted", "pass_rate", "quality", "degree", "mean_mark"),
    [
        ("1 Четверть", 475, "93.05", "43.37", "49.33", "3.44"),
        ("2 Четверть", 476, "92.44", "46.64", "50.80", "3.48"),
        ("3 Четверть", 472, "93.01", "36.02", "46.82", "3.35"),
        ("4 Четверть", 474, "91.14", "41.56", "50.12", "3.45"),
        ("year", 448, "96.21", "49.55", "51.53", "3.52"),
    ],
)
def test_the_statistics_of_a_class_follow_from_its_marks(
    period: str, counted: int, pass_rate: str, quality: str, degree: str, mean_mark: str
) -> None:
    """Held against the formulas of domain, §4, worked out from a plain count of the marks."""
    found = statistics_by(as_period_marks(), attrgetter("period"), voted(), date(2025, 5, 31))[period]
    figures = (found.pass_rate.figure, found.quality.figure, found.degree.figure, found.mean_mark.figure)
    assert (found.counted, *map(str, figures)) == (counted, pass_rate, quality, degree, mean_mark)
    count = Counter(one.text for one in as_period_marks() if one.period == period)
    five, four, three, two = (count[text] for text in "5432")
    total = five + four + three + two
    assert found.counted == total
    assert found.pass_rate.exact == Fraction(100 * (five + four + three), total)
    assert found.quality.exact == Fraction(100 * (five + four), total)
    assert found.degree.exact == Fraction(100 * five + 64 * four + 36 * three + 16 * two, total)
    assert found.mean_mark.exact == Fraction(5 * five + 4 * four + 3 * three + 2 * two, total)
    assert len(found.left_out_for("no-mark")) == count[None]
    assert len(found.left_out_for("other-scale")) == count["0"]


def test_the_statistics_of_each_subject_add_up_to_those_of_the_class() -> None:
    of_year = [one for one in as_period_marks() if one.period == "year"]
    whole = statistics(of_year, voted(), date(2025, 5, 31))
    parts = statistics_by(of_year, attrgetter("subject"), voted(), date(2025, 5, 31))
    assert len(parts) == 20
    assert sum(one.counted for one in parts.values()) == whole.counted
    good = sum(one.quality.exact * one.counted for one in parts.values() if one.quality.exact is not None)
    assert whole.quality.exact == good / whole.counted


@pytest.mark.parametrize(("least", "same", "higher", "lower"), [("0.6", 1643, 180, 28), ("0.65", 1573, 255, 23)])
def test_stricter_tables_fit_these_marks_worse(least: str, same: int, higher: int, lower: int) -> None:
    off = steps_off(voted(terms__least_marks=(), terms__thresholds=table(least)))
    above = sum(number for steps, number in off.items() if steps > 0)
    assert (off[0], above, off.total() - off[0] - above) == (same, higher, lower)


def test_a_vote_of_one_free_step_leaves_a_single_mark_to_be_explained() -> None:
    policy = voted(terms__least_marks=(), terms__free_difference=1)
    pairs = [
        (term_mark([GivenMark(str(value), value)], policy, PLACE, ONE_LESSON), set_mark)
        for value, set_mark in terms_with_both()
    ]
    assert sum(needs_reason(computed, set_mark) for computed, set_mark in pairs) == 1


def test_the_year_marks_of_a_class_follow_from_its_quarter_marks() -> None:
    off: Counter[int] = Counter()
    for row in report_rows():
        texts = [term.mark for term in row.terms]
        if row.year_mark:
            computed = year_mark(texts, voted(scales__scale="five_with_zero", years__most_missing_terms=1), PLACE)
            off[int(row.year_mark) - int(str(computed.figure))] += 1
            assert computed.exact == Fraction(sum(map(int, filter(None, texts))), sum(map(bool, texts)))
    assert off == {0: 442, -1: 6}


def test_a_school_that_lets_no_term_be_missing_leaves_four_of_these_years_unattested() -> None:
    years = [
        year_mark([term.mark for term in row.terms], voted(scales__scale="five_with_zero"), PLACE).figure
        for row in report_rows()
        if row.year_mark
    ]
    assert years.count("н/а") == 4
