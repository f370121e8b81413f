"""Marks of other schools: entered from a document, counted where the policy says so, withdrawn if they were wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.gradebook.other_schools import OtherSchools
from contracts.gradebook.term_marks import TermMarks
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy import recording as policy_recording
from services.gradebook.policy.rules.defaults import VOTE, policy_with
from services.gradebook.policy.rules.policy import Rule
from tests.gradebook.marks.test_at_once import at_once
from tests.gradebook.sheets.test_page import sheet
from tests.gradebook.term_results.test_entrypoints import all_checked, of_class
from tests.kit.calls import call
from tests.kit.databases import on_both
from tests.noon import NOON_ZONE

DOCUMENT = {"school": " Школа  № 5 ", "document": "справка № 12 от 20.11.2026"}
CAME = -10


@pytest.fixture
def came(school: Any) -> Any:
    """The first student came into algebra ten days ago, and got a 3 today."""
    with school.service.unit_of_work.of(school.id) as session:
        mine = update(CourseMember).where(CourseMember.student_id == school.students[0])
        session.execute(mine.values(since=school.day(CAME)))
    school.post(0, "3")
    return school


def enter(school: Any, *marks: tuple[int, str], actor: Any = None, **more: Any) -> list[dict[str, Any]]:
    """Marks of so many days after today."""
    command = {
        "course_id": school.course_id,
        "term_id": school.term_id,
        "student_id": school.students[0],
        "marks": [{"date": school.day(day), "text": text} for day, text in marks],
        **DOCUMENT,
        **more,
    }
    found: list[dict[str, Any]] = call(
        school.service, OtherSchools.enter_other_school_marks, actor or school.teacher, **command
    )["marks"]
    return found


def page(school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.term_id, **more}
    return call(school.service, OtherSchools.other_school_marks, actor or school.teacher, **command)


def withdraw(school: Any, mark: dict[str, Any]) -> dict[str, Any]:
    command = {"mark_id": mark["id"], "reason": "Ошибка в справке"}
    return call(school.service, OtherSchools.withdraw_other_school_mark, school.teacher, **command)


def own_row(school: Any) -> dict[str, Any]:
    (row,) = [row for row in sheet(school)["rows"] if row["student_id"] == str(school.students[0])]
    return row


def explained(school: Any, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.term_id, "student_id": school.students[0], **more}
    return call(school.service, TermMarks.explained_term_mark, school.parent, **command)


def test_who_came_is_offered_with_the_first_day(came: Any) -> None:
    found = page(came)
    assert [(one["student_id"], one["since"]) for one in found["students"]] == [
        (str(came.students[0]), str(came.day(CAME)))
    ]
    assert (found["may_enter"], found["marks"], found["earlier_terms"]) == (True, [], [])


@on_both
def test_marks_of_a_document_stand_as_brought_and_count(came: Any) -> None:
    first, second = enter(came, (-40, "5"), (-30, "4/5"))
    assert (first["text"], first["school"], first["document"]) == ("5", "Школа № 5", DOCUMENT["document"])
    assert (first["entered_by"], second["text"]) == (str(came.teacher.person_id), "4/5")
    row = own_row(came)
    assert (row["mean"], row["counted"]) == ("4.25", 4)  # (5 + 4 + 5 + 3) / 4
    (brought,) = sheet(came)["brought"]
    assert (brought["origin"]["school"], [mark["text"] for mark in brought["marks"]]) == ("Школа № 5", ["5", "4/5"])
    found = explained(came)
    assert [(one["text"], (one["origin"] or {}).get("document")) for one in found["inputs"]] == [
        ("5", DOCUMENT["document"]), ("4", DOCUMENT["document"]), ("5", DOCUMENT["document"]), ("3", None)
    ]  # fmt: skip
    family = call(came.service, Journal.marks_of, came.parent, student_id=came.students[0])
    subject = next(one for one in family["subjects"] if one["title"] == "Algebra 7A")
    assert ([mark["value"] for mark in subject["marks"]], subject["mean"]["value"]) == (["5", "4/5", "3"], "4.25")
    of_class = {"class_id": came.class_id, "term_id": came.term_id}
    cells = call(came.service, TermMarks.class_term_marks, came.homeroom, **of_class)["cells"]
    means = {(cell["course_id"], cell["student_id"]): cell["mean"] for cell in cells}
    assert means[str(came.course_id), str(came.students[0])] == "4.25"


def test_a_policy_that_does_not_count_them_leaves_them_out_with_the_reason(came: Any) -> None:
    enter(came, (-40, "5"))
    usual = policy_with("five", NOON_ZONE)
    voted = replace(usual, version=1, means=replace(usual.means, brought=Rule(False, VOTE)))
    with came.service.unit_of_work.of(came.id) as session:
        policy_recording.new_draft(session, came.methodologist, voted)
        draft = policy_queries.draft(session)
        assert draft is not None
        policy_recording.adopted(session, came.director, draft, came.day(-100), "протокол № 1")
    assert own_row(came)["mean"] == "3.00"
    brought, own = explained(came)["inputs"]
    assert (brought["number"], brought["left_out"]["en"]) == (
        None, ["it was set at another school, and such marks do not count"]
    )  # fmt: skip
    assert own["number"] == "3"


def test_the_mark_of_an_earlier_term_counts_in_the_year(came: Any) -> None:
    earlier = uuid7()
    dates = {"starts_on": came.day(-100), "ends_on": came.day(-50)}
    year = {"id": earlier, "year_id": came.year_id, "title": "1", "division": "", **dates}
    with came.service.unit_of_work.of(came.id) as session:
        session.execute(update(Term).where(Term.id == came.term_id).values(starts_on=came.day(-49)))
        session.execute(update(Term).where(Term.id == came.later_term_id).values(ends_on=came.day(22)))
    came.save(Term, year)
    assert [term["id"] for term in page(came)["earlier_terms"]] == [str(earlier)]
    (mark,) = enter(came, term_marks=[{"term_id": earlier, "text": "4"}])
    assert (mark["term"], mark["date"], mark["kind"]) == ("1", None, "")
    with pytest.raises(Conflict) as refused:
        enter(came, term_marks=[{"term_id": earlier, "text": "5"}])
    assert refused.value.rule == "term-mark-brought"
    found = explained(came, term_id=came.later_term_id, kind="year")
    first = found["inputs"][0]
    assert (first["text"], first["number"], first["origin"]["school"]) == ("4", "4", "Школа № 5")
    family = call(came.service, TermMarks.student_term_marks, came.parent, student_id=came.students[0])
    (subject,) = [one for one in family["subjects"] if one["course_id"] == str(came.course_id)]
    ((shown),) = subject["marks"]
    assert (shown["term_id"], shown["value"], shown["origin"]["school"]) == (str(earlier), "4", "Школа № 5")


def test_a_mark_that_was_withdrawn_stays_in_the_list_and_counts_no_more(came: Any) -> None:
    (mark,) = enter(came, (-40, "5"))
    command = {"mark_id": mark["id"], "reason": "Ошибка в справке"}
    gone = call(came.service, OtherSchools.withdraw_other_school_mark, came.teacher, **command)
    assert (gone["withdrawn_by"], gone["reason"]) == (str(came.teacher.person_id), "Ошибка в справке")
    assert (own_row(came)["mean"], sheet(came)["brought"]) == ("3.00", [])
    assert [one["reason"] for one in page(came)["marks"]] == ["Ошибка в справке"]
    with pytest.raises(Conflict) as refused:
        call(came.service, OtherSchools.withdraw_other_school_mark, came.teacher, **command)
    assert refused.value.rule == "mark-withdrawn"


@pytest.mark.parametrize(
    ("marks", "rule", "field"),
    [
        ([(-40, "5"), (CAME, "5")], "student-was-here", "marks.1.date"),
        ([(-150, "5")], "day-outside-term", "marks.0.date"),
        ([(-40, "ж")], "cell-unreadable", "marks.0.text"),
        ([(-40, "н")], "absence-in-mark", "marks.0.text"),
        ([], "no-marks", "marks"),
    ],
)
def test_a_document_with_a_fault_is_refused_whole_with_the_place(
    came: Any, marks: list[tuple[int, str]], rule: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        enter(came, *marks)
    assert (refused.value.field, came.count(OtherSchoolMark)) == (field, 0)
    assert refused.value.rule == rule


def test_who_was_here_all_the_year_brings_nothing(came: Any) -> None:
    with pytest.raises(NotFound):
        enter(came, (-40, "5"), student_id=came.students[1])
    with pytest.raises(Invalid) as refused:
        enter(came, term_marks=[{"term_id": came.term_id, "text": "5"}])
    assert refused.value.rule == "term-of-this-school"


def test_a_teacher_of_the_course_and_the_methodologist_enter_and_withdraw(came: Any) -> None:
    (mark,) = enter(came, (-40, "5"), actor=came.methodologist)
    with pytest.raises(Forbidden):
        enter(came, (-39, "5"), actor=came.homeroom)
    assert page(came, came.homeroom)["may_enter"] is False
    withdrawal = {"mark_id": mark["id"], "reason": "не та справка"}
    for actor, refused in ((came.other_teacher, NotFound), (came.homeroom, Forbidden)):
        with pytest.raises(refused):
            call(came.service, OtherSchools.withdraw_other_school_mark, actor, **withdrawal)
    call(came.service, OtherSchools.withdraw_other_school_mark, came.methodologist, **withdrawal)


def test_nothing_is_entered_in_a_closed_term(came: Any) -> None:
    came.end_term(5)
    with pytest.raises(Conflict) as refused:
        enter(came, (-40, "5"))
    assert refused.value.rule == "term-closed"


def test_what_was_brought_from_another_school_moves_on_with_the_student(came: Any) -> None:
    """Into 7Б, where the marks of both places count."""
    enter(came, (-40, "5"))
    new_course = uuid7()
    with came.service.unit_of_work.of(came.id) as session:
        like = session.execute(select(Course.subject_id, Course.year_id).where(Course.id == came.course_id)).one()
        ended = update(CourseMember).where(
            CourseMember.course_id == came.course_id, CourseMember.student_id == came.students[0]
        )
        session.execute(ended.values(until=came.today))
    came.save(Course, {"id": new_course, "title": "Algebra 7B", "class_id": None, **like._asdict()})
    came.save(CourseMember, came.member_row(new_course, came.students[0], 1))
    found = sheet(came, came.director, new_course)
    assert [(one["origin"]["title"], one["origin"]["school"]) for one in found["brought"]] == [
        ("Algebra 7A", ""), ("", "Школа № 5")
    ]  # fmt: skip
    assert found["rows"][0]["mean"] == "4.00"


def test_a_mark_of_a_closed_term_is_not_withdrawn(came: Any) -> None:
    """It would change figures of a term that nobody may change any more."""
    (mark,) = enter(came, (-40, "5"))
    came.end_term(5)
    with pytest.raises(Conflict) as refused:
        withdraw(came, mark)
    assert refused.value.rule == "term-closed"
    assert [one["withdrawn_at"] for one in page(came)["marks"]] == [None]


def test_a_mark_is_not_withdrawn_from_a_class_whose_marks_are_locked(came: Any) -> None:
    (mark,) = enter(came, (-40, "5"))
    all_checked(came)
    of_class(came, TermMarks.lock_term_marks, came.methodologist)
    with pytest.raises(Conflict) as refused:
        withdraw(came, mark)
    assert refused.value.rule == "term-marks-locked"


def test_the_mark_of_an_earlier_term_is_withdrawn_while_the_last_one_is_open(came: Any) -> None:
    earlier = uuid7()
    dates = {"starts_on": came.day(-100), "ends_on": came.day(-50)}
    with came.service.unit_of_work.of(came.id) as session:
        session.execute(update(Term).where(Term.id == came.term_id).values(starts_on=came.day(-49)))
    came.save(Term, {"id": earlier, "year_id": came.year_id, "title": "1", "division": "", **dates})
    (mark,) = enter(came, term_marks=[{"term_id": earlier, "text": "4"}])
    assert withdraw(came, mark)["withdrawn_by"] == str(came.teacher.person_id)


@on_both
def test_of_two_who_enter_the_mark_of_one_term_at_once_the_second_is_told_of_the_first(came: Any) -> None:
    earlier = uuid7()
    dates = {"starts_on": came.day(-100), "ends_on": came.day(-50)}
    with came.service.unit_of_work.of(came.id) as session:
        session.execute(update(Term).where(Term.id == came.term_id).values(starts_on=came.day(-49)))
    came.save(Term, {"id": earlier, "year_id": came.year_id, "title": "1", "division": "", **dates})
    outcomes = at_once(
        *[lambda text=text: enter(came, term_marks=[{"term_id": earlier, "text": text}]) for text in "45"]
    )
    assert [getattr(one, "rule", "entered") for one in outcomes].count("term-mark-brought") == 1
    assert came.count(OtherSchoolMark) == 1


def test_who_moved_within_the_school_came_to_it_with_the_first_course(came: Any) -> None:
    """Such a student brings marks of other schools from before that day, who was here all the year brings none."""
    new_course, teacher = uuid7(), came.actor("teacher")
    with came.service.unit_of_work.of(came.id) as session:
        like = session.execute(select(Course.subject_id, Course.year_id).where(Course.id == came.course_id)).one()
        of_algebra = update(CourseMember).where(CourseMember.course_id == came.course_id)
        session.execute(of_algebra.values(until=came.day(-5)))
    came.save(Course, {"id": new_course, "title": "Algebra 7B", "class_id": None, **like._asdict()})
    came.save(CourseTeacher, {"course_id": new_course, "teacher_id": teacher.person_id})
    came.save(CourseMember, *[came.member_row(new_course, one, -4) for one in came.students])
    found = page(came, teacher, course_id=new_course)
    assert [(one["student_id"], one["since"]) for one in found["students"]] == [
        (str(came.students[0]), str(came.day(CAME)))
    ]
    with pytest.raises(Invalid) as refused:
        enter(came, (CAME + 1, "5"), actor=teacher, course_id=new_course)
    assert refused.value.rule == "student-was-here"
    with pytest.raises(NotFound):
        enter(came, (-40, "5"), actor=teacher, course_id=new_course, student_id=came.students[1])


def test_who_taught_the_course_reads_what_was_entered_until_the_own_last_day(came: Any) -> None:
    enter(came, (-40, "5"))
    came.end_term(5)
    former, last = came.actor("teacher"), came.actor("teacher")
    taught = {"course_id": came.course_id, "since": came.day(-100)}
    came.save(CourseTeacher, {**taught, "teacher_id": former.person_id, "until": came.day(-1)})
    came.save(CourseTeacher, {**taught, "teacher_id": last.person_id, "until": came.today})
    assert (page(came, former)["marks"], len(page(came, last)["marks"])) == ([], 1)
