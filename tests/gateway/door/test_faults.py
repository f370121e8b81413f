"""A service that is away takes its own part with it, and nothing else."""

from __future__ import annotations

import pytest

from kernel.errors import Fault, LyceumError, TimedOut, Unavailable
from tests.gateway.answers import answered, refused
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


def away(service: str) -> Unavailable:
    return Unavailable("The service {service} is away.", rule="no-route", service=service)


def mark(school: School) -> dict[str, str]:
    return {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}


@pytest.mark.parametrize(
    ("service", "who", "path", "called"),
    [
        ("identity", "teacher", "/me", "пользователи и вход"),
        ("gradebook", "teacher", "/courses", "журнал"),
        ("attendance", "teacher", "/absence-codes", "посещаемость"),
        ("notifications", "mother", "/deliveries", "письма"),
        ("printing", "director", "/print-jobs", "печать"),
    ],
)
def test_a_service_that_is_away_makes_503_for_its_part(
    door: Site, school: School, service: str, who: str, path: str, called: str
) -> None:
    with door.bus.without(service, away(service)):
        answer = door.asking(getattr(school, who)).get(path)
    told = refused(answer, 503, "no-route")
    assert int(answer.headers["Retry-After"]) >= 1
    assert told["detail"] == f"Раздел «{called}» сейчас не работает."
    assert door.asking(getattr(school, who)).get(path).status_code == 200


def test_marks_are_set_while_every_other_service_is_away(door: Site, school: School) -> None:
    door.bus.away.update({name: away(name) for name in ("identity", "attendance", "notifications", "printing")})
    answered(door.asking(school.teacher).post("/marks", json=mark(school)), 201)


def test_no_answer_in_time_makes_504(door: Site, school: School) -> None:
    slow = TimedOut("{service} did not answer in time.", rule="timed-out", service="gradebook")
    with door.bus.without("gradebook", slow):
        refused(door.asking(school.teacher).post("/marks", json=mark(school)), 504, "timed-out")


def test_a_fault_of_a_service_tells_no_more_than_its_number(door: Site, school: School) -> None:
    broken = Fault("Something failed on our side. It was noted; try again later.", rule="fault")
    with door.bus.without("gradebook", broken):
        told = refused(door.asking(school.teacher).get("/kinds"), 500, "fault")
    assert set(told) == {"type", "title", "status", "detail", "rule", "request_id"}


def test_a_mistake_in_the_door_is_told_with_its_number_and_without_its_words(
    door: Site, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object, **__: object) -> None:
        raise RuntimeError("Смирнова Анна")

    monkeypatch.setattr(door.bus, "call", mistaken)
    monkeypatch.setitem(door.app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = door.asking(school.teacher).get("/kinds")
    refused(answer, 500, "fault")
    assert "Смирнова" not in answer.text


@pytest.mark.parametrize("error", [away("attendance"), TimedOut("…", rule="timed-out")])
def test_the_diary_page_comes_without_absences_and_says_so(door: Site, school: School, error: LyceumError) -> None:
    client = door.visit(school.mother)
    path = f"/diary/{school.anna.person_id}?date={TODAY}"
    assert "Сейчас пропуски показать нельзя" not in client.get(path).text
    with door.bus.without("attendance", error):
        page = client.get(path)
    assert page.status_code == 200
    assert "Сейчас пропуски показать нельзя" in page.text
    assert "Алгебра" in page.text


def test_a_page_whose_service_is_away_says_what_to_do(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    with door.bus.without("gradebook", away("gradebook")):
        page = client.get(f"/day/{TODAY}")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert page.headers["Retry-After"]
    assert page.headers["X-Request-Id"] in page.text


def test_who_has_signed_in_goes_on_while_identity_is_away(door: Site, school: School) -> None:
    client = door.visit(school.mother)
    assert client.get(f"/diary/{school.anna.person_id}").status_code == 200  # the school's time zone is known by now
    with door.bus.without("identity", away("identity")):
        assert client.get(f"/diary/{school.anna.person_id}").status_code == 200
