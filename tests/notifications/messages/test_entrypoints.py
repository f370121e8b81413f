"""Who is told, from the teacher's entry to the letter, beside the services that own what is told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs
from uuid_utils.compat import uuid7

from contracts.attendance.checks import Checks
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.lessons import HomeworkSet, Lessons
from contracts.gradebook.marks import MarkPosted, Marks, MarksPosted
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from contracts.identity.people import People
from kernel.bus import wire
from kernel.bus.interface import Delivery as Received
from kernel.clock import now
from kernel.data import parking
from kernel.data.inbox import InboxRow
from kernel.errors import Unavailable
from services.gradebook.marks.rules import owed
from services.notifications.copies.tables import GuardianCopy, StudentCopy
from services.notifications.deliveries.tables import Delivery
from services.notifications.messages import sending
from tests.kit.calls import call, deliver, statements
from tests.kit.databases import on_both
from tests.kit.people import TODAY
from tests.kit.town import Outside, School, Town


def post(town: Town, school: School, student: Any, value: str = "5") -> dict[str, Any]:
    """A mark in algebra, carried to everybody who listens."""
    command = {"lesson_id": school.lesson, "student_id": student.person_id, "value": value}
    posted = call(town.gradebook, Marks.post_mark, school.teacher, **command)
    town.carry()
    return posted


def kept(service: Any, school: School) -> list[Delivery]:
    """The school's deliveries, oldest first."""
    with service.unit_of_work.of(school.id) as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def told(service: Any, school: School) -> set[tuple[str, UUID, UUID]]:
    """(event, student, recipient) of the school's deliveries; none of them is there twice."""
    found = [(row.kind, row.student_id, row.recipient_id) for row in kept(service, school)]
    assert len(found) == len(set(found))
    return set(found)


# --- whom an event concerns


def test_a_posted_mark_is_due_to_each_guardian_who_consented_to_email(service, school, town):
    posted = post(town, school, school.anna)
    anna = school.anna.person_id
    assert told(service, school) == {
        ("mark_posted", anna, school.mother.person_id),
        ("mark_posted", anna, school.father.person_id),
    }
    for row in kept(service, school):
        assert (row.state, row.channel, row.attempts, row.sent_at) == ("due", "email", 0, None)
        assert row.subject_id == UUID(posted["id"])


def test_a_column_is_told_as_each_of_its_marks(service, school, town):
    given = {student.person_id: "4" for student in (school.anna, school.boris, school.vera)}
    marks = [{"student_id": student, "value": value} for student, value in given.items()]
    posted = call(town.gradebook, Marks.post_marks, school.teacher, lesson_id=school.lesson, marks=marks)["marks"]
    town.carry()
    of_anna, of_boris, of_vera = (mark["id"] for mark in posted)
    letters = {(row.kind, str(row.subject_id), row.recipient_id) for row in kept(service, school)}
    assert letters == {
        ("mark_posted", of_anna, school.mother.person_id),
        ("mark_posted", of_anna, school.father.person_id),
        ("mark_posted", of_boris, school.other_mother.person_id),
        ("mark_posted", of_vera, school.other_mother.person_id),
    }


def test_a_column_whose_handling_failed_is_told_once_when_it_comes_again(service, school):
    students = (school.anna.person_id, school.boris.person_id)
    column = MarksPosted(lesson_id=school.lesson, marks={student: uuid7() for student in students})
    with service.unit_of_work.of(school.id) as session:
        session.execute(delete(GuardianCopy))
        session.execute(delete(StudentCopy))

    def no_answer(*_arguments: Any, **_more: Any) -> Any:
        raise Unavailable("The service identity is away.", rule="no-route")

    ask, service.ask = service.ask, no_answer
    with pytest.raises(Unavailable):
        deliver(service, column, school.id, "m1")
    assert told(service, school) == set()
    service.ask = ask
    for first in (True, False):
        assert deliver(service, column, school.id, "m1") is first
        assert len(kept(service, school)) == 3


