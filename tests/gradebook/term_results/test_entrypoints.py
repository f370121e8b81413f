"""Term marks from the computed figure to the lock, on real SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.gradebook.openings import Openings
from contracts.gradebook.term_marks import TermMarks
from kernel.clock import now
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.gradebook.courses.tables import CourseMember
from services.gradebook.people.tables import StudentCopy
from services.gradebook.term_marks.tables import TermMark, TermSheetStep
from tests.gradebook.marks.test_entrypoints import body
from tests.gradebook.sheets.test_entries import enter, entry
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

WHY = "Решение учителя"


def course_page(school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.term_id, **more}
    return call(school.service, TermMarks.course_term_marks, actor or school.teacher, **command)


def set_marks(school: Any, *given: dict[str, Any], actor: Any = None, **more: Any) -> list[dict[str, Any]]:
    command = {"course_id": school.course_id, "term_id": school.term_id, "entries": list(given), **more}
    found: list[dict[str, Any]] = call(school.service, TermMarks.set_term_marks, actor or school.teacher, **command)[
        "answers"
    ]
    return found


def one(school: Any, student: int, value: str | None, **more: Any) -> dict[str, Any]:
    return {"student_id": school.students[student], "value": value, **more}


def told(answer: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """State, rule and what stands there."""
    return answer["state"], (answer["refusal"] or {}).get("rule"), (answer["mark"] or {}).get("value")


def everybody(school: Any, value: str = "н/а") -> list[dict[str, Any]]:
    return set_marks(school, *(one(school, number, value) for number in range(3)))


def hand_in(school: Any, actor: Any = None) -> list[dict[str, Any]]:
    command = {"course_id": school.course_id, "term_id": school.term_id}
    found: list[dict[str, Any]] = call(
        school.service, TermMarks.hand_in_term_marks, actor or school.teacher, **command
    )["states"]
    return found


def of_class(school: Any, what: Any, actor: Any) -> dict[str, Any]:
    return call(school.service, what, actor, class_id=school.class_id, term_id=school.term_id)


def of_family(school: Any, actor: Any = None, student: int = 0) -> dict[str, Any]:
    found = call(
        school.service, TermMarks.student_term_marks, actor or school.parent, student_id=school.students[student]
    )
    (own,) = [subject for subject in found["subjects"] if subject["course_id"] == str(school.course_id)]
    return {mark["term_id"]: mark for mark in own["marks"]}


def state(school: Any) -> str:
    ((found),) = course_page(school)["states"]
    return str(found["state"])


def three_marks(school: Any, student: int = 0) -> None:
    """Three marks in two cells."""
    enter(school, entry(school, student, "5/4"), entry(school, student, "4", kind_id=school.control_id))


@on_both
def test_the_computed_mark_stands_beside_the_set_one(school: Any) -> None:
    three_marks(school)
    page = course_page(school)
    row = next(one for one in page["rows"] if one["student_id"] == str(school.students[0]))
    # a control work weighs 2.5: (5 + 4 + 4 · 2.5) / 4.5
    assert (row["computed"]["text"], row["computed"]["mean"], row["computed"]["counted"]) == ("4", "4.22", 3)
    assert (row["mark"], row["refusal"], page["writable"]) == (None, None, True)
    assert page["choices"] == ["5", "4", "3", "2", "1", "н/а", "осв"]
    (answer,) = set_marks(school, one(school, 0, "4", comment=" Молодец "))
    assert told(answer) == ("saved", None, "4")
    assert (answer["mark"]["computed"], answer["mark"]["comment"], answer["mark"]["version"]) == ("4", "Молодец", 1)
    row = next(one for one in course_page(school)["rows"] if one["student_id"] == str(school.students[0]))
    assert row["mark"] == answer["mark"]


def test_another_mark_than_the_computed_ones_needs_a_reason(school: Any) -> None:
    three_marks(school)
    assert [told(found) for found in set_marks(school, one(school, 0, "5"), one(school, 1, "3"))] == [
        ("refused", "term-mark-differs", None),
        ("refused", "term-mark-differs", None),
    ]
    (answer,) = set_marks(school, one(school, 0, "5", reason=WHY))
    assert (told(answer), answer["mark"]["reason"]) == (("saved", None, "5"), WHY)


@pytest.mark.parametrize(
    ("text", "stands"), [("н/а", "н/а"), ("НА", "н/а"), ("зач", None), ("4+", None), ("6", None), ("Осв.", "осв")]
)
def test_a_term_mark_is_read_as_it_is_meant(school: Any, text: str, stands: str | None) -> None:
    (answer,) = set_marks(school, one(school, 0, text, reason=WHY))
    assert told(answer) == (("saved", None, stands) if stands else ("refused", "no-such-term-mark", None))


def test_one_bad_entry_costs_that_entry(school: Any) -> None:
    answers = set_marks(school, one(school, 0, "н/а"), one(school, 1, "ж"), {"student_id": uuid7(), "value": "5"})
    assert [told(found)[:2] for found in answers] == [
        ("saved", None),
        ("refused", "no-such-term-mark"),
        ("refused", "student-not-in-course"),
    ]
    assert school.count(TermMark) == 1


def test_who_changed_it_first_is_told_apart(school: Any) -> None:
    everybody(school)
    (answer,) = set_marks(school, one(school, 0, "5", reason=WHY))
    assert told(answer) == ("conflict", "stale", "н/а")
    (answer,) = set_marks(school, one(school, 0, "5", reason=WHY, version=1))
    assert told(answer) == ("saved", None, "5")
    (answer,) = set_marks(school, one(school, 0, "5", version=1))
    assert (told(answer), answer["mark"]["version"]) == (("saved", None, "5"), 2), "it says what stands there"


def test_every_state_is_kept(school: Any) -> None:
    everybody(school)
    set_marks(school, one(school, 0, "5", reason=WHY, version=1))
    set_marks(school, one(school, 0, None, reason=WHY, version=2))
    command = {"course_id": school.course_id, "term_id": school.term_id, "student_id": school.students[0]}
    revisions = call(school.service, TermMarks.term_mark_history, school.homeroom, **command)["revisions"]
    assert [(found["version"], found["value"], found["reason"]) for found in revisions] == [
        (1, "н/а", ""), (2, "5", WHY), (3, None, WHY)
    ]  # fmt: skip
    assert {found["set_by"] for found in revisions} == {str(school.teacher.person_id)}


def others_set(school: Any) -> None:
    """The other courses of the class's students are handed in too."""
    for course_id, teacher in ((school.group_id, school.teacher), (school.other_course_id, school.other_teacher)):
        rows = course_page(school, teacher, course_id=course_id)["rows"]
        own = [found for found in rows if found["refusal"] is None]
        given = [{"student_id": found["student_id"], "value": "н/а"} for found in own]
        set_marks(school, *given, actor=teacher, course_id=course_id)
        command = {"course_id": course_id, "term_id": school.term_id}
        call(school.service, TermMarks.hand_in_term_marks, teacher, **command)


