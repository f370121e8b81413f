"""Pages where closed lessons are opened, and what teachers see of windows, openings and late entries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from contracts.gradebook.openings import Openings
from tests.gateway.answers import answered
from tests.gateway.pages.test_homework import sent, typed
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.people import TODAY
from tests.kit.town import School
from tests.kit.voting import vote

#: The lesson of the tests.
HELD_ON = TODAY - timedelta(days=10)
WHY = ("Срок исправления, заданный школой, истёк", "Открыть урок снова может методист")


@pytest.fixture
def lesson(school: School) -> UUID:
    return school.add_lesson(uuid7(), school.algebra, HELD_ON, 1)


def opened(school: School, lesson: UUID) -> dict[str, Any]:
    until = f"{TODAY + timedelta(days=2)}T18:00:00"
    given = {"of": "lesson", "of_id": lesson, "until": until, "reason": "Болезнь учителя"}
    return call(school.town.gradebook, Openings.open_lessons, school.methodologist, **given)


def fields(lesson: UUID, **typed: str) -> dict[str, str]:
    """A lesson of the day's form."""
    given = {"version": "1", "topic": "", "homework": "", "homework_due": "", **typed}
    return {f"{name}-{lesson}": value for name, value in given.items()}


def test_pages_of_a_lesson_whose_days_are_over_offer_no_change_and_say_why(
    door: Site, school: School, lesson: UUID
) -> None:
    teacher = door.visit(school.teacher)
    mark = {"lesson_id": str(lesson), "student_id": str(school.anna.person_id), "value": "5"}
    posted = answered(door.asking(school.teacher).post("/marks", json=mark), 201)["id"]
    vote(school, edit_days=9)
    day = shown(teacher.get(f"/day/{HELD_ON}"), *WHY)
    assert f"topic-{lesson}" not in day
    assert f"/lessons/{lesson}/marks" in day, "marks of some kinds may be open for longer"
    column = shown(teacher.get(f"/lessons/{lesson}/marks"), *WHY)
    assert "value-" not in column
    assert 'name="reason"' not in shown(teacher.get(f"/mark/{posted}"), *WHY)
    shown(teacher.get(f"/lessons/{lesson}/homework"), *WHY)
    journal = teacher.get(f"/journal/{school.algebra}", follow_redirects=True).text
    assert f"/lessons/{lesson}/marks" in journal
    homeroom = door.visit(school.homeroom_a)
    assert "code-" in homeroom.get(f"/check/{lesson}").text, "absences have no such days"


def test_what_was_typed_while_the_days_ran_out_is_kept_and_the_refusal_is_told(
    door: Site, school: School, lesson: UUID
) -> None:
    teacher = door.visit(school.teacher)
    vote(school, edit_days=9)
    day = send(teacher, "/day", f"/day/{HELD_ON}", **fields(lesson, topic="Производная"))
    assert "Производная" in shown(day, *WHY, status=409)
    typed = {f"value-{school.boris.person_id}": "4", f"comment-{school.boris.person_id}": "у доски"}
    assert "у доски" in shown(send(teacher, "/day", f"/lessons/{lesson}/marks", **typed), *WHY, status=409)


def test_a_reason_is_asked_where_the_school_voted_it_and_stands_in_the_histories(
    door: Site, school: School, lesson: UUID
) -> None:
    teacher, anna = door.visit(school.teacher), school.anna.person_id
    assert f'name="reason-{lesson}"' not in shown(teacher.get(f"/day/{HELD_ON}"), "считается внесённым с опозданием")
    vote(school, late_reason=True)
    shown(teacher.get(f"/day/{HELD_ON}"), "Почему запись вносится позже срока?", f'name="reason-{lesson}"')
    refused = send(teacher, "/day", f"/day/{HELD_ON}", **fields(lesson, topic="Производная"))
    assert "Производная" in shown(refused, "укажите, почему запись внесена позже", status=422)
    why = {f"reason-{lesson}": "Болезнь учителя", f"reason_text-{lesson}": "грипп"}
    assert send(teacher, "/day", f"/day/{HELD_ON}", **fields(lesson, topic="Производная"), **why).status_code == 303
    shown(teacher.get(f"/lessons/{lesson}/homework/history"), "с опозданием: срок был", "Болезнь учителя: грипп")
    column = f"/lessons/{lesson}/marks"
    shown(teacher.get(column), "Почему запись вносится позже срока?")
    refused = send(teacher, "/day", column, **{f"value-{anna}": "4", f"comment-{anna}": "у доски"})
    assert "у доски" in shown(refused, "укажите, почему запись внесена позже", status=422)
    given = {f"value-{anna}": "4", f"comment-{anna}": "", "reason_text": "Проверка тетрадей"}
    assert send(teacher, "/day", column, **given).status_code == 303
    marks = answered(door.asking(school.teacher).get(column), 200)["marks"]
    shown(teacher.get(f"/mark/{marks[0]['id']}"), "с опозданием: срок был", "Проверка тетрадей")