def test_a_column_that_is_given_up_is_parked_as_one_message_and_each_mark_told_once_afterwards(service, school):
    students = (school.anna.person_id, school.boris.person_id)
    column = MarksPosted(lesson_id=school.lesson, marks={student: uuid7() for student in students})
    envelope = wire.Envelope(
        name=column.NAME, tenant=str(school.id), queue="notifications.on_marks_posted", reason="refused", attempts=6
    )
    body = column.to_wire()
    for _ in range(2):  # the broker brought it to the parking queue twice
        given_up = Received("notifications.parked", body, {wire.HEADER: envelope.encode()}, "m1")
        parking.keep(service.unit_of_work, given_up)
    (parked,) = parking.listed(service.unit_of_work)
    assert msgspec.json.decode(parked.body)["marks"].keys() == set(map(str, students))
    for first in (True, False):
        assert deliver(service, column, school.id, parked.message_id) is first
        assert len(kept(service, school)) == 3


def test_who_consented_to_the_portal_alone_gets_no_letter(service, school, town):
    call(
        town.gradebook, Marks.post_mark, school.other_teacher,
        lesson_id=school.shared_lesson, student_id=school.gleb.person_id, value="4",
    )  # fmt: skip
    town.carry()
    assert told(service, school) == set()


def test_an_event_brought_twice_makes_one_delivery(service, school):
    posted = MarkPosted(mark_id=uuid7(), lesson_id=school.lesson, student_id=school.boris.person_id)
    assert deliver(service, posted, school.id, "m1")
    assert not deliver(service, posted, school.id, "m1")
    assert len(kept(service, school)) == 1


@on_both
def test_an_event_brought_again_after_the_inbox_forgot_it_makes_no_second_delivery(service, school):
    """As after a restored queue, or where somebody publishes an outbox's rows again."""
    posted = MarkPosted(mark_id=uuid7(), lesson_id=school.lesson, student_id=school.anna.person_id)
    message_id = str(uuid7())
    for _ in range(2):
        assert deliver(service, posted, school.id, message_id)
        with service.unit_of_work.everywhere() as session:
            session.execute(delete(InboxRow))
    assert len(kept(service, school)) == 2


def test_homework_is_told_for_each_child_of_a_guardian(service, school, town):
    command = {"lesson_id": school.lesson, "version": 1, "homework": "No. 5"}
    call(town.gradebook, Lessons.describe_lesson, school.teacher, **command)
    town.carry()
    anna, boris, vera = (student.person_id for student in (school.anna, school.boris, school.vera))
    assert told(service, school) == {
        ("homework_set", anna, school.mother.person_id),
        ("homework_set", anna, school.father.person_id),
        ("homework_set", boris, school.other_mother.person_id),
        ("homework_set", vera, school.other_mother.person_id),
    }


def test_a_cancelled_lesson_is_told_and_so_is_that_it_takes_place_after_all(service, school, town, mail_server):
    def change(version: int, **more: Any) -> list[str]:
        """What the letters about a change say."""
        changes = [{"lesson_id": school.lesson, "version": version, **more}]
        call(town.gradebook, DayChanges.change_lessons, school.methodologist, changes=changes)
        town.carry()
        before = len(mail_server.letters)
        service.send_due()
        return [letter.get_body(("plain",)).get_content() for letter in mail_server.letters[before:]]

    told = change(0, teacher_id=school.homeroom_b.person_id)
    assert sum("Урок проведёт другой учитель" in one for one in told) == 3
    letters = change(1, cancelled=True, reason="мороз")
    assert len(letters) == 4
    assert sum("Урок отменён" in one and "Причина: мороз" in one for one in letters) == 3
    assert sum("The lesson is cancelled" in one for one in letters) == 1
    assert change(2, cancelled=True, reason="сильный мороз") == [], "it is cancelled, as families know"
    assert sum("Урок состоится по расписанию" in one for one in change(3)) == 3


def test_students_not_heard_of_yet_are_asked_for_first(service, school, town):
    with service.unit_of_work.of(school.id) as session:
        session.execute(delete(GuardianCopy))
        session.execute(delete(StudentCopy))
    post(town, school, school.boris)
    assert told(service, school) == {("mark_posted", school.boris.person_id, school.other_mother.person_id)}


def test_another_schools_guardians_are_not_told(service, school, town):
    other = School(town)
    deliver(service, MarkPosted(mark_id=uuid7(), lesson_id=uuid7(), student_id=school.anna.person_id), other.id)
    assert told(service, other) == told(service, school) == set()


