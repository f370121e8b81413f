"""A teacher's day: one form of all its lessons, each saved for itself, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from uuid_utils.compat import uuid7

from kernel.errors import Unavailable
from services.gradebook.courses.tables import CourseTeacher
from services.gradebook.lessons.tables import Lesson, LessonRevision
from tests.gateway.in_process import InProcessClient
from tests.gateway.pages.test_pages import described, send, shown
from tests.gateway.pages.test_texts import words
from tests.gateway.pages.test_weeks import in_room, stand
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

PATH = f"/day/{TODAY}"


@pytest.fixture
def second(school: School) -> UUID:
    """Another lesson of the teacher's day."""
    return school.add_lesson(uuid7(), school.algebra, TODAY, 4)


def typed(client: FlaskClient, path: str = PATH, **changes: str) -> dict[str, str]:
    """The form of the day with these fields changed."""
    page = client.get(path).text.partition("data-unsaved")[2]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    texts = {name: unescape(text) for name, text in re.findall(r'name="([^"]+)"[^>]*>([^<]*)</textarea>', page)}
    dates = dict(re.findall(r'type="date" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
    return hidden | texts | dates | changes


def kept(door: Site, school: School, lesson: UUID) -> tuple[str, str, int]:
    """Topic, homework and version of a lesson."""
    found = door.asking(school.teacher).get(f"/lessons/{lesson}").json
    return found["topic"], found["homework"], found["version"]


class GoesAway(list[tuple[str, Any]]):
    """The calls of a bus, whose service goes away after some calls of a method."""

    def __init__(self, bus: InProcessClient, method: str, after: int) -> None:
        super().__init__()
        self.bus, self.method, self.after = bus, method, after

    def append(self, call: tuple[str, Any]) -> None:
        """Note a call that begins."""
        super().append(call)
        if call[0] == self.method and [name for name, _ in self].count(self.method) > self.after:
            service = self.method.partition(".")[0]
            self.bus.away[service] = Unavailable("The service {service} is away.", rule="no-route", service=service)


def change(door: Site, school: School, lesson: UUID, topic: str, version: int = 1) -> None:
    """Somebody else writes a topic."""
    headers = {"If-Match": f'"{version}"'}
    assert (
        door.asking(school.teacher).patch(f"/lessons/{lesson}", json={"topic": topic}, headers=headers).status_code
        == 200
    )


def test_d05_every_lesson_that_was_changed_is_saved_and_no_other(door: Site, school: School, second: UUID) -> None:
    third = school.add_lesson(uuid7(), school.algebra, TODAY, 5)
    client = door.visit(school.teacher)
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", f"homework-{second}": "№ 5", "at": str(second)})
    saved = client.post(PATH, data=form)
    assert saved.headers["Location"] == f"{PATH}#lesson-{second}"
    assert "Сохранено: 2. Алгебра, 4. Алгебра." in words(client.get(PATH))
    assert [kept(door, school, one) for one in (school.lesson, second, third)] == [
        ("Дроби", "", 2), ("", "№ 5", 2), ("", "", 1),
    ]  # fmt: skip


def test_d05_a_day_sent_as_it_was_shown_changes_nothing(door: Site, school: School, second: UUID) -> None:
    change(door, school, second, "Строка одна\r\nи вторая")
    client = door.visit(school.teacher)
    asked = len(door.bus.calls)
    sent = client.post(PATH, data=typed(client))
    assert "gradebook.describe_lesson" not in [name for name, _ in door.bus.calls[asked:]]
    assert "Изменений не было." in words(client.get(sent.headers["Location"]))


def test_d05_a_lesson_that_is_refused_keeps_what_was_typed_and_the_others_are_saved(
    door: Site, school: School, second: UUID
) -> None:
    client = door.visit(school.teacher)
    early = {f"topic-{second}": "Степени", f"homework-{second}": "№ 7", f"homework_due-{second}": "2020-01-01"}
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", **early})
    answer = client.post(PATH, data=form)
    told = words(answer)
    page = shown(answer, "Сохранено не всё.", ">Степени</textarea>", "№ 7", 'value="2020-01-01"', status=422)
    assert re.search(rf'<a href="#lesson-{second}">4. Алгебра</a>', page)
    assert "Сохранено: 2. Алгебра." in told
    assert page.count("autofocus") == 1
    assert 'data-unsaved="yes"' in page
    assert [kept(door, school, one) for one in (school.lesson, second)] == [("Дроби", "", 2), ("", "", 1)]


def test_d05_a_change_by_somebody_else_is_told_at_its_lesson_and_the_next_saving_replaces_it(
    door: Site, school: School, second: UUID
) -> None:
    client = door.visit(school.teacher)
    in_room(door, school, second, "214")
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", f"topic-{second}": "Степени"})
    change(door, school, second, "Чужая тема")
    page = shown(client.post(PATH, data=form), "Сейчас сохранено: Чужая тема", ">Степени</textarea>", status=412)
    section = page[page.index(f'id="lesson-{second}"') :]
    assert "Этот урок уже изменил кто-то другой." in section
    assert "каб. 214" in section, "where it is stays there"
    assert "Этот урок уже изменил" not in page[: page.index(f'id="lesson-{second}"')]
    assert kept(door, school, school.lesson) == ("Дроби", "", 2)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.partition("data-unsaved")[2]))
    again = hidden | {f"topic-{second}": "Степени", f"homework-{second}": ""}
    assert client.post(PATH, data=again).status_code == 303
    assert kept(door, school, second) == ("Степени", "", 3)


