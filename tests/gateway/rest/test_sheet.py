"""The journal's grid through the door: the page with names and absences, and entries that go to two services."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from cli.building import lessons, write
from kernel.auth import Actor
from kernel.errors import Unavailable
from services.gradebook.courses.tables import Course
from services.gradebook.marks.rules.owed import text
from services.gradebook.marks.tables import MarkRevision
from services.gradebook.people.tables import ClassCopy
from tests.gateway.answers import answered, refused
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School
from tests.kit.voting import vote

AWAY = Unavailable("The service {service} is away.", rule="no-route", service="attendance")


def entry(school: School, student: Actor, text: str, seen: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()), "lesson_id": str(school.lesson), "student_id": str(id_of(student)), "text": text,
        "seen": seen, **more,
    }  # fmt: skip


def enter(door: Site, school: School, actor: Actor, *entries: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    response = door.asking(actor, **more).post(f"/courses/{school.algebra}/entries", json={"entries": list(entries)})
    found: list[dict[str, Any]] = answered(response)["answers"]
    assert [one["key"] for one in found] == [one["key"] for one in entries]
    return found


def sheet(door: Site, school: School, actor: Actor) -> dict[str, Any]:
    found: dict[str, Any] = answered(door.asking(actor).get(f"/courses/{school.algebra}/sheet?term_id={school.term}"))
    return found


def cells(page: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """First name → text and seen state of the cells of the first column of today's lesson."""
    names = [row["name"] for row in page["rows"]]
    today = next(place for place, one in enumerate(page["columns"]) if one["date"] == page["today"])
    return {names[row].split()[1]: (text, seen) for row, column, text, seen, *_ in page["cells"] if column == today}


def told(answer: dict[str, Any]) -> tuple[str, str | None, str]:
    return answer["state"], answer["problem"] and answer["problem"]["rule"], answer["cell"]["text"]


def test_marks_and_absences_of_one_text_are_saved_and_stand_in_one_cell(door: Site, school: School) -> None:
    vote(school, teachers_enter_absences=True)
    answers = enter(
        door, school, school.teacher,
        entry(school, school.anna, "о 5"), entry(school, school.boris, "y"), entry(school, school.vera, "4"),
    )  # fmt: skip
    assert [told(one) for one in answers] == [
        ("saved", None, "О 5"), ("saved", None, "Н"), ("saved", None, "4")
    ]  # fmt: skip
    assert [one["cell"]["seen"] for one in answers] == ["m1a1", "a1", "m1"]
    assert [one["cell"]["absence_known"] for one in answers] == [True, True, False]
    page = sheet(door, school, school.teacher)
    by_student = {page["rows"][row]["student_id"]: (text, seen) for row, _column, text, seen, *_ in page["cells"]}
    anna, boris, vera = (str(id_of(student)) for student in (school.anna, school.boris, school.vera))
    assert by_student == {anna: ("О 5", "m1a1"), boris: ("Н", "a1"), vera: ("4", "m1")}
    rows = {row["student_id"]: row for row in page["rows"]}
    counted = [(rows[one]["missed"], rows[one]["late"], rows[one]["mean"]) for one in (anna, boris, vera)]
    assert counted == [(0, 1, "5.00"), (1, 0, None), (0, 0, "4.00")]
    emptied = enter(door, school, school.teacher, entry(school, school.anna, "", "m1a1", reason="Описка"))
    assert [told(one) for one in emptied] == [("saved", None, "")]
    assert emptied[0]["cell"]["seen"] is None


def test_owed_work_stands_in_its_cell_beside_absence_and_mark_until_a_mark_closes_it(
    door: Site, school: School
) -> None:
    vote(school, teachers_enter_absences=True)
    due = TODAY + timedelta(days=2)
    point = text(due, TODAY)
    answers = enter(
        door, school, school.teacher,
        entry(school, school.anna, f"н 2 {point}"), entry(school, school.boris, f".{due:%d.%m.%Y}"),
        entry(school, school.vera, "н ."),
    )  # fmt: skip
    assert [told(one) for one in answers] == [
        ("saved", None, f"Н 2 {point}"), ("saved", None, point), ("saved", None, "Н .")
    ]  # fmt: skip
    assert [one["cell"]["seen"] for one in answers] == ["m1a1o1", "o1", "a1o1"]
    assert [one["cell"]["marks"] for one in answers] == [f"2 {point}", point, "."]
    page = sheet(door, school, school.teacher)
    assert cells(page) == {
        "Анна": (f"Н 2 {point}", "m1a1o1"), "Борис": (point, "o1"), "Вера": ("Н .", "a1o1")
    }  # fmt: skip
    assert sorted(str(one[2]) for one in page["owed"]) == sorted([str(due), str(due), "None"])
    journal = shown(door.visit(school.teacher).get(f"/journal/{school.algebra}?term={school.term}"))
    listed = journal[journal.index('id="owed"') :].partition("</section>")[0]
    assert listed.count("<tr>") == 1 + 3
    assert "без срока" in listed
    assert "срок прошёл" not in listed
    (marked,) = enter(door, school, school.teacher, entry(school, school.boris, "4", "o1"))
    assert (told(marked), marked["cell"]["seen"]) == (("saved", None, "4"), "m1")


