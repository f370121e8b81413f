"""Lists of people on pages: one order everywhere, and nobody shown like somebody else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from markupsafe import Markup

from contracts.identity.people import People
from kernel.auth import Actor
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.town import School

#: The heads of rows, without the column's own.
_ROW_HEAD = re.compile(r'<th scope="row"[^>]*>([^<]*)</th>')
PAGES = ("/journal/{school.algebra}", "/lessons/{school.lesson}/marks", "/check/{school.lesson}")


def seen(door: Site, school: School, page: str) -> list[str]:
    """The people of a page, from above; a journal's topics lie below its grid, headed by dates."""
    visitors = {"check": school.homeroom_a, "people": school.methodologist}
    visitor = visitors.get(page.strip("/").partition("/")[0].partition("?")[0], school.teacher)
    answer = door.visit(visitor).get(page.format(school=school), follow_redirects=True)
    assert answer.status_code == 200, answer.text
    heads = [str(Markup(head).unescape()) for head in _ROW_HEAD.findall(answer.text)]
    return [head for head in heads if not head[0].isdigit()]


@pytest.mark.parametrize("page", PAGES)
def test_p23_order_on_pages_is_that_of_the_alphabet(door: Site, school: School, page: str) -> None:
    for name in ("Жуков Лев", "Ёлкин Артём", "Ежова Яна", "Абрамов Ян"):
        school.join(name)
    school.join("Де Мария", family_name="де ла Крус", given_name="Мария", search_name="де ла крус мария")
    assert seen(door, school, page) == [
        "Абрамов Ян", "де ла Крус Мария", "Ежова Яна", "Ёлкин Артём", "Жуков Лев",
        "Кузнецов Борис", "Попова Вера", "Смирнова Анна",
    ]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_p24_twins_and_namesakes_are_told_apart(door: Site, school: School, page: str) -> None:
    for name in ("Близнецов Илья Петрович", "Близнецов Иван Петрович", "Тёзкин Олег Ильич", "Тёзкин Олег Юрьевич"):
        school.join(name)
    found = [name for name in seen(door, school, page) if name.startswith(("Бл", "Тё"))]
    full = ["Близнецов Иван Петрович", "Близнецов Илья Петрович"]
    short = ["Близнецов Иван", "Близнецов Илья"]
    assert found == [*(short if page.startswith("/journal") else full), "Тёзкин Олег Ильич", "Тёзкин Олег Юрьевич"]


@pytest.mark.parametrize("page", [*PAGES, "/people?query=Ким"])
def test_p24_people_of_one_full_name_are_told_apart_by_their_years_of_birth(
    door: Site, school: School, page: str
) -> None:
    for year in (2013, 2012):
        school.join("Ким Ян Ли", birth_date=date(year, 5, 1))
    found = [name for name in seen(door, school, page) if name.startswith("Ким")]
    assert sorted(found) == ["Ким Ян Ли (2012)", "Ким Ян Ли (2013)"]


def test_p24_a_parent_chooses_between_twins_by_their_given_names(door: Site, school: School) -> None:
    for name in ("Близнецов Илья Петрович", "Близнецов Иван Петрович"):
        school.guardian(school.mother, school.join(name), "portal")
    page = door.visit(school.mother).get(f"/diary/{school.anna.person_id}").text
    (choice,) = re.findall(r'<nav aria-label="Дети".*?</nav>', page, re.DOTALL)
    assert re.findall(r">([^<>]+), 7А</a>", choice) == ["Близнецов Иван", "Близнецов Илья", "Смирнова Анна"]


def test_a_year_of_birth_is_told_of_namesakes_only_and_to_staff_only(school: School) -> None:
    born = {"birth_date": date(2012, 5, 1)}
    twins = [school.join("Ким Ян Ли", **born) for _ in range(2)]
    other = school.join("Ли Ян Ким", **born)
    for child in (*twins, other):
        school.guardian(school.mother, child, "portal")
    ids = [child.person_id for child in (*twins, other)]

    def years(actor: Actor) -> list[int | None]:
        found = call(school.identity, People.names, actor, person_ids=ids)["people"]
        return [one["birth_year"] for one in found]

    assert years(school.teacher) == [2012, 2012, None]
    assert years(school.mother) == [None, None, None]