def test_d05_an_untouched_lesson_that_somebody_else_changed_is_left_as_it_is_now(
    door: Site, school: School, second: UUID
) -> None:
    client = door.visit(school.teacher)
    form = typed(client, **{f"topic-{school.lesson}": "Дроби"})
    change(door, school, second, "Чужая тема")
    assert client.post(PATH, data=form).status_code == 303
    assert kept(door, school, second) == ("Чужая тема", "", 2)


def test_d05_what_was_typed_for_a_lesson_that_is_taken_away_is_still_shown(
    door: Site, school: School, second: UUID
) -> None:
    client = door.visit(school.teacher)
    form = typed(client, **{f"topic-{second}": "Степени", f"homework-{second}": "№ 7"})
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(delete(LessonRevision).where(LessonRevision.lesson_id == second))
        session.execute(delete(Lesson).where(Lesson.id == second))
    answer = client.post(PATH, data=form)
    told = words(answer)
    assert answer.status_code == 404
    assert "Этого урока больше нет среди ваших" in told
    assert "Степени № 7" in told


def test_d05_a_double_click_saves_each_lesson_once(door: Site, school: School, second: UUID) -> None:
    client = door.visit(school.teacher)
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", f"topic-{second}": "Степени"})
    for _ in range(2):
        assert client.post(PATH, data=form).status_code == 303
    assert [kept(door, school, one) for one in (school.lesson, second)] == [("Дроби", "", 2), ("Степени", "", 2)]


