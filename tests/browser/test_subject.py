"""One subject with its trend in a browser: the plot and the table on a desktop and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

VALUES = ("5", "4", "3", "2", "4", "5", "4/5", "3", "2", "3", "4", "4", "5", "5", "4", "3", "4", "5")


@pytest.fixture(scope="module", autouse=True)
def marked(door: Site, school: School) -> None:
    """Three months of algebra with a mark every few days, one of them changed."""
    teacher = door.asking(school.teacher)
    for index, value in enumerate(VALUES):
        day = TODAY - timedelta(days=85 - 4 * index - index % 3)
        lesson = school.add_lesson(uuid7(), school.algebra, day, 3)
        topic = {"topic": f"Формулы сокращённого умножения, занятие {index + 1}"}
        assert teacher.patch(f"/lessons/{lesson}", json=topic, headers={"If-Match": '"1"'}).status_code == 200
        given = [{"student_id": str(school.anna.person_id), "value": value}]
        posted = teacher.post(f"/lessons/{lesson}/marks", json={"marks": given})
        assert posted.status_code == 201, posted.text
    mark_id = posted.json["marks"][0]["id"]
    change = {"value": "4", "reason": "опечатка"}
    assert teacher.patch(f"/marks/{mark_id}", json=change, headers={"If-Match": '"1"'}).status_code == 200


def test_a_parent_comes_from_the_marks_to_the_trend_of_a_subject(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.mother, "/login?next=/marks")
    mean = page.get_by_role("row", name=re.compile("^Алгебра")).locator("strong").inner_text()
    page.get_by_role("link", name="Алгебра", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Алгебра")
    expect(page.get_by_role("img", name=re.compile("отметки по датам"))).to_be_visible()
    table = page.get_by_role("table")
    rows = table.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(rows).to_have_count(len(VALUES))
    expect(rows.last.get_by_role("cell").nth(1)).to_have_text(mean)
    assert visitor.barriers_on_every_device("subject") == []
    expect(table.get_by_role("row").filter(has=page.get_by_role("rowheader"))).to_have_count(len(VALUES))
