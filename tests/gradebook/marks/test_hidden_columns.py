"""Columns that families see from a moment on: before it nothing of them is told, then they are announced once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, update

from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from kernel.clock import now
from kernel.errors import Invalid, NotFound
from services.gradebook.marks import tables
from services.gradebook.marks.tables import ColumnSetting
from tests.gradebook.brought.test_entrypoints import Move, move  # noqa: F401  # a fixture
from tests.gradebook.marks.test_counting_columns import change, of_course
from tests.gradebook.sheets.test_entries import enter, entry
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

DAY = timedelta(days=1)


def hide(school: Any, *, helps: bool = False, version: int | None = None, **more: Any) -> dict[str, Any]:
    return change(school, helps=helps, version=version, visible_from=now() + DAY, **more)


def time_passes(school: Any) -> None:
    """The moment from which families see the columns has come."""
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(ColumnSetting).values(visible_from=now() - timedelta(minutes=1)))


def family_reads(school: Any, actor: Any = None) -> dict[str, Any]:
    """All that families read of the first student's marks."""
    actor, student = actor or school.parent, {"student_id": school.students[0]}
    course, term = {"course_id": school.course_id}, {"term_id": school.term_id}
    whole = {"starts_on": school.day(-50), "ends_on": school.day(50)}
    return {
        "week": call(school.service, Journal.diary_week, actor, **student, date=school.today),
        "term": call(school.service, Journal.marks_of, actor, **student, **term),
        "dates": call(school.service, Journal.marks_of, actor, **student, **whole),
        "trend": call(school.service, Journal.subject_trend, actor, **student, **course),
        "figure": call(school.service, TermMarks.explained_term_mark, actor, **student, **course, **term),
        "forecast": call(school.service, TermMarks.forecast_term_mark, actor, **student, **course, **term),
        "target": call(
            school.service, TermMarks.forecast_term_mark, actor, **student, **course, **term, target="5"
        ),
        "term marks": call(school.service, TermMarks.student_term_marks, actor, **student),
    }  # fmt: skip


def announced(school: Any, *names: str) -> list[tuple[str, dict[str, Any]]]:
    found = school.events(*(names or ("mark_posted", "marks_posted", "mark_changed")))
    return [(one.event, msgspec.json.decode(one.body)) for one in found]


@on_both
def test_before_the_moment_families_read_what_they_would_without_the_column(school: Any) -> None:
    school.post(0, "4")
    before = {actor: family_reads(school, actor) for actor in (school.parent, school.student)}
    hide(school)
    mark = school.post(0, "2", kind_id=school.control_id)
    for actor, page in before.items():
        assert family_reads(school, actor) == page
        with pytest.raises(NotFound):
            call(school.service, Marks.mark_history, actor, mark_id=mark["id"])
    change_of = {"mark_id": mark["id"], "reason": "Описка", "version": 1}
    call(school.service, Marks.change_mark, school.teacher, value="3", comment="Видно позже", **change_of)
    assert family_reads(school) == before[school.parent]
    time_passes(school)
    after = family_reads(school)
    assert all(after[name] != before[school.parent][name] for name in after if name != "term marks")
    assert call(school.service, Marks.mark_history, school.parent, mark_id=mark["id"])["revisions"]


def test_staff_see_it_with_the_moment_and_in_the_means(school: Any) -> None:
    hide(school)
    mark = school.post(0, "2", kind_id=school.control_id)
    sheet = of_course(school, Sheets.sheet)
    assert [(one["kind"], one["visible_from"] is not None) for one in sheet["columns"][:2]] == [
        ("Контрольная работа", True), ("Ответ на уроке", False)
    ]  # fmt: skip
    assert {one["student_id"]: one["mean"] for one in sheet["rows"]}[str(school.students[0])] == "2.00"
    for reader in (school.teacher, school.homeroom, school.director):
        assert call(school.service, Marks.mark_history, reader, mark_id=mark["id"])["revisions"]
        figure = of_course(school, TermMarks.explained_term_mark, reader, student_id=school.students[0])
        assert figure["computed"]["mean"] == "2.00"


def test_who_teaches_elsewhere_and_is_the_parent_reads_as_the_family(school: Any) -> None:
    hide(school)
    mark = school.post(0, "2", kind_id=school.control_id)
    parent = school.actor("parent", "teacher", person_id=school.parent.person_id)
    with pytest.raises(NotFound):
        call(school.service, Marks.mark_history, parent, mark_id=mark["id"])
    assert of_course(
        school, TermMarks.explained_term_mark, parent, student_id=school.students[0]
    )["computed"]["mean"] is None  # fmt: skip


