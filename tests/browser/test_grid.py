"""The journal is typed into: by keyboard, without a network, with two at one cell, at a computer that others use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route, expect
from uuid_utils.compat import uuid7

from contracts.identity.people import StudentsChanged
from kernel.auth import Actor
from kernel.errors import Unavailable
from kernel.waiting import eventually
from services.gradebook.courses.tables import CourseTeacher
from services.gradebook.marks import tables as marks_tables
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.gateway.site import Site
from tests.kit.calls import deliver
from tests.kit.people import PASSWORD, TODAY, id_of
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")

NUMBERS = iter(range(3, 60))
ENTRIES = "**/api/v1/courses/*/entries"
#: Rows of the browser's store: the account of each, and whether anything in it can be read.
KEPT = """(async () => {
    const asked = indexedDB.open("lyceum-outbox");
    const database = await new Promise((found) => { asked.onsuccess = () => found(asked.result); });
    const got = database.transaction("entries").objectStore("entries").getAll();
    const rows = await new Promise((found) => { got.onsuccess = () => found(got.result); });
    database.close();
    return rows.map(({ id, owner, sealed, ...more }) => ({
        owner, readable: new TextDecoder().decode(sealed.bytes).includes("want") || Object.keys(more).length > 0,
    }));
})()"""


@pytest.fixture(scope="module", autouse=True)
def both(door: Site, school: School) -> Actor:
    """Who teaches algebra beside its teacher, and is homeroom teacher of the class: may enter absences, too."""
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        teacher = id_of(school.homeroom_a)
        session.add(
            CourseTeacher(
                school_id=school.id, course_id=school.algebra, teacher_id=teacher, since=TODAY - timedelta(days=90)
            )
        )
    return school.homeroom_a


@pytest.fixture(scope="module")
def control(door: Site, school: School) -> UUID:
    """A second kind of work."""
    kind = uuid7()
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.add(
            marks_tables.KindOfWork(school_id=school.id, id=kind, name="Контрольная работа", weight=2, is_answer=False)
        )
    return kind


@dataclass
class Grid:
    """A journal in a browser, and one lesson's column in it."""

    visitor: Visitor
    school: School
    lesson: UUID
    page: Page
    asked: list[str] = field(default_factory=list)

    def open(self, page: Page | None = None) -> Grid:
        """Show the journal, ready to type."""
        self.page = page or self.page
        self.page.goto(f"{self.visitor.address}/journal/{self.school.algebra}")
        self.ready()
        return self

    def ready(self) -> None:
        expect(self.page.locator("table[data-ready]")).to_be_visible()

    def cell(self, name: str, nth: int = 0) -> Locator:
        """The cell of a student in the lesson; `nth`: in a further column of it."""
        columns = self.page.evaluate("JSON.parse(document.getElementById('sheet-data').textContent).columns")
        places = [at for at, column in enumerate(columns) if column["lesson"] == str(self.lesson)]
        row = self.page.locator("table.grid tbody tr", has_text=name)
        return row.locator("td").nth(places[0] + nth)

    def type(self, name: str, text: str) -> Locator:
        """Type into a student's cell."""
        cell = self.cell(name)
        cell.click()
        self.keys(text)
        self.press("Enter")
        return cell

    def keys(self, text: str) -> None:
        """Type letters as a keyboard does; of Russian ones, Playwright sends the letter without its key."""
        if not text[0].isascii():
            wire = self.page.context.new_cdp_session(self.page)
            for kind in ("keyDown", "keyUp"):
                wire.send("Input.dispatchKeyEvent", {"type": kind, "key": text[0], "text": text[0]})
            wire.detach()
            text = text[1:]
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def looked(self) -> bool:
        """Let the browser tell what happened."""
        return bool(self.page.evaluate("true"))

    def state(self) -> Locator:
        return self.page.locator("#sheet-state")

    def saved(self) -> None:
        """All that was typed is saved."""
        expect(self.state()).to_have_text("Всё сохранено.", timeout=20_000)
        expect(self.page.locator("td[data-state=waiting], td[data-state=sending]")).to_have_count(0)

    def answer(self, *, accept: bool) -> None:
        """What is answered to the browser's questions from now on."""

        def on_dialog(dialog: Dialog) -> None:
            self.asked.append(dialog.message)
            if accept:
                dialog.accept()
            else:
                dialog.dismiss()

        self.page.once("dialog", on_dialog)


@pytest.fixture
def lesson(school: School) -> UUID:
    """A lesson of today's that no other test writes to."""
    return school.add_lesson(uuid7(), school.algebra, TODAY, next(NUMBERS))


@pytest.fixture
def grid(visitor: Visitor, school: School, lesson: UUID, both: Actor) -> Grid:
    """The journal of algebra before its homeroom teacher, who teaches it."""
    return Grid(visitor, school, lesson, visitor.sign_in(both)).open()


