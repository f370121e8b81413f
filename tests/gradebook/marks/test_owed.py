"""Work that students owe: noted by a point in a cell, told to the family, reminded of once, closed by a mark."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, update

from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from contracts.gradebook.sheets import Sheets
from kernel import clock
from kernel.errors import Invalid, NotFound, Stale
from services.gradebook.marks import entrypoints, tables
from services.gradebook.policy.tables import Setting
from tests.gradebook.sheets.test_entries import enter, entry
from tests.kit.calls import call, statements
from tests.kit.databases import on_both


def point(school: Any, after: int = 3) -> str:
    return f".{school.day(after):%d.%m.%Y}"


def note(school: Any, text: str, seen: str | None = None, **more: Any) -> dict[str, Any]:
    (answer,) = enter(school, entry(school, 0, text, seen, **more))
    return answer


def sheet(school: Any, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.term_id, **more}
    return call(school.service, Sheets.sheet, school.teacher, **command)


def diary(school: Any, actor: Any = None, student: int = 0) -> list[dict[str, Any]]:
    command = {"student_id": school.students[student], "date": school.today}
    found: list[dict[str, Any]] = call(school.service, Journal.diary_week, actor or school.parent, **command)["owed"]
    return found


def works(school: Any) -> list[tuple[str, int]]:
    with school.service.unit_of_work.of(school.id) as session:
        return [(one.state, one.version) for one in session.query(tables.OwedWork).order_by(tables.OwedWork.id)]


@on_both
def test_a_point_with_a_date_is_owed_until_a_mark_closes_it(school: Any) -> None:
    noted = note(school, point(school))
    assert (noted["state"], noted["marks"], noted["owed"]["version"]) == ("saved", None, 1)
    assert noted["owed"]["due"] == school.day(3).isoformat()
    (told,) = diary(school)
    assert told == {
        "lesson_id": str(school.lesson_id), "course_id": str(school.course_id), "title": "Algebra 7A",
        "kind": "Ответ на уроке", "date": school.today.isoformat(), "due": school.day(3).isoformat(), "overdue": False,
    }  # fmt: skip
    assert diary(school, school.student) == [told]
    assert diary(school, school.other_parent, 1) == [], "nobody else's"
    (cell,) = sheet(school)["owed"]
    assert cell[3:] == [1, school.day(3).isoformat()]
    marked = note(school, "4", "o1")
    assert (marked["state"], marked["marks"]["text"], marked["owed"]) == ("saved", "4", None)
    assert diary(school) == sheet(school)["owed"] == []
    assert works(school) == [("done", 2)]
    assert school.count(tables.OwedWorkRevision) == 2


def test_a_mark_of_any_way_closes_what_is_owed(school: Any) -> None:
    mark = school.post(0, "2")
    assert note(school, f"2 {point(school)}", "m1")["owed"]["version"] == 1
    change = {"mark_id": mark["id"], "reason": "Пересдал", "version": 1}
    call(school.service, Marks.change_mark, school.teacher, value="4", **change)
    assert works(school) == [("done", 2)]
    note(school, f"4 {point(school)}", "m2")
    note(school, "5", "m2", reason="Пересдал")  # whoever saw the cell before
    assert works(school) == [("done", 4)]
    enter(school, entry(school, 1, "."))
    school.post(1, "3")
    assert works(school)[1] == ("done", 2)
    enter(school, entry(school, 2, "."))
    marks = [{"student_id": school.students[2], "value": "3"}]
    call(school.service, Marks.set_column, school.teacher, lesson_id=school.lesson_id, marks=marks)
    assert works(school)[2] == ("done", 2)


def test_a_mark_that_is_taken_back_closes_nothing(school: Any) -> None:
    mark = school.post(0, "2")
    note(school, "2 .", "m1")
    change = {"mark_id": mark["id"], "reason": "Ошибка", "version": 1}
    call(school.service, Marks.change_mark, school.teacher, value=None, **change)
    assert works(school) == [("owed", 1)]


def test_a_point_is_moved_and_taken_away_by_who_has_seen_it(school: Any) -> None:
    note(school, point(school))
    assert note(school, point(school))["owed"]["version"] == 1, "it stands already"
    assert note(school, ".", None)["state"] == "conflict"
    assert note(school, "", None)["state"] == "conflict"
    assert note(school, point(school, 5), "o1")["owed"]["version"] == 2
    gone = note(school, "", "o2")
    assert (gone["state"], gone["owed"], works(school)) == ("saved", None, [("withdrawn", 3)])
    assert note(school, ".")["owed"] == {"text": ".", "due": None, "version": 4}
    assert [one["due"] for one in diary(school)] == [None]


def test_an_absence_stands_beside_what_is_owed(school: Any) -> None:
    answer = note(school, f"Н {point(school)}")
    assert (answer["state"], answer["absence"]["code"], answer["owed"]["version"]) == ("saved", "Н", 1)


def test_the_form_of_a_column_notes_and_tells_it_too(school: Any) -> None:
    def put(value: str | None, **more: Any) -> Any:
        marks = [{"student_id": school.students[0], "value": value, **more}]
        return call(school.service, Marks.set_column, school.teacher, lesson_id=school.lesson_id, marks=marks)

    saved = put(f"2 {point(school)}")
    assert ([one["value"] for one in saved["marks"]], [one["version"] for one in saved["owed"]]) == (["2"], [1])
    told = call(school.service, Marks.lesson_marks, school.teacher, lesson_id=school.lesson_id)["owed"]
    assert [(one["student_id"], one["due"]) for one in told] == [
        (str(school.students[0]), school.day(3).isoformat())
    ]  # fmt: skip
    with pytest.raises(Stale) as stale:
        put("2", version=1)
    assert stale.value.field == "marks.0.owed_version"
    assert put("2", version=1, owed_version=1)["owed"] == []
    with pytest.raises(Invalid) as refused:
        put("Н")
    assert refused.value.rule == "absence-in-mark"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (". .", "two-owed"),
        (".1.1.2001", "owed-before-lesson"),
        (".99", "owed-date-form"),
        (".31.02", "owed-date-unknown"),
    ],
)
def test_a_point_that_says_nothing_clear_is_refused(school: Any, text: str, rule: str) -> None:
    answer = note(school, text)
    assert (answer["state"], answer["refusal"]["rule"], works(school)) == ("refused", rule, [])


def test_where_no_marks_are_set_nothing_is_owed(school: Any) -> None:
    first = {**entry(school, 0, "."), "lesson_id": school.first_lesson_id, "student_id": school.first_grader}
    command = {"course_id": school.first_course_id, "entries": [first]}
    (answer,) = call(school.service, Sheets.enter_cells, school.teacher, **command)["answers"]
    assert answer["state"] == "refused"
    (future,) = enter(school, entry(school, 0, ".", lesson_id=school.future_lesson_id))
    assert (future["state"], future["refusal"]["rule"]) == ("refused", "lesson-in-future")
    with pytest.raises(NotFound):
        enter(school, entry(school, 0, "."), actor=school.other_teacher)
    assert works(school) == []


def test_a_post_of_a_mark_takes_no_point(school: Any) -> None:
    with pytest.raises(Invalid) as refused:
        school.post(0, ".")
    assert refused.value.rule == "owed-work-in-mark"


def test_a_moment_has_what_was_owed_then(school: Any) -> None:
    note(school, point(school))
    then = clock.now()
    note(school, "4", "o1")
    assert [one[3] for one in sheet(school, as_of=then)["owed"]] == [1]
    assert sheet(school)["owed"] == []


def test_the_grid_reads_it_with_its_frame_and_the_diary_with_the_student(school: Any, engine: Engine) -> None:
    def read() -> int:
        with statements(engine) as sent:
            sheet(school)
            diary(school)
        return len(sent)

    read()
    before = read()
    for student in range(3):
        enter(school, entry(school, student, point(school)))
    assert read() == before


def test_entering_points_costs_as_many_statements_for_one_as_for_many(school: Any, engine: Engine) -> None:
    with statements(engine) as one:
        enter(school, entry(school, 0, "."))
    with statements(engine) as two:
        enter(school, entry(school, 1, "."), entry(school, 2, "."))
    assert len(one) == len(two)


# --- reminders


def at_hour(school: Any, monkeypatch: pytest.MonkeyPatch, hour: int, day: int = 0) -> None:
    """The clock of the school says this hour of a day."""
    local = datetime.combine(school.day(day), datetime.min.time()).replace(hour=hour)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Setting).values(time_zone="UTC"))
    monkeypatch.setattr(entrypoints, "now", lambda: local.replace(tzinfo=clock.now().tzinfo))


def remind(school: Any) -> list[dict[str, Any]]:
    school.service.remind_of_owed_works()
    return [msgspec.json.decode(one.body) for one in school.events("owed_work_due")]


def test_the_family_is_reminded_once_on_the_day_before(school: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    note(school, point(school, 3))
    at_hour(school, monkeypatch, 12, day=1)
    assert remind(school) == [], "two days before"
    at_hour(school, monkeypatch, 7, day=2)
    assert remind(school) == [], "in the night"
    at_hour(school, monkeypatch, 8, day=2)
    (told,) = remind(school)
    assert told["student_id"] == str(school.students[0])
    assert len(remind(school)) == 1, "once"
    at_hour(school, monkeypatch, 12, day=3)
    assert len(remind(school)) == 1
    facts = call(
        school.service, Journal.notices, school.service_actor("notifications"), owed_ids=[told["owed_id"]]
    )["owed"]  # fmt: skip
    assert [(one["due"], one["is_owed"], one["kind"]) for one in facts] == [
        (school.day(3).isoformat(), True, "Ответ на уроке")
    ]  # fmt: skip


def test_another_date_is_reminded_of_again_and_what_is_closed_or_late_never(
    school: Any, another_school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(school, point(school, 1))
    enter(another_school, entry(another_school, 0, point(another_school, 1)))
    for one in (school, another_school):
        at_hour(one, monkeypatch, 9)
    assert len(remind(school)) == len(remind(another_school)) == 1, "each school's own"
    note(school, point(school, 4), "o1")
    at_hour(school, monkeypatch, 9, day=3)
    assert len(remind(school)) == 2
    enter(school, entry(school, 1, point(school, 2)))
    note(school, "5", "o2")
    at_hour(school, monkeypatch, 9, day=5)
    assert len(remind(school)) == 2
