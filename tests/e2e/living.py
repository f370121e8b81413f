"""People at browsers of their own in a school of a running system: what each does again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from kernel.waiting import eventually
from services.gradebook.calendar.rules.public_holidays import is_public_holiday
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.e2e.stack import OWN, Stack

DAY = timedelta(days=1)
#: Seconds in which what one page saved is seen on others.
PATIENCE = 60
#: Milliseconds that a page may take, on a machine that does much else.
PAGE_TIMEOUT = 30_000


@dataclass
class Life:
    """A school, the days of its story, and whoever is at a browser there."""

    browser: Browser
    stack: Stack
    #: The day of the story, which is any day of any year.
    today: date = field(default_factory=date.today)
    seen_by: dict[str, Visitor] = field(default_factory=dict)
    #: Shapes of pages without barriers, which are not looked at again.
    free: set[tuple[int, str]] = field(default_factory=set)

    @cached_property
    def monday(self) -> date:
        """The Monday of the last past week that has no public holiday, nor has the week after it: it is taught."""
        monday = self.today - (self.today.weekday() + 7) * DAY
        while any(is_public_holiday(monday + ahead * DAY) for ahead in range(12)):
            monday -= 7 * DAY
        return monday

    @property
    def last_day(self) -> date:
        """That of the year, which is a short one: a timetable of 35 classes makes 1,700 lessons a week."""
        return max(self.today, self.monday + 13 * DAY) + 7 * DAY

    def day_of(self, weekday: int, ahead: int = 0) -> date:
        """A weekday of the week that is taught, or of a week after it."""
        return self.monday + (weekday - 1 + 7 * ahead) * DAY

    def comes(self, name: str, login: str, password: str) -> Page:
        """Somebody who was given a password sits down, signs in, and chooses another one."""
        context = self.browser.new_context(viewport=DESKTOP, locale="ru-RU")
        context.set_default_timeout(PAGE_TIMEOUT)
        made = self.seen_by[name] = Visitor(context, self.stack.address, None, self.free)  # type: ignore[arg-type]  # no door
        page = made.goto("/login")
        page.get_by_label("Логин").fill(login)
        page.get_by_label("Пароль", exact=True).fill(password)
        page.get_by_role("button", name="Войти").click()
        page.get_by_label("Пароль с карточки").fill(password)
        page.get_by_label("Новый пароль", exact=True).fill(OWN)
        page.get_by_label("Новый пароль ещё раз").fill(OWN)
        page.get_by_role("button", name="Сменить пароль").click()
        expect(page.get_by_role("button", name="Выйти")).to_be_visible()
        return page

    def comes_back(self, name: str, login: str) -> Page:
        """Somebody signs out and in again."""
        page = self.seen_by[name].page
        page.get_by_role("button", name="Выйти").click()
        page.get_by_label("Логин").fill(login)
        page.get_by_label("Пароль", exact=True).fill(OWN)
        page.get_by_role("button", name="Войти").click()
        expect(page.get_by_role("button", name="Выйти")).to_be_visible()
        return page

    def at(self, name: str, path: str) -> Page:
        """The page that somebody opens."""
        return self.seen_by[name].goto(path)

    def looked_at(self, name: str, station: str) -> None:
        """Keep pictures of a page on a desktop and on a phone; it fits into both, and nobody meets a barrier."""
        visitor = self.seen_by[name]
        for device, size in (("desktop", DESKTOP), ("phone", PHONE)):
            visitor.page.set_viewport_size(size)
            visitor.look(f"life-{station}-{device}")
            assert visitor.fits(), f"{station} is wider than a {device}"
        visitor.page.set_viewport_size(DESKTOP)
        assert visitor.barriers() == []

    def close(self) -> None:
        """Everybody leaves; no page has complained."""
        for visitor in self.seen_by.values():
            visitor.page.context.close()
        complaints = [(name, said) for name, one in self.seen_by.items() for said in one.complaints]
        assert complaints == [], complaints


def opened(page: Page, words: str) -> None:
    """Open a form that is folded up."""
    page.locator("summary").get_by_text(words, exact=True).click()


def reloaded_until(page: Page, found: Callable[[], Locator], what: str) -> Locator:
    """Open the page again until something is there: events and jobs bring it."""

    def there() -> Locator | None:
        if found().count():
            return found().first
        page.reload()
        return None

    shown: Any = eventually(there, PATIENCE, what)
    located: Locator = shown
    return located


def slips(page: Page) -> dict[str, tuple[str, str]]:
    """Name → login and password, as the printed slips show them."""
    found = {}
    for slip in page.locator(".slip").all():
        login, password = (one.inner_text() for one in slip.locator("code").all())
        found[slip.get_by_role("heading").inner_text()] = (login, password)
    return found