def kept(door: Site, school: School, lesson: UUID) -> dict[str, str]:
    """What stands in the record of a lesson: the student's name → the cell as the journal writes it."""
    sheet = sheet_of(door, school)
    return {
        sheet["rows"][row]["name"]: text
        for row, column, text, *_ in sheet["cells"]
        if sheet["columns"][column]["lesson_id"] == str(lesson)
    }


def sheet_of(door: Site, school: School) -> Any:
    asking = door.asking(school.director)
    term = asking.get("/calendar").json["years"][0]["terms"][0]["id"]
    return asking.get(f"/courses/{school.algebra}/sheet?term_id={term}").json


def revisions(door: Site, school: School, lesson: UUID) -> int:
    """How often marks of a lesson were written."""
    asking = door.asking(school.director)
    marks = asking.get(f"/lessons/{lesson}/marks").json["marks"]
    return sum(len(asking.get(f"/marks/{mark['id']}/history").json["revisions"]) for mark in marks)


@dataclass
class Network:
    """A network that carries requests of the grid and may lose their answers, or carry nothing."""

    context: BrowserContext
    mode: str = "well"
    lost: int = 0

    def __post_init__(self) -> None:
        self.context.route(ENTRIES, self._handle)

    def _handle(self, route: Route) -> None:
        if self.mode == "well":
            route.continue_()
        elif self.mode == "loses answers":
            route.fetch()
            self.lost += 1
            route.abort()
        else:
            route.abort()


# --- typing


def test_thirty_marks_and_five_absences_are_typed_by_keyboard_alone_in_one_visit(
    visitor: Visitor, door: Site, school: School, both: Actor
) -> None:
    joined = tuple(id_of(school.join(f"Ученик{index:02} Пётр")) for index in range(27))
    for service in (school.town.gradebook, *school.town.listeners):
        deliver(service, StudentsChanged(batch_id=uuid7(), student_ids=joined), school.id)
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY, next(NUMBERS))
    page = visitor.sign_in(both)
    grid = Grid(visitor, school, lesson, page).open()
    grid.press("Control+Home")
    column = page.evaluate(
        "(lesson) => JSON.parse(document.getElementById('sheet-data').textContent)"
        ".columns.findIndex((one) => one.lesson === lesson)",
        str(lesson),
    )
    grid.press(*["ArrowRight"] * column)
    typed = ["5432"[index % 4] for index in range(30)]
    for index in (3, 9, 27):
        typed[index] = "н"
    typed[12], typed[20] = "о 4", "б"
    for text in typed:
        grid.keys(text)
        grid.press("Enter")
    grid.saved()
    visitor.look("grid-thirty")
    names = page.locator("table.grid tbody th").all_inner_texts()
    shown = dict(zip(names, (one.upper() if one in "нб" else one.replace("о", "О") for one in typed), strict=True))
    assert kept(door, school, lesson) == shown
    means = [(row["mean"] or "–").replace(".", ",") for row in sheet_of(door, school)["rows"]]
    expect(page.locator("[data-figure=mean]")).to_have_text(means)  # they follow what was typed


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
    for sign in ("5", "Н"):
        bar.get_by_role("button", name=sign, exact=True).tap()
    grid.saved()
    phone.look("grid-touch")
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


# --- refused, asked, changed by another


def test_a_refused_cell_says_why_until_it_is_corrected(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    cell = grid.type("Кузнецов", "9")
    grid.type("Попова", "4")
    expect(cell).to_have_attribute("data-state", "refused")
    expect(cell).to_have_attribute("aria-invalid", "true")
    needs = grid.page.get_by_role("region", name="Нужно ваше решение")
    expect(needs).to_contain_text("Кузнецов Борис")
    expect(needs).to_contain_text("нет на шкале")
    assert grid.visitor.barriers_on_every_device("grid-refused") == []
    grid.page.set_viewport_size(DESKTOP)
    grid.page.reload()
    grid.ready()
    expect(grid.cell("Кузнецов")).to_have_text("9")
    needs.get_by_role("button", name="Исправить").click()
    grid.press("Control+KeyA")
    grid.page.keyboard.type("5")
    grid.press("Enter")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "4"}


def test_the_reason_of_changes_is_asked_once_for_all(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    for name in ("Кузнецов", "Попова"):
        grid.type(name, "5")
    grid.saved()
    for name in ("Кузнецов", "Попова"):
        grid.type(name, "4")
    needs = grid.page.get_by_role("region", name="Нужно ваше решение")
    expect(needs).to_contain_text("5 → 4")
    expect(grid.page.locator("td[data-state=asked]")).to_have_count(2)
    assert grid.visitor.barriers_on_every_device("grid-asked") == []
    grid.page.set_viewport_size(DESKTOP)
    needs.get_by_role("button", name="Описка").click()
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "4", "Попова Вера": "4"}
    assert revisions(door, school, lesson) == 4


