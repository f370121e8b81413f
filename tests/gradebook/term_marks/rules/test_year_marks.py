"""The year mark from term marks, and the certificate's from year and exam."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.policy.rules.defaults import PRACTICE
from services.gradebook.policy.rules.policy import Place, Policy, Threshold
from services.gradebook.term_marks.rules.year_marks import (
    CERTIFICATES,
    certificate_mark,
    secondary_certificate_mark,
    year_mark,
)
from tests.gradebook.term_marks.courses import PLACE, VOTE, in_grade_7, left_out, texts, voted

DEFAULT = voted()


def year(terms: str, policy: Policy = DEFAULT) -> object:
    """The year mark; `-` is a term without mark."""
    return year_mark([None if text == "-" else text for text in terms.split()], policy, PLACE).figure


@pytest.mark.parametrize(
    ("terms", "mark"),
    [
        ("4 4 4 4", "4"), ("4 5 4 5", "5"), ("4 4 4 5", "4"), ("3 4 3 4", "4"), ("3 3 3 4", "3"), ("2 3 2 3", "3"),
        ("5 4", "5"), ("2 2 2 3", "2"), ("1 1 1 2", "1"), ("5", "5"),
    ],
)  # fmt: skip
def test_the_year_mark_is_the_mean_of_the_terms_half_up(terms: str, mark: str) -> None:
    assert year(terms) == mark


def test_the_school_may_vote_other_thresholds_for_the_year() -> None:
    table = (Threshold(5, Decimal("4.6")), Threshold(4, Decimal(0)))
    assert year("4 5 4 5", voted(years__thresholds=table)) == "4"
    assert year_mark(["5"], voted(years__thresholds=table), PLACE).sources == (VOTE,)


@pytest.mark.parametrize(("terms", "mark"), [("A B", "A"), ("B C C", "C"), ("F D", "D"), ("а в", "A")])
def test_a_year_on_the_scale_of_letters_ends_with_a_letter(terms: str, mark: str) -> None:
    table = tuple(Threshold(number, max(Decimal(number) - Decimal("0.5"), Decimal(0))) for number in (4, 3, 2, 1, 0))
    assert year(terms, voted(scales__scale="letters", years__thresholds=table)) == mark


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_a_year_mark_lies_between_the_terms_and_is_exact(terms: list[int]) -> None:
    found = year_mark(map(str, terms), DEFAULT, PLACE)
    assert found.exact == Fraction(sum(terms), len(terms))
    assert min(terms) <= int(str(found.figure)) <= max(terms)
    assert texts(found.used) == [str(term) for term in terms]


@pytest.mark.parametrize(
    ("terms", "most", "mark"),
    [
        ("4 н/а 4 4", 0, "н/а"), ("4 н/а 4 4", 1, "4"), ("4 - 4 5", 0, "н/а"), ("4 - 4 5", 1, "4"),
        ("4 - н/а 5", 1, "н/а"), ("4 - н/а 5", 2, "5"), ("н/а н/а", 2, "н/а"), ("зач 4", 0, "н/а"), ("зач 4", 1, "4"),
    ],
)  # fmt: skip
def test_so_many_terms_may_be_without_mark(terms: str, most: int, mark: str) -> None:
    assert year(terms, voted(years__most_missing_terms=most)) == mark


def test_a_term_without_mark_is_left_out_and_shown_as_a_dash() -> None:
    found = year_mark(["5", None, "", "н/а"], voted(years__most_missing_terms=3), PLACE)
    assert left_out(found) == [("—", "no-number"), ("—", "no-number"), ("н/а", "no-number")]
    refused = year_mark(["5", None], DEFAULT, PLACE)
    assert (refused.figure, refused.exact, texts(refused.used), left_out(refused)) == (
        "н/а", None, ["5"], [("—", "no-number")],
    )  # fmt: skip
    assert refused.sources == (PRACTICE,)


def test_terms_of_exemption_are_not_missing() -> None:
    found = year_mark(["осв", "4", "5", "5"], DEFAULT, PLACE)
    assert (found.figure, left_out(found)) == ("5", [("осв", "exempt")])
    assert year("осв н/а 5 5") == "н/а"


def test_a_year_of_exemption_is_exempt() -> None:
    found = year_mark(["осв", "осв"], DEFAULT, PLACE)
    assert (found.figure, found.exact, left_out(found)) == ("осв", None, [("осв", "exempt"), ("осв", "exempt")])
    assert year("осв -", voted(years__most_missing_terms=1)) == "н/а"


def test_without_terms_there_is_no_year_mark() -> None:
    found = year_mark([], DEFAULT, PLACE)
    assert (found.figure, found.exact, found.version) == ("н/а", None, 7)


@pytest.mark.parametrize(
    ("terms", "mark"),
    [("зач зач", "зач"), ("зач незач", "зач"), ("незач незач зач", "незач"), ("осв зач", "зач"), ("5 зач", "н/а")],
)
def test_a_course_marked_in_words_ends_the_year_by_the_share_of_its_terms(terms: str, mark: str) -> None:
    assert year(terms, voted(scales__scale="pass_fail")) == mark


def test_the_share_of_terms_that_passes_is_the_terms_own() -> None:
    policy = voted(scales__scale="pass_fail", terms__pass_share=Decimal("0.6"))
    found = year_mark(["зач", "незач"], policy, PLACE)
    assert (found.figure, found.exact, found.sources) == ("незач", Fraction(1, 2), (VOTE,))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("years__thresholds", (Threshold(5, Decimal("4.7")), Threshold(4, Decimal(0)))),
        ("years__most_missing_terms", 1), ("scales__scale", "pass_fail"),
    ],
)  # fmt: skip
def test_a_rule_of_the_year_may_be_voted_for_a_grade_alone(path: str, value: object) -> None:
    terms = ["5", "4", "5"] if path == "years__thresholds" else ["5", "4", "зач"]
    seventh, eighth = (year_mark(terms, in_grade_7(path, value), Place(grade)) for grade in (7, 8))
    assert seventh == year_mark(terms, voted(**{path: value}), Place(7))
    assert eighth == year_mark(terms, voted(), Place(8))
    assert seventh != eighth


def test_the_share_of_terms_that_passes_may_be_voted_for_a_grade_alone() -> None:
    policy = replace(in_grade_7("terms__pass_share", Decimal("0.6")), scales=voted(scales__scale="pass_fail").scales)
    assert [year_mark(["зач", "незач"], policy, Place(grade)).figure for grade in (7, 8)] == ["незач", "зач"]


def test_the_weight_of_the_exam_may_be_voted_for_a_grade_alone() -> None:
    policy = in_grade_7("years__exam_weight", Decimal(0))
    assert [certificate_mark("4", "5", policy, Place(grade)).figure for grade in (7, 9)] == ["4", "5"]


# --- certificate ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year_text", "exam", "mark"),
    [
        ("4", "5", "5"),
        ("4", "4", "4"),
        ("5", "4", "5"),
        ("3", "4", "4"),
        ("5", "2", "4"),
        ("3", "2", "3"),
        ("4", "2", "3"),
    ],
)
def test_the_certificate_has_the_mean_of_year_and_exam_half_up(year_text: str, exam: str, mark: str) -> None:
    found = certificate_mark(year_text, exam, DEFAULT, PLACE)
    assert (found.figure, found.exact) == (mark, Fraction(int(year_text) + int(exam), 2))
    assert texts(found.used) == [year_text, exam]


@pytest.mark.parametrize(("weight", "mark", "exact"), [("2", "4", Fraction(11, 3)), ("0.5", "4", Fraction(13, 3))])
def test_the_exam_weighs_what_the_policy_says(weight: str, mark: str, exact: Fraction) -> None:
    found = certificate_mark("5", "3", voted(years__exam_weight=Decimal(weight)), PLACE)
    assert (found.figure, found.exact, [one.weight for one in found.used]) == (mark, exact, [1, Decimal(weight)])
    assert found.sources == (VOTE, CERTIFICATES)


@pytest.mark.parametrize("exam", [None, "", "осв", "н/а"])
def test_without_an_exam_the_certificate_has_the_year_mark(exam: str | None) -> None:
    found = certificate_mark("4", exam, DEFAULT, PLACE)
    assert (found.figure, found.exact, texts(found.used)) == ("4", Fraction(4), ["4"])
    assert left_out(found) == ([(exam, "exempt" if exam == "осв" else "no-number")] if exam else [])


def test_an_exam_without_weight_does_not_count() -> None:
    found = certificate_mark("4", "2", voted(years__exam_weight=Decimal(0)), PLACE)
    assert (found.figure, texts(found.used), left_out(found)) == ("4", ["4"], [("2", "exam-not-counted")])


@pytest.mark.parametrize(
    ("year_text", "mark"), [("осв", "осв"), ("н/а", "н/а"), ("зач", "зач"), ("незач", "незач"), ("", "н/а")]
)
def test_a_year_without_number_has_none_in_the_certificate(year_text: str, mark: str) -> None:
    found = certificate_mark(year_text, "5", DEFAULT, PLACE)
    assert (found.figure, found.exact, found.used) == (mark, None, ())
    assert left_out(found)[-1] == ("5", "no-year-mark")
    assert len(found.left_out) == (2 if year_text else 1)


@pytest.mark.parametrize(
    ("listed", "mark", "exact"),
    [
        ("4 5 5 | 4 5 5", "5", Fraction(14, 3)), ("4 4 4 | 5 5 5", "5", Fraction(9, 2)),
        ("4 4 4 | 4 5 5", "4", Fraction(13, 3)),
        ("3 | - осв 4", "4", Fraction(7, 2)), ("4 | 5", "5", Fraction(9, 2)),
    ],
)  # fmt: skip
def test_the_certificate_of_grade_11_has_the_mean_of_half_years_and_years(
    listed: str, mark: str, exact: Fraction
) -> None:
    before, now = ([None if text == "-" else text for text in year.split()] for year in listed.split("|"))
    found = secondary_certificate_mark(before, now[:-1], str(now[-1]), DEFAULT, PLACE)
    assert (found.figure, found.exact, found.sources, found.version) == (mark, exact, (CERTIFICATES,), 7)
    assert texts(found.used) == [text for text in listed.split() if text.isdecimal()]


def test_grade_11_without_any_number_has_no_mark_in_the_certificate() -> None:
    found = secondary_certificate_mark(["осв"], [None, "зач"], "н/а", DEFAULT, PLACE)
    assert (found.figure, found.exact, found.used) == ("н/а", None, ())
    assert left_out(found) == [("осв", "exempt"), ("—", "no-number"), ("зач", "no-number"), ("н/а", "no-number")]
    assert (found.sources, found.version) == ((CERTIFICATES,), 7)


@pytest.mark.parametrize("year_text", ["осв", "зач", "незач"])
def test_grade_11_without_any_number_keeps_the_years_word(year_text: str) -> None:
    found = secondary_certificate_mark(["зач"], ["осв"], year_text, DEFAULT, PLACE)
    assert (found.figure, found.exact, len(found.left_out)) == (year_text, None, 3)
    assert found.steps_said("en") == [f"There are no marks with a number: the mark is that of the year, {year_text}."]
    assert secondary_certificate_mark(["4"], ["осв"], year_text, DEFAULT, PLACE).figure == "4"


def test_marks_of_grade_10_that_are_not_here_are_told_missing() -> None:
    told = "Отметок за 10 класс здесь нет."
    found = secondary_certificate_mark([], ["4", "5"], "5", DEFAULT, PLACE)
    assert (found.figure, found.exact, found.steps_said("ru")[0]) == ("5", Fraction(14, 3), told)
    assert secondary_certificate_mark([], [None], "н/а", DEFAULT, PLACE).steps_said("ru")[0] == told
    assert told not in secondary_certificate_mark(["осв"], ["4", "5"], "5", DEFAULT, PLACE).steps_said("ru")


@pytest.mark.parametrize(("scale", "text"), [("five", "0"), ("five", "7"), ("letters", "4"), ("five_without_one", "1")])
def test_a_term_mark_of_another_scale_is_left_out_and_missing(scale: str, text: str) -> None:
    best = "A" if scale == "letters" else "5"
    policy = voted(scales__scale=scale, years__most_missing_terms=1)
    found = year_mark([best, text], policy, PLACE)
    assert (texts(found.used), left_out(found)) == ([best], [(text, "off-scale")])
    assert year_mark([best, text], voted(scales__scale=scale), PLACE).figure == "н/а"
    span = {"five": "1–5", "letters": "F–A", "five_without_one": "2–5"}[scale]
    assert [one.reason.said("ru") for one in found.left_out] == [f"отметки нет на шкале {span}"]


def test_a_year_that_the_policy_does_not_mark_has_none() -> None:
    found = year_mark(["5", "5"], DEFAULT, Place(1))
    assert (found.figure, found.exact, found.used) == (None, None, ())
    assert left_out(found) == [("5", "unmarked"), ("5", "unmarked")]
    assert found.sources == (DEFAULT.scales.marked.at(Place(1)).source,)
    assert (found.version, found.said("en")[-3]) == (7, "No marks are given here.")
    assert [one.reason.said("en") for one in found.left_out] == ["no marks are given here"] * 2


@pytest.mark.parametrize(("year_text", "exam", "mark"), [("B", "A", "A"), ("F", "D", "D"), ("B", None, "B")])
def test_a_certificate_on_the_scale_of_letters_has_a_letter(year_text: str, exam: str | None, mark: str) -> None:
    assert certificate_mark(year_text, exam, voted(scales__scale="letters"), PLACE).figure == mark


def test_the_last_certificate_on_the_scale_of_letters_has_a_letter() -> None:
    found = secondary_certificate_mark(["A", "B"], [None], "B", voted(scales__scale="letters"), PLACE)
    assert (found.figure, texts(found.used)) == ("B", ["A", "B", "B"])


@pytest.mark.parametrize(("exam", "rule"), [("85", "off-scale"), ("н/а", "no-number"), ("осв", "exempt")])
def test_an_exam_that_has_no_number_on_the_scale_is_told(exam: str, rule: str) -> None:
    found = certificate_mark("4", exam, DEFAULT, PLACE)
    assert (found.figure, left_out(found)) == ("4", [(exam, rule)])
    assert (found.sources, found.version) == ((DEFAULT.years.exam_weight.at(PLACE).source,), 7)
    assert found.steps[-1].said("ru") == f"«{exam}» за экзамен — не число этой шкалы: итоговая отметка — годовая, «4»."
    assert (
        found.steps[-1].said("en") == f"The exam's {exam} is no number of the scale: the mark is that of the year, 4."
    )


def test_an_exemption_in_latin_look_alikes_is_one() -> None:
    latin = "оcв"
    assert left_out(year_mark(["4", latin], DEFAULT, PLACE)) == [(latin, "exempt")]
    assert year_mark([latin, latin], DEFAULT, PLACE).figure == "осв"


def test_certificates_are_on_the_scale_of_their_place() -> None:
    policy = in_grade_7("scales__scale", "letters")
    assert certificate_mark("B", "A", policy, Place(7)).figure == "A"
    assert certificate_mark("B", "A", policy, Place(8)).figure == "н/а"
    assert secondary_certificate_mark(["B"], [], "A", policy, Place(7)).figure == "A"
    assert left_out(secondary_certificate_mark(["4"], [], "A", policy, Place(7))) == [("4", "off-scale")]
