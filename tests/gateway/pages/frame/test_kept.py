"""What pages keep for half a minute, and what makes them ask anew."""

from __future__ import annotations

from uuid import UUID, uuid4

from contracts.identity.sessions import SessionRevoked
from gateway.pages.frame.kept import SECONDS, Kept
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School

SESSION, SCHOOL = uuid4(), uuid4()


class Clock:
    """A clock that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Asked:
    """Answers another number each time."""

    times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"times": self.times}


def marks_of(student: UUID) -> str:
    return f"/marks/{student}"


def test_a_second_page_asks_neither_who_is_there_nor_for_the_calendar(door: Site, school: School) -> None:
    mother, page = door.visit(school.mother), marks_of(id_of(school.anna))
    first = mother.get(page)
    asked = len(door.bus.calls)
    second = mother.get(page)
    assert first.status_code == second.status_code == 200
    assert "Смирнова Анна" in second.text
    assert [name for name, _ in door.bus.calls[asked:]] == ["gradebook.marks_of", "attendance.absences_of"]


def test_a_journal_asks_once_for_the_names_of_its_students_and_teachers(door: Site, school: School) -> None:
    term = door.asking(school.director).get("/calendar").json["years"][0]["terms"][0]["id"]
    teacher, page = door.visit(school.teacher), f"/journal/{school.algebra}?term={term}"
    assert teacher.get(page).status_code == 200
    asked = len(door.bus.calls)
    shown = teacher.get(page).text
    assert [name for name, _ in door.bus.calls[asked:]].count("identity.names") == 1
    assert "Кузнецов" in shown
    assert "Иванова М." in shown


def test_nobody_is_shown_what_was_kept_for_another(door: Site, school: School) -> None:
    mother, other = door.visit(school.mother), door.visit(school.other_mother)
    assert "Смирнова Анна" in mother.get(marks_of(id_of(school.anna))).text
    page = other.get(marks_of(id_of(school.boris)))
    assert "Кузнецов Борис" in page.text
    assert "Смирнова" not in page.text


def test_a_session_that_has_ended_is_shown_nothing_that_was_kept(door: Site, school: School) -> None:
    mother, page = door.visit(school.mother), marks_of(id_of(school.anna))
    assert mother.get(page).status_code == 200
    access = mother.get_cookie("access")
    assert access is not None
    session_id = door.app.extensions["lyceum"].tokens.claims(access.value).session_id
    door.bus.announce(SessionRevoked(session_id=session_id))
    refused = mother.get(page)
    assert (refused.status_code, refused.headers["Location"].partition("?")[0]) == (303, "/login")


class TestKept:
    """By itself."""

    def test_an_answer_is_asked_for_again_when_its_time_is_over(self) -> None:
        clock, me, calendar = Clock(), Asked(), Asked()
        kept = Kept(clock)
        for seconds, times in ((0, 1), (SECONDS - 1, 1), (SECONDS + 1, 2)):
            clock.seconds = seconds
            assert kept.me(SESSION, "token", me) == {"times": times}
            assert kept.calendar(SCHOOL, calendar) == {"times": times}

    def test_another_token_of_the_session_may_name_other_roles_and_is_asked_for_anew(self) -> None:
        kept, me = Kept(Clock()), Asked()
        assert [kept.me(SESSION, token, me)["times"] for token in ("a", "a", "b", "b", "a")] == [1, 1, 2, 2, 3]

    def test_what_is_known_of_an_ended_session_is_dropped(self) -> None:
        kept, me = Kept(Clock()), Asked()
        kept.me(SESSION, "token", me)
        kept.forget_session(SESSION)
        assert kept.me(SESSION, "token", me) == {"times": 2}
