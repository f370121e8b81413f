"""The journal in a browser, as the tests of typing into it use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Route, expect
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School

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


def enter(door: Site, school: School, lesson: UUID, who: Actor, **texts: str) -> None:
    """What somebody enters elsewhere."""
    entries = [
        {"key": str(uuid7()), "lesson_id": str(lesson), "student_id": str(id_of(getattr(school, name))), "text": text}
        for name, text in texts.items()
    ]
    answer = door.asking(who).post(f"/courses/{school.algebra}/entries", json={"entries": entries})
    assert [one["state"] for one in answer.json["answers"]] == ["saved"] * len(entries), answer.json
