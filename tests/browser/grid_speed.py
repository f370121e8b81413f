"""What the journal's grid costs a browser: `python -m tests.browser.grid_speed` prints it.

31 students, 60 columns, half of the cells with a mark: the bytes of the cold page, the time until it can be typed into,
and how long a key takes until the browser has painted what it does; as it is, and with a processor four times slower.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright
from sqlalchemy import select
from uuid_utils.compat import uuid7
from werkzeug.serving import make_server

from cli.building import courses, lessons, marks, write
from services.gradebook.courses.tables import CourseMember
from services.gradebook.marks.tables import KindOfWork
from tests.browser.conftest import DESKTOP
from tests.conftest import BROWSER_ARGUMENTS, NEEDS
from tests.gateway.site import Site, SiteTemplate
from tests.kit.databases import Databases
from tests.kit.people import PASSWORD, TODAY, id_of

STUDENTS, LESSONS = 31, 60
MARKS = "5432"
ROUNDS = 5
#: Keeps for each key how many milliseconds passed until what it did was painted.
WATCH = """
globalThis.painted = [];
addEventListener("keydown", (event) => {
    requestAnimationFrame(() => setTimeout(() => globalThis.painted.push(performance.now() - event.timeStamp)));
}, true);
"""
READY = """
(() => {
    const { responseEnd } = performance.getEntriesByType("navigation")[0];
    const ready = performance.getEntriesByName("lyceum-grid-ready")[0].startTime;
    return [ready, ready - responseEnd];
})()
"""


@contextmanager
def site(folder: Path) -> Iterator[tuple[Site, str]]:
    """A site with the journal, and where it answers."""
    databases = Databases(folder)
    (folder / "door").mkdir()
    (folder / "site").mkdir()
    with SiteTemplate(folder / "door", databases).site(folder / "site") as door:
        fill(door)
        server = make_server("127.0.0.1", 0, door.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield door, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()
    databases.close()


def fill(door: Site) -> None:
    """The students, lessons and marks of algebra."""
    school = door.school
    people = [school.anna, school.boris, school.vera]
    for index in range(STUDENTS - len(people)):
        student = school.person("student", name=f"Ученик{index:02} Пётр")
        school.enrol(student, school.class_a)
        people.append(student)
    since = TODAY - timedelta(days=90)
    members = [courses.member(school.algebra, id_of(one), since) for one in people[3:]]
    unit_of_work = door.town.gradebook.unit_of_work
    write(unit_of_work, school.id, [(CourseMember, members)])
    with unit_of_work.of(school.id) as session:
        kind = session.scalars(select(KindOfWork.id)).one()
    for at in range(LESSONS - 2):  # beside those that are there
        row = lessons.lesson(uuid7(), school.algebra, TODAY - timedelta(days=1 + at), 5)
        given = [id_of(one) for one in people[at % 2 :: 2]]
        write(unit_of_work, school.id, lessons.lessons([row]), marks.column(row, kind, given, MARKS))


def cold(browser: Browser, door: Site, address: str) -> dict[str, int]:
    """Bytes of the journal as the first page of a browser, over the wire, by kind of file."""
    context = browser.new_context(viewport=DESKTOP, locale="ru-RU")
    page = signed_in(context.new_page(), door, address)
    wire = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    found: dict[str, int] = {}
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.on("Network.responseReceived", lambda event: kinds.setdefault(event["requestId"], event["type"]))

    def add(event: dict[str, int | str]) -> None:
        kind = kinds.get(str(event["requestId"]), "Other")
        found[kind] = found.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", add)
    opened(page, door, address)
    context.close()
    return found


def timed(browser: Browser, door: Site, address: str, slower: int) -> None:
    """Print the times with a processor so many times slower."""
    context = browser.new_context(viewport=DESKTOP, locale="ru-RU")
    page = signed_in(context.new_page(), door, address)
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    ready = []
    for _ in range(ROUNDS):
        opened(page, door, address)
        ready.append(page.evaluate(READY))
    whole, own = (min(column) for column in zip(*ready, strict=True))
    print(f"{slower} times slower: typed into after {whole:.0f} ms, {own:.0f} ms of them after the page's last byte")
    page.evaluate(WATCH)
    page.keyboard.press("Control+Home")
    wire.send("Performance.enable")
    before = spent(wire)
    for index in range(STUDENTS):
        page.keyboard.type(MARKS[index % 4])
        page.keyboard.press("Enter")
    cost = {name: (value - before[name]) * 1000 / (2 * STUDENTS) for name, value in spent(wire).items()}
    parts = ", ".join(f"{name} {value:.1f}" for name, value in cost.items())
    print(f"{slower} times slower: a key costs the page's thread, in ms: {parts}")
    painted = sorted(page.evaluate("globalThis.painted"))
    middle, late = median(painted), painted[int(len(painted) * 0.95)]
    print(f"{slower} times slower: {len(painted)} keys painted after {middle:.0f} ms, 95 of 100 within {late:.0f} ms")
    context.close()


def spent(wire: CDPSession) -> dict[str, float]:
    """Seconds that the page's thread was busy until now, in all and with what."""
    found = {one["name"]: one["value"] for one in wire.send("Performance.getMetrics")["metrics"]}
    return {name: found[f"{name}Duration"] for name in ("Task", "Script", "Layout", "RecalcStyle")}


def signed_in(page: Page, door: Site, address: str) -> Page:
    """The page, once the teacher has signed in."""
    page.goto(f"{address}/login")
    page.fill("#login", door.login(door.school.teacher))
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/day*")
    return page


def opened(page: Page, door: Site, address: str) -> None:
    """Show the journal, ready to type."""
    page.goto(f"{address}/journal/{door.school.algebra}")
    expect(page.locator("table[data-ready]")).to_be_visible(timeout=60_000)


def main() -> None:
    """Print what it costs."""
    with (
        tempfile.TemporaryDirectory() as folder,
        site(Path(folder)) as (door, address),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(NEEDS["browser"]()), args=list(BROWSER_ARGUMENTS))
        found = cold(browser, door, address)
        parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in sorted(found.items()))
        print(f"cold page: {sum(found.values()) / 1000:.1f} kB ({parts})")
        for slower in (1, 4):
            timed(browser, door, address, slower)
        browser.close()


if __name__ == "__main__":
    main()
