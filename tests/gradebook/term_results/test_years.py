"""Marks of the year, its exam and the certificate: they stand at the year's last term and are made of what is set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from kernel.errors import Conflict, Invalid
from services.gradebook.calendar.tables import Term
from services.gradebook.people.tables import ClassCopy
from tests.gradebook.term_results.test_entrypoints import WHY, course_page, of_class, one, set_marks, told
from tests.kit.calls import call
from tests.kit.databases import on_both


def begun(school: Any, grade: int = 7) -> None:
    """Both terms of the year have begun, the second one is the last; the class is of a grade."""
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Term).where(Term.id == school.term_id).values(ends_on=school.day(-1)))
        session.execute(update(Term).where(Term.id == school.later_term_id).values(starts_on=school.today))
        session.execute(update(ClassCopy).where(ClassCopy.class_id == school.class_id).values(grade=grade))


def given(school: Any, value: str, term_id: UUID, kind: str = "term", **more: Any) -> tuple[Any, ...]:
    (answer,) = set_marks(school, one(school, 0, value, **{"reason": WHY, **more}), term_id=term_id, kind=kind)
    return told(answer)


def computed(school: Any, kind: str) -> dict[str, Any]:
    page = course_page(school, term_id=school.later_term_id, kind=kind)
    row = next(found for found in page["rows"] if found["student_id"] == str(school.students[0]))
    return dict(row["computed"])


@on_both
def test_the_year_is_computed_from_the_terms(school: Any) -> None:
    begun(school)
    assert computed(school, "year")["text"] == "н/а", "terms without a mark are missing"
    given(school, "4", school.term_id)
    given(school, "5", school.later_term_id)
    found = computed(school, "year")
    assert (found["text"], found["mean"], found["counted"], found["allowed"]) == ("5", "4.50", 2, ["5"])
    assert given(school, "4", school.later_term_id, "year", reason="") == ("refused", "term-mark-differs", None)
    assert given(school, "5", school.later_term_id, "year", reason="") == ("saved", None, "5")
    assert given(school, "4", school.later_term_id, "term", version=1) == ("saved", None, "4"), "they do not meet"


def test_the_certificate_is_computed_from_year_and_exam_in_grade_9(school: Any) -> None:
    begun(school, 9)
    assert course_page(school, term_id=school.later_term_id)["kinds"] == ["term", "year", "exam", "certificate"]
    assert computed(school, "certificate")["text"] is None
    given(school, "4", school.later_term_id, "year")
    assert computed(school, "certificate")["text"] == "4"
    assert given(school, "5", school.later_term_id, "exam", reason="") == ("saved", None, "5"), "it is what was written"
    found = computed(school, "certificate")
    assert (found["text"], found["mean"], found["counted"]) == ("5", "4.50", 2)


def test_they_stand_at_the_last_term_and_in_their_grades_alone(school: Any) -> None:
    begun(school)
    assert course_page(school)["kinds"] == ["term"]
    for term_id, kind in ((school.term_id, "year"), (school.later_term_id, "exam")):
        with pytest.raises(Invalid) as refused:
            course_page(school, term_id=term_id, kind=kind)
        assert refused.value.rule == "no-such-kind-of-mark"


def test_each_kind_goes_its_own_way_to_the_lock(school: Any) -> None:
    begun(school)
    place = {"course_id": school.course_id, "term_id": school.later_term_id}
    for kind in ("term", "year"):
        entries = [one(school, number, "н/а", reason=WHY) for number in range(3)]
        set_marks(school, *entries, term_id=school.later_term_id, kind=kind)
    call(school.service, TermMarks.hand_in_term_marks, school.teacher, kind="year", **place)
    (of_term,) = course_page(school, term_id=school.later_term_id)["states"]
    (of_year,) = course_page(school, term_id=school.later_term_id, kind="year")["states"]
    assert (of_term["state"], of_year["state"]) == ("open", "set")
    seen = call(school.service, TermMarks.student_term_marks, school.parent, student_id=school.students[0])
    (subject,) = [found for found in seen["subjects"] if found["marks"]]
    assert [(mark["kind"], mark["value"]) for mark in subject["marks"]] == [("year", "н/а")]


def test_the_classs_page_of_the_year_shows_what_the_terms_give(school: Any) -> None:
    begun(school)
    given(school, "4", school.term_id)
    given(school, "4", school.later_term_id)
    command = {"class_id": school.class_id, "term_id": school.later_term_id, "kind": "year"}
    page = call(school.service, TermMarks.class_term_marks, school.homeroom, **command)
    cells = {(found["student_id"], found["course_id"]): found for found in page["cells"]}
    cell = cells[str(school.students[0]), str(school.course_id)]
    assert (cell["computed"], cell["value"], page["kinds"]) == ("4", None, ["term", "year"])
    assert of_class(school, TermMarks.class_term_marks, school.homeroom)["kind"] == "term"


def test_a_year_mark_opens_to_its_terms(school: Any) -> None:
    begun(school)
    given(school, "4", school.term_id)
    command = {"course_id": school.course_id, "term_id": school.later_term_id, "student_id": school.students[0]}
    found = call(school.service, TermMarks.explained_term_mark, school.teacher, kind="year", **command)
    assert [(found_one["kind"], found_one["text"], found_one["number"]) for found_one in found["inputs"]] == [
        ("I", "4", "4"), ("II", "—", None)
    ]  # fmt: skip
    assert found["inputs"][1]["left_out"]["en"] == ["there is no mark with a number for the term"]
    assert found["computed"]["text"] == "н/а"
    assert "допускается не больше 0" in " ".join(found["steps"]["ru"])


def test_a_family_that_opens_the_year_sees_no_term_mark_before_it_is_handed_in(school: Any) -> None:
    begun(school)
    given(school, "4", school.later_term_id)
    command = {"course_id": school.course_id, "term_id": school.later_term_id, "student_id": school.students[0]}

    def texts(actor: Any) -> list[str]:
        found = call(school.service, TermMarks.explained_term_mark, actor, kind="year", **command)
        return [one_input["text"] for one_input in found["inputs"]]

    assert (texts(school.homeroom), texts(school.parent)) == (["—", "4"], ["—", "—"])
    entries = [one(school, number, "н/а", reason=WHY) for number in (1, 2)]
    set_marks(school, *entries, term_id=school.later_term_id)
    place = {"course_id": school.course_id, "term_id": school.later_term_id}
    call(school.service, TermMarks.hand_in_term_marks, school.teacher, **place)
    assert texts(school.parent) == ["—", "4"]


def test_the_kinds_of_a_term_have_histories_of_their_own_and_the_grid_shows_the_terms_mark(school: Any) -> None:
    begun(school)
    place = {"course_id": school.course_id, "term_id": school.later_term_id}

    def in_grid() -> str | None:
        rows = call(school.service, Sheets.sheet, school.teacher, **place)["rows"]
        (found,) = [row["term_mark"] for row in rows if row["student_id"] == str(school.students[0])]
        return str(found) if found else None

    given(school, "5", school.later_term_id, "year")
    assert in_grid() is None
    given(school, "4", school.later_term_id)
    assert in_grid() == "4"
    for kind, value in (("year", "5"), ("term", "4")):
        command = {**place, "student_id": school.students[0], "kind": kind}
        revisions = call(school.service, TermMarks.term_mark_history, school.teacher, **command)["revisions"]
        assert [found["value"] for found in revisions] == [value]


def test_an_exam_is_handed_in_and_checked_where_somebody_took_one(school: Any) -> None:
    begun(school, 9)
    place = {"term_id": school.later_term_id, "kind": "exam"}
    with pytest.raises(Conflict) as refused:
        call(school.service, TermMarks.check_term_marks, school.homeroom, class_id=school.class_id, **place)
    assert refused.value.rule == "no-term-marks"
    given(school, "5", school.later_term_id, "exam")
    call(school.service, TermMarks.hand_in_term_marks, school.teacher, course_id=school.course_id, **place)
    states = call(school.service, TermMarks.check_term_marks, school.homeroom, class_id=school.class_id, **place)
    assert [found["course_id"] for found in states["states"]] == [str(school.course_id)]


def test_a_group_of_several_grades_has_an_exam_for_those_of_grade_9_alone(school: Any) -> None:
    begun(school, 9)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(ClassCopy).where(ClassCopy.class_id == school.first_class_id).values(grade=8))
    entries = [{"student_id": one_id, "value": "5"} for one_id in (school.students[0], school.first_grader)]
    place = {"course_id": school.group_id, "term_id": school.later_term_id, "kind": "exam"}
    answers = set_marks(school, *entries, **place)
    assert [told(answer)[:2] for answer in answers] == [("saved", None), ("refused", "no-such-kind-of-mark")]
    call(school.service, TermMarks.hand_in_term_marks, school.teacher, **place)
