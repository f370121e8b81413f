"""What it costs to look at a large school's timetable: from a file in a form to the page of what it would change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import requests

from cli.bench.load import WrongAnswer
from cli.bench.measuring import HERE, measure
from cli.bench.requests import told, total
from cli.bench.system import System, running
from cli.building.fet import large_school
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker

#: Milliseconds of CPU of all processes that are touched.
MOST: Final = 3000.0
TIMES: Final = 5
#: A real project of such a size, which lies beside the repository.
REAL: Final = HERE.parent / "shared" / "data" / "timetables" / "timetable-ru.fet"
PAGE: Final = "/year/timetable/import"
#: In the page of a file: where it tells what would change, and each lesson of the week that does.
SHOWN: Final = 'id="changes"'
LESSON: Final = re.compile(r"<li>[а-я]{2}, \d+-й урок")
_FIELDS: Final = (
    re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"'),
    re.compile(r'type="date" id="from-date" name="(\w+)" required value="([^"]*)"'),
    re.compile(r'name="(year)"><option value="([^"]*)"'),
)


def of_a_file(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure a project of FET that we make, and the real one where it is. Returns whether the goal is met."""
    with (
        running("timetables", HERE, ("identity", "gradebook"), broker, postgres, folder) as system,
        requests.Session() as browser,
    ):
        browser.cookies.set("access", system.token(system.town.courses[0].teacher, "methodologist"))
        eventually(lambda: _form(system, browser), 90, "the form is shown", ignoring=(requests.RequestException,))
        met = _measured(system, browser, large_school(), "a project that we make")
        return met and (not REAL.exists() or _measured(system, browser, REAL.read_bytes(), REAL.name))


def _measured(system: System, browser: requests.Session, content: bytes, title: str) -> bool:
    """Hand a file in, and tell what it cost all but the client. Returns whether the goal is met."""
    form = _form(system, browser)
    pages: list[str] = []

    def hand_in() -> None:
        file = {"file": (title, content)}
        pages.extend(browser.post(_address(system), form, files=file, timeout=60).text for _ in range(TIMES))

    cost = measure(system.processes, TIMES, hand_in)
    if not all(SHOWN in page for page in pages):
        raise WrongAnswer(f"{title} is not shown: {pages[-1][:2000]}")
    met, page = total(cost) <= MOST, pages[-1]
    print(
        f"  {title}, {len(content) / 1e6:.1f} MB: {len(LESSON.findall(page))} lessons to be looked at,"
        f" a page of {len(page.encode()) / 1e6:.1f} MB\n"
        f"  {told(cost)}; goal {MOST:g} ms: {'met' if met else 'MISSED'}",
        flush=True,
    )
    return met


def _form(system: System, browser: requests.Session) -> dict[str, str]:
    """The fields of the form for a file, as it is shown."""
    answer = browser.get(_address(system), timeout=30)
    answer.raise_for_status()
    return dict(pair for fields in _FIELDS for pair in fields.findall(answer.text))


def _address(system: System) -> str:
    return f"http://127.0.0.1:{system.port}{PAGE}"
