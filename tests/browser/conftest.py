"""A site served on loopback and a Chromium that visits it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import NEEDS
from tests.gateway.site import PASSWORD, SERVICES, Site, site
from tests.neighbours import School, migrated

#: A browser that looks at nothing but the page.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(NEEDS["browser"]()), args=list(ARGUMENTS))
        yield made
        made.close()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that the tests of a module share."""
    templates = tmp_path_factory.mktemp("templates")
    with site(tmp_path_factory.mktemp("site"), {name: migrated(name, templates) for name in SERVICES}) as made:
        yield made


@pytest.fixture(scope="module")
def address(door: Site) -> Iterator[str]:
    """Where the door answers."""
    server = make_server("127.0.0.1", 0, door.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def school(door: Site) -> School:
    return door.school


class Visitor:
    """A person at a browser, who sees what a page complains of."""

    def __init__(self, context: BrowserContext, address: str, door: Site) -> None:
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
        """By the form, as a person does."""
        self.goto(path)
        self.page.fill("#login", self.door.login(actor))  # type: ignore[arg-type]  # an Actor
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        return self.page

    def look(self, name: str) -> None:
        """Keep a picture where LYCEUM_SCREENSHOTS names a folder."""
        folder = os.environ.get("LYCEUM_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str, door: Site) -> Iterator[Visitor]:
    """A visitor with a desktop, or with a phone where the test is marked so; no page may complain."""
    viewport = getattr(request, "param", DESKTOP)
    context = browser.new_context(viewport=viewport, locale="ru-RU")
    context.set_default_timeout(10_000)
    made = Visitor(context, address, door)
    yield made
    context.close()
    assert made.complaints == []
