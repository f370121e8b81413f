"""How pages lie on paper, on a phone and under the keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")

NUMBERS = iter((61, 62))


def test_d16_the_first_faulty_row_has_the_keyboard(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{school.lesson}/marks")
    for student, value in ((school.boris, "9"), (school.vera, "н")):
        page.fill(f"[name='value-{student.person_id}']", value)
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.locator("tr.faulty")).to_have_count(2)
    expect(page.locator(f"[name='value-{school.boris.person_id}']")).to_be_focused()
    visitor.complaints.clear()  # the browser notes the status 422
    visitor.look("d16-column")


def test_d18_a_day_without_lessons(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/day/{TODAY - timedelta(days=1)}")
    expect(page.get_by_text("Следующий урок")).to_be_visible()
    assert visitor.barriers_on_every_device("d18-day") == []


def test_d21_a_journal_is_printed_whole_in_blocks_of_columns(visitor: Visitor, school: School) -> None:
    for index in range(40):
        school.add_lesson(uuid7(), school.english, TODAY - timedelta(days=index // 2), index)
    visitor.sign_in(school.person("director"))
    page = visitor.goto(f"/journal/{school.english}")
    heads = page.locator(".grid-scroll thead th").all_inner_texts()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # what A4 with margins of a centimetre leaves
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    visitor.look("d21-journal-print")
    blocks = page.locator(".on-paper table")
    printed = [blocks.nth(at).locator("thead th").all_inner_texts() for at in range(blocks.count())]
    assert [part[0] for part in printed] == [heads[0]] * 3
    assert [head for part in printed for head in part[1:]] == heads[1:]
    assert page.evaluate("document.documentElement.scrollWidth <= 718")
    expect(page.locator("header")).to_be_hidden()
    expect(page.locator("footer")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(blocks).to_have_count(0)


def test_d21_buttons_are_not_printed(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.other_mother)
    page = visitor.goto(f"/diary/{school.boris.person_id}")
    expect(page.locator("main .btn").first).to_be_visible()
    page.emulate_media(media="print")
    visitor.look("d21-diary-print")
    expect(page.locator(".btn").filter(visible=True)).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_c_the_head_of_a_page_is_low_on_a_phone(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto("/day")
    head = page.locator("header").bounding_box()
    assert head
    assert head["height"] <= 96


def test_c_many_links_have_a_line_of_their_own_below_who_is_there(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.methodologist)
    for name in ("methodologist", "teacher"):
        page = visitor.goto("/courses")
        links, who = page.locator("header nav").bounding_box(), page.locator("header .who").bounding_box()
        assert links
        assert who
        below = links["y"] >= who["y"] + who["height"] - 1
        assert below == (name == "methodologist")
        assert who["x"] > DESKTOP["width"] / 2, "at the right"
        if below:
            site, words = page.locator("header .site").bounding_box(), text_of(page.locator("header nav a").first)
            assert site
            assert abs(words - site["x"]) < 1, "the words of the links begin below the name of the site"
        assert links["height"] < 44, "one line"
        visitor.look(f"c-masthead-{name}")
        if name == "methodologist":
            page.get_by_role("button", name="Выйти").click()
            page.wait_for_url("**/login**")
            visitor.sign_in(school.teacher)


def text_of(link: Locator) -> float:
    """Where the words of a link begin, from the left."""
    return float(link.evaluate("one => one.getBoundingClientRect().x + parseFloat(getComputedStyle(one).paddingLeft)"))


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_c_the_link_of_the_page_is_in_sight_on_a_phone(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/print")
    expect(page.locator("header nav [aria-current]")).to_be_in_viewport(ratio=0.9)
    page = visitor.goto("/year/next")
    expect(page.locator(".parts [aria-current]")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("visitor", [DESKTOP, PHONE], indirect=True)
def test_d12_a_journal_opens_at_its_latest_lesson(visitor: Visitor, school: School) -> None:
    number = next(NUMBERS)
    for offset in range(-40, 13):
        school.add_lesson(uuid7(), school.english, TODAY + timedelta(days=offset), number)
    visitor.sign_in(school.other_teacher)
    page = visitor.goto(f"/journal/{school.english}")
    head = page.locator(".grid thead a", has_text=f"{TODAY:%d.%m}").last
    visitor.look("d12-journal")
    expect(head).to_be_in_viewport(ratio=0.9)
    names, latest = page.locator(".grid tbody th").first.bounding_box(), head.bounding_box()
    assert names
    assert latest
    assert latest["x"] >= names["x"] + names["width"], "beside the names, not below them"
    visitor.look("d12-journal")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_c_the_choice_of_an_absence_is_read_whole_on_a_phone(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.homeroom_a)
    page = visitor.goto(f"/check/{school.lesson}")
    visitor.look("c-check-phone")
    choice = page.locator(f"[name='code-{school.vera.person_id}']").bounding_box()
    assert choice
    assert choice["width"] > 300


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_d12_today_and_what_is_due_next_come_first_on_a_phone(visitor: Visitor, door: Site, school: School) -> None:
    due_tomorrow(door, school)
    visitor.sign_in(school.boris)
    page = visitor.goto(f"/diary/{school.boris.person_id}")
    visitor.look("d10-diary-phone")
    places = {
        day: top(page.locator(f".day:has(#day-{day})"))
        for day in (TODAY + timedelta(days=offset) for offset in range(-6, 2))
        if page.locator(f"#day-{day}").count()
    }
    today, tomorrow = places.pop(TODAY), places.pop(TODAY + timedelta(days=1))
    assert today < tomorrow
    assert all(tomorrow < earlier for earlier in places.values())
    assert visitor.fits()


def test_d10_what_is_due_stands_out_at_its_lesson(visitor: Visitor, door: Site, school: School) -> None:
    due_tomorrow(door, school)
    visitor.sign_in(school.boris)
    page = visitor.goto(f"/diary/{school.boris.person_id}")
    assert visitor.barriers_on_every_device("d10-diary") == []
    due = page.locator(f".day:has(#day-{TODAY + timedelta(days=1)}) .is-due")
    expect(due).to_contain_text("На этот урок: § 24, вопросы 1–4; № 312, 315 письменно")
    given = page.locator(".day.is-today .homework:not(.is-due)")
    expect(given).to_contain_text("Задано на")
    assert font_size(given) < font_size(due)


def due_tomorrow(door: Site, school: School) -> None:
    """Today's lesson gives homework for tomorrow's, of which its teacher says no day."""
    asking, path = door.asking(school.teacher), f"/lessons/{school.lesson}"
    homework = {"topic": "Формулы сокращённого умножения", "homework": "§ 24, вопросы 1–4; № 312, 315 письменно"}
    version = asking.get(path).headers["ETag"]
    assert asking.patch(path, json=homework, headers={"If-Match": version}).status_code == 200


def top(one: Locator) -> float:
    found: float = one.evaluate("one => one.getBoundingClientRect().top")
    return found


def font_size(one: Locator) -> float:
    found: float = one.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    return found


def test_d10_a_refused_due_day_is_told_at_its_field(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/day/{TODAY}")
    sunday = TODAY + timedelta(days=14 - TODAY.weekday() - 1)
    page.fill(f"#homework-{school.lesson}", "№ 5")
    page.fill(f"#due-{school.lesson}", sunday.isoformat())
    page.locator(f"#lesson-{school.lesson}").get_by_role("button", name="Сохранить").click()
    field = page.locator(f"#due-{school.lesson}")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("воскресенье.*Выберите учебный день"))
    expect(page.locator(f"#homework-{school.lesson}")).to_have_value("№ 5")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("d10-due-day") == []
