"""The record as it stood: what pages said at moments, and what they say of these moments later, on real SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, update
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import LEFT_OUT, THEN, TODAY, Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.gradebook.openings import Openings
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from kernel.clock import now
from kernel.contract import Rpc
from kernel.errors import Forbidden, Invalid, NotFound
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import CourseMember, CourseTeacher
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.tables import StudentCopy
from services.gradebook.policy.rules.defaults import VOTE, policy_with
from services.gradebook.policy.rules.policy import Rule
from services.gradebook.policy.tables import PolicyVersion
from tests.gradebook.brought.test_entrypoints import Move
from tests.gradebook.journal.test_entrypoints import changed, filled, taken_back
from tests.gradebook.other_schools.test_entrypoints import enter, withdraw
from tests.gradebook.sheets.test_entries import enter as enter_cells
from tests.gradebook.sheets.test_entries import entry
from tests.gradebook.term_results.test_entrypoints import (
    WHY,
    all_checked,
    everybody,
    hand_in,
    of_class,
    one,
    others_set,
    set_marks,
    told,
)
from tests.kit.calls import call, statements
from tests.kit.databases import on_both
from tests.kit.voting import adopt
from tests.noon import NOON_ZONE

#: Of a course, for its teachers.
PAGES = (Journal.journal_page, Sheets.sheet, TermMarks.course_term_marks, TermMarks.explained_term_mark)
#: Of a student, and of a class, for its homeroom teacher.
OF_STUDENT = (Journal.marks_of, TermMarks.student_term_marks)
OF_CLASS = (*OF_STUDENT, TermMarks.class_term_marks)
EVERY = (*PAGES, *OF_CLASS)
#: What says whether the reader may enter something, which nobody may in an earlier record.
ENTERING = {"as_of", "may_write", "writable", "refusal", "absences", "may_check", "may_lock"}


def asked(
    school: Any, method: Rpc, actor: Any = None, course_id: Any = None, of: Any = None, **more: Any
) -> dict[str, Any]:
    """`of` is the student, or class, of a method of these."""
    student_id, course = {"student_id": of or school.students[0]}, {"course_id": course_id or school.course_id}
    term = {"term_id": school.term_id}
    commands = {
        TermMarks.explained_term_mark: {**course, **term, **student_id},
        Journal.marks_of: {**term, **student_id},
        TermMarks.student_term_marks: student_id,
        TermMarks.class_term_marks: {"class_id": of or school.class_id, **term},
    }
    command = {**commands.get(method, {**course, **term}), **more}
    usual = school.homeroom if method in OF_CLASS else school.teacher
    return call(school.service, method, actor or usual, **command)


def said(answer: Any) -> Any:
    """An answer without what is said of entering."""
    if isinstance(answer, dict):
        left_out = {*ENTERING, "opened_until"} if "writable" in answer else ENTERING
        return {name: said(value) for name, value in answer.items() if name not in left_out}
    return [said(value) for value in answer] if isinstance(answer, list) else answer


class Record:
    """What the pages said at moments."""

    def __init__(self, school: Any, **more: Any) -> None:
        self.school, self.more = school, more
        self.seen: list[tuple[datetime, list[dict[str, Any]]]] = []

    def look(self) -> None:
        self.seen.append((now(), [said(asked(self.school, page, **self.more)) for page in EVERY]))

    def check(self) -> None:
        """Each moment's pages say now what they said then; and moments differ, or nothing would be tested."""
        assert all(before != after for (_, before), (_, after) in zip(self.seen, self.seen[1:], strict=False))
        for moment, pages in self.seen:
            for method, page in zip(EVERY, pages, strict=True):
                found = asked(self.school, method, as_of=moment, **self.more)
                assert said(found) == page, f"{method} as of {moment}"
                assert datetime.fromisoformat(found["as_of"]["moment"]) == moment


def described(school: Any, version: int, **changed: Any) -> None:
    command = {"lesson_id": school.lesson_id, "version": version, **changed}
    call(school.service, Lessons.describe_lesson, school.teacher, **command)


