"""What is due about one thing is one letter, with the state at sending; an address gets it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.attendance.checks import Checks
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.homework import Homework
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import MarkPosted, Marks
from contracts.identity.people import People
from contracts.notifications.deliveries import Deliveries
from services.notifications.deliveries.tables import Delivery
from services.notifications.messages import entrypoints
from tests.kit.calls import call, deliver
from tests.kit.people import TODAY
from tests.kit.town import School, Town
from tests.notifications.conftest import MailServer


def post(town: Town, school: School, value: str) -> dict[str, Any]:
    """A mark of Boris, whose mother alone gets letters."""
    command = {"lesson_id": school.lesson, "student_id": school.boris.person_id, "value": value}
    return call(town.gradebook, Marks.post_mark, school.teacher, **command)


def change(town: Town, school: School, mark: dict[str, Any], value: str | None) -> dict[str, Any]:
    command = {"mark_id": mark["id"], "value": value, "reason": "slip", "version": mark["version"]}
    return call(town.gradebook, Marks.change_mark, school.teacher, **command)


def check(attendance: Any, school: School, lesson: Any, *entries: tuple[Any, str]) -> None:
    absences = [{"student_id": student.person_id, "code": code} for student, code in entries]
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=lesson, absences=absences)


def send(service: Any, town: Town) -> None:
    town.carry()
    service.send_due()


def texts(mail_server: MailServer) -> list[str]:
    return [letter.get_body(("plain",)).get_content().replace("\r\n", "\n") for letter in mail_server.letters]


def outcomes(service: Any, school: School) -> list[tuple[str, str]]:
    with service.unit_of_work.of(school.id) as session:
        return [(row.state, row.reason) for row in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_p29_typo_put_right_is_one_letter_about_the_mark_as_it_is(service, school, town, mail_server):
    change(town, school, post(town, school, "2"), "5")
    send(service, town)
    (text,) = texts(mail_server)
    assert "Новая оценка: 5" in text
    assert mail_server.letters[0]["Subject"] == "Новая оценка: Алгебра (Кузнецов Борис)"
    assert outcomes(service, school) == [("sent", "")] * 2
    service.send_due()
    assert len(mail_server.letters) == 1


def test_p29_typo_put_right_is_one_letter_even_where_its_parts_are_due_in_different_turns(
    service, school, town, mail_server, monkeypatch
):
    monkeypatch.setattr(entrypoints, "BATCH", 1)
    change(town, school, post(town, school, "2"), "5")
    send(service, town)
    assert ["Новая оценка: 5" in text for text in texts(mail_server)] == [True]


def test_a_mark_taken_back_before_anybody_was_told_of_it_is_not_told(service, school, town, mail_server):
    change(town, school, post(town, school, "2"), None)
    send(service, town)
    assert mail_server.letters == []
    assert outcomes(service, school) == [("gone", "nothing-to-tell")] * 2


def test_an_event_that_comes_when_the_state_is_told_already_makes_no_letter(service, school, town, mail_server):
    mark = post(town, school, "2")
    change(town, school, mark, "5")
    posted = MarkPosted(mark_id=mark["id"], lesson_id=school.lesson, student_id=school.boris.person_id)
    deliver(service, posted, school.id, str(uuid7()))
    service.send_due()
    assert ["Новая оценка: 5" in text for text in texts(mail_server)] == [True]
    send(service, town)
    assert len(mail_server.letters) == 1
    assert ("gone", "told-before") in outcomes(service, school)


def test_a_change_is_told_from_what_the_family_knows(service, school, town, mail_server):
    mark = post(town, school, "2")
    send(service, town)
    mark = change(town, school, mark, "3")
    mark = change(town, school, mark, "4")
    send(service, town)
    mark = change(town, school, mark, "5")
    send(service, town)
    mark = change(town, school, mark, "3")
    change(town, school, mark, "5")
    send(service, town)
    news = [text.split("\n")[3].strip() for text in texts(mail_server)]
    assert news == ["Новая оценка: 2", "Оценка изменена: теперь 4", "Оценка изменена: было 4, стало 5"]


def test_homework_that_is_written_in_three_goes_is_one_letter_and_none_where_it_was_emptied(
    service, school, town, mail_server
):
    for version, homework in enumerate(("№ 5", "№ 5, 6", "№ 5, 6, 7"), 1):
        command = {"lesson_id": school.lesson, "version": version, "homework": homework}
        call(town.gradebook, Lessons.describe_lesson, school.teacher, **command)
    for version, homework in enumerate(("№ 1", ""), 1):
        command = {"lesson_id": school.tomorrows_lesson, "version": version, "homework": homework}
        call(town.gradebook, Lessons.describe_lesson, school.teacher, **command)
    send(service, town)
    # the mother of Boris is also Vera's: a letter for each child
    assert sorted(mail_server.recipients) == [
        "father@example.org", "mother@example.org", "other@example.org", "other@example.org",
    ]  # fmt: skip
    assert all("№ 5, 6, 7" in text for text in texts(mail_server))


def test_homework_with_links_and_tasks_is_one_letter_and_each_family_reads_its_own_task(
    service, school, town, mail_server, monkeypatch
):
    """A page saves the text first and what it has beside it after that: families wait for all of it."""
    monkeypatch.setattr(entrypoints, "SETTLING", timedelta(minutes=1))
    link = {"url": "https://example.org/5", "title": "Видео"}
    task = {"student_ids": [school.boris.person_id], "text": "№ 12"}
    text = {"lesson_id": school.lesson, "version": 1, "homework": "№ 5"}
    call(town.gradebook, Lessons.describe_lesson, school.teacher, **text)
    send(service, town)
    beside = {"lesson_id": school.lesson, "version": 0, "links": [link], "tasks": [task]}
    call(town.gradebook, Homework.set_homework, school.teacher, **beside)
    send(service, town)
    assert mail_server.letters == []
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(Delivery).values(due_at=Delivery.created_at))
    service.send_due()
    found = {letter["Subject"].partition("(")[2]: text for letter, text in zip(mail_server.letters, texts(mail_server))}
    assert len(mail_server.letters) == 4
    assert all("№ 5" in one and "https://example.org/5" in one for one in found.values())
    assert [name for name, one in found.items() if "Личное задание" in one] == ["Кузнецов Борис)"]
    changed = {**beside, "version": 1, "tasks": [{**task, "text": "№ 13"}]}
    call(town.gradebook, Homework.set_homework, school.teacher, **changed)
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(Delivery).values(due_at=Delivery.created_at))
    monkeypatch.setattr(entrypoints, "SETTLING", timedelta(0))
    send(service, town)
    assert ["№ 13" in one for one in texts(mail_server)[4:]] == [True]


def test_a_day_of_absence_is_one_letter_with_all_its_lessons(service, school, town, attendance, mail_server):
    later = school.lessons_with_homework(1)[0]
    check(attendance, school, school.lesson, (school.boris, "Б"))
    check(attendance, school, later, (school.boris, "Н"))
    check(attendance, school, later, (school.boris, "Б"))
    send(service, town)
    (text,) = texts(mail_server)
    assert "2-й урок, Алгебра: Отметка о посещаемости: Б — отсутствует по болезни" in text
    assert text.count("100-й урок, Алгебра") == 1
    assert "причина неизвестна" not in text
    check(attendance, school, later)
    send(service, town)
    assert "отменена" in texts(mail_server)[1]


def planned(school: School, town: Town, *changes: tuple[Any, int, dict[str, Any]]) -> None:
    """Changes of lessons: of each its id and version, and what is to be different."""
    command = [{"lesson_id": lesson, "version": version, **of} for lesson, version, of in changes]
    call(town.gradebook, DayChanges.change_lessons, school.methodologist, changes=command, despite_collisions=True)


def test_several_changes_of_a_day_are_one_letter_to_those_who_have_these_lessons_alone(
    service, school, town, mail_server
):
    planned(school, town, (school.lesson, 0, {"cancelled": True}), (school.shared_lesson, 0, {"cancelled": True}))
    send(service, town)
    found = {one["Subject"].partition("(")[2]: text for one, text in zip(mail_server.letters, texts(mail_server))}
    # Gleb's mother gave no consent to letters; the mother of Boris is also Vera's, who alone has both lessons
    assert sorted(mail_server.recipients) == [
        "father@example.org", "mother@example.org", "other@example.org", "other@example.org",
    ]  # fmt: skip
    both = found["Кузнецов Борис)"], found["Попова Вера)"]
    assert ["Английский" in text for text in both] == [False, True]
    assert "2-й урок, Алгебра: Урок отменён\n3-й урок, Английский: Урок отменён" in both[1]
    assert {state for state, _ in outcomes(service, school)} == {"sent"}


def test_what_of_a_day_is_put_right_soon_is_not_told(service, school, town, mail_server, monkeypatch):
    monkeypatch.setattr(entrypoints, "SETTLING_OF_DAYS", timedelta(minutes=2))
    wrong, right = school.lesson, school.tomorrows_lesson
    planned(school, town, (wrong, 0, {"cancelled": True}))
    planned(school, town, (right, 0, {"cancelled": True, "reason": "морз"}))
    send(service, town)
    planned(school, town, (wrong, 1, {}))
    planned(school, town, (right, 1, {"cancelled": True, "reason": "мороз"}))
    send(service, town)
    assert mail_server.letters == []
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(Delivery).values(due_at=Delivery.created_at))
    service.send_due()
    reasons = [next(line for line in text.split("\n") if "мороз" in line) for text in texts(mail_server)]
    assert sorted(reasons) == ["Reason: мороз", *["Причина: мороз"] * 3]


def test_a_change_of_another_day_does_not_go_out_before_it_is_due(service, school, town, mail_server, monkeypatch):
    planned(school, town, (school.lesson, 0, {"cancelled": True}))
    town.carry()
    monkeypatch.setattr(entrypoints, "SETTLING_OF_DAYS", timedelta(minutes=2))
    planned(school, town, (school.tomorrows_lesson, 0, {"cancelled": True}))
    send(service, town)
    assert len(mail_server.letters) == 4
    assert {state for state, _ in outcomes(service, school)} == {"sent", "due"}
    planned(school, town, (school.tomorrows_lesson, 1, {}))
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(Delivery).values(due_at=Delivery.created_at))
    send(service, town)
    assert len(mail_server.letters) == 4, "it was put right before anybody was told"


def test_of_a_day_that_was_told_only_what_is_new_is_told(service, school, town, mail_server):
    planned(school, town, (school.lesson, 0, {"cancelled": True}))
    send(service, town)
    before = len(mail_server.letters)
    planned(school, town, (school.lesson, 1, {"cancelled": True}), (school.shared_lesson, 0, {"cancelled": True}))
    send(service, town)
    (text,) = texts(mail_server)[before:]
    assert "Английский" in text
    assert "Алгебра" not in text


def test_nobody_is_told_of_a_past_day_unless_its_lesson_comes_to_a_later_one(service, school, town, mail_server):
    past = [school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=2), number) for number in (1, 2)]
    planned(school, town, (past[0], 0, {"cancelled": True}))
    send(service, town)
    assert outcomes(service, school) == []
    later = {"moved_to": TODAY + timedelta(days=3), "moved_number": 5}
    planned(school, town, (past[1], 0, later))
    send(service, town)
    assert sum("Урок перенесён на" in text for text in texts(mail_server)) == 3
    before = len(mail_server.letters)
    planned(school, town, (past[1], 1, {}))
    send(service, town)
    assert len(mail_server.letters) == 2 * before, "it does not come to the later day after all"


@pytest.mark.parametrize("written", ["family@example.org", "Family@Example.org"])
def test_p30_one_address_twice_gets_one_letter_that_both_persons_lists_show(
    service, school, town, mail_server, written
):
    for guardian, email in ((school.mother, "family@example.org"), (school.father, written)):
        call(town.identity, People.set_contact, school.methodologist, person_id=guardian.person_id, email=email)
    command = {"lesson_id": school.lesson, "student_id": school.anna.person_id, "value": "5"}
    call(town.gradebook, Marks.post_mark, school.teacher, **command)
    send(service, town)
    assert len(mail_server.letters) == 1
    for guardian in (school.mother, school.father):
        (shown,) = call(service, Deliveries.deliveries, guardian)["deliveries"]
        assert (shown["state"], shown["kind"]) == ("sent", "mark_posted")


def test_of_two_persons_with_one_address_only_who_consents_is_shown_as_told(service, school, town, mail_server):
    call(town.identity, People.set_contact, school.methodologist, person_id=school.father.person_id,
         email="mother@example.org")  # fmt: skip
    command = {"lesson_id": school.lesson, "student_id": school.anna.person_id, "value": "5"}
    call(town.gradebook, Marks.post_mark, school.teacher, **command)
    town.carry()
    school.consent(school.father, school.anna, "email", granted=False)
    send(service, town)
    assert len(mail_server.letters) == 1
    assert sorted(outcomes(service, school)) == [("gone", "no-consent"), ("sent", "")]


def test_a_letter_that_failed_is_tried_again_with_what_has_become_due_since(service, school, town, mail_server):
    mail_server.at_recipient["other@example.org"] = "451 4.7.1 come back later"
    mark = post(town, school, "2")
    send(service, town)
    mail_server.at_recipient.clear()
    change(town, school, mark, "5")
    send(service, town)
    assert ["Новая оценка: 5" in text for text in texts(mail_server)] == [True]
    assert outcomes(service, school) == [("sent", "")] * 2
