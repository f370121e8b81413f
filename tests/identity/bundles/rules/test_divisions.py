"""How a bundle divides a school year: quarters, and half-years beside them; by which of them a class goes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.identity.bundles.rules.bundle import Bundle
from services.identity.bundles.rules.checker import checked
from services.identity.bundles.rules.divisions import Divided, Session, divided, division_by_grade
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.grades import Grades
from services.identity.bundles.rules.roster import Roster
from tests.identity.small_bundle import SmallBundle, lyceum, session

TODAY = date(2026, 11, 25)


def read(bundle: SmallBundle) -> Bundle:
    faults = Faults()
    found = checked(bundle.zip(), TODAY, faults)
    assert found is not None, faults.found
    assert not faults.left_out
    return found


def remarks_of(bundle: SmallBundle) -> list[dict[str, Any]]:
    faults = Faults()
    assert checked(bundle.zip(), TODAY, faults) is not None
    return faults.remarks_as_views()


def terms_of_courses(bundle: SmallBundle) -> dict[str, list[str]]:
    """Course → its terms, as the gradebook is told."""
    grades = Grades(Roster(read(bundle), bundle.org, UUID(int=1), trusted=True))
    terms = [row for row in grades.sessions() if row["type"] == "term"]
    return {
        course["title"]: [
            term["title"]
            for term in terms
            if (term["year_id"], term["division"]) == (course["year_id"], course["division"])
        ]
        for course in grades.courses()
    }


def test_p02_every_session_is_kept_and_each_class_goes_by_the_terms_that_it_names() -> None:
    bundle = lyceum()
    grades = Grades(Roster(read(bundle), bundle.org, UUID(int=1), trusted=True))
    assert [row["title"] for row in grades.sessions()] == ["2026/2027", "q1", "q2", "h1", "h2"]
    assert terms_of_courses(bundle) == {"Алгебра 8А": ["q1", "q2"], "Алгебра 10А": ["h1", "h2"]}


@pytest.mark.parametrize("of_10a", ["", "y", "q1,q2,h1,h2"])
def test_p02_a_class_that_does_not_say_goes_by_the_terms_of_its_grade(of_10a: str) -> None:
    bundle = lyceum(of_10a)
    bundle.row("classes", "alg-8a")["termSourcedIds"] = of_10a
    bundle.row("classes", "8a")["termSourcedIds"] = "y"
    assert terms_of_courses(bundle) == {"Алгебра 8А": ["q1", "q2"], "Алгебра 10А": ["h1", "h2"]}
    assert remarks_of(bundle) == []


def test_p02_a_course_that_does_not_say_goes_by_the_terms_of_its_students_class() -> None:
    assert terms_of_courses(lyceum("", termSourcedIds="q1,q2"))["Алгебра 10А"] == ["q1", "q2"]


def test_p02_where_neither_terms_nor_grade_are_said_the_import_tells_what_it_took() -> None:
    bundle = lyceum("y", name="Старшие")
    assert terms_of_courses(bundle)["Алгебра 10А"] == ["q1", "q2"]
    (remark,) = remarks_of(bundle)
    assert (remark["file"], remark["field"], remark["rule"]) == ("classes.csv", "termSourcedIds", "terms-not-said")
    assert "«q1», «q2»" in remark["message"]


def test_p02_a_work_lies_in_a_term_of_its_own_class() -> None:
    """The quarters have holidays in the first days of November, the half-year goes on."""
    bundle = lyceum()
    bundle.row("lineItems", "li10")["dueDate"] = bundle.row("lineItems", "li")["dueDate"] = "2026-11-02"
    faults = Faults()
    found = checked(bundle.zip(), TODAY, faults)
    assert found is not None
    assert [fault.rule for fault in faults.left_out] == ["outside-terms"]
    assert [item.id for item in found.rows("lineItems")] == ["li10"]


def test_p02_terms_of_one_division_that_overlap_are_refused_with_their_names() -> None:
    bundle = lyceum()
    bundle.row("academicSessions", "q2")["startDate"] = "2026-10-20"
    faults = Faults()
    assert checked(bundle.zip(), TODAY, faults) is None
    (fault,) = faults.found
    assert (fault.file, fault.field, fault.rule) == ("academicSessions.csv", "startDate", "terms-overlap")
    assert fault.line == 4
    assert str(fault.text).startswith("“q2” begins on 2026-10-20, before “q1” ends on 2026-10-31.")


def test_p02_a_slip_in_the_dates_of_quarters_is_refused_where_no_class_names_them_all() -> None:
    bundle = lyceum()
    bundle.row("academicSessions", "q1")["title"] = "1 четверть"
    bundle.row("academicSessions", "q2").update(title="2 четверть", startDate="2026-10-20")
    for source_id in ("8a", "8b", "alg-8a"):
        bundle.row("classes", source_id)["termSourcedIds"] = "q2"
    faults = Faults()
    assert checked(bundle.zip(), TODAY, faults) is None
    assert [fault.rule for fault in faults.found] == ["terms-overlap"]


def of(*spans: tuple[str, str, str, str]) -> list[Session]:
    """Sessions of (title, type, first day, last day)."""
    return [
        Session(title, 2, kind, title, date.fromisoformat(first), date.fromisoformat(last))
        for title, kind, first, last in spans
    ]


def keys(found: Divided) -> dict[str, list[str]]:
    assert not found.overlapping
    return {division.key: [one.title for one in division.sessions] for division in found.divisions}


def test_p02_titles_say_the_division_whatever_type_the_sessions_have() -> None:
    sessions = of(
        ("2 полугодие", "term", "2027-01-11", "2027-05-31"), ("I четверть", "term", "2026-09-01", "2026-10-31"),
        ("1 полугодие", "term", "2026-09-01", "2026-12-30"), ("II четверть", "term", "2026-11-05", "2026-12-30"),
        ("Триместр 1", "term", "2026-09-01", "2026-11-20"),
    )  # fmt: skip
    assert keys(divided(sessions, [])) == {
        "quarters": ["I четверть", "II четверть"], "half-years": ["1 полугодие", "2 полугодие"],
        "trimesters": ["Триместр 1"],
    }  # fmt: skip


def test_p02_sessions_without_a_word_are_told_apart_by_what_classes_name_and_called_by_their_length() -> None:
    sessions = of(
        ("1", "term", "2026-09-01", "2026-11-20"), ("A", "term", "2026-09-01", "2026-12-30"),
        ("2", "term", "2026-11-23", "2027-02-20"), ("B", "term", "2027-01-11", "2027-05-31"),
        ("3", "term", "2027-02-24", "2027-05-31"),
    )  # fmt: skip
    assert keys(divided(sessions, [["1", "2", "3"], ["A", "B"]])) == {
        "half-years": ["A", "B"], "trimesters": ["1", "2", "3"],
    }  # fmt: skip


def test_p02_two_divisions_of_a_kind_are_two_where_classes_name_them() -> None:
    sessions = of(
        ("4 четверть", "term", "2027-04-01", "2027-05-26"), ("4 четверть, 9 класс", "term", "2027-04-01", "2027-05-20"),
        ("3 четверть", "term", "2027-01-11", "2027-03-26"),
    )  # fmt: skip
    named = [["3 четверть", "4 четверть"], ["4 четверть, 9 класс"]]
    assert keys(divided(sessions, named)) == {
        "quarters": ["3 четверть", "4 четверть"], "quarters:2": ["4 четверть, 9 класс"],
    }  # fmt: skip


def test_p02_a_class_with_one_term_of_its_own_goes_by_the_terms_of_most_and_that_is_told() -> None:
    bundle = lyceum()
    session(bundle, "q2-9", "term", "2026-11-05", "2026-12-25")
    bundle.klass("9a", "9А", "homeroom", termSourcedIds="q1,q2-9")
    bundle.klass("alg-9a", "Алгебра 9А", "scheduled", termSourcedIds="q1,q2-9")
    assert terms_of_courses(bundle)["Алгебра 9А"] == ["q1", "q2"]
    (remark,) = remarks_of(bundle)
    assert (remark["rule"], remark["line"]) == ("terms-not-said", 8)


def test_p02_the_last_day_of_a_term_may_be_the_first_of_the_next() -> None:
    sessions = of(("I", "term", "2026-09-01", "2026-11-01"), ("II", "term", "2026-11-01", "2026-12-30"))
    assert keys(divided(sessions, [["I", "II"]])) == {"quarters": ["I", "II"]}
    sessions = of(("I", "term", "2026-09-01", "2026-11-01"), ("II", "term", "2026-10-31", "2026-12-30"))
    assert [(a.title, b.title) for a, b in divided(sessions, [["I", "II"]]).overlapping] == [("I", "II")]


@pytest.mark.parametrize(
    ("title", "last", "kind"),
    [
        ("1", "2026-11-19", "quarters"),  # eighty days
        ("1", "2026-11-20", "trimesters"),
        ("1", "2026-12-19", "trimesters"),
        ("1", "2026-12-20", "half-years"),
        ("1", "2027-05-31", "year"),
        ("I четверть", "2026-12-20", "quarters"),
    ],
)
def test_p02_a_division_is_called_by_its_title_or_else_by_the_days_of_its_terms(
    title: str, last: str, kind: str
) -> None:
    assert keys(divided(of((title, "term", "2026-09-01", last)), [])) == {kind: [title]}


def test_p02_a_session_with_room_in_two_divisions_goes_with_those_that_a_class_names_beside_it() -> None:
    sessions = of(
        ("1", "term", "2026-09-01", "2026-11-20"), ("A", "term", "2026-09-01", "2026-12-30"),
        ("2", "term", "2027-01-11", "2027-03-20"), ("B", "term", "2027-03-25", "2027-05-31"),
    )  # fmt: skip
    assert keys(divided(sessions, [["1", "2"], ["A", "B"]])) == {"quarters": ["1", "2"], "trimesters": ["A", "B"]}


def test_p02_terms_that_overlap_are_told_whatever_comes_after_them() -> None:
    sessions = of(
        ("I", "term", "2026-09-01", "2026-11-01"), ("II", "term", "2026-10-31", "2026-12-30"),
        ("III", "term", "2027-01-11", "2027-03-20"),
    )  # fmt: skip
    found = divided(sessions, [["I", "II", "III"]])
    assert [(one.title, other.title) for one, other in found.overlapping] == [("I", "II")]


def test_p02_terms_that_overlap_and_of_which_nothing_says_that_they_are_of_one_are_of_two_divisions() -> None:
    sessions = of(("1", "term", "2026-09-01", "2026-11-20"), ("A", "term", "2026-09-01", "2026-12-30"))
    assert keys(divided(sessions, [])) == {"trimesters": ["1"], "half-years": ["A"]}


def test_p02_a_term_that_overlaps_with_several_is_told_beside_each_that_a_class_names_with_it() -> None:
    sessions = of(
        ("I", "term", "2026-09-01", "2026-10-31"), ("II", "term", "2026-11-05", "2026-12-30"),
        ("odd", "term", "2026-10-20", "2026-11-20"),
    )  # fmt: skip
    named = [["odd", "I"], ["odd", "II"], ["I"], ["I"], ["II"], ["II"]]
    found = divided(sessions, named)
    assert {(one.title, other.title) for one, other in found.overlapping} == {("I", "odd"), ("II", "odd")}


def test_p02_in_a_year_that_nothing_divides_a_class_goes_by_no_division() -> None:
    assert division_by_grade([], 10) is None
