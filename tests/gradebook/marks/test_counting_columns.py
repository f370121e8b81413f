"""Columns whose marks count only where they raise the mean: every page that tells a mean tells the same."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from contracts.gradebook.voting import Voting
from kernel.clock import now
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks import tables
from tests.gradebook.brought.test_entrypoints import Move, move  # noqa: F401  # a fixture
from tests.gradebook.voting.test_entrypoints import drafted
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

LOWERS = "понизила бы средний балл"


def change(school: Any, *, helps: bool = True, version: int | None = None, **more: Any) -> dict[str, Any]:
    actor = more.pop("actor", school.teacher)
    command = {"lesson_id": school.lesson_id, "kind_id": school.control_id, "only_if_helps": helps, "seen": version}
    return call(school.service, Marks.change_column, actor, **{**command, **more})


def of_course(school: Any, method: Any, actor: Any = None, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.term_id, **more}
    return call(school.service, method, actor or school.teacher, **command)


def means(school: Any, **more: Any) -> dict[str, Any]:
    """What each page says of the first student's mean in the course."""
    student = {"student_id": school.students[0]}
    sheet = of_course(school, Sheets.sheet, **more)
    page = of_course(school, Journal.journal_page, **more)
    found = {
        "grid": next(one["mean"] for one in sheet["rows"] if one["student_id"] == str(school.students[0])),
        "page": next(
            one["mean"]["value"] for one in page["means"] if one["student_id"] == str(school.students[0])
        ),
        "explained": of_course(school, TermMarks.explained_term_mark, **student, **more)["computed"]["mean"],
    }  # fmt: skip
    if more:
        return found
    marks = call(school.service, Journal.marks_of, school.parent, **student, term_id=school.term_id)["subjects"]
    trend = call(school.service, Journal.subject_trend, school.parent, **student, course_id=school.course_id)
    forecast = of_course(school, TermMarks.forecast_term_mark, school.parent, **student)
    return found | {
        "family": next(one["mean"]["value"] for one in marks if one["course_id"] == str(school.course_id)),
        "trend": trend["terms"][0]["marks"][-1]["mean_after"],
        "forecast": forecast["computed"]["mean"],
    }


@on_both
def test_a_mark_that_would_lower_the_mean_counts_on_no_page_and_one_that_raises_it_on_all(school: Any) -> None:
    school.post(0, "4")
    control = school.post(0, "2", kind_id=school.control_id)
    assert set(means(school).values()) == {"2.57"}
    said = change(school)
    assert (said["only_if_helps"], said["version"]) == (True, 1)
    assert set(means(school).values()) == {"4.00"}
    call(
        school.service, Marks.change_mark, school.teacher,
        mark_id=control["id"], value="5", reason="Исправлено", version=1,
    )  # fmt: skip
    assert set(means(school).values()) == {"4.71"}


def test_the_opened_figure_says_why_the_mark_is_left_out(school: Any) -> None:
    school.post(0, "4")
    school.post(0, "2", kind_id=school.control_id)
    change(school)
    found = of_course(school, TermMarks.explained_term_mark, school.parent, student_id=school.students[0])
    assert {one["text"]: one["left_out"] and one["left_out"]["ru"] for one in found["inputs"]} == {
        "4": None, "2": ["она понизила бы средний балл"]
    }  # fmt: skip
    (subject,) = [
        one
        for one in call(school.service, Journal.marks_of, school.parent, student_id=school.students[0])["subjects"]
        if one["marks"]
    ]
    assert any(LOWERS in sentence for sentence in subject["mean"]["explanation"]["ru"])
    assert any("it would lower the mean" in sentence for sentence in subject["mean"]["explanation"]["en"])


def test_the_marks_that_a_target_needs_and_further_marks_know_it(school: Any) -> None:
    school.post(0, "4")
    school.post(0, "2", kind_id=school.control_id)
    asked = {"student_id": school.students[0], "target": "4"}
    before = of_course(school, TermMarks.forecast_term_mark, school.parent, **asked)
    change(school)
    after = of_course(school, TermMarks.forecast_term_mark, school.parent, **asked)
    assert "«5» × 1" in " ".join(before["needed"]["said"]["ru"])
    assert "«4» × 1" in " ".join(after["needed"]["said"]["ru"])
    further = [{"kind_id": None, "text": "3"}]
    found = of_course(school, TermMarks.forecast_term_mark, school.parent, **asked, what_if=further)
    assert found["computed"]["mean"] == "3.50"


