"""The page of one subject with its trend: a plot and a table of the same figures, for whoever reads the marks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from gateway.pages.family import plot
from gateway.pages.family.plot import HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot_of
from tests.gateway.pages.test_pages import INLINE, shown
from tests.gateway.pages.test_texts import words
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

FIRST = date(2026, 9, 1)


def address(school: School) -> str:
    return f"/marks/{school.anna.person_id}/subjects/{school.algebra}"


def mark(door: Site, school: School, days_ago: int, value: str, topic: str = "") -> None:
    """Anna gets a mark in a lesson of algebra."""
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=days_ago), 1)
    teacher = door.asking(school.teacher)
    if topic:
        described = teacher.patch(f"/lessons/{lesson}", json={"topic": topic}, headers={"If-Match": '"1"'})
        assert described.status_code == 200, described.text
    marks = [{"student_id": str(school.anna.person_id), "value": value}]
    posted = teacher.post(f"/lessons/{lesson}/marks", json={"marks": marks})
    assert posted.status_code == 201, posted.text


def rows(page: str) -> list[list[str]]:
    """The words of the table's cells, row by row."""
    found = re.search(r"<tbody.*?</tbody>", page, re.DOTALL)
    assert found, "there is no table"
    cells = [re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL) for row in found[0].split("<tr")[1:]]
    return [[re.sub(r"\s+", " ", re.sub("<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def test_the_table_has_each_mark_with_the_mean_after_it_and_the_last_one_is_that_of_all_marks(
    door: Site, school: School
) -> None:
    mark(door, school, 9, "5")
    mark(door, school, 6, "2", topic="Степени")
    mark(door, school, 3, "4/5")
    client = door.visit(school.mother)
    marks = shown(client.get(f"/marks/{school.anna.person_id}"))
    assert f'href="{address(school)}"' in marks, "the subject's name leads here"
    page = shown(client.get(address(school)))
    found = rows(page)
    assert [row[1:3] for row in found] == [["5", "5,00"], ["2", "3,50"], ["4/5", "4,00"]]
    assert [row[5] for row in found] == ["", "Степени", ""]
    assert "<strong>4,00</strong>" in marks
    assert "<strong>4,00</strong>" in page
    assert INLINE.search(page) is None


def test_the_plot_is_a_picture_with_a_name_and_a_low_mark_has_a_shape_of_its_own(door: Site, school: School) -> None:
    mark(door, school, 9, "5")
    mark(door, school, 6, "2")
    page = shown(door.visit(school.anna).get(address(school)))
    assert re.search(
        r'<svg role="img" aria-labelledby="plot-title".*?<title id="plot-title">Алгебра: ', page, re.DOTALL
    )
    assert (page.count('<circle class="point"'), page.count('<path class="low"')) == (1, 1)
    assert page.count('<polyline class="mean"') == 1


@pytest.mark.parametrize("who", ["mother", "anna"])
def test_the_way_to_the_marks_that_are_needed_is_there_before_term_marks_are(
    door: Site, school: School, who: str
) -> None:
    mark(door, school, 3, "4")
    client = door.visit(getattr(school, who))
    link = f"/journal/{school.algebra}/students/{school.anna.person_id}/term-mark?term={school.term}#forecast"
    marks = shown(client.get(f"/marks/{school.anna.person_id}"), f'href="{link}"', "Какие отметки нужны?")
    assert marks.count("#forecast") == 1, "a subject without marks has no mean"
    shown(client.get(address(school)), f'href="{link}"')
    shown(client.get(link.partition("#")[0]), 'id="forecast"', "Что, если", f'href="{address(school)}"')
    asked = f"{link.partition('#')[0]}&what=5+5&target=5"
    shown(client.get(asked), "С этими отметками", "4,67")


def test_a_term_that_is_over_needs_no_marks(door: Site, school: School) -> None:
    mark(door, school, 3, "4")
    school.end_term(1)
    door.app.extensions["lyceum-kept"].forget()
    client = door.visit(school.mother)
    for page in (f"/marks/{school.anna.person_id}", address(school)):
        assert "#forecast" not in shown(client.get(page), "4,00")


def test_without_marks_there_is_no_plot_and_the_page_says_so(door: Site, school: School) -> None:
    page = door.visit(school.mother).get(address(school))
    assert "В этом учебном периоде отметок пока нет." in words(page)
    assert "<svg" not in page.text


def test_a_year_of_marks_takes_as_many_calls_as_none(door: Site, school: School) -> None:
    client = door.visit(school.mother)

    def calls() -> list[str]:
        asked = len(door.bus.calls)
        shown(client.get(address(school)))
        return sorted(name for name, _ in door.bus.calls[asked:])

    first, without = calls(), calls()
    for days_ago in range(1, 6):
        mark(door, school, days_ago, "4")
    assert calls() == without == ["gradebook.subject_trend"], "who the visitor is, is known for a while"
    assert len(first) <= 3


def test_another_familys_subject_looks_as_if_it_did_not_exist(door: Site, school: School) -> None:
    for actor, status in ((school.boris, 404), (school.other_mother, 404), (school.teacher, 404), (school.anna, 200)):
        assert door.visit(actor).get(address(school)).status_code == status
    assert door.visit(school.anna).get(f"/marks/{school.anna.person_id}/subjects/{school.english}").status_code == 404


# --- where everything stands in the plot -------------------------------------------------------------


def term(*marks: tuple[int, list[str], str | None], ends: int = 60, starts: int = 0) -> dict[str, Any]:
    """A term with marks: days after its year's first one, as which numbers they count, and the mean after them."""
    day = [(FIRST + timedelta(days=offset)).isoformat() for offset, _, _ in marks]
    return {
        "title": "I",
        "starts_on": (FIRST + timedelta(days=starts)).isoformat(),
        "ends_on": (FIRST + timedelta(days=ends)).isoformat(),
        "marks": [
            {"date": one, "numbers": numbers, "mean_after": mean}
            for one, (_, numbers, mean) in zip(day, marks, strict=True)
        ],
    }


def drawn(*terms: dict[str, Any], ends: tuple[str | None, str | None] = ("1", "5"), today: int = 60) -> Any:
    found = {"lowest": ends[0], "highest": ends[1], "terms": list(terms)}
    return plot_of(found, FIRST + timedelta(days=today))


def test_the_best_mark_stands_at_the_top_and_the_last_day_at_the_right() -> None:
    found = drawn(term((0, ["5"], "5.00"), (60, ["1"], "3.00")))
    first, last = found.points
    assert (first.x, first.y) == (LEFT, TOP)
    assert (last.x, last.y) == (WIDTH - RIGHT, HEIGHT - plot.BOTTOM)
    assert [line.number for line in found.lines] == [1, 2, 3, 4, 5]
    assert found.means == [f"{first.x},{first.y} {last.x},{(TOP + HEIGHT - plot.BOTTOM) / 2}"]
    assert [month.day for month in found.months] == [date(2026, 9, 1), date(2026, 10, 1)]
    assert [one.day.month for one in drawn(term((0, ["5"], "5.00")), today=30).months] == [9], "no room for another"


def test_marks_of_one_day_stand_side_by_side_and_the_line_has_the_last_mean_of_the_day() -> None:
    found = drawn(term((30, ["5", "5"], "5.00"), (30, ["2"], "4.00"), (40, ["4"], "4.00")))
    assert [point.low for point in found.points] == [False, False, True, False]
    assert len({(point.x, point.y) for point in found.points}) == 4
    assert found.means[0].count(",") == 2


def test_each_term_has_a_line_of_its_own_and_one_day_is_a_dot() -> None:
    found = drawn(term((5, ["4"], "4.00"), ends=30), term((40, ["5"], "5.00"), starts=31))
    assert len(found.means) == 2
    assert [len(set(line.split())) for line in found.means] == [1, 1]
    assert [strip.width > 0 for strip in found.strips] == [True, True]


def test_a_year_that_goes_on_is_drawn_until_today() -> None:
    assert drawn(term((0, ["5"], "5.00"), (30, ["5"], "5.00")), today=30).points[1].x == WIDTH - RIGHT
    late = drawn(term((0, ["5"], "5.00"), (30, ["5"], "5.00")), term(starts=40, ends=90), today=20)
    assert len(late.strips) == 1, "a term to come has no place yet"


def test_a_scale_of_a_hundred_has_a_few_lines_and_stored_numbers_beyond_a_scale_have_a_place() -> None:
    assert len(drawn(term((1, ["70"], "70.00")), ends=("0", "100")).lines) == 5
    assert drawn(term((1, ["0"], "0.00"))).lines[0].number == 0


@pytest.mark.parametrize(
    ("terms", "ends"),
    [((), ("1", "5")), ((term(),), ("1", "5")), ((term((1, [], None)),), ("1", "5")),
     ((term((1, ["5"], "5.00")),), (None, None))],
)  # fmt: skip
def test_without_numbers_there_is_no_plot(terms: Any, ends: tuple[str | None, str | None]) -> None:
    assert drawn(*terms, ends=ends) is None


def test_a_day_alone_stands_in_the_middle() -> None:
    (point,) = drawn(term((0, ["5"], "5.00"), ends=0), today=0).points
    assert LEFT < point.x < WIDTH - RIGHT