def test_while_attendance_is_away_marks_are_saved_and_the_absence_is_told_as_unsaved(
    door: Site, school: School
) -> None:
    sent = [entry(school, school.anna, "о 5"), entry(school, school.boris, "4")]
    vote(school, teachers_enter_absences=True)
    door.bus.away["attendance"] = AWAY
    first, second = enter(door, school, school.teacher, *sent)
    assert [told(first), told(second)] == [("unavailable", "no-route", "5"), ("saved", None, "4")]
    assert (first["cell"]["absence_known"], first["cell"]["seen"]) == (False, "m1")
    page = sheet(door, school, school.teacher)
    assert page["missing"] == ["absences"]
    assert {row["missed"] for row in page["rows"]} == {None}
    assert {column["checked"] for column in page["columns"]} == {None}
    del door.bus.away["attendance"]
    again = enter(door, school, school.teacher, *sent)
    assert [told(one) for one in again] == [("saved", None, "О 5"), ("saved", None, "4")]
    assert [told(one) for one in enter(door, school, school.teacher, *sent)] == [told(one) for one in again]


def test_while_the_gradebook_is_away_nothing_is_saved_and_the_request_may_be_sent_again(
    door: Site, school: School
) -> None:
    sent = entry(school, school.anna, "5")
    door.bus.away["gradebook"] = AWAY
    path = f"/courses/{school.algebra}/entries"
    away = door.asking(school.teacher).post(path, json={"entries": [sent]})
    refused(away, 503)
    assert away.headers["Retry-After"]
    del door.bus.away["gradebook"]
    assert [told(one) for one in enter(door, school, school.teacher, sent)] == [("saved", None, "5")]


def test_who_comes_second_sees_who_was_first_with_what_and_when(door: Site, school: School) -> None:
    enter(door, school, school.teacher, entry(school, school.anna, "4"))
    (answer,) = enter(door, school, school.teacher, entry(school, school.anna, "5", reason="Описка"))
    assert told(answer) == ("conflict", "stale", "4")
    assert answer["problem"]["detail"] == "Тем временем здесь сохранено 4; вы ввели 5."
    assert (answer["cell"]["by"], bool(answer["cell"]["by_name"])) == (str(school.teacher.person_id), True)
    insisted = enter(
        door, school, school.teacher, entry(school, school.anna, "5", answer["cell"]["seen"], reason="Описка")
    )
    assert [told(one) for one in insisted] == [("saved", None, "5")]


def test_an_absence_of_whom_the_policy_does_not_let_is_refused_and_the_mark_beside_it_stands(
    door: Site, school: School
) -> None:
    (answer,) = enter(door, school, school.teacher, entry(school, school.anna, "о 5"))
    assert told(answer) == ("refused", "not-own-class", "5")
    (own,) = enter(door, school, school.homeroom_a, entry(school, school.anna, "н 5", "m1"))
    assert told(own) == ("saved", None, "Н 5")
    (both,) = enter(door, school, school.teacher, entry(school, school.anna, "4", "m1", reason="Описка"))
    assert told(both) == ("saved", None, "4"), "it has seen no absence, so it takes none away"
    assert cells(sheet(door, school, school.homeroom_a))["Анна"] == ("Н 4", "m2a1")


def test_what_cannot_be_read_is_told_in_the_callers_language_with_its_place(door: Site, school: School) -> None:
    (russian,) = enter(door, school, school.teacher, entry(school, school.anna, "5 ж"))
    (english,) = enter(door, school, school.teacher, entry(school, school.anna, "5 ж"), **{"Accept-Language": "en"})
    assert russian["problem"]["detail"].startswith("Запись «ж» не читается")
    assert english["problem"]["detail"].startswith("ж cannot be read")
    for one in (russian, english):
        assert (one["problem"]["position"], one["problem"]["piece"], one["problem"]["field"]) == (2, "ж", "text")
        assert [fault["position"] for fault in one["problem"]["faults"]] == [2]