def opened(school: Any) -> dict[str, Any]:
    return call(
        school.service, Openings.open_lessons, school.methodologist, of="class", of_id=school.class_id,
        first=school.day(-20), last=school.day(30), until=now() + timedelta(days=1), reason="Ошибка в отметке",
    )  # fmt: skip


def steps(school: Any) -> Iterator[None]:
    """A record from its first mark to a correction after the lock, a step at a time."""
    first = school.post(0, "5")
    yield
    control = school.post(1, "2", kind_id=school.control_id)
    yield
    changed(school, first, "3")
    yield
    taken_back(school, first | {"version": 2})
    yield
    changed(school, first | {"version": 3}, "4+")  # set again
    yield
    taken_back(school, control)  # the column of control works goes
    yield
    described(school, 1, topic="Дроби")
    yield
    described(school, 2, topic="Десятичные дроби", homework="§ 3", homework_due=school.day(3))
    yield
    everybody(school)
    yield
    hand_in(school)
    yield
    others_set(school)
    of_class(school, TermMarks.check_term_marks, school.homeroom)
    yield
    of_class(school, TermMarks.lock_term_marks, school.methodologist)
    yield
    school.vote(edit_days=1)  # lessons of last week are closed from now on
    yield
    opening = opened(school)
    yield
    (answer,) = set_marks(school, one(school, 0, "5", reason=WHY, version=1))
    assert told(answer) == ("saved", None, "5")
    yield
    call(school.service, Openings.end_opening, school.methodologist, opening_id=opening["id"])
    yield


@on_both
def test_each_moment_is_told_as_it_was(school: Any) -> None:
    school.save(Lesson, school.lesson_row(uuid7(), school.course_id, school.day(-5)))
    record = Record(school)
    record.look()
    for _ in steps(school):
        record.look()
    assert len(record.seen) == 17
    record.check()


@on_both
def test_a_group_across_classes_is_told_as_it_was(school: Any) -> None:
    record = Record(school, course_id=school.group_id)
    command = {"lesson_id": school.group_lesson_id, "student_id": school.students[0], "value": "5"}
    record.look()
    mark = call(school.service, Marks.post_mark, school.teacher, **command)
    record.look()
    changed(school, mark, "4")
    record.look()
    record.check()


def test_marks_that_came_along_stand_as_they_did(school: Any) -> None:
    move = Move(school)
    opened(school)  # marks of who left are changed only then
    record = Record(school, course_id=move.course_id, actor=school.director)
    record.look()
    mark = asked(school, Journal.journal_page)["marks"][0]
    changed(school, mark, "2")
    record.look()
    taken_back(school, mark | {"version": 2})
    record.look()
    record.check()


def test_marks_of_other_schools_stand_until_they_are_withdrawn(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        mine = update(CourseMember).where(CourseMember.student_id == school.students[0])
        session.execute(mine.values(since=school.day(-10)))
    record = Record(school)
    record.look()
    marks = enter(school, (-20, "5"), (-15, "2"))
    record.look()
    withdraw(school, marks[1])
    record.look()
    record.check()


def test_a_lesson_that_is_seen_no_more_is_shown_with_the_marks_that_stood_in_it(school: Any) -> None:
    mark = school.post(0, "5")
    moment = now()
    taken_back(school, mark)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(state=State.DROPPED))
    for method, lessons, key in ((Sheets.sheet, "columns", "lesson_id"), (Journal.journal_page, "lessons", "id")):
        found = [asked(school, method, as_of=at)[lessons] for at in (moment, now())]
        assert [str(school.lesson_id) in {row[key] for row in rows} for rows in found] == [True, False]


