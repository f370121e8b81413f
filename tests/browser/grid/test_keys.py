"""The journal is typed into by keyboard and by finger, read only, and without scripts."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from contracts.identity.people import StudentsChanged
from kernel.auth import Actor
from services.attendance.absences.tables import Absence, AbsenceRevision
from services.gradebook.marks import tables as marks_tables
from services.gradebook.marks.tables import Mark, MarkRevision
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.grid.journal import Grid, Network, enter, kept, sheet_of
from tests.gateway.site import Site
from tests.kit.calls import deliver
from tests.kit.people import TODAY, id_of
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


@pytest.fixture(scope="module")
def control(door: Site, school: School) -> UUID:
    """A second kind of work."""
    kind = uuid7()
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.add(
            marks_tables.KindOfWork(school_id=school.id, id=kind, name="Контрольная работа", weight=2, is_answer=False)
        )
    return kind


def test_thirty_marks_and_five_absences_are_typed_by_keyboard_alone_in_one_visit_that_loses_the_network(
    visitor: Visitor, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    joined = tuple(id_of(school.join(f"Ученик{index:02} Пётр")) for index in range(32))
    for service in (school.town.gradebook, *school.town.listeners):
        deliver(service, StudentsChanged(batch_id=uuid7(), student_ids=joined), school.id)
    page = visitor.sign_in(both)
    network, grid = Network(page.context), Grid(visitor, school, lesson, page).open()
    typed = ["5432"[index % 4] for index in range(35)]
    for index, code in ((9, "н"), (14, "б"), (20, "н"), (27, "б"), (33, "н")):
        typed[index] = code
    _to_lesson(grid, rows=3)
    _type(grid, typed[3:20])
    grid.saved()
    network.mode = "is away"
    _type(grid, typed[20:])
    _to_lesson(grid, rows=0)
    _type(grid, typed[:3])
    expect(grid.state()).to_contain_text("Ждут сохранения: 18")
    visitor.look("grid-thirty")
    page.reload()
    grid.ready()
    enter(door, school, lesson, school.teacher, boris="2")
    network.mode = "well"
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("td[data-state=conflict]")).to_have_count(1, timeout=20_000)
    needs = page.get_by_role("region", name="Нужно ваше решение")
    needs.get_by_role("button", name="Поставить «5»").click()
    expect(page.locator("td[data-state=asked]")).to_have_count(1)
    needs.get_by_role("button", name="Описка").click()
    grid.saved()
    names = page.locator("table.grid tbody th").all_inner_texts()
    assert kept(door, school, lesson) == dict(zip(names, map(str.upper, typed), strict=True))
    means = [(row["mean"] or "–").replace(".", ",") for row in sheet_of(door, school)["rows"]]
    expect(page.locator("[data-figure=mean]")).to_have_text(means)  # they follow what was typed
    assert _in_databases(door, school, lesson) == {
        "marks": 30, "versions of marks": 31, "absences": 5, "versions of absences": 5,
    }  # fmt: skip
    visitor.complaints.clear()  # the browser notes what was not carried


def _to_lesson(grid: Grid, rows: int) -> None:
    """By keys to the lesson's column, so many rows down."""
    grid.press("Control+Home")
    column = grid.page.evaluate(
        "(lesson) => JSON.parse(document.getElementById('sheet-data').textContent)"
        ".columns.findIndex((one) => one.lesson === lesson)",
        str(grid.lesson),
    )
    grid.press(*["ArrowRight"] * column, *["ArrowDown"] * rows)


def _type(grid: Grid, texts: list[str]) -> None:
    """One below the other."""
    for text in texts:
        grid.keys(text)
        grid.press("Enter")


def _in_databases(door: Site, school: School, lesson: UUID) -> dict[str, int]:
    """What the databases hold of a lesson."""
    queries = {
        "gradebook": {
            "marks": select(func.count()).where(Mark.lesson_id == lesson, Mark.value.is_not(None)),
            "versions of marks": select(func.count())
            .select_from(MarkRevision)
            .join(Mark, Mark.id == MarkRevision.mark_id)
            .where(Mark.lesson_id == lesson),
        },
        "attendance": {
            "absences": select(func.count()).where(Absence.lesson_id == lesson, Absence.code.is_not(None)),
            "versions of absences": select(func.count())
            .select_from(AbsenceRevision)
            .join(Absence, Absence.id == AbsenceRevision.absence_id)
            .where(Absence.lesson_id == lesson),
        },
    }
    found: dict[str, int] = {}
    for service, wanted in queries.items():
        with door.bus.services[service].unit_of_work.of(school.id) as session:
            found |= {title: session.scalar(query) or 0 for title, query in wanted.items()}
    return found


