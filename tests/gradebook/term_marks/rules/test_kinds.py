"""Which kinds of marks a course has at the end of a term."""

from __future__ import annotations

import pytest

from kernel.errors import Invalid
from services.gradebook.term_marks.rules.kinds import check_kind, is_of_two_years, kinds_at, kinds_of_grades


@pytest.mark.parametrize(
    ("grade", "last_term", "kinds"),
    [
        (9, False, ("term",)),
        (8, True, ("term", "year")),
        (9, True, ("term", "year", "exam", "certificate")),
        (10, True, ("term", "year")),
        (11, True, ("term", "year", "certificate")),
        (11, False, ("term",)),
        (None, True, ("term", "year")),
    ],
)
def test_what_is_of_the_year_stands_at_its_last_term(
    grade: int | None, last_term: bool, kinds: tuple[str, ...]
) -> None:
    assert kinds_at(grade, last_term=last_term) == kinds


def test_a_kind_that_is_not_there_is_refused() -> None:
    check_kind("year", ("term", "year"), "IV четверть")
    with pytest.raises(Invalid) as refused:
        check_kind("exam", ("term", "year"), "IV четверть")
    assert (refused.value.rule, refused.value.params["term"]) == ("no-such-kind-of-mark", "IV четверть")


def test_a_course_has_the_kinds_that_any_of_its_students_has() -> None:
    assert kinds_of_grades([None, 8, 9], last_term=True) == ("term", "year", "exam", "certificate")
    assert kinds_of_grades([8, None], last_term=True) == ("term", "year")
    assert kinds_of_grades([10, 11], last_term=True) == ("term", "year", "certificate")
    assert kinds_of_grades([9], last_term=False) == ("term",)


def test_the_certificate_of_grade_11_alone_is_made_of_two_years() -> None:
    asked = [("certificate", 11), ("certificate", 9), ("year", 11), ("certificate", None)]
    assert [is_of_two_years(kind, grade) for kind, grade in asked] == [True, False, False, False]