def all_checked(school: Any) -> None:
    """The marks of the class are handed in and checked in all courses."""
    everybody(school)
    hand_in(school)
    others_set(school)
    of_class(school, TermMarks.check_term_marks, school.homeroom)


class TestTheWayToTheLock:
    """Open, set, checked, locked."""

    @on_both
    def test_it_is_walked_step_by_step(self, school: Any) -> None:
        assert state(school) == "open"
        everybody(school)
        (found,) = hand_in(school)
        assert (found["state"], found["missing"], found["class_id"]) == ("set", 0, str(school.class_id))
        others_set(school)
        checked = of_class(school, TermMarks.check_term_marks, school.homeroom)["states"]
        assert {one["state"] for one in checked} == {"checked"}
        assert {one["course_id"] for one in checked} == set(
            map(str, (school.course_id, school.other_course_id, school.group_id))
        )
        locked = of_class(school, TermMarks.lock_term_marks, school.methodologist)["states"]
        assert {one["state"] for one in locked} == {"locked"}
        assert state(school) == "locked"
        assert school.count(TermSheetStep) == 9
        assert [body(one)["class_id"] for one in school.events("term_locked")] == [str(school.class_id)]

    def test_nobody_may_miss_a_mark(self, school: Any) -> None:
        set_marks(school, one(school, 0, "н/а"))
        with pytest.raises(Conflict) as refused:
            hand_in(school)
        assert (refused.value.rule, refused.value.params["count"]) == ("term-marks-missing", 2)

    def test_what_is_not_handed_in_is_not_checked_and_what_is_not_checked_not_locked(self, school: Any) -> None:
        everybody(school)
        with pytest.raises(Conflict) as refused:
            of_class(school, TermMarks.check_term_marks, school.homeroom)
        assert refused.value.rule == "term-marks-open"
        assert "Algebra 7A" in refused.value.params["courses"]
        hand_in(school)
        with pytest.raises(Conflict) as refused:
            of_class(school, TermMarks.lock_term_marks, school.methodologist)
        assert refused.value.rule == "term-marks-unchecked"

    def test_a_changed_mark_has_to_be_checked_again(self, school: Any) -> None:
        all_checked(school)
        set_marks(school, one(school, 0, "5", reason=WHY, version=1))
        assert state(school) == "set"
        set_marks(school, one(school, 0, None, reason=WHY, version=2))
        assert state(school) == "open"

    def test_locked_marks_are_corrected_only_while_the_methodologist_opens_them(self, school: Any) -> None:
        all_checked(school)
        of_class(school, TermMarks.lock_term_marks, school.methodologist)
        correction = one(school, 0, "5", reason=WHY, version=1)
        (answer,) = set_marks(school, correction)
        assert told(answer) == ("refused", "term-marks-locked", "н/а")
        call(
            school.service, Openings.open_lessons, school.methodologist, of="class", of_id=school.class_id,
            first=school.day(-20), last=school.day(30), until=now() + timedelta(days=1), reason="Ошибка в отметке",
        )  # fmt: skip
        (answer,) = set_marks(school, correction)
        assert told(answer) == ("saved", None, "5")
        assert state(school) == "locked"
        assert of_family(school)[str(school.term_id)]["previous"] == "н/а"
        (event,) = school.events("term_mark_changed")
        assert body(event)["student_id"] == str(school.students[0])

    def test_a_closed_term_takes_no_marks_and_says_who_opens_it(self, school: Any) -> None:
        school.end_term(10)
        with pytest.raises(Conflict) as refused:
            everybody(school)
        assert refused.value.rule == "term-closed"
        page = course_page(school)
        assert (page["writable"], page["refusal"]["rule"]) == (False, "term-closed")

    def test_a_term_that_has_not_begun_takes_none(self, school: Any) -> None:
        with pytest.raises(Conflict) as refused:
            set_marks(school, one(school, 0, "5"), term_id=school.later_term_id)
        assert refused.value.rule == "term-not-begun"