def test_keys_move_change_fill_and_undo(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    page = grid.page
    anna, boris, vera = (grid.cell(name) for name in ("Смирнова", "Кузнецов", "Попова"))
    boris.click()
    page.keyboard.type("5")
    grid.press("Enter")
    expect(vera).to_be_focused()
    page.keyboard.type("9")
    grid.press("Escape")
    expect(vera).to_have_text("")
    grid.press("F2")
    page.keyboard.type("4")
    grid.press("ArrowLeft")
    page.keyboard.type("5/")
    grid.press("Enter")
    expect(vera).to_have_text("5/4")
    boris.click()
    grid.press("Shift+ArrowDown", "Control+KeyD")
    expect(vera).to_have_text("5")
    grid.press("Control+KeyZ")
    expect(vera).to_have_text("5/4")
    grid.press("Control+KeyY")
    expect(vera).to_have_text("5")
    boris.click()
    grid.press("Control+Space")
    page.keyboard.type("3")
    grid.press("Control+Enter")
    expect(anna).to_have_text("3")
    grid.press("Control+KeyZ")
    expect(anna).to_have_text("")
    vera.click()
    grid.press("Delete")
    expect(vera).to_have_text("")
    grid.press("Home")
    expect(page.locator("table.grid tbody tr").nth(1).locator("td").first).to_be_focused()


def test_one_stop_of_the_tab_key_and_the_line_that_follows_it(grid: Grid) -> None:
    page = grid.page
    grid.cell("Кузнецов").click()
    assert page.locator("table.grid [tabindex='0']").count() == 1
    expect(page.locator("#sheet-bar")).to_be_hidden()  # it is for fingers
    expect(page.locator("#sheet-live")).to_have_text(re.compile("Кузнецов Борис, .*, Ответ на уроке.*, пусто"))
    expect(page.locator("#sheet-focus")).to_contain_text("Ответ на уроке (× 1)")
    page.keyboard.type("5")
    grid.press("Tab")
    expect(grid.cell("Кузнецов")).to_have_attribute("aria-label", re.compile("5, "))
    grid.press("ArrowLeft")
    expect(page.locator("#sheet-live")).to_have_text(re.compile("Кузнецов Борис, .*, 5"))
    grid.saved()
    expect(page.locator("#sheet-focus").get_by_role("link", name="История отметки")).to_be_visible()
    grid.press("Tab")
    expect(page.locator("table.grid :focus")).to_have_count(0)


def test_a_further_column_of_the_lesson_is_added_by_one_key(
    grid: Grid, door: Site, school: School, lesson: UUID, control: UUID
) -> None:
    page = grid.open().page
    grid.cell("Кузнецов").click()
    grid.press("Insert")
    page.get_by_label("Вид работы").select_option("Контрольная работа (× 2)")
    page.get_by_role("button", name="Добавить", exact=True).click()
    expect(grid.cell("Кузнецов", 1)).to_be_focused()
    page.keyboard.type("4")
    grid.press("Enter")
    grid.saved()
    marks = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
    assert [(mark["value"], mark["kind_id"]) for mark in marks] == [("4", str(control))]
    assert grid.visitor.barriers_on_every_device("grid-added-column") == []


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_finger_sets_marks_by_a_bar(
    visitor: Visitor, browser: Browser, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    context = browser.new_context(viewport=PHONE, locale="ru-RU", has_touch=True, is_mobile=True)
    phone = Visitor(context, visitor.address, door, set())
    grid = Grid(phone, school, lesson, phone.sign_in(both)).open()
    grid.cell("Кузнецов").tap()
    bar = grid.page.get_by_role("toolbar")
    buttons = bar.get_by_role("button")
    expect(buttons).to_have_text([*"54321", *"НУБОП", "✎", "⌫"])  # the school's scale and its absences
    boxes = [one.bounding_box() for one in buttons.all()]
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < 44] == []
    for sign in ("5", "Н"):
        bar.get_by_role("button", name=sign, exact=True).tap()
    grid.saved()
    phone.look("grid-touch")
    expect(bar).to_be_in_viewport()
    expect(grid.page.locator("table.grid input")).to_have_count(0)
    assert phone.fits()
    grid.page.locator("[data-figure=missed]").first.tap()
    expect(bar).to_be_hidden()  # nothing is put there
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "Н"}
    context.close()
    assert phone.complaints == []