def test_homework_that_is_no_text_is_asked_for_the_reason_too(door: Site, school: School, lesson: UUID) -> None:
    teacher, path = door.visit(school.teacher), f"/lessons/{lesson}/homework"
    vote(school, late_reason=True)
    form = typed(shown(teacher.get(path), "Почему запись вносится позже срока?"), minutes="20")
    shown(sent(teacher, path, form), "укажите, почему запись внесена позже", status=422)
    assert sent(teacher, path, form | {"reason": "Болезнь учителя"}).status_code == 303
    shown(teacher.get(f"{path}/history"), "с опозданием: срок был", "Болезнь учителя")
    assert 'name="reason"' not in teacher.get(path).text, "what comes beside it is an addition"


def test_the_methodologist_opens_lessons_and_their_teacher_sees_until_when(
    door: Site, school: School, lesson: UUID
) -> None:
    school.end_term(4)
    methodologist, teacher = door.visit(school.methodologist), door.visit(school.teacher)
    until = TODAY + timedelta(days=2)
    typed = {
        "of": f"course:{school.algebra}", "first": str(HELD_ON), "last": str(HELD_ON), "until": f"{until}T18:00",
        "reason": "Болезнь учителя",
    }  # fmt: skip
    link = f"/openings?lesson={lesson}"
    assert link in methodologist.get(f"/lessons/{lesson}/marks").text
    offered = ('list="reasons"', '<datalist id="reasons"><option value="Болезнь учителя">')
    shown(methodologist.get(link), "Алгебра", f'value="lesson:{lesson}"', *offered)
    page = shown(methodologist.get(f"/openings?course={school.algebra}"), "Сейчас нет уроков, открытых после срока")
    assert re.search(rf'value="course:{school.algebra}" selected', page)
    assert send(methodologist, "/openings", "/openings", **typed).status_code == 303
    page = shown(methodologist.get("/openings"), f"{until:%d.%m.%Y} 18:00", "Болезнь учителя", "Раньше уроки не")
    day = shown(teacher.get(f"/day/{HELD_ON}"), f"Открыто до {until:%d.%m.%Y} 18:00", f"topic-{lesson}")
    assert "закончился" not in day
    saved = send(teacher, "/day", f"/day/{HELD_ON}", **fields(lesson, topic="Производная"))
    assert saved.status_code == 303
    shown(teacher.get(f"/lessons/{lesson}/marks"), "Открыто до", "value-")
    end = re.search(r'action="(/openings/[^"]+/end)"', page)
    assert end is not None
    assert send(methodologist, "/openings", end[1]).status_code == 303
    shown(methodologist.get("/openings"), "Сейчас нет уроков, открытых после срока", "Болезнь учителя", "Кто закрыл")
    assert f"topic-{lesson}" not in teacher.get(f"/day/{HELD_ON}").text
    shown(send(methodologist, "/openings", end[1]), "Эти уроки уже закрыты", status=409)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"of": ""}, "Выберите, какие уроки открыть"),
        ({"of": "course:nothing"}, "Выберите из списка"),
        ({"until": ""}, "Укажите день и время"),
        ({"until": "2020-01-01T10:00"}, "уже прошло"),
        ({"reason": " "}, ""),
        ({"last": "2020-01-01"}, "Последний день раньше первого"),
    ],
)
def test_what_was_typed_of_an_opening_stays_where_it_is_refused(
    door: Site, school: School, typed: dict[str, str], said: str
) -> None:
    methodologist = door.visit(school.methodologist)
    sent = {
        "of": f"class:{school.class_a}", "first": str(HELD_ON), "last": str(HELD_ON),
        "until": f"{TODAY + timedelta(days=1)}T18:00", "reason": "Ошибка в теме", **typed,
    }  # fmt: skip
    page = shown(send(methodologist, "/openings", "/openings", **sent), said, status=422)
    assert f'value="{sent["until"]}"' in page
    assert f'value="{HELD_ON}"' in page


def test_the_administration_reads_what_is_open_and_opens_nothing(door: Site, school: School, lesson: UUID) -> None:
    opened(school, lesson)
    page = shown(door.visit(school.director).get("/openings"), "Болезнь учителя", "Алгебра")
    assert "/end" not in page
    assert 'name="reason"' not in page
    assert door.visit(school.teacher).get("/openings").status_code == 403