def test_an_event_costs_the_same_for_one_student_as_for_three(service, school, engine):
    everybody = (school.anna.person_id, school.boris.person_id, school.vera.person_id)
    costs = []
    for student_ids in (everybody[:1], everybody):
        event = HomeworkSet(lesson_id=school.lesson, version=2, student_ids=student_ids)
        with statements(engine) as seen:
            deliver(service, event, school.id)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6, seen


# --- from due to sent


def test_letters_go_out_in_each_guardians_language_and_once(service, school, town, mail_server):
    post(town, school, school.anna, "4")
    service.send_due()
    assert sorted(mail_server.recipients) == ["father@example.org", "mother@example.org"]
    letters = {letter["To"]: letter for letter in mail_server.letters}
    assert letters["mother@example.org"]["Subject"] == "Новая оценка: Алгебра (Смирнова Анна)"
    assert letters["father@example.org"]["Subject"] == "New mark: Алгебра (Смирнова Анна)"
    assert "New mark: 4" in letters["father@example.org"].get_body(("plain",)).get_content()
    assert mail_server.seen["connections"] == 1
    for row in kept(service, school):
        assert (row.state, row.attempts, row.reason) == ("sent", 1, "")
        assert row.sent_at is not None
        assert any(str(row.id) in letter["Message-ID"] for letter in mail_server.letters)
    service.send_due()
    assert len(mail_server.letters) == 2


def addresses(letter: Any) -> set[str]:
    """The addresses to which the parts of a letter lead."""
    parts = [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return {unescape(found) for part in parts for found in re.findall(r"https://[^\s\"<]+", part)}


def test_d17_each_letter_leads_to_its_thing_in_the_diary_of_its_child(service, school, town, attendance, mail_server):
    boris, vera = school.boris.person_id, school.vera.person_id
    post(town, school, school.boris, "3")
    absences = [{"student_id": vera, "code": "Н", "minutes": None}]
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=school.lesson, absences=absences)
    homework = {"lesson_id": school.tomorrows_lesson, "version": 1, "homework": "№ 5"}
    call(town.gradebook, Lessons.describe_lesson, school.teacher, **homework)
    town.carry()
    service.send_due()
    told = {
        (letter["Subject"].split(":")[0], str(letter["Subject"]).rpartition("(")[2].split()[0]): addresses(letter)
        for letter in mail_server.letters
        if letter["To"] == "other@example.org"
    }
    tomorrow, today = TODAY + timedelta(days=1), TODAY

    def place(student: UUID, day: date, lesson: UUID) -> set[str]:
        return {f"https://lyceum.example/diary/{student}/days/{day}?lesson={lesson}&school={school.id}"}

    assert told == {
        ("Новая оценка", "Кузнецов"): place(boris, today, school.lesson),
        ("Посещаемость", "Попова"): place(vera, today, school.lesson),
        ("Домашнее задание", "Кузнецов"): place(boris, tomorrow, school.tomorrows_lesson),
        ("Домашнее задание", "Попова"): place(vera, tomorrow, school.tomorrows_lesson),
    }


def test_a_change_is_told_as_a_change(service, school, town, mail_server):
    posted = post(town, school, school.boris, "3")
    service.send_due()
    change = {"mark_id": posted["id"], "value": "4", "reason": "typed wrongly", "version": 1}
    call(town.gradebook, Marks.change_mark, school.teacher, **change)
    town.carry()
    service.send_due()
    first, second = (letter.get_body(("plain",)).get_content() for letter in mail_server.letters)
    assert "Новая оценка: 3" in first
    assert "было 3, стало 4" in second


def set_term_mark(town: Town, school: School, value: str, version: int | None) -> None:
    entry = {"student_id": school.boris.person_id, "value": value, "version": version, "reason": "Решение учителя"}
    command = {"course_id": school.algebra, "term_id": school.term, "entries": [entry]}
    (answer,) = call(town.gradebook, TermMarks.set_term_marks, school.teacher, **command)["answers"]
    assert answer["state"] == "saved", answer