def test_d05_a_day_that_was_saved_in_part_when_the_journal_went_away_is_sent_again_and_saved_once(
    door: Site, school: School, second: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, own = door.visit(school.teacher), {"Sec-Fetch-Site": "same-origin"}
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", f"topic-{second}": "Степени"})
    monkeypatch.setattr(door.bus, "calls", GoesAway(door.bus, "gradebook.describe_lesson", after=1))
    lost = shown(client.post(PATH, data=form, headers=own), "Отправить ещё раз", status=503)
    monkeypatch.undo()
    door.bus.away.clear()
    assert [kept(door, school, one)[0] for one in (school.lesson, second)] == ["Дроби", ""]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', lost.partition("<main")[2])
    assert client.post(PATH, data=dict(hidden), headers=own).status_code == 303
    assert [kept(door, school, one) for one in (school.lesson, second)] == [("Дроби", "", 2), ("Степени", "", 2)]


def test_d05_a_day_typed_while_the_journal_is_away_is_given_back(door: Site, school: School, second: UUID) -> None:
    client, own = door.visit(school.teacher), {"Sec-Fetch-Site": "same-origin"}
    form = typed(client, **{f"topic-{second}": "Степени"})
    away = Unavailable("The service {service} is away.", rule="no-route", service="gradebook")
    with door.bus.without("gradebook", away):
        lost = shown(client.post(PATH, data=form, headers=own), "Отправить ещё раз", status=503)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', lost.partition("<main")[2])
    assert client.post(PATH, data=dict(hidden), headers=own).status_code == 303
    assert kept(door, school, second) == ("Степени", "", 2)


def test_a_topic_may_be_taken_out_again(door: Site, school: School) -> None:
    change(door, school, school.lesson, "Дроби")
    client = door.visit(school.teacher)
    assert client.post(PATH, data=typed(client, **{f"topic-{school.lesson}": ""})).status_code == 303
    assert kept(door, school, school.lesson) == ("", "", 3)


def test_only_a_teacher_saves_a_day_and_another_ones_lesson_does_not_exist(door: Site, school: School) -> None:
    other = door.visit(school.other_teacher)
    shown(send(other, PATH, **described(school.lesson, topic="Чужая")), "Этого урока больше нет", status=404)
    assert kept(door, school, school.lesson) == ("", "", 1)
    assert (
        send(door.visit(school.director), "/courses", PATH, **described(school.lesson, topic="Чужая")).status_code
        == 403
    )


def test_what_was_saved_before_a_topic_of_the_plan_was_refused_is_nobody_elses(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", "take": f"{school.lesson}:{uuid7()}"})
    page = shown(client.post(PATH, data=form), "Выберите из списка.", ">Дроби</textarea>", status=422)
    assert kept(door, school, school.lesson) == ("Дроби", "", 2)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.partition("data-unsaved")[2]))
    again = form | hidden | {f"homework-{school.lesson}": "§ 5"}
    del again["take"]
    assert client.post(PATH, data=again).status_code == 303
    assert kept(door, school, school.lesson) == ("Дроби", "§ 5", 3)


def test_a_lesson_says_what_is_still_to_be_entered(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    assert "Ещё не заполнено: тема, домашнее задание" in words(client.get(PATH))
    client.post(PATH, data=typed(client, **{f"topic-{school.lesson}": "Дроби"}))
    assert "Ещё не заполнено: домашнее задание" in words(client.get(PATH))
    client.post(PATH, data=typed(client, **{f"homework-{school.lesson}": "№ 5"}))
    assert "Ещё не заполнено" not in words(client.get(PATH))


def test_the_homeroom_teacher_is_told_whose_absences_nobody_has_noted(door: Site, school: School) -> None:
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        taught = {"course_id": school.algebra, "teacher_id": school.homeroom_a.person_id}
        session.add(CourseTeacher(school_id=school.id, **taught))
    client = door.visit(school.homeroom_a)
    assert "Ещё не заполнено: тема, домашнее задание, кто отсутствовал" in words(client.get(PATH))
    checked = door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json={"absences": []})
    assert checked.status_code == 200, checked.text
    assert "кто отсутствовал" not in words(client.get(PATH))
    door.bus.away["attendance"] = Unavailable("The service {service} is away.", rule="no-route", service="attendance")
    assert "Ещё не заполнено: тема, домашнее задание" in words(client.get(PATH))


def test_what_is_to_come_or_cancelled_lacks_nothing_yet(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    assert "Ещё не заполнено" not in words(client.get(f"/day/{TODAY + timedelta(days=1)}"))
    stand(school, school.lesson, state="cancelled")
    assert "Ещё не заполнено" not in words(client.get(PATH))


def test_who_stands_in_has_no_link_to_the_journal_of_the_course(door: Site, school: School) -> None:
    stand(school, school.lesson, teacher_id=school.other_teacher.person_id)
    link = f'href="/journal/{school.algebra}"'
    assert link not in shown(door.visit(school.other_teacher).get(PATH), str(school.lesson))
    assert link in shown(door.visit(school.teacher).get(PATH))