def test_the_day_of_the_moment_decides_by_which_rules_and_what_is_still_open(school: Any) -> None:
    school.save(Lesson, school.lesson_row(uuid7(), school.course_id, school.day(-5)))
    school.vote(begins=-2, edit_days=1)
    with school.service.unit_of_work.of(school.id) as session:  # long before it began
        session.execute(update(PolicyVersion).values(adopted_at=now() - timedelta(days=30)))
    long_ago, lately = (now() - timedelta(days=days) for days in (5, 1))
    figures = [asked(school, TermMarks.explained_term_mark, as_of=at)["policy"] for at in (long_ago, lately)]
    assert figures == [0, 1]
    sheets = [asked(school, Sheets.sheet, as_of=at) for at in (long_ago, lately)]
    assert [sheet["today"] for sheet in sheets] == [str(school.day(-5)), str(school.day(-1))]
    assert [[one["held"] for one in sheet["columns"]] for sheet in sheets] == [[True, False, False]] * 2
    school.end_term(9)
    school.save(Lesson, school.lesson_row(uuid7(), school.course_id, school.day(-12)))
    pages = [asked(school, Journal.journal_page, as_of=now() - timedelta(days=days)) for days in (7, 4)]
    assert [[one["closed"] is None for one in page["lessons"]] for page in pages] == [[True], [False]]
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Term).where(Term.id == school.later_term_id).values(starts_on=school.day(-8)))
    for method in (Journal.marks_of, TermMarks.class_term_marks):
        found = [asked(school, method, term_id=None, as_of=at)["term"]["id"] for at in (now() - timedelta(12), None)]
        assert found == [str(school.term_id), str(school.later_term_id)], "the term of that day"


def test_before_the_first_entry_the_record_is_empty(school: Any) -> None:
    moment = now()
    school.post(0, "5")
    everybody(school)
    for earlier in (moment, datetime(2001, 1, 1, tzinfo=UTC)):
        page = asked(school, Journal.journal_page, as_of=earlier)
        assert (page["marks"], {row["mean"]["value"] for row in page["means"]}) == ([], {None})
        assert asked(school, Sheets.sheet, as_of=earlier)["marks"] == []
        assert {row["mark"] for row in asked(school, TermMarks.course_term_marks, as_of=earlier)["rows"]} == {None}
        of_student, of_terms, of_whole_class = (asked(school, method, as_of=earlier) for method in OF_CLASS)
        assert {len(subject["marks"]) for page in (of_student, of_terms) for subject in page["subjects"]} == {0}
        assert {(cell["value"], cell["mean"]) for cell in of_whole_class["cells"]} == {(None, None)}


def test_an_earlier_record_takes_nothing_and_says_what_of_it_is_todays(school: Any) -> None:
    school.post(0, "5")
    moment = now()
    assert asked(school, Journal.journal_page)["as_of"] is None
    page, sheet, marks = (asked(school, method, as_of=moment) for method in PAGES[:3])
    assert datetime.fromisoformat(page["as_of"].pop("moment")) == moment
    assert page["as_of"] == {"then": [*THEN], "today": [*TODAY], "left_out": [*LEFT_OUT]}
    assert (page["may_write"], sheet["may_write"], sheet["absences"]) == (False, False, "none")
    assert {(one["writable"], one["absences"], one["refusal"]["rule"]) for one in sheet["columns"]} == {
        (False, False, "earlier-record")
    }
    assert (marks["writable"], marks["refusal"]["rule"]) == (False, "earlier-record")
    for method in OF_CLASS:
        found = asked(school, method, school.methodologist, as_of=moment)
        assert (found["as_of"]["then"], found["as_of"]["today"]) == ([*THEN], [*TODAY])
        assert asked(school, method, school.methodologist)["as_of"] is None
    today, earlier = (asked(school, OF_CLASS[-1], school.methodologist, as_of=at) for at in (None, moment))
    assert [(page["may_check"], page["may_lock"]) for page in (today, earlier)] == [(True, True), (False, False)]


