"""The page of one mark: what staff read of it, and what the family does."""

from __future__ import annotations

import pytest
from babel.dates import format_date

from tests.gateway.pages.test_pages import send, shown
from tests.gateway.pages.test_texts import words
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

REASON = "Списал у соседа"


def changed_mark(door: Site, school: School, reason: str = REASON) -> str:
    """Anna's mark of today in algebra, a 3 that became a 4, with a comment for the family."""
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "3"}
    mark_id: str = door.asking(school.teacher).post("/marks", json=mark).json["id"]
    form = {"value": "4", "comment": "Исправлено у доски", "reason": reason, "version": "1"}
    assert send(door.visit(school.teacher), f"/mark/{mark_id}", **form).status_code == 303
    return mark_id


@pytest.mark.parametrize("who", ["mother", "anna", "teacher"])
def test_the_page_of_a_mark_says_of_what_it_is(door: Site, school: School, who: str) -> None:
    mark_id = changed_mark(door, school)
    page = words(door.visit(getattr(school, who)).get(f"/mark/{mark_id}"))
    assert f"Отметка: 4 Алгебра, {format_date(TODAY, 'd MMMM y', locale='ru')}. Ответ на уроке." in page


@pytest.mark.parametrize("who", ["mother", "anna"])
def test_the_family_reads_the_comment_and_not_why_the_mark_was_changed(door: Site, school: School, who: str) -> None:
    mark_id = changed_mark(door, school)
    reader = getattr(school, who)
    for address in (f"/mark/{mark_id}", f"/mark/{mark_id}?student={school.anna.person_id}"):
        page = shown(door.visit(reader).get(address), "Исправлено у доски")
        assert REASON not in page
        assert "Причина" not in page
    answer = door.asking(reader).get(f"/marks/{mark_id}/history")
    assert REASON not in answer.text
    states = [(one["value"], one["comment"], one["reason"], one["due_on"]) for one in answer.json["revisions"]]
    assert states == [("3", "", "", None), ("4", "Исправлено у доски", "", None)]


def test_the_family_reads_what_a_mark_was_before_and_a_comment_alone_is_no_change(door: Site, school: School) -> None:
    anna = school.anna.person_id
    client = door.visit(school.mother)
    pages = (f"/diary/{anna}?date={TODAY}", f"/marks/{anna}", f"/marks/{anna}/subjects/{school.algebra}")
    mark = {"lesson_id": str(school.lesson), "student_id": str(anna), "value": "3"}
    mark_id = door.asking(school.teacher).post("/marks", json=mark).json["id"]
    form = {"comment": "Исправлено у доски", "reason": REASON}
    teacher = door.visit(school.teacher)
    assert send(teacher, f"/mark/{mark_id}", value="3", version="1", **form).status_code == 303
    for page in pages:
        text = shown(client.get(page), "Исправлено у доски")
        assert "изменена" not in text
        assert "была 3" not in text
    assert send(teacher, f"/mark/{mark_id}", value="4", version="2", **form).status_code == 303
    for page in pages:
        shown(client.get(page), "была 3, стала 4")


def test_staff_read_why_the_mark_was_changed(door: Site, school: School) -> None:
    mark_id = changed_mark(door, school)
    shown(door.visit(school.teacher).get(f"/mark/{mark_id}"), REASON, "Причина")
    states = door.asking(school.director).get(f"/marks/{mark_id}/history").json["revisions"]
    assert [one["reason"] for one in states] == ["", REASON]