def test_whoever_only_reads_moves_through_the_journal_and_is_told_why_nothing_can_be_written(
    visitor: Visitor, school: School, lesson: UUID
) -> None:
    grid = Grid(visitor, school, lesson, visitor.sign_in(school.director)).open()
    grid.cell("Кузнецов").click()
    grid.page.keyboard.type("5")
    expect(grid.page.locator("table.grid input")).to_have_count(0)
    expect(grid.page.locator("#sheet-live")).not_to_be_empty()
    assert visitor.barriers_on_every_device("grid-director") == []


def test_without_scripts_the_table_leads_to_the_forms(
    visitor: Visitor, browser: Browser, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    context = browser.new_context(locale="ru-RU", java_script_enabled=False)
    plain = Visitor(context, visitor.address, door, set())
    page = plain.sign_in(both)
    plain.goto(f"/journal/{school.algebra}")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    expect(page.locator("#sheet-state")).to_be_hidden()
    page.locator(f".grid thead a[href='/lessons/{lesson}/marks']").click()
    expect(page.get_by_role("button", name="Сохранить отметки")).to_be_visible()
    context.close()


def test_a_comment_for_the_family_is_written_beside_a_mark_by_keyboard(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    page = grid.page
    boris = grid.type("Кузнецов", "5")
    grid.saved()
    boris.click()
    grid.press("Shift+F2")
    dialog = page.get_by_role("dialog", name="Комментарий для семьи")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    assert grid.visitor.barriers_on_every_device("grid-comment-dialog") == []
    page.set_viewport_size(DESKTOP)
    page.keyboard.type("Решил сам")
    grid.press("Enter")
    expect(boris).to_be_focused()
    grid.saved()  # nobody is asked why a comment was added
    expect(boris).to_have_attribute("aria-label", re.compile("5, комментарий: Решил сам"))
    expect(page.locator("#sheet-live")).to_have_text(re.compile("5, комментарий: Решил сам"))
    grid.press("ArrowDown", "Shift+F2")
    expect(page.locator("#sheet-live")).to_contain_text("нужна отметка")
    (mark,) = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
    assert (mark["value"], mark["comment"], mark["version"]) == ("5", "Решил сам", 2)
    family = door.asking(school.boris).get(f"/students/{id_of(school.boris)}/diary?date={TODAY}")
    assert "Решил сам" in family.text
    grid.open()
    expect(grid.cell("Кузнецов")).to_have_attribute("aria-label", "5, комментарий: Решил сам")
    assert grid.visitor.barriers_on_every_device("grid-commented") == []


def test_a_comment_that_was_saved_is_taken_back_as_a_mark_is_and_comes_back_with_one(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    def stands() -> list[tuple[str, str]]:
        marks = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
        return [(mark["value"], mark["comment"]) for mark in marks]

    boris = grid.type("Кузнецов", "5")
    grid.saved()
    for words in ("Решил сам", "Решил сам у доски"):
        boris.click()
        grid.press("Shift+F2", "Control+KeyA")
        grid.page.keyboard.type(words)
        grid.press("Enter")
        grid.saved()
        assert stands() == [("5", words)]
    grid.press("Control+KeyZ")
    expect(boris).to_have_attribute("data-comment", "Решил сам")
    grid.saved()
    assert stands() == [("5", "Решил сам")]
    grid.press("Control+KeyZ")
    expect(boris).not_to_have_attribute("data-comment", re.compile(".*"))
    grid.saved()
    assert stands() == [("5", "")]
    grid.press("Control+KeyY")
    grid.saved()
    assert stands() == [("5", "Решил сам")]
    grid.press("Delete")
    expect(boris).to_have_attribute("data-state", "asked")  # why a mark goes that was more than mistyped
    expect(boris).not_to_have_attribute("data-comment", re.compile(".*"))
    grid.press("Control+KeyZ")
    expect(boris).to_have_attribute("aria-label", "5, комментарий: Решил сам")
    grid.saved()
    assert stands() == [("5", "Решил сам")]