@pytest.mark.parametrize("method", EVERY, ids=repr)
@pytest.mark.parametrize(
    ("as_of", "rule"),
    [
        ("2999-01-01T00:00:00Z", "as-of-future"),
        ("1999-12-31T23:59:59Z", "as-of-too-early"),
        ("2026-10-03T14:05:00", "schema"),
        ("2026-10-03T14:05:00 04:00", "schema"),  # a `+` that a query made a blank
        ("2026-10-03", "schema"),
        ("9999-12-31T23:59:59-14:00", "schema"),
        ("0001-01-01T00:00:00+14:00", "schema"),
    ],
)
def test_a_moment_that_nobody_knows_is_refused(school: Any, method: Rpc, as_of: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(school, method, as_of=as_of)
    fields = {refused.value.field} | {fault.field for fault in refused.value.faults}
    assert (refused.value.rule, "as_of" in fields) == (rule, True)


def test_offsets_name_the_same_moment(school: Any) -> None:
    first = school.post(0, "5")
    moment = now()
    changed(school, first, "2")
    for zone in (timedelta(hours=11), timedelta(hours=-8)):
        local = (moment.replace(tzinfo=None) + zone).isoformat() + ("+11:00" if zone > timedelta() else "-08:00")
        (mark,) = asked(school, Journal.journal_page, as_of=local)["marks"]
        assert mark["value"] == "5"


def test_who_reads_the_page_reads_it_as_it_stood_and_families_do_not(school: Any) -> None:
    school.post(0, "5")
    moment = now()
    for actor in (school.teacher, school.homeroom, school.director, school.deputy, school.methodologist):
        for method in PAGES if actor is school.teacher else EVERY:
            assert asked(school, method, actor, as_of=moment)["as_of"]["then"] == [*THEN]
    for method in EVERY:
        with pytest.raises(NotFound):
            asked(school, method, school.other_teacher, as_of=moment)
    theirs = (TermMarks.explained_term_mark, *OF_STUDENT)
    for family in (school.parent, school.student):
        for method in theirs:
            assert asked(school, method, family)["as_of"] is None
            with pytest.raises(Forbidden) as refused:
                asked(school, method, family, as_of=moment)
            assert refused.value.rule == "as-of-for-staff"
        for method in set(EVERY) - set(theirs):
            with pytest.raises(Forbidden):
                asked(school, method, family, as_of=moment)
    for method in theirs:
        with pytest.raises(NotFound):
            asked(school, method, school.other_parent, as_of=moment)
    span = {"term_id": None, "starts_on": school.day(-5), "ends_on": school.day(5)}
    with pytest.raises(Forbidden):
        asked(school, Journal.marks_of, school.parent, as_of=moment, **span)
    by_date = asked(school, Journal.marks_of, as_of=moment, **span)
    assert [mark["value"] for subject in by_date["subjects"] for mark in subject["marks"]] == ["5"]


def test_a_teacher_who_is_a_parent_reads_the_childs_figure_of_then_only_in_an_own_course(school: Any) -> None:
    both = school.actor("teacher", "parent", person_id=school.parent.person_id)
    for method in (TermMarks.explained_term_mark, *OF_STUDENT):
        assert asked(school, method, both)["as_of"] is None
        with pytest.raises(Forbidden):
            asked(school, method, both, as_of=now())


def test_another_schools_marks_are_in_no_record(school: Any, another_school: Any) -> None:
    another_school.post(0, "5")
    for method in PAGES:
        with pytest.raises(NotFound):
            asked(school, method, school.director, course_id=another_school.course_id, as_of=now())
    for method in OF_CLASS:
        theirs = another_school.students[0] if method in OF_STUDENT else another_school.class_id
        with pytest.raises(NotFound):
            asked(school, method, school.director, of=theirs, as_of=now())


@on_both
def test_a_moment_costs_as_many_statements_as_today(school: Any, engine: Engine) -> None:
    counted = []
    for lessons in (0, 6):
        filled(school, lessons, per_lesson=2)
        for command in ({}, {"as_of": now()}):
            with statements(engine) as sent:
                for method in EVERY:
                    asked(school, method, **command)
            counted.append(len(sent))
    assert counted == [32, 32, 32, 32]


def test_a_cell_with_several_marks_is_told_as_it_was(school: Any) -> None:
    record = Record(school)
    enter_cells(school, entry(school, 0, "5/4", comment="молодец"))
    record.look()
    enter_cells(school, entry(school, 0, "3", "m1", reason=WHY))
    record.look()
    record.check()


def test_a_record_that_was_checked_by_nobody_yet_has_no_state(school: Any) -> None:
    moment = now()
    all_checked(school)
    (state,) = asked(school, TermMarks.course_term_marks, as_of=moment)["states"]
    assert (state["state"], state["missing"], state["changed_at"]) == ("open", 3, None)


def test_a_parent_who_taught_the_course_formerly_reads_as_a_family_does(school: Any) -> None:
    """A mark that was taken back within the minute is nothing that families ever see."""
    both = school.actor("teacher", "parent", person_id=school.parent.person_id)
    taught = {"since": school.day(-90), "until": school.day(-60)}
    school.save(CourseTeacher, {"course_id": school.course_id, "teacher_id": both.person_id, **taught})
    mark = school.post(0, "2")
    moment = now()
    taken_back(school, mark)
    command = {"course_id": school.course_id, "term_id": school.term_id, "student_id": school.students[0]}
    with pytest.raises(Forbidden) as refused:
        call(school.service, TermMarks.explained_term_mark, both, as_of=moment, **command)
    assert refused.value.rule == "as-of-for-staff"
    assert call(school.service, TermMarks.explained_term_mark, both, **command)["inputs"] == []


def first_shown(school: Any, as_of: datetime | None = None) -> list[tuple[str, str | None]]:
    """The term marks of the first student that the family sees, each with what stood there when it was handed in."""
    found = asked(school, TermMarks.student_term_marks, school.director, as_of=as_of)["subjects"]
    return [(mark["value"], mark["previous"]) for subject in found for mark in subject["marks"]]


def test_a_term_mark_is_the_familys_from_the_moment_it_was_handed_in(school: Any) -> None:
    """Whatever it was before: as of that time it is in no list of the student."""
    moments = [now()]
    everybody(school)
    moments.append(now())
    set_marks(school, one(school, 0, "4", reason=WHY, version=1))
    hand_in(school)
    moments.append(now())
    set_marks(school, one(school, 0, "5", reason=WHY, version=2))
    moments.append(now())
    assert [first_shown(school, at) for at in moments] == [[], [], [("4", None)], [("5", "4")]]


def test_a_student_who_went_to_another_class_keeps_what_was_handed_in(school: Any) -> None:
    everybody(school)
    hand_in(school)
    moment = now()
    with school.service.unit_of_work.of(school.id) as session:
        mine = update(StudentCopy).where(StudentCopy.student_id == school.students[0])
        session.execute(mine.values(class_id=uuid7()))
    assert first_shown(school, moment) == first_shown(school) == [("н/а", None)]


def test_a_policy_counts_from_the_moment_of_its_adoption(school: Any) -> None:
    school.post(0, "5")
    school.post(0, "2", kind_id=school.control_id)
    moment = now()
    usual = policy_with("five", NOON_ZONE)
    heavy = Rule(Decimal(9), VOTE)
    adopt(
        school.service, replace(usual, means=replace(usual.means, weight=heavy)), school.day(-200),
        school.methodologist, school.director,
    )  # fmt: skip
    means = [[*means_of(school, at)] for at in (moment, now())]
    assert means == [["2.86"] * 2, ["3.50"] * 2], "(5 + 2 · 2.5) / 3.5 before, then both weigh alike"


def means_of(school: Any, as_of: datetime) -> Iterator[str]:
    """The first student's mean in algebra: on the student's page, and on that of the class."""
    for subject in asked(school, Journal.marks_of, as_of=as_of)["subjects"]:
        if subject["course_id"] == str(school.course_id):
            yield subject["mean"]["value"]
    for cell in asked(school, TermMarks.class_term_marks, as_of=as_of)["cells"]:
        if (cell["course_id"], cell["student_id"]) == (str(school.course_id), str(school.students[0])):
            yield cell["mean"]
