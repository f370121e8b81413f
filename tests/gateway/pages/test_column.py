"""The form for a column of marks: it shows what is saved, and saves what was changed in it."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.errors import Unavailable
from services.gradebook.courses.tables import CourseTeacher
from services.gradebook.marks import tables as marks_tables
from services.gradebook.marks.rules import owed
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.pages.test_texts import words
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School
from tests.kit.voting import vote


class Form(HTMLParser):
    """The fields of the form of marks, as a browser sends them: what is chosen or ticked, nothing that is disabled."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""
        self.feed(page[page.index("column-form") :].partition("</form>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field."""
        given = dict(attrs)
        if tag == "select":
            self._select = str(given["name"])
            self.fields[self._select] = ""
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given.get("value") or ""
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.fields[str(given["name"])] = given.get("value") or ""


@pytest.fixture
def path(school: School) -> str:
    return f"/lessons/{school.lesson}/marks"


@pytest.fixture
def control(door: Site, school: School) -> UUID:
    """A second kind of work."""
    kind = uuid7()
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.add(
            marks_tables.KindOfWork(school_id=school.id, id=kind, name="Контрольная работа", weight=2, is_answer=False)
        )
    return kind


def post(door: Site, school: School, student: Actor, value: str, **more: Any) -> dict[str, Any]:
    mark = {"lesson_id": str(school.lesson), "student_id": str(id_of(student)), "value": value, **more}
    answer = door.asking(school.teacher).post("/marks", json=mark)
    assert answer.status_code == 201, answer.text
    posted: dict[str, Any] = answer.json
    return posted


def change(door: Site, school: School, mark: dict[str, Any], value: str | None) -> None:
    changed = {"value": value, "reason": "Описка"}
    version = {"If-Match": f'"{mark["version"]}"'}
    assert door.asking(school.teacher).patch(f"/marks/{mark['id']}", json=changed, headers=version).status_code == 200


def value(student: Actor) -> str:
    return f"value-{id_of(student)}"


def kept(door: Site, school: School) -> dict[UUID, str | None]:
    """Student → the mark of today's algebra."""
    found = door.asking(school.teacher).get(f"/lessons/{school.lesson}/marks").json["marks"]
    return {UUID(mark["student_id"]): mark["value"] for mark in found}


def row_of(page: str, student: Actor) -> str:
    """The row of a student."""
    (found,) = [row for row in page.split("<tr")[1:] if f'id="student-{id_of(student)}"' in row]
    return found.partition("</tr>")[0]


def typed(client: FlaskClient, path: str, **changes: str) -> dict[str, str]:
    """The form of the page with these fields changed."""
    return Form(client.get(path).text).fields | changes


# --- what it shows


def test_d04_the_form_opens_with_the_marks_and_their_history(door: Site, school: School, path: str) -> None:
    mark = post(door, school, school.anna, "5", comment="у\nдоски")
    page = shown(door.visit(school.teacher).get(path))
    fields = Form(page).fields
    assert (fields[value(school.anna)], fields[value(school.boris)]) == ("5", "")
    assert fields[f"comment-{id_of(school.anna)}"] == "у доски"
    assert f'href="/mark/{mark["id"]}?' in row_of(page, school.anna)
    assert "/mark/" not in row_of(page, school.boris)
    journal = re.search(r'href="(/mark/[^"]+)"', row_of(page, school.anna))
    assert journal
    back = shown(door.visit(school.teacher).get(journal[1].replace("&amp;", "&")), "Смирнова Анна")
    assert f"/journal/{school.algebra}?term=" in back


def test_d04_a_mark_that_was_taken_back_shows_an_empty_field_and_its_history(
    door: Site, school: School, path: str
) -> None:
    change(door, school, post(door, school, school.anna, "5", comment="у доски"), None)
    row = row_of(shown(door.visit(school.teacher).get(path)), school.anna)
    assert f'name="{value(school.anna)}"' in row
    assert 'value=""' in row
    assert "снята" in row


def test_d04_further_marks_of_one_kind_that_an_import_brought_are_shown_with_links(
    door: Site, school: School, path: str
) -> None:
    mark = post(door, school, school.anna, "5")
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        own = session.get_one(marks_tables.Mark, (school.id, UUID(mark["id"])))
        work = marks_tables.Work(
            school_id=school.id, id=uuid7(), lesson_id=own.lesson_id, kind_id=own.kind_id, source_id="7"
        )
        session.add(work)
        session.flush()
        names = ("student_id", "lesson_id", "kind_id", "course_id", "date", "number", "comment", "version", "school_id")
        second = {name: getattr(own, name) for name in names} | {"id": uuid7(), "work_id": work.id, "value": "3"}
        session.add(marks_tables.Mark(**second))
    page = shown(door.visit(school.teacher).get(path), "ещё одна: 3")
    assert Form(page).fields[value(school.anna)] == "5"


def test_d04_absences_are_shown_in_words_and_a_mark_of_an_absent_student_is_pointed_out(
    door: Site, school: School, path: str
) -> None:
    post(door, school, school.vera, "4")
    client = door.visit(school.teacher)
    assert "badge-absent" not in client.get(path).text
    absences = [
        {"student_id": str(id_of(school.vera)), "code": "Б"},
        {"student_id": str(id_of(school.anna)), "code": "О", "minutes": 5},
    ]
    checked = door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json={"absences": absences})
    assert checked.status_code == 200, checked.text
    page = shown(client.get(path))
    assert re.search(r'<abbr class="badge-absent" title="[^"]*бол[^"]*">Б</abbr>', row_of(page, school.vera))
    assert "На уроке отсутствует, а отметка стоит" in row_of(page, school.vera)
    assert ">О</abbr>" in row_of(page, school.anna), "late"
    assert "отсутствует" not in row_of(page, school.anna)
    assert "badge-absent" not in row_of(page, school.boris)
    assert (
        client.post(path, data=typed(client, path, **{value(school.vera): "5", "reason": "Описка"})).status_code == 303
    )


def test_d04_while_attendance_is_away_the_form_says_so(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    away = Unavailable("The service {service} is away.", rule="no-route", service="attendance")
    with door.bus.without("attendance", away):
        page = shown(client.get(path), "Сейчас пропуски показать нельзя")
        sent = send(client, path, **{value(school.anna): "5"})
    assert value(school.anna) in page
    assert sent.status_code == 303


def test_d13_each_kind_is_offered_once_and_those_with_marks_are_links(
    door: Site, school: School, path: str, control: UUID
) -> None:
    client = door.visit(school.teacher)
    first = client.get(path)
    assert re.findall(r"<option value=[^>]*>([^<]*)", first.text)[:2] == [
        "Ответ на уроке (× 1)",
        "Контрольная работа (× 2)",
    ]
    assert words(first).count("Ответ на уроке") == 2, "the choice and the head of the form"
    post(door, school, school.anna, "5", kind_id=str(control))
    own = Form(client.get(path).text).fields
    assert (own["kind_id"], own[value(school.anna)]) == (str(control), "5"), "the only one with marks is shown first"
    post(door, school, school.boris, "3")
    page = shown(client.get(path))
    links = re.findall(rf'href="{path}\?kind=([^"]+)"( aria-current="page")?', page)
    assert [current for _, current in links] == [' aria-current="page"', ""]
    assert links[1][0] == str(control)
    answers = Form(page).fields
    assert (answers[value(school.anna)], answers[value(school.boris)]) == ("", "3")
    works = Form(client.get(f"{path}?kind={control}").text).fields
    assert (works[value(school.anna)], works[value(school.boris)], works["kind_id"]) == ("5", "", str(control))


def test_d13_the_journal_says_what_work_a_column_is_and_what_it_weighs(
    door: Site, school: School, control: UUID
) -> None:
    client, journal = door.visit(school.teacher), f"/journal/{school.algebra}"
    post(door, school, school.anna, "5")
    plain = shown(client.get(journal, follow_redirects=True), "Виды работ: Ответ на уроке (× 1).")
    assert 'class="work"' not in plain
    post(door, school, school.anna, "4", kind_id=str(control))
    page = client.get(journal, follow_redirects=True)
    assert re.search(r'</a>\s*<br><span class="work">КР</span>', page.text)
    assert "Виды работ: Ответ на уроке (× 1); КР – Контрольная работа (× 2)." in words(page)


def test_d04_who_does_not_teach_the_course_reads_the_marks_and_cannot_change_them(
    door: Site, school: School, path: str
) -> None:
    post(door, school, school.anna, "5")
    for who in (school.director, school.homeroom_a):
        page = shown(door.visit(who).get(path), "В журнале пишет только учитель этого предмета")
        assert "<fieldset disabled>" in page
    assert "<fieldset disabled>" not in shown(door.visit(school.teacher).get(path))


def test_d04_a_new_teacher_changes_marks_of_the_one_before(door: Site, school: School, path: str) -> None:
    day = TODAY - timedelta(days=3)
    lesson = school.add_lesson(uuid7(), school.algebra, day, 1)
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        row = session.get_one(CourseTeacher, (school.id, school.algebra, id_of(school.teacher)))
        row.until = TODAY - timedelta(days=1)
        new = id_of(school.other_teacher)
        session.add(CourseTeacher(school_id=school.id, course_id=school.algebra, teacher_id=new, since=TODAY))
    client, path = door.visit(school.other_teacher), f"/lessons/{lesson}/marks"
    assert "<fieldset disabled>" not in shown(client.get(path))
    assert client.post(path, data=typed(client, path, **{value(school.anna): "4"})).status_code == 303
    before = shown(door.visit(school.teacher).get(path))
    assert Form(before).fields[value(school.anna)] == "4"
    assert "<fieldset disabled>" in before


def test_d04_while_attendance_has_noted_nothing_the_form_says_so(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    shown(client.get(path), "Посещаемость ещё не отмечена.")
    checked = door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json={"absences": []})
    assert checked.status_code == 200
    assert "Посещаемость ещё не отмечена." not in client.get(path).text


# --- what it saves


def test_d04_new_marks_changes_and_removals_are_saved_at_once_and_the_rest_is_left(
    door: Site, school: School, path: str
) -> None:
    first = post(door, school, school.anna, "5")
    post(door, school, school.boris, "3")
    client = door.visit(school.teacher)
    form = typed(client, path, **{value(school.anna): "4", value(school.vera): "5", "reason": "Описка"})
    assert client.post(path, data=form).status_code == 303
    assert "Выставлено отметок: 1. Изменено: 1." in words(
        client.get(f"/journal/{school.algebra}", follow_redirects=True)
    )
    assert kept(door, school) == {id_of(school.anna): "4", id_of(school.boris): "3", id_of(school.vera): "5"}
    history = door.asking(school.teacher).get(f"/marks/{first['id']}/history").json["revisions"]
    assert [one["reason"] for one in history] == ["", "Описка"]


def test_d04_a_form_sent_as_it_was_shown_changes_nothing(door: Site, school: School, path: str) -> None:
    mark = post(door, school, school.anna, "5", comment="у\nдоски")
    client = door.visit(school.teacher)
    sent = client.post(path, data=typed(client, path))
    assert sent.status_code == 303
    assert "Изменений не было." in words(client.get(sent.headers["Location"]))
    assert len(door.asking(school.teacher).get(f"/marks/{mark['id']}/history").json["revisions"]) == 1


@pytest.mark.parametrize(
    ("choice", "own", "kept_as"),
    [("Описка", "", "Описка"), ("", "спутала строки", "спутала строки"), ("Описка", "строки", "Описка: строки")],
)
def test_d04_a_reason_is_asked_for_only_where_something_saved_was_changed(
    door: Site, school: School, path: str, choice: str, own: str, kept_as: str
) -> None:
    mark = post(door, school, school.anna, "5")
    client = door.visit(school.teacher)
    page = client.get(path).text
    assert re.search(r'<fieldset id="reason-of-change"[^>]* hidden>', page)
    form = typed(client, path, **{value(school.anna): "4", value(school.boris): "5"})
    asked = shown(client.post(path, data=form), "Укажите, почему отметка меняется.", status=422)
    assert not re.search(r'<fieldset id="reason-of-change"[^>]* hidden>', asked)
    assert 'aria-describedby="reason-fault" autofocus' in asked
    again = Form(asked).fields
    assert (again[value(school.anna)], again[value(school.boris)]) == ("4", "5")
    assert client.post(path, data=again | {"reason": choice, "reason_text": own}).status_code == 303
    history = door.asking(school.teacher).get(f"/marks/{mark['id']}/history").json["revisions"]
    assert history[-1]["reason"] == kept_as


def test_d04_marks_are_taken_back_after_they_were_named(door: Site, school: School, path: str) -> None:
    post(door, school, school.anna, "5")
    post(door, school, school.boris, "3", comment="у доски")
    client = door.visit(school.teacher)
    form = typed(client, path, **{value(school.boris): "", value(school.vera): "4", "reason": "Описка"})
    asked = client.post(path, data=form)
    assert "Эти отметки будут сняты: Кузнецов Борис: 3" in words(asked)
    assert "Смирнова Анна: 5" not in words(asked)
    assert kept(door, school) == {id_of(school.anna): "5", id_of(school.boris): "3"}
    again = Form(shown(asked)).fields
    assert (again[value(school.vera)], again["reason"]) == ("4", "Описка")
    faulty = client.post(path, data=again | {"sure": "yes", value(school.vera): "9"})
    assert Form(shown(faulty, status=422)).fields["sure"] == "yes", "agreed to already"
    assert "будут сняты" in words(client.post(path, data=again)), "nobody has agreed"
    other = client.post(path, data=again | {value(school.anna): "", "sure": "yes"})
    assert "Смирнова Анна: 5" in words(other), "another one than was agreed to"
    assert client.post(path, data=again | {"sure": "yes"}).status_code == 303
    assert kept(door, school) == {id_of(school.anna): "5", id_of(school.boris): None, id_of(school.vera): "4"}
    assert "Снято: 1." in words(client.get(f"/journal/{school.algebra}", follow_redirects=True))


def test_d04_changes_by_somebody_else_are_told_and_the_next_saving_replaces_what_was_shown(
    door: Site, school: School, path: str
) -> None:
    first, second = post(door, school, school.anna, "5"), post(door, school, school.boris, "3")
    client = door.visit(school.teacher)
    form = typed(
        client, path,
        **{value(school.anna): "4", value(school.vera): "5", "reason": "Описка"},
    )  # fmt: skip
    change(door, school, first, "2")
    change(door, school, second, "2")
    refused = client.post(path, data=form)
    told = words(refused)
    assert "Смирнова Анна : Тем временем здесь сохранено 2; вы ввели 4." in told
    assert "Кузнецов Борис :" not in told, "nobody changed that row here"
    again = Form(shown(refused, status=412)).fields
    assert [again[value(one)] for one in (school.anna, school.boris, school.vera)] == ["4", "2", "5"]
    assert client.post(path, data=again).status_code == 303
    assert kept(door, school) == {id_of(school.anna): "4", id_of(school.boris): "2", id_of(school.vera): "5"}


def test_d04_what_somebody_else_changed_is_still_told_after_another_refusal(
    door: Site, school: School, path: str
) -> None:
    mark = post(door, school, school.anna, "5")
    client = door.visit(school.teacher)
    form = typed(client, path, **{value(school.anna): "4", value(school.boris): "9", "reason": "Описка"})
    change(door, school, mark, "2")
    again = Form(shown(client.post(path, data=form), "Отметки «9» нет", "сохранено 2", status=422)).fields
    late = client.post(path, data=again | {value(school.boris): "5"})
    shown(late, "Тем временем здесь сохранено 2; вы ввели 4.", status=412)


def test_d04_who_agreed_to_take_back_a_mark_is_asked_again_when_it_is_another_one(
    door: Site, school: School, path: str
) -> None:
    mark = post(door, school, school.anna, "5")
    client = door.visit(school.teacher)
    asked = client.post(path, data=typed(client, path, **{value(school.anna): "", "reason": "Описка"}))
    change(door, school, mark, "2")
    late = client.post(path, data=Form(asked.text).fields | {"sure": "yes"})
    page = shown(late, "Тем временем здесь сохранено 2; вы очистили поле.", status=412)
    assert "sure" not in Form(page).fields
    assert "Эти отметки будут сняты: Смирнова Анна: 2" in words(late)
    assert client.post(path, data=Form(page).fields | {"sure": "yes"}).status_code == 303
    assert kept(door, school) == {id_of(school.anna): None}


def test_d04_marks_that_are_gone_meanwhile_are_a_conflict_and_can_be_set(door: Site, school: School, path: str) -> None:
    """As after an import was undone."""
    mark = post(door, school, school.anna, "5")
    client = door.visit(school.teacher)
    form = typed(client, path, **{value(school.anna): "4", "reason": "Описка"})
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        for table in (marks_tables.MarkRevision, marks_tables.Mark):
            session.execute(delete(table))
    assert mark["version"] == 1
    refused = shown(client.post(path, data=form), "Тем временем отметку здесь сняли; вы ввели 4.", status=412)
    assert client.post(path, data=Form(refused).fields).status_code == 303
    assert kept(door, school) == {id_of(school.anna): "4"}


def test_d04_a_comment_without_a_mark_is_told_at_its_student(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    refused = client.post(path, data=typed(client, path, **{f"comment-{id_of(school.anna)}": "у доски"}))
    page = shown(refused, "Комментарий без отметки не сохранить", status=422)
    assert 'class="faulty"' in page
    assert Form(page).fields[f"comment-{id_of(school.anna)}"] == "у доски"


def test_d04_a_student_who_has_left_the_lesson_meanwhile_keeps_the_row(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    refused = client.post(path, data=typed(client, path, **{value(school.gleb): "5"}))  # he learns no algebra
    page = shown(refused, "Соколов Глеб", status=422)
    assert Form(page).fields[value(school.gleb)] == "5"


def test_d04_no_id_is_shown_to_people_in_refusals(door: Site, school: School, path: str) -> None:
    post(door, school, school.anna, "5")
    client = door.visit(school.teacher)
    for text in ("4", "9"):
        told = words(send(client, path, **{value(school.anna): text}))
        assert str(id_of(school.anna)) not in told


# --- typed once, saved once


def test_d05_a_double_click_saves_a_change_once(door: Site, school: School, path: str) -> None:
    mark = post(door, school, school.anna, "5")
    client = door.visit(school.teacher)
    form = typed(client, path, **{value(school.anna): "", value(school.boris): "4", "reason": "Описка"})
    sure = Form(client.post(path, data=form).text).fields | {"sure": "yes"}
    for _ in range(2):
        assert client.post(path, data=sure).status_code == 303
    assert len(door.asking(school.teacher).get(f"/marks/{mark['id']}/history").json["revisions"]) == 2
    assert kept(door, school) == {id_of(school.anna): None, id_of(school.boris): "4"}


def test_d05_what_was_changed_while_the_journal_was_away_is_sent_again(door: Site, school: School, path: str) -> None:
    post(door, school, school.anna, "5")
    client, own = door.visit(school.teacher), {"Sec-Fetch-Site": "same-origin"}
    form = typed(client, path, **{value(school.anna): "4", value(school.boris): "3", "reason": "Описка"})
    away = Unavailable("The service {service} is away.", rule="no-route", service="gradebook")
    with door.bus.without("gradebook", away):
        lost = shown(client.post(path, data=form, headers=own), "Отправить ещё раз", status=503)
    given_back = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', lost.partition("<main")[2]))
    assert given_back.items() >= {(name, text) for name, text in form.items() if name != "csrf_token"}
    assert client.post(path, data=given_back, headers=own).status_code == 303
    assert kept(door, school) == {id_of(school.anna): "4", id_of(school.boris): "3"}


# --- how the column counts


def test_a_teacher_says_without_javascript_that_a_column_counts_only_if_it_helps(
    door: Site, school: School, path: str, control: UUID
) -> None:
    visit = door.visit(school.teacher)
    page = shown(visit.get(f"{path}?kind={control}"))
    assert 'id="only-if-helps"' in page
    assert "checked" not in page.partition('id="only-if-helps"')[2].partition(">")[0]
    said = {"kind_id": str(control), "version": "", "only_if_helps": "yes"}
    answer = send(visit, path, f"/lessons/{school.lesson}/column", **said)
    assert answer.status_code == 303
    assert f"kind={control}" in answer.location
    page = shown(visit.get(f"{path}?kind={control}"))
    assert "checked" in page.partition('id="only-if-helps"')[2].partition(">")[0]
    stale = send(visit, path, f"/lessons/{school.lesson}/column", **said)
    assert stale.status_code == 412
    back = send(
        visit, path, f"/lessons/{school.lesson}/column", kind_id=str(control), version="1", to_journal="yes"
    )  # without the tick it counts as any other
    assert f"/journal/{school.algebra}" in back.location


def test_a_teacher_hides_a_column_from_families_until_a_moment_of_the_schools_clock(
    door: Site, school: School, path: str, control: UUID
) -> None:
    visit, day = door.visit(school.teacher), TODAY + timedelta(days=2)
    said = {"kind_id": str(control), "visible_day": day.isoformat(), "visible_time": "14:05"}
    answer = send(visit, path, f"/lessons/{school.lesson}/column", version="", **said)
    assert answer.status_code == 303
    post(door, school, school.anna, "2", kind_id=str(control))
    page = shown(visit.get(f"{path}?kind={control}"))
    assert f"Скрыто от семей до {day:%d.%m.%Y}, 14:05." in page
    assert f'value="{day}"' in page
    assert 'value="14:05"' in page
    journal = shown(visit.get(f"/journal/{school.algebra}?term={school.term}"))
    assert f"скрыто от семей до {day:%d.%m.%Y}, 14:05" in journal
    diary = shown(door.visit(school.mother).get(f"/diary/{school.anna.person_id}"))
    assert "badge-mark" not in diary
    wrong = send(visit, path, f"/lessons/{school.lesson}/column", version="1", **{**said, "visible_time": "late"})
    assert wrong.status_code == 422
    assert send(visit, path, f"/lessons/{school.lesson}/column", version="1", kind_id=str(control)).status_code == 303
    assert "badge-mark" in shown(door.visit(school.mother).get(f"/diary/{school.anna.person_id}"))


# --- what is owed


def test_the_form_notes_owed_work_and_shows_and_closes_it(door: Site, school: School, path: str) -> None:
    visit, due = door.visit(school.teacher), TODAY + timedelta(days=2)
    point = owed.text(due, TODAY)
    fields = typed(visit, path, **{value(school.anna): f"2 {point}", value(school.boris): "."})
    assert send(visit, path, **fields).status_code == 303
    page = shown(visit.get(path))
    fields = Form(page).fields
    assert (fields[value(school.anna)], fields[value(school.boris)]) == (f"2 {point}", ".")
    assert "Должен сдать эту работу" in row_of(page, school.anna)
    assert f"до {due:%d.%m.%Y}" in row_of(page, school.anna)
    assert "Должен сдать эту работу" in row_of(page, school.boris)
    fields = typed(visit, path, **{value(school.boris): "4"})
    assert send(visit, path, **fields).status_code == 303, "no mark is changed, so no reason is asked for"
    assert "Должен" not in row_of(shown(visit.get(path)), school.boris)
    fields = typed(visit, path, **{value(school.anna): "2"})
    assert send(visit, path, **fields).status_code == 303
    assert Form(shown(visit.get(path))).fields[value(school.anna)] == "2"


def test_a_point_that_is_taken_away_asks_for_no_agreement(door: Site, school: School, path: str) -> None:
    visit = door.visit(school.teacher)
    assert send(visit, path, **typed(visit, path, **{value(school.boris): "."})).status_code == 303
    assert send(visit, path, **typed(visit, path, **{value(school.boris): ""})).status_code == 303
    assert Form(shown(visit.get(path))).fields[value(school.boris)] == ""


def test_the_form_says_where_absences_are_entered_and_by_whom(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    by_homeroom = "Кого не было, отмечает классный руководитель"
    by_teacher = "Кого не было, отмечают в клетке журнала или на странице урока"
    assert by_teacher not in shown(client.get(path), by_homeroom)
    vote(school, teachers_enter_absences=True)
    assert by_homeroom not in shown(client.get(path), by_teacher)
