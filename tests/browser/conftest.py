"""A site served on loopback and a Chromium that visits it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page
from uuid_utils.compat import uuid7
from werkzeug.serving import make_server

from tests.gateway.site import Site, SiteTemplate
from tests.kit.databases import Databases
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School

DESKTOP = {"width": 1280, "height": 900}
#: A desktop's window enlarged four times: what a page has to fit into (WCAG 1.4.10).
NARROWEST = {"width": 320, "height": 640}
HERE = Path(__file__).parent
#: Markup of Swagger UI, which is not ours.
FOREIGN = ".swagger-ui"
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def sites(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> SiteTemplate:
    """Makes sites."""
    return SiteTemplate(tmp_path_factory.mktemp("door"), databases)


@pytest.fixture(scope="module")
def door(sites: SiteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that the tests of a module share."""
    with sites.site(tmp_path_factory.mktemp("site")) as made:
        yield made


def _read_at_once(app: Any) -> Any:
    """The application with static files that are closed before they are sent.

    Werkzeug's server leaves one open where the browser goes away during it.
    """

    def answered(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        answer = app(environ, start)
        if "/static/" not in environ["PATH_INFO"]:
            return answer
        with closing(answer):
            return list(answer)

    return answered


@pytest.fixture(scope="module")
def address(door: Site) -> Iterator[str]:
    """Where the door answers."""
    server = make_server("127.0.0.1", 0, _read_at_once(door.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def school(door: Site) -> School:
    return door.school


@pytest.fixture(scope="module")
def lived_in(door: Site, school: School) -> None:
    """Some weeks of algebra: lessons with topics, homework, marks, an absence."""
    teacher = door.asking(school.teacher)
    homeroom = door.asking(school.homeroom_a)
    topics = ["Степень с натуральным показателем", "Свойства степеней", "Одночлены", "Многочлены",
              "Сложение многочленов", "Формулы сокращённого умножения"]  # fmt: skip
    for index, topic in enumerate(topics):
        lesson_id = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=2 * (index + 1)), 2)
        described = teacher.patch(
            f"/lessons/{lesson_id}",
            json={"topic": topic, "homework": f"№ {100 + index * 7}–{104 + index * 7}, повторить правило"},
            headers={"If-Match": '"1"'},
        )
        assert described.status_code == 200, described.text
        marks = [
            {"student_id": str(student.person_id), "value": value, "comment": comment}
            for student, value, comment in (
                (school.anna, "54535"[index % 5], "Отличный ответ у доски" if index == 0 else ""),
                (school.boris, "3424"[index % 4], ""),
            )
        ]
        posted = teacher.post(f"/lessons/{lesson_id}/marks", json={"marks": marks})
        assert posted.status_code == 201, posted.text
        absent = [{"student_id": str(school.vera.person_id), "code": "Б"}] if index < 2 else []
        late = [{"student_id": str(school.anna.person_id), "code": "О", "minutes": 7}] if index == 1 else []
        checked = homeroom.put(f"/lessons/{lesson_id}/check", json={"absences": absent + late})
        assert checked.status_code == 200, checked.text


#: Whether a panel holds something that is wider than it.
STICKING_OUT = "[...document.querySelectorAll('.panel')].some(one => one.scrollWidth > one.clientWidth + 1)"
#: The page around its main part, and its main part, by what axe judges: elements with their classes, roles and states,
#: whether they have a text. Which text, and how many alike stand in a row, makes no barrier.
SHAPES = """() => {
    const varying = new Set(["id", "for", "href", "src", "value", "name", "title", "datetime", "action", "placeholder",
                             "aria-label", "aria-labelledby", "aria-describedby", "aria-controls", "nonce"]);
    const main = document.querySelector("main");
    const said = ({ name, value }) => varying.has(name) || name.startsWith("data-") ? name : `${name}=${value}`;
    const shape = (node, top) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "text" : "";
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches("script, style")) return "";
        if (node === main && !top) return "main";
        const inside = [...node.childNodes].map((one) => shape(one, false));
        const different = inside.filter((one, place) => one && one !== inside[place - 1]);
        return `<${node.tagName} ${[...node.attributes].map(said).sort().join(" ")} ${different.join("")}>`;
    };
    return [shape(document.documentElement, false), main ? shape(main, true) : ""];
}"""


class Visitor:
    """A person at a browser, who sees what a page complains of."""

    def __init__(self, context: BrowserContext, address: str, door: Site, free: set[tuple[int, str]]) -> None:
        self.free = free
        self.page: Page = context.new_page()
        self.address = address
        self.door = door
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def goto(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, actor: object, path: str = "/login") -> Page:
        """By the form, as a person does. Afterwards the next page is there, and its scripts."""
        self.goto(path)
        self.page.fill("#login", self.door.login(actor))  # type: ignore[arg-type]  # an Actor
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: urlsplit(url).path != "/login")
        return self.page

    def fits(self) -> bool:
        """Whether the page, once it is loaded, is no wider than its window."""
        self.page.wait_for_load_state()
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def barriers(self) -> list[str]:
        """What axe finds serious or critical on the page: the rule, and the elements that break it.

        A page of the shape of pages on which it found nothing, in a window of the same width, is not looked at again.
        """
        width = (self.page.viewport_size or DESKTOP)["width"]
        shapes = {(width, shape) for shape in self.page.evaluate(SHAPES)}
        if shapes <= self.free:
            return []
        found = self._barriers()
        if not found:
            self.free |= shapes
        return found

    def _barriers(self) -> list[str]:
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(AXE_SCRIPT)
        options = [{"exclude": [FOREIGN]}, {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}]
        found = self.page.evaluate("([context, options]) => axe.run(context, options)", options)["violations"]
        return [
            f"{one['impact']}: {one['id']}: {', '.join(node['html'] for node in one['nodes'])}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    def barriers_on_every_device(self, name: str) -> list[str]:
        """The barriers of the page on a desktop and on a phone; one too wide for its window is a barrier, too."""
        found = []
        for device, size in (("desktop", DESKTOP), ("phone", PHONE), ("", NARROWEST)):
            self.page.set_viewport_size(size)
            if device:
                self.look(f"{name}-{device}")
                found += [f"{name}, {device}: {one}" for one in self.barriers()]
            if not self.fits():
                found.append(f"{name}: wider than a window of {size['width']} px")
            if self.page.evaluate(STICKING_OUT):
                found.append(f"{name}: something sticks out of its panel in a window of {size['width']} px")
        return found

    def look(self, name: str) -> None:
        """Keep a picture where LYCEUM_SCREENSHOTS names a folder."""
        folder = os.environ.get("LYCEUM_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture(scope="session")
def free_of_barriers() -> set[tuple[int, str]]:
    """Widths of windows with the shapes of pages on which axe found nothing."""
    return set()


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, browser: Browser, address: str, door: Site, free_of_barriers: set[tuple[int, str]]
) -> Iterator[Visitor]:
    """A visitor with a desktop, or with a phone where the test is marked so; no page may complain."""
    viewport = getattr(request, "param", DESKTOP)
    context = browser.new_context(viewport=viewport, locale="ru-RU")
    context.set_default_timeout(10_000)
    made = Visitor(context, address, door, free_of_barriers)
    yield made
    context.close()
    assert made.complaints == []