class TestFamilies:
    """What the family sees, and from when."""

    def test_nothing_is_seen_before_it_is_handed_in(self, school: Any) -> None:
        everybody(school)
        assert of_family(school) == {}
        hand_in(school)
        seen = of_family(school)[str(school.term_id)]
        assert (seen["value"], seen["previous"]) == ("н/а", None)
        (event,) = school.events("term_marks_set")
        assert sorted(body(event)["marks"]) == sorted(map(str, school.students))
        assert of_family(school, school.student) == of_family(school)

    def test_a_mark_that_is_set_after_the_others_were_handed_in_is_seen_at_once(self, school: Any) -> None:
        with school.service.unit_of_work.of(school.id) as session:
            session.query(CourseMember).filter_by(course_id=school.course_id, student_id=school.students[0]).update(
                {"until": school.day(-1)}
            )
        set_marks(school, one(school, 1, "н/а"), one(school, 2, "н/а"))
        hand_in(school)
        with school.service.unit_of_work.of(school.id) as session:
            session.query(CourseMember).filter_by(course_id=school.course_id, student_id=school.students[0]).update(
                {"until": None}
            )
        set_marks(school, one(school, 0, "н/а"))
        assert of_family(school)[str(school.term_id)]["value"] == "н/а"

    def test_handing_in_again_tells_nobody_twice(self, school: Any) -> None:
        everybody(school)
        hand_in(school)
        assert hand_in(school)[0]["state"] == "set"
        assert len(school.events("term_marks_set")) == 1

    def test_a_change_of_what_was_not_seen_needs_no_reason(self, school: Any) -> None:
        everybody(school)
        (answer,) = set_marks(school, one(school, 0, "н/а", version=1, comment="Мало отметок"))
        assert told(answer) == ("saved", None, "н/а")
        (answer,) = set_marks(school, one(school, 0, None, version=2))
        assert told(answer) == ("saved", None, None)
        assert school.events("term_mark_changed") == []

    @pytest.mark.parametrize("who", ["other_parent", "other_student", "other_teacher"])
    def test_another_family_sees_nothing(self, school: Any, who: str) -> None:
        with pytest.raises(NotFound):
            of_family(school, getattr(school, who))

    def test_the_figure_opens_for_the_family_and_for_no_other(self, school: Any) -> None:
        three_marks(school)
        command = {"course_id": school.course_id, "term_id": school.term_id, "student_id": school.students[0]}
        found = call(school.service, TermMarks.explained_term_mark, school.parent, **command)
        assert [(one["text"], one["number"], one["weight"]) for one in found["inputs"]] == [
            ("5", "5", "1"), ("4", "4", "1"), ("4", "4", "2.5")
        ]  # fmt: skip
        assert {one["date"] for one in found["inputs"]} == {school.today.isoformat()}
        assert (found["computed"]["text"], found["policy"]) == ("4", 0)
        assert "4.2222 не меньше порога 3.5: «4»." in " ".join(found["steps"]["ru"]).replace(",", ".")
        for other in (school.other_parent, school.other_student, school.other_teacher):
            with pytest.raises(NotFound) as refused:
                call(school.service, TermMarks.explained_term_mark, other, **command)
            assert refused.value.rule == "no-such-course"
        other_course = {**command, "course_id": school.first_course_id}
        with pytest.raises(NotFound) as refused:
            call(school.service, TermMarks.explained_term_mark, school.parent, **other_course)
        assert refused.value.rule == "no-such-course"