def test_term_marks_are_told_when_they_are_handed_in_and_a_change_as_a_change(service, school, town, mail_server):
    rest = [{"student_id": one.person_id, "value": "н/а"} for one in (school.anna, school.vera)]
    place = {"course_id": school.algebra, "term_id": school.term}
    call(town.gradebook, TermMarks.set_term_marks, school.teacher, entries=rest, **place)
    set_term_mark(town, school, "4", None)
    town.carry()
    service.send_due()
    assert mail_server.letters == [], "nothing is told before they are handed in"
    call(town.gradebook, TermMarks.hand_in_term_marks, school.teacher, **place)
    town.carry()
    service.send_due()
    set_term_mark(town, school, "5", 1)
    town.carry()
    service.send_due()
    first, second = (
        letter
        for letter in mail_server.letters
        if letter["To"] == "other@example.org" and "Кузнецов" in letter["Subject"]
    )
    assert first["Subject"] == "Отметка за период: Алгебра (Кузнецов Борис)"
    assert "Отметка: 4" in first.get_body(("plain",)).get_content()
    assert second["Subject"] == "Изменена отметка за период: Алгебра (Кузнецов Борис)"
    assert "было 4, стало 5" in second.get_body(("plain",)).get_content()
    assert addresses(second) == {f"https://lyceum.example/marks/{school.boris.person_id}/terms?school={school.id}"}


def owe(town: Town, school: School, text: str, seen: str | None = None) -> None:
    """What is typed into Boris' cell of today's algebra, and the morning of its school."""
    entry = {"key": uuid7(), "lesson_id": school.lesson, "student_id": school.boris.person_id, "text": text}
    command = {"course_id": school.algebra, "entries": [{**entry, "seen": seen}]}
    (answer,) = call(town.gradebook, Sheets.enter_cells, school.teacher, **command)["answers"]
    assert answer["state"] == "saved", answer


def hide(town: Town, school: School, until: Any, seen: int | None = None) -> None:
    """Families see the answers of today's algebra from a moment on."""
    column = {"lesson_id": school.lesson, "only_if_helps": False, "visible_from": until, "seen": seen}
    call(town.gradebook, Marks.change_column, school.teacher, **column)


def test_marks_of_a_hidden_column_are_told_once_when_families_see_them(service, school, town, mail_server):
    hide(town, school, now() + timedelta(days=1))
    mark = post(town, school, school.boris, "2")
    changed = {"mark_id": mark["id"], "value": "4", "reason": "Описка", "version": 1}
    call(town.gradebook, Marks.change_mark, school.teacher, **changed)
    town.gradebook.announce_shown_columns()
    town.carry()
    service.send_due()
    assert (kept(service, school), mail_server.letters) == ([], []), "nor does the list of letters name any"
    hide(town, school, None, 1)
    for _ in range(2):
        town.gradebook.announce_shown_columns()
        town.carry()
        service.send_due()
    (letter,) = mail_server.letters
    assert letter["Subject"] == "Новая оценка: Алгебра (Кузнецов Борис)"
    assert "Новая оценка: 4" in letter.get_body(("plain",)).get_content()


def test_a_letter_that_was_due_when_its_column_was_hidden_waits_for_it(service, school, town, mail_server):
    post(town, school, school.boris, "2")
    hide(town, school, now() + timedelta(days=1))
    service.send_due()
    assert mail_server.letters == []
    hide(town, school, None, 1)
    town.gradebook.announce_shown_columns()
    town.carry()
    service.send_due()
    assert [one["Subject"] for one in mail_server.letters] == ["Новая оценка: Алгебра (Кузнецов Борис)"]


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is nine o'clock, whatever the clock says."""
    monkeypatch.setattr(owed, "REMINDS_FROM", 0)


def test_owed_work_is_reminded_of_once_on_the_day_before(service, school, town, mail_server, morning):
    owe(town, school, f".{TODAY + timedelta(days=1):%d.%m.%Y}")
    for _ in range(2):
        town.gradebook.remind_of_owed_works()
        town.carry()
        service.send_due()
    (reminder,) = (one for one in mail_server.letters if one["To"] == "other@example.org")
    assert reminder["Subject"] == "Нужно сдать работу: Алгебра (Кузнецов Борис)"
    assert {row.recipient_id for row in kept(service, school)} == {school.other_mother.person_id}


def test_who_has_handed_in_the_work_is_not_reminded_of_it(service, school, town, mail_server, morning):
    owe(town, school, f".{TODAY + timedelta(days=1):%d.%m.%Y}")
    town.gradebook.remind_of_owed_works()
    town.carry()
    owe(town, school, "5", "o1")
    town.carry()
    service.send_due()
    assert [one["Subject"] for one in mail_server.letters] == ["Новая оценка: Алгебра (Кузнецов Борис)"]