def test_a_sheet_that_did_not_change_is_not_sent_again(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/courses/{school.algebra}/sheet?term_id={school.term}"
    first = teacher.get(path, headers={"Accept-Encoding": "gzip"})
    tag = first.headers["ETag"]
    again = teacher.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    enter(door, school, school.teacher, entry(school, school.anna, "5"))
    changed = teacher.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_a_request_makes_the_same_number_of_calls_for_one_entry_and_for_many(door: Site, school: School) -> None:
    vote(school, teachers_enter_absences=True)
    asked = []
    for sent in ([(school.anna, "н")], [(school.boris, "н"), (school.vera, "4"), (school.anna, "Н")]):
        door.bus.calls.clear()
        enter(door, school, school.teacher, *(entry(school, student, text) for student, text in sent))
        asked.append([name for name, _ in door.bus.calls])
    assert asked[0] == asked[1] == ["gradebook.enter_cells", "attendance.enter_absences"]


def test_of_two_thousand_entries_the_one_bad_is_refused_and_the_rest_is_saved_once(door: Site, school: School) -> None:
    students = (school.anna, school.boris, school.vera)
    days = [TODAY - timedelta(days=number % 60) for number in range(667)]
    lessons_of_course = [lessons.lesson(uuid7(), school.algebra, day, 20 + at // 60) for at, day in enumerate(days)]
    write(door.town.gradebook.unit_of_work, school.id, lessons.lessons(lessons_of_course))
    cells = [(one["id"], student) for one in lessons_of_course for student in students][:2000]
    entries = [entry(school, student, "4", lesson_id=str(lesson_id)) for lesson_id, student in cells]
    entries[1000]["text"] = "ж"
    first, again = (enter(door, school, school.teacher, *entries) for _ in range(2))
    assert Counter(one["state"] for one in first) == {"saved": 1999, "refused": 1}
    assert told(first[1000])[:2] == ("refused", "cell-unreadable")
    assert [told(one) for one in again] == [told(one) for one in first]
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        assert session.scalar(select(func.count()).select_from(MarkRevision)) == 1999


def test_what_no_cell_takes_is_refused_by_its_rule_and_said_in_words(door: Site, school: School) -> None:
    ended = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=40), 1)
    school.end_term(30)
    answers = enter(
        door, school, school.teacher,
        entry(school, school.anna, "5", lesson_id=str(school.tomorrows_lesson)),
        entry(school, school.gleb, "5"),
        entry(school, school.anna, "5", lesson_id=str(ended)),
        entry(school, school.anna, "9"),
        entry(school, school.boris, "5"),
    )  # fmt: skip
    assert [told(one)[:2] for one in answers] == [
        ("refused", "lesson-in-future"), ("refused", "student-not-in-course"), ("refused", "term-closed"),
        ("refused", "mark-off-scale"), ("saved", None),
    ]  # fmt: skip
    assert all(one["problem"]["detail"] for one in answers[:-1])
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        assert session.scalar(select(func.count()).select_from(MarkRevision)) == 1


def test_a_mark_in_grade_1_is_refused_with_its_clause(door: Site, school: School) -> None:
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(ClassCopy).where(ClassCopy.class_id == school.class_a).values(grade=1))
        session.execute(update(Course).where(Course.id == school.algebra).values(grade=1))
    (answer,) = enter(door, school, school.teacher, entry(school, school.anna, "5"))
    assert told(answer)[:2] == ("refused", "no-marks-in-grade-1")
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        assert session.scalar(select(func.count()).select_from(MarkRevision)) == 0


def test_a_request_of_too_many_entries_or_of_none_is_refused(door: Site, school: School) -> None:
    path, teacher = f"/courses/{school.algebra}/entries", door.asking(school.teacher)
    one = entry(school, school.anna, "5", lesson_id=str(uuid7()))
    refused(teacher.post(path, json={"entries": []}), 422, "schema")
    refused(teacher.post(path, json={"entries": [one] * 2001}), 422, "schema")
    refused(teacher.post(path, json={"entries": [{**one, "text": "5" * 41}]}), 422, "schema")


def test_what_is_pasted_can_be_checked_before_it_is_saved(door: Site, school: School) -> None:
    path, teacher = f"/courses/{school.algebra}/entries", door.asking(school.teacher)
    entries = [entry(school, school.anna, "о 5"), entry(school, school.boris, "ж")]
    door.bus.calls.clear()
    found = answered(teacher.post(path, json={"entries": entries, "check": True}))["answers"]
    assert [told(one) for one in found] == [("saved", None, ""), ("refused", "cell-unreadable", "")]
    assert [name for name, _ in door.bus.calls] == ["gradebook.enter_cells"]
    assert sheet(door, school, school.teacher)["cells"] == []


def test_while_identity_is_away_what_became_of_entries_is_told_all_the_same(door: Site, school: School) -> None:
    enter(door, school, school.teacher, entry(school, school.anna, "4"))
    door.bus.away["identity"] = AWAY
    conflict, saved = enter(
        door, school, school.teacher, entry(school, school.anna, "5", reason="Описка"), entry(school, school.boris, "5")
    )
    assert (told(conflict), conflict["cell"]["by_name"]) == (("conflict", "stale", "4"), "")
    assert told(saved) == ("saved", None, "5")


def test_who_comes_second_at_an_absence_sees_who_was_first_too(door: Site, school: School) -> None:
    vote(school, teachers_enter_absences=True)
    enter(door, school, school.teacher, entry(school, school.anna, "н"))
    enter(door, school, school.homeroom_a, entry(school, school.anna, "у", "a1"))
    (answer,) = enter(door, school, school.teacher, entry(school, school.anna, "б 5", "a1"))
    assert told(answer) == ("conflict", "stale", "У 5"), "the mark is saved, the absence stays as it is"
    assert (answer["cell"]["by"], answer["cell"]["seen"]) == (str(school.homeroom_a.person_id), "m1a2")
    assert answer["cell"]["by_name"]