class TestWho:
    """Who reads, sets, checks and locks."""

    def test_only_the_courses_teacher_sets(self, school: Any) -> None:
        with pytest.raises(NotFound):
            set_marks(school, one(school, 0, "5"), actor=school.other_teacher)
        with pytest.raises(Forbidden):
            set_marks(school, one(school, 0, "5"), actor=school.homeroom)

    def test_the_class_is_its_homeroom_teachers_and_the_schools(self, school: Any) -> None:
        for reader in (school.homeroom, school.director, school.methodologist):
            assert of_class(school, TermMarks.class_term_marks, reader)["class_id"] == str(school.class_id)
        with pytest.raises(NotFound):
            of_class(school, TermMarks.class_term_marks, school.teacher)
        with pytest.raises(NotFound):
            of_class(school, TermMarks.check_term_marks, school.other_teacher)

    def test_who_reads_the_class_and_does_not_lead_it_checks_nothing(self, school: Any) -> None:
        reader = school.actor("director", "teacher")
        with pytest.raises(Forbidden) as refused:
            of_class(school, TermMarks.check_term_marks, reader)
        assert refused.value.rule == "not-your-class"

    def test_no_marks_are_set_in_grade_1(self, school: Any) -> None:
        school.save(CourseMember, school.member_row(school.first_course_id, school.first_grader))
        page = course_page(school, school.director, course_id=school.first_course_id)
        assert {one["refusal"]["rule"] for one in page["rows"]} == {"no-marks-in-grade-1"}
        assert page["states"] == []
        with pytest.raises(Conflict) as refused:
            call(
                school.service, TermMarks.check_term_marks, school.methodologist,
                class_id=school.first_class_id, term_id=school.term_id,
            )  # fmt: skip
        assert refused.value.rule == "no-term-marks"

    def test_who_left_before_the_end_gets_none_and_is_missed_nowhere(self, school: Any) -> None:
        with school.service.unit_of_work.of(school.id) as session:
            session.query(CourseMember).filter_by(course_id=school.course_id, student_id=school.students[2]).update(
                {"until": school.day(-1)}
            )
        assert told(set_marks(school, one(school, 2, "5"))[0])[:2] == ("refused", "left-the-course")
        set_marks(school, one(school, 0, "н/а"), one(school, 1, "н/а"))
        assert hand_in(school)[0]["state"] == "set"

    def test_a_student_is_named_once(self, school: Any) -> None:
        with pytest.raises(Invalid):
            set_marks(school, one(school, 0, "5"), one(school, 0, "4"))


