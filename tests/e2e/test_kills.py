"""Marks while every service and the gateway are killed in turn: none is lost, none doubled, each is told once."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psutil
import pytest
import requests
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from cli.upkeep import unit_of_work
from contracts import SERVICES
from kernel import config
from kernel.data.parking import ParkedMessage
from kernel.waiting import eventually
from services.gradebook.marks.tables import Mark, MarkRevision
from services.notifications.deliveries.tables import Delivery
from tests.e2e.stack import Stack, started

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.broker, pytest.mark.postgres, pytest.mark.timeout(400)]

COLUMNS = 40
#: Lessons of a course: on the first day of a term, so many are on that day.
LESSONS = 10
#: What is killed, by what its command line holds, one after the other while columns are posted.
KILLED = (*(f"service {name}" for name in SERVICES), "gunicorn: worker")
#: Seconds between two kills: a process is there again after one to five.
BETWEEN = 5.0
PATIENCE = 120
#: An answer that took so long waited for a process that was killed.
LATE = timedelta(seconds=1)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    apart = [option for name in SERVICES for option in ("--apart", name)]
    with started("up", tmp_path_factory.mktemp("kills"), *apart) as running:
        yield running


@dataclass(frozen=True)
class Place:
    """A place for a lesson that no timetable has, and the students of its course."""

    course_id: str
    students: list[str]
    day: date
    number: int


@dataclass
class Columns:
    """Columns of marks, each posted with its key until it is answered."""

    stack: Stack
    headers: dict[str, str]
    #: How often a request was not answered at once: refused, cut off, or late.
    disturbed: Counter[str] = field(default_factory=Counter)

    def post(self, place: Place, *, as_cells: bool) -> None:
        """One column: its lesson, then a mark for each student, as a column or as cells of the grid."""
        key = uuid7().hex
        taught = {"course_id": place.course_id, "date": place.day.isoformat(), "number": place.number}
        lesson = self._until_answered("POST", "/lessons", taught | {"works_anyway": True}, f"lesson-{key}")
        if as_cells:
            self._enter(place, lesson["id"])
            return
        marks = {"marks": [{"student_id": student, "value": "4"} for student in place.students]}
        self._until_answered("POST", f"/lessons/{lesson['id']}/marks", marks, f"marks-{key}")

    def _enter(self, place: Place, lesson_id: str) -> None:
        """Cells, each with its key, sent again until each is saved."""
        entries = [
            {"key": str(uuid7()), "lesson_id": lesson_id, "student_id": student, "text": "4"}
            for student in place.students
        ]
        path = f"/courses/{place.course_id}/entries"

        def all_saved() -> bool:
            # no key for the request: those of its entries make it repeatable
            answers = self._until_answered("POST", path, {"entries": entries}, None)["answers"]
            return {one["state"] for one in answers} == {"saved"}

        eventually(all_saved, PATIENCE, "every cell is saved")

    def _until_answered(self, method: str, path: str, body: dict[str, Any], key: str | None) -> dict[str, Any]:
        headers = self.headers if key is None else {**self.headers, "Idempotency-Key": key}

        def answer() -> dict[str, Any] | None:
            try:
                got = requests.request(
                    method, f"{self.stack.address}/api/v1{path}", json=body, headers=headers, timeout=20
                )
            except requests.ConnectionError:
                self.disturbed["cut off"] += 1
                raise
            if got.elapsed > LATE:
                self.disturbed["late"] += 1
            if got.status_code in (200, 201):
                found: dict[str, Any] = got.json()
                return found
            assert got.status_code in (503, 504), f"{path}: {got.status_code} {got.text}"
            self.disturbed[str(got.status_code)] += 1
            return None

        found = eventually(answer, PATIENCE, f"{path} is answered", ignoring=(requests.ConnectionError,))
        assert found is not None
        return found


def places_for_lessons(stack: Stack) -> list[Place]:
    """Places in the courses of the demo's teacher: days of their terms so far, from today back, with free numbers."""
    teacher, today = stack.demo("teacher"), datetime.now(UTC).date()
    places = []
    for course in teacher.get("/courses", mine=True)["courses"]:
        term = teacher.present_term_of(course)
        students = teacher.get(f"/courses/{course['id']}/journal", term_id=term["id"])["student_ids"]
        days = (today - date.fromisoformat(term["starts_on"])).days + 1
        free = [(today - timedelta(days=n % days), 9 + n // days) for n in range(LESSONS)]
        places += [Place(course["id"], students, *place) for place in free]
    assert len(places) >= COLUMNS
    return places[:COLUMNS]


def killer(stack: Stack, over: threading.Event) -> None:
    """Kill each part in turn, until all columns are posted and each was killed once."""
    for part in KILLED:
        found = [one for one in psutil.Process(stack.process.pid).children(recursive=True) if part in command_of(one)]
        for one in found:
            one.send_signal(signal.SIGKILL)
        assert found, f"{part} runs"
        over.wait(BETWEEN)  # nobody sets it: so long the others go on
    over.set()


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def counted(stack: Stack, service: str, *queries: Any) -> list[int]:
    """What each query counts in the service's database."""
    opened = unit_of_work(config.load(stack.environment), service)
    try:
        with opened.everywhere() as session:
            return [session.scalar(query) or 0 for query in queries]
    finally:
        opened.engine.dispose()


def test_of_marks_in_columns_none_is_lost_or_doubled_whatever_is_killed(stack: Stack) -> None:
    places = places_for_lessons(stack)
    courses = {UUID(place.course_id) for place in places}
    marks_of_courses = select(func.count()).select_from(Mark).where(Mark.course_id.in_(courses))
    revisions = select(func.count()).select_from(MarkRevision)
    marks_before, revisions_before = counted(stack, "gradebook", marks_of_courses, revisions)
    (letters_before,) = counted(stack, "notifications", select(func.count()).select_from(Delivery))
    columns = Columns(stack, stack.demo("teacher").headers)
    over = threading.Event()
    with ThreadPoolExecutor(5) as threads:
        killing = threads.submit(killer, stack, over)
        posting = []
        for number, place in enumerate(places):
            posting.append(threads.submit(columns.post, place, as_cells=number % 2 == 1))
            over.wait(BETWEEN * len(KILLED) / len(places))  # spread over the time of the kills
        for one in (killing, *posting):
            one.result()
    assert columns.disturbed, "kills meet requests"
    posted = sum(len(place.students) for place in places)
    marks, histories = counted(stack, "gradebook", marks_of_courses, revisions)
    assert (marks - marks_before, histories - revisions_before) == (posted, posted)

    told = (
        select(func.count(Delivery.id)),
        select(func.count(func.distinct(func.concat(Delivery.subject_id, Delivery.recipient_id, Delivery.channel)))),
    )
    due = select(func.count(Delivery.id)).where(Delivery.state == "waiting")

    def all_told() -> list[int] | None:
        noted, things, waiting = counted(stack, "notifications", *told, due)
        return [noted, things] if noted > letters_before and not waiting else None

    noted, things = eventually(all_told, 4 * PATIENCE, "all letters went out") or [0, 1]
    assert noted == things, "no letter is noted twice"
    parked = [counted(stack, name, select(func.count()).select_from(ParkedMessage))[0] for name in SERVICES]
    assert parked == [0] * len(SERVICES)
    ids = Counter(letter["Message-ID"] for letter in stack.mailbox.letters)
    # a letter in flight when its sender is killed may come again, under the same id
    assert sum(ids.values()) - len(ids) <= 25