def test_two_teachers_at_one_cell_are_both_shown_and_one_chooses(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "is away")
    for name, text in (("Смирнова", "5"), ("Кузнецов", "5"), ("Попова", "2")):
        grid.type(name, text)
    expect(grid.state()).to_contain_text("Ждут сохранения: 3")
    enter(door, school, lesson, school.teacher, anna="3", boris="4", vera="2")
    network.mode = "well"
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    expect(grid.page.locator("td[data-state=conflict]")).to_have_count(2)  # the same from two sides is none
    needs = grid.page.get_by_role("region", name="Нужно ваше решение")
    expect(needs).to_contain_text("вы ввели «5», а здесь уже сохранено «3» (Иванова М.")
    assert grid.visitor.barriers_on_every_device("grid-conflict") == []
    grid.page.set_viewport_size(DESKTOP)
    needs.get_by_role("button", name="Оставить «3»").click()
    needs.get_by_role("button", name="Поставить «5»").click()
    expect(grid.page.locator("td[data-state=asked]")).to_have_count(1)
    needs.get_by_role("button", name="Описка").click()
    grid.saved()
    grid.visitor.complaints.clear()  # the browser notes what was not carried
    assert kept(door, school, lesson) == {"Смирнова Анна": "3", "Кузнецов Борис": "5", "Попова Вера": "2"}


def enter(door: Site, school: School, lesson: UUID, who: Actor, **texts: str) -> None:
    """What somebody enters elsewhere."""
    entries = [
        {"key": str(uuid7()), "lesson_id": str(lesson), "student_id": str(id_of(getattr(school, name))), "text": text}
        for name, text in texts.items()
    ]
    answer = door.asking(who).post(f"/courses/{school.algebra}/entries", json={"entries": entries})
    assert [one["state"] for one in answer.json["answers"]] == ["saved"] * len(entries), answer.json


# --- the network


def test_what_is_typed_without_a_network_outlives_a_reload_and_a_crash_and_is_sent_once(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "is away")
    for name, text in (("Смирнова", "5"), ("Кузнецов", "н"), ("Попова", "3")):
        grid.type(name, text)
    expect(grid.page.locator("td[data-state=waiting]")).to_have_count(3)
    expect(grid.state()).to_contain_text("Нет связи с журналом. Ждут сохранения: 3")
    assert grid.visitor.barriers_on_every_device("grid-offline") == []
    grid.page.reload()
    grid.ready()
    expect(grid.cell("Попова")).to_have_text("3")
    expect(grid.cell("Попова")).to_have_attribute("aria-label", re.compile("3, (ещё не сохранено|сохраняется)"))
    assert kept(door, school, lesson) == {}
    crashed, context = grid.page, grid.page.context
    crashed.close()
    network.mode = "well"
    grid.open(context.new_page())
    grid.saved()
    assert kept(door, school, lesson) == {"Смирнова Анна": "5", "Кузнецов Борис": "Н", "Попова Вера": "3"}
    assert revisions(door, school, lesson) == 2
    assert grid.page.evaluate(KEPT) == []
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_an_entry_whose_answer_was_lost_is_repeated_before_its_correction(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "loses answers")
    cell = grid.type("Кузнецов", "5")
    eventually(lambda: grid.looked() and network.lost, 20, "an answer that was lost")
    grid.type("Кузнецов", "4")
    network.mode = "well"
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    expect(cell).to_have_attribute("data-state", "asked", timeout=20_000)  # a change of one's own, not a conflict
    grid.page.get_by_role("button", name="Описка").click()
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "4"}
    assert revisions(door, school, lesson) == 2
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_marks_are_saved_while_attendance_is_away_and_the_absence_follows(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    away = Unavailable("The service {service} is away.", rule="no-route", service="attendance")
    with door.bus.without("attendance", away):
        cell = grid.type("Кузнецов", "о 5")
        expect(cell).to_have_attribute("data-state", "waiting")
        expect(grid.state()).to_contain_text("Ждут сохранения: 1")
        marks = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
        assert [mark["value"] for mark in marks] == ["5"]
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "О 5"}
    assert revisions(door, school, lesson) == 1


def test_another_page_of_the_browser_sends_what_a_closed_one_left_and_shows_it(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "is away")
    other = grid.page.context.new_page()
    there = Grid(grid.visitor, school, lesson, other).open()
    grid.type("Кузнецов", "5")
    expect(there.cell("Кузнецов")).to_have_text("5")
    grid.page.close()
    network.mode = "well"
    other.evaluate("dispatchEvent(new Event('online'))")
    there.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.visitor.complaints.clear()  # the browser notes what was not carried