def test_the_classs_page_shows_every_course_computed_beside_set(school: Any) -> None:
    three_marks(school)
    set_marks(school, one(school, 0, "5", reason=WHY))
    page = of_class(school, TermMarks.class_term_marks, school.homeroom)
    assert [found["title"] for found in page["courses"]] == sorted(found["title"] for found in page["courses"])
    cell = next(
        found
        for found in page["cells"]
        if (found["student_id"], found["course_id"]) == (str(school.students[0]), str(school.course_id))
    )
    assert (cell["value"], cell["computed"], cell["mean"], cell["explained"]) == ("5", "4", "4.22", True)
    (column,) = [found for found in page["courses"] if found["course_id"] == str(school.course_id)]
    assert (column["state"], column["missing"]) == ("open", 2)
    assert (page["may_check"], page["may_lock"]) == (True, False)


@on_both
def test_the_number_of_statements_does_not_depend_on_how_many_marks_there_are(school: Any, engine: Engine) -> None:
    three_marks(school)
    with statements(engine) as few:
        set_marks(school, one(school, 0, "4"))
    with statements(engine) as many:
        set_marks(school, one(school, 1, "н/а"), one(school, 2, "н/а"))
    assert len(many) == len(few)
    with statements(engine) as page:
        course_page(school)
    with statements(engine) as whole:
        of_class(school, TermMarks.class_term_marks, school.homeroom)
    assert (len(page), len(whole)) == (6, 7)


