"""The page of a course on which marks of other schools are entered, as a form sends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School


def address(school: School) -> str:
    return f"/journal/{school.algebra}/other-schools?term={school.term}"


def form(school: School, **more: Any) -> dict[str, Any]:
    """Anna's mark of a day before she came: everybody came ninety days ago, ten days after the year began."""
    day = TODAY - timedelta(days=95)
    return {
        "student_id": id_of(school.anna), "school": "Школа № 5", "document": "справка № 12", "date-0": day,
        "text-0": "5", "date-1": "", "text-1": "", **more,
    }  # fmt: skip


def test_a_teacher_enters_marks_and_the_journal_shows_them(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    shown(client.get(f"/journal/{school.algebra}?term={school.term}"), "Отметки из других школ")
    shown(client.get(address(school)), "Смирнова Анна (с ", "Из других школ ничего не внесено.")
    answer = send(client, address(school), **form(school))
    assert answer.status_code == 303, answer.text
    page = shown(client.get(answer.headers["Location"]), "Внесено отметок: 1.", "Школа № 5", "справка № 12")
    assert f'value="{id_of(school.anna)}" selected' in page, "more marks of the document are entered next"
    journal = shown(client.get(f"/journal/{school.algebra}?term={school.term}"), "Школа № 5 (справка № 12)")
    assert '<td class="sum" data-figure="brought">5</td>' in journal


def test_what_was_typed_stays_where_it_is_refused(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    day = TODAY - timedelta(days=3)
    answer = send(client, address(school), **form(school, **{"date-1": day, "text-1": "4"}))
    page = shown(answer, "ученик был уже здесь", "справка № 12", status=422)
    assert f'value="{day}"' in page
    incomplete = send(client, address(school), **form(school, **{"date-1": "", "text-1": "4"}))
    shown(incomplete, "в строке 2 чего-то не хватает", status=422)
    shown(client.get(address(school)), "Из других школ ничего не внесено.")


def test_a_mark_is_withdrawn_with_a_reason(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    send(client, address(school), **form(school))
    listed = door.asking(school.methodologist).get(
        f"/courses/{school.algebra}/other-school-marks?term_id={school.term}"
    )
    (mark,) = listed.json["marks"]
    shown(client.get(address(school)), 'list="reasons"', '<datalist id="reasons"><option value="Описка">')
    action = f"/journal/{school.algebra}/other-schools/{mark['id']}?term={school.term}"
    answer = send(client, address(school), action, reason="не та справка")
    page = shown(client.get(answer.headers["Location"]), "Отметка отозвана", "отозвана", "не та справка")
    assert "<s>5</s>" in page
    assert "Принесённые" not in client.get(f"/journal/{school.algebra}?term={school.term}").text


def test_a_homeroom_teacher_reads_the_list_without_a_form(door: Site, school: School) -> None:
    page = shown(door.visit(school.homeroom_a).get(address(school)), "Из других школ ничего не внесено.")
    assert 'name="school"' not in page
