"""What a bundle means for a school: years and terms, courses of a class, grades of classes."""

from datetime import date
from uuid import UUID

import pytest

from services.identity.bundles.rules.checker import checked
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.grades import Grades
from services.identity.bundles.rules.roster import Roster
from tests.identity.small_bundle import SmallBundle

SCHOOL = UUID(int=1)


def roster(bundle: SmallBundle, today: date = date(2026, 11, 25)) -> Roster:
    faults = Faults()
    read = checked(bundle.zip(), today, faults)
    assert read is not None, faults.found
    return Roster(read, bundle.org, SCHOOL, trusted=True)


def session(bundle: SmallBundle, source_id: str, kind: str, starts: str, ends: str, parent: str, year: str = "2027"):
    bundle.add(
        "academicSessions", sourcedId=source_id, title=source_id, type=kind, startDate=starts, endDate=ends,
        parentSourcedId=parent, schoolYear=year,
    )  # fmt: skip


def spans(bundle: SmallBundle) -> list[tuple[str, str, str, str]]:
    return [(row["type"], row["title"], row["starts_on"], row["ends_on"]) for row in Grades(roster(bundle)).sessions()]


def test_years_come_before_their_terms():
    assert spans(SmallBundle()) == [
        ("year", "2026/2027", "2026-09-01", "2027-08-31"),
        ("term", "I", "2026-09-01", "2026-12-31"),
    ]


def test_p22_letters_and_their_accents_are_read_as_one_character():
    bundle = SmallBundle()
    bundle.row("academicSessions", "y")["title"] = "Учебныи\u0306 год"
    assert spans(bundle)[0][1] == "Учебный год"


def test_a_term_that_ends_on_the_day_the_next_one_starts_ends_the_day_before():
    bundle = SmallBundle()
    session(bundle, "II", "term", "2026-12-31", "2027-05-31", "y")
    assert spans(bundle)[1:] == [
        ("term", "I", "2026-09-01", "2026-12-30"),
        ("term", "II", "2026-12-31", "2027-05-31"),
    ]


def test_terms_semesters_and_grading_periods_are_all_kept_each_in_a_division_of_its_own():
    bundle = SmallBundle()
    session(bundle, "half", "semester", "2026-09-01", "2026-12-31", "y")
    session(bundle, "period", "gradingPeriod", "2026-09-01", "2026-10-31", "t1")
    terms = {row["title"]: row["division"] for row in Grades(roster(bundle)).sessions() if row["type"] == "term"}
    assert terms == {"I": "half-years", "half": "half-years:2", "period": "quarters"}


def test_a_year_without_terms_is_one_term():
    bundle = SmallBundle().drop("academicSessions", "t1")
    for row in bundle.tables["classes"]:
        row["termSourcedIds"] = "y"
    kinds = [(kind, starts, ends) for kind, _, starts, ends in spans(bundle)]
    assert kinds == [("year", "2026-09-01", "2027-08-31"), ("term", "2026-09-01", "2027-08-31")]


def test_a_year_that_the_bundle_has_no_row_for_is_made_of_its_terms():
    bundle = SmallBundle().drop("academicSessions", "y")
    bundle.row("academicSessions", "t1")["parentSourcedId"] = ""
    bundle.row("courses", "alg")["schoolYearSourcedId"] = ""
    session(bundle, "II", "term", "2027-01-10", "2027-05-31", "")
    assert spans(bundle)[0] == ("year", "2026/2027", "2026-09-01", "2027-05-31")
    (course,) = Grades(roster(bundle)).courses()
    assert course["year_id"] == next(Grades(roster(bundle)).sessions())["id"]


def test_sessions_that_are_each_others_parents_are_no_trap():
    bundle = SmallBundle()
    bundle.row("academicSessions", "y")["parentSourcedId"] = "t1"
    assert len(spans(bundle)) == 2


def test_a_course_is_of_a_class_where_all_who_are_in_it_are():
    (course,) = Grades(roster(SmallBundle())).courses()
    whole = roster(SmallBundle())
    assert course["class_id"] == str(whole.id_of("class", "8a"))
    assert course["grade"] == 8
    assert course["teacher_ids"] == [str(whole.person_id("other"))]
    (mixed,) = Grades(roster(SmallBundle().enrol("e9", "alg-8a", "vera"))).courses()
    assert (mixed["class_id"], mixed["grade"]) == (None, None)


def test_a_homeroom_in_which_marks_are_given_is_a_course_as_well():
    bundle = SmallBundle()
    bundle.row("lineItems", "li")["classSourcedId"] = "8a"
    assert [course["title"] for course in Grades(roster(bundle)).courses()] == ["8А", "Алгебра 8А"]


def test_a_course_keeps_its_last_teachers_when_it_is_over():
    bundle = SmallBundle().enrol("e8", "alg-8a", "lead", "teacher", endDate="2026-10-31", primary="true")
    whole = roster(bundle)
    assert whole.teachers("alg-8a") == [whole.person_id("other")]
    bundle.row("enrollments", "e7")["endDate"] = "2026-11-01"
    assert roster(bundle).teachers("alg-8a") == [whole.person_id("lead"), whole.person_id("other")]


def test_the_same_time_in_a_course_said_twice_is_one():
    members = list(Grades(roster(SmallBundle().enrol("e9", "alg-8a", "anna"))).members())
    assert len(members) == 2
    assert {member["since"] for member in members} == {"2026-09-01"}


@pytest.mark.parametrize(("grades", "names"), [("08", {"8"}), ("KG", {"KG"}), ("08,09", set()), ("", set())])
def test_without_homerooms_classes_are_the_grades_of_students(grades, names):
    bundle = SmallBundle().drop("classes", "8a", "8b").drop("enrollments", "e1", "e2", "e3", "e4")
    for source_id in ("anna", "boris", "vera", "mother"):
        bundle.row("users", source_id)["grades"] = grades
    whole = roster(bundle)
    assert {row["name"] for row in whole.classes.values()} == names
    assert len(whole.enrolments) == (3 if names else 0)
    assert {row["since"] for row in whole.enrolments.values()} <= {date(2026, 9, 1)}


def test_marks_keep_text_scores_and_states_without_value():
    bundle = SmallBundle()
    bundle.row("results", "r1").update(score="", textScore="зач")
    bundle.row("results", "r2").update(score="", scoreStatus="exempt")
    marks = {mark["status"]: mark["value"] for mark in Grades(roster(bundle)).marks()}
    assert marks == {"fully graded": "зач", "exempt": None}


def test_a_second_result_in_a_line_item_has_a_column_of_its_own_whatever_the_order_of_lines():
    bundle = SmallBundle().result("r10", "anna", "3").result("r3", "anna", "2")
    backwards = SmallBundle().result("r3", "anna", "2").result("r10", "anna", "3")
    backwards.tables["results"].reverse()
    grades, others = Grades(roster(bundle)), Grades(roster(backwards))
    works = list(grades.works())
    assert len({work["id"] for work in works}) == 3
    assert {work["source_id"] for work in works} == {"li"}
    placed = {mark["id"]: mark["work_id"] for mark in grades.marks()}
    assert placed == {mark["id"]: mark["work_id"] for mark in others.marks()}
    assert len({(mark["work_id"], mark["student_id"]) for mark in grades.marks()}) == 4