def test_a_student_of_no_class_counts_in_no_classs_state(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.query(StudentCopy).filter_by(student_id=school.students[2]).update({"class_id": None})
    page = course_page(school)
    assert [found["missing"] for found in page["states"]] == [2]


class TestJournalOfAClass:
    """The marks and means of a class in all courses."""

    def cell(self, school: Any, student: int = 0) -> dict[str, Any]:
        page = of_class(school, TermMarks.class_journal, school.homeroom)
        place = str(school.students[student]), str(school.course_id)
        (found,) = [one for one in page["cells"] if (one["student_id"], one["course_id"]) == place]
        return found

    def test_each_cell_has_the_mean_of_the_term_mark_and_the_last_marks(self, school: Any) -> None:
        three_marks(school)
        cell = self.cell(school)
        assert (cell["mean"], cell["computed"], cell["marks"], cell["needs"]) == ("4.22", "4", 3, [])
        assert [(one["date"], one["value"], one["brought"]) for one in cell["last"]] == [
            (str(school.today), "5/4", False), (str(school.today), "4", False)
        ]  # fmt: skip
        assert "Контрольная работа" in {one["kind"] for one in cell["last"]}
        page = of_class(school, TermMarks.class_term_marks, school.homeroom)
        means = {(one["student_id"], one["course_id"]): one["mean"] for one in page["cells"]}
        journal = of_class(school, TermMarks.class_journal, school.homeroom)
        assert {(one["student_id"], one["course_id"]): one["mean"] for one in journal["cells"]} == means

    def test_who_has_no_marks_and_who_would_not_pass_needs_attention(self, school: Any) -> None:
        enter(school, entry(school, 0, "2"))
        assert "failing" in self.cell(school)["needs"]
        assert self.cell(school, 1)["needs"] == ["no_marks"]
        set_marks(school, one(school, 1, "осв", reason=WHY))
        assert (self.cell(school, 1)["needs"], self.cell(school, 1)["value"]) == ([], "осв")

    def test_it_is_read_by_who_reads_the_classs_term_marks(self, school: Any) -> None:
        for reader in (school.homeroom, school.methodologist, school.director):
            assert of_class(school, TermMarks.class_journal, reader)["class_id"] == str(school.class_id)
        with pytest.raises(NotFound) as missing:
            call(school.service, TermMarks.class_journal, school.director, class_id=uuid7())
        with pytest.raises(NotFound) as refused:
            of_class(school, TermMarks.class_journal, school.teacher)
        assert refused.value.rule == missing.value.rule == "no-such-class"
        with pytest.raises(Forbidden):
            of_class(school, TermMarks.class_journal, school.parent)

    def test_the_number_of_statements_does_not_depend_on_how_many_marks_there_are(
        self, school: Any, engine: Engine
    ) -> None:
        with statements(engine) as few:
            of_class(school, TermMarks.class_journal, school.homeroom)
        three_marks(school)
        three_marks(school, 1)
        with statements(engine) as many:
            of_class(school, TermMarks.class_journal, school.homeroom)
        assert len(many) == len(few) == 7


class TestForecasts:
    """What a mark would be, and what a target needs."""

    def asked(self, school: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
        command = {"course_id": school.course_id, "term_id": school.term_id, "student_id": school.students[0], **more}
        return call(school.service, TermMarks.forecast_term_mark, actor or school.parent, **command)

    def test_further_marks_change_the_forecast_and_nothing_else(self, school: Any) -> None:
        three_marks(school)
        assert self.asked(school)["computed"]["mean"] == "4.22"
        # (5 + 4 + 4 · 2.5 + 5 · 2.5 + 5) / 8
        further = [{"kind_id": school.control_id, "text": "5"}, {"text": "5"}]
        found = self.asked(school, what_if=further)
        assert (found["computed"]["mean"], found["computed"]["text"]) == ("4.56", "5")
        assert self.asked(school)["computed"]["mean"] == "4.22"
        assert found["needed"] is None
        assert found["targets"] == ["5", "4", "3", "2", "1"]

    def test_a_target_needs_the_fewest_marks_of_the_schools_kinds(self, school: Any) -> None:
        three_marks(school)
        needed = self.asked(school, target="5")["needed"]
        assert needed["least"] == 1
        assert needed["said"]["ru"][1] == "— «5» × 1 (Контрольная работа)."
        assert self.asked(school, target="4")["needed"]["least"] == 0

    def test_what_is_no_mark_or_no_target_is_refused(self, school: Any) -> None:
        with pytest.raises(Invalid) as refused:
            self.asked(school, what_if=[{"text": "5"}, {"text": "7"}])
        assert (refused.value.rule, refused.value.field) == ("mark-off-scale", "what_if.1.text")
        with pytest.raises(Invalid) as refused:
            self.asked(school, target="6")
        assert refused.value.rule == "target-off-table"
        with pytest.raises(NotFound):
            self.asked(school, what_if=[{"kind_id": uuid7(), "text": "5"}])

    def test_it_is_nobody_elses(self, school: Any) -> None:
        for other in (school.other_parent, school.other_student, school.other_teacher):
            with pytest.raises(NotFound):
                self.asked(school, other)


def test_the_mean_of_a_student_who_was_never_in_the_course_opens(school: Any) -> None:
    """An import may bring marks of such a student, whose row the journal has; nobody sets a term mark for it."""
    three_marks(school)
    student = {"student_id": school.students[0]}
    with school.service.unit_of_work.of(school.id) as session:
        mine = CourseMember.course_id == school.course_id, CourseMember.student_id == school.students[0]
        session.execute(delete(CourseMember).where(*mine))
    command = {"course_id": school.course_id, "term_id": school.term_id}
    page = call(school.service, Journal.journal_page, school.teacher, **command)
    means = {one["student_id"]: one["mean"]["value"] for one in page["means"]}
    for actor in (school.teacher, school.homeroom, school.parent):
        found = call(school.service, TermMarks.explained_term_mark, actor, **command, **student)
        assert (found["computed"]["mean"], len(found["inputs"])) == (means[str(school.students[0])], 3)
        assert call(school.service, TermMarks.forecast_term_mark, actor, **command, **student)["computed"]["mean"]
    assert call(school.service, TermMarks.term_mark_history, school.homeroom, **command, **student)["revisions"] == []
    (answer,) = set_marks(school, one(school, 0, "4"))
    assert told(answer)[:2] == ("refused", "student-not-in-course")
    stranger = {"student_id": school.first_grader}
    with pytest.raises(NotFound):
        call(school.service, TermMarks.explained_term_mark, school.teacher, **command, **stranger)