def test_an_absence_is_told_on_the_day(service, school, town, attendance, mail_server):
    absence = {"student_id": school.boris.person_id, "code": "Н", "minutes": None}
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=school.lesson, absences=[absence])
    town.carry()
    service.send_due()
    (letter,) = mail_server.letters
    assert letter["To"] == "other@example.org"
    assert f"Алгебра, {TODAY:%d.%m.%Y}, 2-й урок" in letter.get_body(("plain",)).get_content()


def test_a_run_without_anything_due_connects_to_nobody(service, school, mail_server):
    service.send_due()
    assert mail_server.seen["connections"] == 0


# --- what gets in the way


def hasten(service: Any, school: School) -> None:
    """Let the wait before the next attempt be over."""
    with service.unit_of_work.of(school.id) as session:
        for row in session.scalars(select(Delivery)):
            row.due_at -= timedelta(days=1)


def test_what_a_replica_of_an_earlier_version_has_claimed_is_left_to_it(service, school, town, mail_server):
    post(town, school, school.boris)
    for claim in (timedelta(minutes=1), timedelta(minutes=-1)):
        with service.unit_of_work.of(school.id) as session:
            for row in session.scalars(select(Delivery)):
                row.claimed_until = now() + claim
        assert mail_server.letters == []
        service.send_due()
    assert mail_server.recipients == ["other@example.org"]


def test_a_server_that_is_away_is_tried_again_later(service, school, town, mail_server):
    post(town, school, school.boris)
    mail_server.stop()
    service.send_due()
    (row,) = kept(service, school)
    assert (row.state, row.attempts, row.claimed_until, row.sent_at) == ("due", 1, None, None)
    assert row.reason == "server-ConnectionRefusedError"
    assert row.due_at > row.created_at
    mail_server.start()
    service.send_due()
    assert mail_server.letters == []  # not before its time
    hasten(service, school)
    service.send_due()
    (row,) = kept(service, school)
    assert (row.state, row.attempts, row.reason) == ("sent", 2, "")
    assert mail_server.recipients == ["other@example.org"]


def test_a_letter_that_is_put_off_is_tried_again_and_holds_up_no_other(service, school, town, mail_server):
    mail_server.at_recipient["mother@example.org"] = "451 4.7.1 come back later"
    post(town, school, school.anna)
    service.send_due()
    assert mail_server.recipients == ["father@example.org"]
    states = {row.recipient_id: (row.state, row.reason) for row in kept(service, school)}
    assert states[school.mother.person_id] == ("due", "postponed-451")
    mail_server.at_recipient.clear()
    hasten(service, school)
    service.send_due()
    assert mail_server.recipients == ["father@example.org", "mother@example.org"]


def test_a_rejected_letter_is_gone_for_good(service, school, town, mail_server):
    mail_server.at_recipient["other@example.org"] = "550 5.1.1 no such user"
    post(town, school, school.boris)
    service.send_due()
    hasten(service, school)
    service.send_due()
    (row,) = kept(service, school)
    assert (row.state, row.reason, row.attempts) == ("gone", "rejected-550", 1)
    assert mail_server.seen["other@example.org"] == 1


def test_a_consent_withdrawn_before_the_letter_went_is_respected(service, school, town, mail_server):
    post(town, school, school.anna)
    school.consent(school.mother, school.anna, "email", granted=False)
    town.carry()
    service.send_due()
    assert mail_server.recipients == ["father@example.org"]
    states = {row.recipient_id: (row.state, row.reason) for row in kept(service, school)}
    assert states[school.mother.person_id] == ("gone", "no-consent")


def test_a_letter_goes_to_the_address_known_when_it_is_sent(service, school, town, mail_server):
    post(town, school, school.boris)
    contact = {"person_id": school.other_mother.person_id, "email": "new@example.org"}
    call(town.identity, People.set_contact, school.methodologist, **contact)
    town.carry()
    service.send_due()
    assert mail_server.recipients == ["new@example.org"]


def test_a_guardian_whose_address_was_removed_gets_no_letter(service, school, town):
    post(town, school, school.boris)
    contact = {"person_id": school.other_mother.person_id, "email": None}
    call(town.identity, People.set_contact, school.methodologist, **contact)
    town.carry()
    service.send_due()
    (row,) = kept(service, school)
    assert (row.state, row.reason, row.attempts) == ("gone", "no-address", 0)