def test_a_classs_term_marks_are_computed_alike(school: Any) -> None:
    school.post(0, "4")
    school.post(0, "2", kind_id=school.control_id)
    change(school)
    found = of_course(school, TermMarks.course_term_marks)
    (row,) = [one for one in found["rows"] if one["student_id"] == str(school.students[0])]
    of_class = call(
        school.service, TermMarks.class_term_marks, school.homeroom, class_id=school.class_id, term_id=school.term_id
    )
    cells = [one for one in of_class["cells"] if one["course_id"] == str(school.course_id)]
    (cell,) = [one for one in cells if one["student_id"] == str(school.students[0])]
    assert row["computed"]["mean"] == cell["mean"] == "4.00"


def test_marks_that_came_along_from_another_course_keep_it(move: Move) -> None:  # noqa: F811  # the fixture
    school = move.school
    assert move.new_row()["mean"] == "4.25"
    with school.service.unit_of_work.of(school.id) as session:
        four = session.query(tables.Mark).filter_by(student_id=move.student, value="4").one()
        column = {"lesson_id": four.lesson_id, "kind_id": four.kind_id}
    said = {"only_if_helps": True, "unannounced": False, "version": 1}
    school.save(tables.ColumnSetting, {"id": uuid7(), **column, **said})
    assert move.new_row()["mean"] == "4.33"


def test_a_draft_of_the_policy_is_previewed_by_the_same_means(school: Any) -> None:
    for student in range(3):
        school.post(student, "4")
        school.post(student, "2", kind_id=school.control_id)
    drafted(school, terms__least_marks=[{"lessons_a_week": "0", "marks": 1}])
    before = call(school.service, Voting.preview_policy, school.director)["shifts"]
    change(school)
    after = call(school.service, Voting.preview_policy, school.director)["shifts"]
    assert ({one["mean_after"] for one in before}, {one["mean_after"] for one in after}) == ({"2.57"}, {"4.00"})


def test_a_moment_has_the_means_of_what_was_said_then(school: Any) -> None:
    school.post(0, "4")
    school.post(0, "2", kind_id=school.control_id)
    plain = now()
    change(school)
    helping = now()
    change(school, helps=False, version=1)
    assert set(means(school).values()) == {"2.57"}
    assert set(means(school, as_of=helping).values()) == {"4.00"}
    assert set(means(school, as_of=plain).values()) == {"2.57"}
    columns = of_course(school, Sheets.sheet, as_of=helping)["columns"]
    assert [one["only_if_helps"] for one in columns if one["kind_id"] == str(school.control_id)] == [True]
    assert school.count(tables.ColumnSettingRevision) == 2


def test_the_grid_and_the_lessons_marks_tell_what_was_said_of_columns(school: Any) -> None:
    change(school)
    columns = of_course(school, Sheets.sheet)["columns"]
    found = {one["kind"]: (one["only_if_helps"], one["setting_version"]) for one in columns}
    assert found == {"Контрольная работа": (True, 1), "Ответ на уроке": (False, None)}, "a column without marks, too"
    told = call(school.service, Marks.lesson_marks, school.teacher, lesson_id=school.lesson_id)["settings"]
    assert told == [
        {
            "lesson_id": str(school.lesson_id), "kind_id": str(school.control_id), "only_if_helps": True,
            "visible_from": None, "version": 1,
        }
    ]  # fmt: skip


def test_what_somebody_else_said_meanwhile_is_not_overwritten(school: Any) -> None:
    change(school)
    with pytest.raises(Stale) as stale:
        change(school)
    assert stale.value.params["present"]["version"] == 1
    with pytest.raises(Invalid) as refused:
        change(school, version=1)
    assert refused.value.rule == "nothing-changes"
    assert change(school, helps=False, version=1)["version"] == 2


def test_who_sets_no_marks_in_a_column_says_nothing_of_it(school: Any) -> None:
    with pytest.raises(NotFound):
        change(school, actor=school.other_teacher)
    with pytest.raises(Forbidden):
        change(school, actor=school.actor("teacher", person_id=school.homeroom.person_id))
    with pytest.raises(Invalid) as refused:
        change(school, lesson_id=school.future_lesson_id)
    assert refused.value.rule == "lesson-in-future"
    with pytest.raises(NotFound):
        change(school, kind_id=school.course_id)


def test_a_closed_term_keeps_its_means(school: Any) -> None:
    lesson_id = uuid7()
    school.save(Lesson, school.lesson_row(lesson_id, school.course_id, school.day(-20)))
    school.end_term(10)
    with pytest.raises(Conflict) as refused:
        change(school, lesson_id=lesson_id)
    assert refused.value.rule == "term-closed"


def test_settings_of_columns_cost_no_statement_of_their_own(school: Any, engine: Engine) -> None:
    school.post(0, "4")
    school.post(0, "2", kind_id=school.control_id)
    with statements(engine) as few:
        of_course(school, Sheets.sheet)
    change(school)
    change(school, kind_id=None)
    with statements(engine) as many:
        of_course(school, Sheets.sheet)
    assert len(few) == len(many)
