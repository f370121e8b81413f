"""Counts what a task costs a person at a browser: clicks, keys, and pages that are loaded."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page


@dataclass
class Counted:
    """A page, and what was done on it. A choice from a select is two clicks; typed letters are keys."""

    page: Page
    clicks: int = 0
    keys: int = 0
    loads: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def click(self, what: Locator) -> None:
        """Click on something."""
        what.click()
        self.clicks += 1

    def follow(self, what: Locator) -> None:
        """Click on what loads another page, and wait until it is there."""
        with self.page.expect_event("domcontentloaded"):
            self.click(what)

    def choose(self, what: Locator, **option: str) -> None:
        """Open a select and click on one of its options."""
        what.select_option(**option)
        self.clicks += 2

    def type(self, what: Locator, text: str) -> None:
        """Type into a field, to which a click leads."""
        self.click(what)
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def tab_to(self, what: Locator, *, most: int = 30) -> None:
        """Press Tab until something has the keyboard."""
        for _ in range(most):
            if what.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{most} times Tab do not lead there")

    @property
    def cost(self) -> tuple[int, int, int]:
        """Clicks, keys, page loads."""
        return self.clicks, self.keys, self.loads