def test_what_came_along_is_hidden_in_the_new_course_too(move: Move) -> None:  # noqa: F811  # the fixture
    school = move.school
    with school.service.unit_of_work.of(school.id) as session:
        marks = session.query(tables.Mark).filter_by(student_id=school.students[0]).all()
    hidden = {(one.lesson_id, one.kind_id) for one in marks}
    student = {"student_id": school.students[0]}
    before = call(school.service, Journal.marks_of, school.parent, **student, term_id=school.term_id)
    assert any(one["marks"] for one in before["subjects"])
    school.save(
        ColumnSetting,
        *(
            {"id": lesson, "lesson_id": lesson, "kind_id": kind, "only_if_helps": False,
             "visible_from": now() + DAY, "unannounced": True, "version": 1}
            for lesson, kind in hidden
        ),
    )  # fmt: skip
    after = call(school.service, Journal.marks_of, school.parent, **student, term_id=school.term_id)
    assert not any(one["marks"] for one in after["subjects"])
    courses = {one["course_id"] for one in before["subjects"] if one["marks"]}
    for course_id in courses:
        figure = {"course_id": course_id, "term_id": school.term_id, **student}
        assert call(school.service, TermMarks.explained_term_mark, school.parent, **figure)["inputs"] == []
        assert call(school.service, TermMarks.forecast_term_mark, school.parent, **figure)["computed"]["mean"] is None


def test_nothing_is_announced_before_the_moment_and_the_column_once_then(school: Any) -> None:
    hide(school)
    first = school.post(0, "5", kind_id=school.control_id)
    marks = [{"student_id": one, "value": "4"} for one in school.students[1:]]
    place = {"lesson_id": school.lesson_id, "kind_id": school.control_id}
    saved = call(school.service, Marks.set_column, school.teacher, marks=marks, **place)["marks"]
    (_,) = enter(school, {**entry(school, 1, "3", "m1", reason="Описка"), "kind_id": school.control_id})
    change_of = {"mark_id": first["id"], "reason": "Описка", "version": 1}
    call(school.service, Marks.change_mark, school.teacher, value="3", **change_of)
    school.service.announce_shown_columns()
    assert announced(school) == []
    facts = call(
        school.service, Journal.notices, school.service_actor("notifications"), mark_ids=[first["id"]]
    )["marks"]  # fmt: skip
    assert facts == []
    time_passes(school)
    for _ in range(2):
        school.service.announce_shown_columns()
    given = {one["student_id"]: one["id"] for one in (first, *saved)}
    assert announced(school) == [("marks_posted", {"lesson_id": str(school.lesson_id), "marks": given})]
    school.post(0, "5")
    assert [name for name, _ in announced(school)] == ["marks_posted", "mark_posted"], "another column is told at once"


def test_a_column_that_is_shown_earlier_after_all_is_announced_then(school: Any, another_school: Any) -> None:
    for one in (school, another_school):
        hide(one)
        one.post(0, "5", kind_id=one.control_id)
    change(school, helps=False, version=1)
    assert announced(school) == []
    school.service.announce_shown_columns()
    assert [name for name, _ in announced(school)] == ["marks_posted"]
    assert announced(another_school) == []


def test_work_that_is_owed_in_it_is_told_later_too(school: Any) -> None:
    hide(school, kind_id=None)
    enter(school, entry(school, 0, "."))
    assert family_reads(school)["week"]["owed"] == []
    assert of_course(school, Sheets.sheet)["owed"]
    time_passes(school)
    assert len(family_reads(school)["week"]["owed"]) == 1


def test_a_column_is_not_hidden_for_ever(school: Any) -> None:
    with pytest.raises(Invalid) as refused:
        change(school, visible_from=now() + timedelta(days=400))
    assert (refused.value.rule, refused.value.field) == ("visible-too-late", "visible_from")


def test_hidden_columns_cost_families_no_statement(school: Any, engine: Engine) -> None:
    school.post(0, "4")
    family_reads(school)
    with statements(engine) as few:
        family_reads(school)
    hide(school)
    school.post(0, "2", kind_id=school.control_id)
    with statements(engine) as many:
        family_reads(school)
    assert len(few) == len(many)
