"""Pages of a school with half-years beside quarters: each course offers the terms by which it goes, and no others."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School


@pytest.fixture
def halves(door: Site, school: School) -> dict[str, UUID]:
    """The school's algebra goes by these half-years, its English by a quarter."""
    found = school.go_by_half_years(school.algebra)
    door.app.extensions["lyceum-kept"].forget()
    return found


def offered(answer: TestResponse) -> list[str]:
    """The titles of the terms that a page lets choose."""
    assert answer.status_code == 200, answer.text
    return re.findall(r"<option value=[^>]*>([^<(]+?)(?: \(|<)", answer.text)


def quarter(door: Site, school: School) -> str:
    (year,) = door.asking(school.teacher).get("/calendar").json["years"]
    return next(term["id"] for term in year["terms"] if term["division"] == "quarters")


def test_p02_the_list_of_journals_says_by_which_terms_each_goes(
    door: Site, school: School, halves: dict[str, UUID]
) -> None:
    page = shown(door.visit(school.director).get("/courses"), "Полугодия", "Четверти")
    assert f"/journal/{school.algebra}?term={halves['1-е полугодие']}" in page
    assert f"/journal/{school.english}?term={quarter(door, school)}" in page


def test_p02_a_journal_opens_in_its_own_term_and_offers_no_other_division(
    door: Site, school: School, halves: dict[str, UUID]
) -> None:
    client = door.visit(school.director)
    opened = client.get(f"/journal/{school.algebra}")
    assert opened.headers["Location"] == f"/journal/{school.algebra}?term={halves['1-е полугодие']}"
    assert offered(client.get(opened.headers["Location"])) == ["1-е полугодие", "2-е полугодие"]
    assert offered(client.get(f"/journal/{school.english}", follow_redirects=True)) == ["I четверть"]
    refused = client.get(f"/journal/{school.algebra}?term={quarter(door, school)}")
    shown(refused, "Этот предмет идёт не по периоду «I четверть»", status=404)


def test_p02_a_family_chooses_between_the_terms_of_its_childs_courses(
    door: Site, school: School, halves: dict[str, UUID]
) -> None:
    mark = {"student_id": id_of(school.anna), "value": "4", "lesson_id": str(school.lesson)}
    assert (
        door.asking(school.teacher).post("/marks", json={**mark, "student_id": str(mark["student_id"])}).status_code
        == 201
    )
    page = door.visit(school.mother).get(f"/marks/{id_of(school.anna)}")
    assert offered(page) == ["1-е полугодие", "2-е полугодие"]
    assert "optgroup" not in page.text
    shown(page, "Алгебра", "4,00")
    other = door.visit(school.other_mother)
    both = other.get(f"/marks/{id_of(school.vera)}?term={halves['1-е полугодие']}")
    assert offered(both) == ["1-е полугодие", "2-е полугодие", "I четверть"]
    assert re.findall(r'<optgroup label="([^"]+)"', both.text) == ["Полугодия", "Четверти"]
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)', both.text) == ["Алгебра"]
    shown(both, "Другие предметы идут по другим периодам", f'term={quarter(door, school)}">I четверть</a>')
    assert "Другие предметы" not in page.text
    in_quarter = other.get(f"/marks/{id_of(school.vera)}?term={quarter(door, school)}")
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)', in_quarter.text) == ["Английский"]
    old_link = other.get(f"/marks/{id_of(school.boris)}?term={quarter(door, school)}")
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)', old_link.text) == ["Алгебра"]


def test_p02_a_print_is_offered_of_the_courses_own_terms_that_have_begun_and_of_no_others(
    door: Site, school: School, halves: dict[str, UUID]
) -> None:
    client = door.visit(school.methodologist)
    page = client.get("/print")
    assert offered(page) == ["Алгебра", "Английский", "1-е полугодие", "I четверть"]
    of = dict(re.findall(r'<option value="([^"]+)" data-division="([^"]+)"', page.text))
    groups = re.findall(r'<optgroup label="([^"]+)" data-division="([^"]+)"', page.text)
    assert groups == [("Год, Полугодия", of[str(school.algebra)]), ("Год, Четверти", of[str(school.english)])]
    algebra = str(school.algebra)
    refused = send(client, "/print", course_id=algebra, term_id=quarter(door, school))
    shown(refused, "Этот предмет идёт не по периоду «I четверть»", status=404)
    early = send(client, "/print", course_id=algebra, term_id=str(halves["2-е полугодие"]))
    shown(early, "печатать пока нечего", status=409)
    assert send(client, "/print", course_id=algebra, term_id=str(halves["1-е полугодие"])).status_code == 303
    shown(client.get("/print"), "Алгебра, 1-е полугодие")