def test_a_mark_that_is_not_there_any_more_is_not_told(service, school, mail_server):
    gone = MarkPosted(mark_id=uuid7(), lesson_id=school.lesson, student_id=school.boris.person_id)
    deliver(service, gone, school.id)
    service.send_due()
    (row,) = kept(service, school)
    assert (row.state, row.reason, row.attempts) == ("gone", "nothing-to-tell", 0)
    assert mail_server.letters == []


def without_gradebook(ask: Any) -> Any:
    """Asks everybody but the gradebook, which is away."""

    def asked(method: Any, **command: Any) -> Any:
        if method.service == "gradebook":
            raise Unavailable("The service gradebook is away.", rule="no-route")
        return ask(method, **command)

    return asked


def test_an_owner_that_is_away_holds_up_no_other_owners_letters(service, school, town, attendance, mail_server):
    post(town, school, school.boris)
    absence = {"student_id": school.boris.person_id, "code": "Н", "minutes": None}
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=school.lesson, absences=[absence])
    town.carry()
    whole = service.ask
    service.ask = without_gradebook(whole)
    service.send_due()
    states = {row.kind: (row.state, row.reason) for row in kept(service, school)}
    assert states == {"mark_posted": ("due", "contents-unavailable"), "absence_recorded": ("sent", "")}
    service.ask = whole
    hasten(service, school)
    service.send_due()
    assert [row.state for row in kept(service, school)] == ["sent", "sent"]
    assert len(mail_server.letters) == 2


def test_letters_are_noted_together_and_one_more_costs_no_more_statements(service, school, town, engine, mail_server):
    def cost() -> int:
        with statements(engine) as seen:
            service.send_due()
        return len(seen)

    post(town, school, school.boris)
    for_one = cost()
    post(town, school, school.anna)
    post(town, school, school.vera)
    assert cost() == for_one
    assert len(mail_server.letters) == 4


def test_what_was_sent_before_a_run_broke_off_is_not_sent_again(service, school, town, mail_server, monkeypatch):
    for student in (school.anna, school.boris, school.vera):
        post(town, school, student)
    send, tried = sending.outcomes, 0

    def broken_off(*arguments: Any) -> Any:
        nonlocal tried
        tried += 1
        if tried > 2:
            raise SystemExit
        return send(*arguments)

    monkeypatch.setattr(sending, "outcomes", broken_off)
    with pytest.raises(SystemExit):
        service.send_due()
    assert sorted(row.state for row in kept(service, school)) == ["due", "due", "sent", "sent"]
    monkeypatch.undo()
    service.send_due()
    assert len(mail_server.letters) == len({letter["Message-ID"] for letter in mail_server.letters}) == 4


def test_log_lines_hold_no_personal_data(service, school, town, mail_server):
    mail_server.at_recipient["mother@example.org"] = "550 5.1.1 mother@example.org is unknown"
    mail_server.at_recipient["other@example.org"] = "451 4.7.1 other@example.org later"
    with capture_logs() as lines:
        post(town, school, school.anna, "2")
        post(town, school, school.boris, "3")
        service.send_due()
        mail_server.stop()
        hasten(service, school)
        service.send_due()
        service.ask = without_gradebook(service.ask)
        hasten(service, school)
        service.send_due()
    assert {line["event"] for line in lines} >= {"deliveries_tried", "contents_unavailable"}
    written = str(lines)
    for personal in ("example.org", "Смирнова", "Кузнецов", "Алгебра", "Оценка"):
        assert personal not in written


def test_nothing_is_asked_for_within_a_transaction(service, school, town, attendance, mail_server):
    service.ask = outside = Outside(service)
    with service.unit_of_work.of(school.id) as session:
        session.execute(delete(GuardianCopy))
        session.execute(delete(StudentCopy))
    post(town, school, school.boris)
    absence = {"student_id": school.boris.person_id, "code": "Н", "minutes": None}
    call(attendance, Checks.check_lesson, school.homeroom_a, lesson_id=school.lesson, absences=[absence])
    town.carry()
    service.send_due()
    assert outside.asked == {"identity.student_facts", "gradebook.notices", "attendance.notices"}
    assert len(mail_server.letters) == 2