# --- a spreadsheet


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        text,
    )


def test_a_block_that_is_pasted_is_shown_with_what_cannot_be_read(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    page = grid.page
    grid.cell("Кузнецов").click()
    paste(page, "5\nж\n")
    dialog = page.get_by_role("dialog", name="Вставка в журнал")
    expect(dialog).to_contain_text("Нельзя вставить: 1.")
    expect(dialog.locator("td.unread")).to_contain_text("ж")
    assert grid.visitor.barriers_on_every_device("grid-paste") == []
    page.set_viewport_size(DESKTOP)
    dialog.get_by_role("button", name="Вставить то, что можно: 1").click()
    expect(grid.cell("Кузнецов")).to_have_text("5")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.cell("Попова").click()
    paste(page, "4")
    expect(grid.cell("Попова")).to_have_text("4")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "4"}


def test_a_block_that_can_be_read_is_pasted_without_a_question(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    grid.cell("Кузнецов").click()
    paste(grid.page, "5\r\nн\r\n")
    expect(grid.cell("Попова")).to_have_text(re.compile("[нН]"))
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "Н"}


# --- a computer that others use


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Выйти").click()


def test_signing_out_asks_about_what_is_not_saved_and_leaves_nothing(
    grid: Grid, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    Network(grid.page.context, "is away")
    cell = grid.type("Кузнецов", "5")
    expect(cell).to_have_attribute("data-state", "waiting")
    assert grid.page.evaluate(KEPT) == [{"owner": str(both.account_id), "readable": False}]
    grid.answer(accept=False)
    sign_out(grid.page)
    eventually(lambda: grid.looked() and grid.asked, 10, "the question")
    assert "записей: 1" in grid.asked[0]
    expect(cell).to_have_text("5")
    grid.page.goto(f"{grid.visitor.address}/day")  # from any page
    grid.answer(accept=True)
    sign_out(grid.page)
    grid.page.wait_for_url("**/login")
    assert grid.page.evaluate(KEPT) == []
    assert kept(door, school, lesson) == {}
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_signing_out_first_sends_what_waits(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    network = Network(grid.page.context, "is away")
    cell = grid.type("Кузнецов", "5")
    expect(cell).to_have_attribute("data-state", "waiting")
    network.mode = "well"
    sign_out(grid.page)
    grid.page.wait_for_url("**/login")
    assert grid.asked == []
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_what_one_teacher_typed_never_goes_out_under_anothers_name(
    grid: Grid, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    page, context = grid.page, grid.page.context
    context.clear_cookies()  # the session is over
    cell = grid.type("Кузнецов", "5")
    expect(grid.state()).to_contain_text("Сеанс закончился. Ждут сохранения: 1")
    other = Grid(grid.visitor, school, lesson, context.new_page())
    other.page.goto(f"{grid.visitor.address}/login")
    sign_in(grid.visitor, other.page, school.teacher)
    other.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(grid.state()).to_contain_text("Вошёл другой пользователь. Ждут сохранения: 1")
    expect(cell).to_have_attribute("data-state", "waiting")
    expect(other.page.locator("#sheet-others")).to_contain_text("ждут отправки записи другого пользователя: 1")
    expect(other.cell("Кузнецов")).to_have_text("")
    other.saved()
    assert kept(door, school, lesson) == {}
    page.close()
    sign_out(other.page)
    other.page.wait_for_url("**/login")
    sign_in(grid.visitor, other.page, both)
    other.open()
    other.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.visitor.complaints.clear()  # the browser notes the statuses 401 and 409


def sign_in(visitor: Visitor, page: Page, actor: Actor) -> None:
    page.fill("#login", visitor.door.login(actor))
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login" not in url)


# --- for everybody


def test_the_grid_has_no_barrier_while_it_is_typed_into(grid: Grid) -> None:
    assert grid.visitor.barriers_on_every_device("grid") == []
    grid.page.set_viewport_size(DESKTOP)
    grid.cell("Кузнецов").click()
    grid.page.keyboard.type("5")
    assert grid.visitor.barriers_on_every_device("grid-editing") == []
    grid.press("Escape", "Shift+ArrowDown")
    assert grid.visitor.barriers_on_every_device("grid-range") == []


def test_todays_column_is_in_sight_and_heads_and_names_stay(grid: Grid) -> None:
    expect(grid.page.locator("thead th[data-start]")).to_be_in_viewport(ratio=0.9)
    screen, last = grid.page.locator(".grid-scroll"), grid.page.locator(".grid tbody th").last
    screen.evaluate("one => one.scrollTo(one.scrollWidth, one.scrollHeight)")
    expect(grid.page.locator(".grid thead th").last).to_be_in_viewport(ratio=0.9)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=0.9)
