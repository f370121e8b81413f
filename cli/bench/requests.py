"""What requests cost on the real stack, eight at once: the CPU of every process that they touch.

The rows are what the systems that schools use today were measured on: full pages of families and teachers, and a
column of 30 marks saved with history and events; beside them the same as JSON, a session's refresh, a sign-in.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from cli.bench.bare import bare_connection
from cli.bench.load import AT_ONCE, Request, WrongAnswer, send_all
from cli.bench.measuring import HERE, OURSELVES, Cost, measure
from cli.bench.system import System, running
from cli.bench.town import COLUMNS, COURSES, FREE, PASSWORD, STUDENTS, Course
from kernel.bus.wire import events_exchange
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker
from services.identity.accounts.passwords import HASHER

#: Folder of another checkout that is measured in turns with this one.
BESIDE: Final = "LYCEUM_BENCH_BESIDE"
SERVICES: Final = ("identity", "gradebook", "attendance")
ROUNDS: Final = 5
WARMING: Final = 64
#: The gradebook's events that notifications hears, whose queues stand in for it.
HEARD: Final = ("mark_posted", "marks_posted")
#: Milliseconds that a sign-in may cost beside the bare hash.
BESIDE_THE_HASH: Final = 5.0
API: Final = "/api/v1"


class Scene:
    """A system, and the requests that are sent there."""

    def __init__(self, system: System) -> None:
        self.system, town = system, system.town
        self._term = f"starts_on={town.term[0]}&ends_on={town.term[1]}"
        children = [(child, town.parents[child]) for child in town.visited]
        self._children = cycle([(child, system.token(parent, "parent")) for child, parent in children])
        teachers = {course.teacher.person_id: course for course in town.courses}
        self._taught = cycle([(one, system.token(one.teacher, "teacher")) for one in teachers.values()])
        tokens = {one.teacher.person_id: system.token(one.teacher, "teacher") for one in town.courses}
        self._columns = (
            (course, course.free_lessons[number], tokens[course.teacher.person_id])
            for number in range(FREE)
            for course in town.courses
        )
        self._logins = (parent.account_id for parent in town.parents.values())
        self._refresh_tokens: list[str] = []

    def warm_up(self, *rows: Row) -> None:
        """Wait until everything answers that `rows` need, or all that runs."""
        once = [request for row in rows or ROWS_OF_ALL for request in row.requests(self, 1)]

        def answers() -> bool:
            send_all(self.system.port, once)
            return True

        eventually(answers, 90, "the system answers", ignoring=(WrongAnswer,))

    def marks(self, times: int) -> list[Request]:
        """Parents' 50 marks in 10 subjects with their means."""
        paths = ((f"{API}/students/{child}/marks?{self._term}", token) for child, token in self._children)
        return [_with_token(path, token) for path, token in islice(paths, times)]

    def marks_page(self, times: int) -> list[Request]:
        """The same as a full page."""
        term = self.system.town.term_id
        return [_page(f"/marks/{child}?term={term}", token) for child, token in islice(self._children, times)]

    def diary_page(self, times: int) -> list[Request]:
        """A family's week as a full page."""
        day = self.system.town.today - timedelta(days=1)
        return [_page(f"/diary/{child}?date={day}", token) for child, token in islice(self._children, times)]

    def class_marks(self, times: int) -> list[Request]:
        """A teacher's class: 30 students, 5 lessons."""
        term = self.system.town.term_id
        paths = ((f"{API}/courses/{course.id}/journal?term_id={term}", token) for course, token in self._taught)
        return [_with_token(path, token) for path, token in islice(paths, times)]

    def class_page(self, times: int) -> list[Request]:
        """The same as a full page, with names and absences."""
        term = self.system.town.term_id
        return [_page(f"/journal/{course.id}?term={term}", token) for course, token in islice(self._taught, times)]

    def columns(self, times: int) -> list[Request]:
        """30 marks at a lesson that had none."""
        return [self._column(*column) for column in self.free_columns(times)]

    def free_columns(self, times: int) -> Iterable[tuple[Course, UUID, str]]:
        """So many lessons without marks that were not given yet, each with its course and its teacher's token."""
        return islice(self._columns, times)

    def _column(self, course: Course, lesson_id: UUID, token: str) -> Request:
        marks = [{"student_id": str(one), "value": str(2 + place % 4)} for place, one in enumerate(course.students)]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid7())}
        return Request("POST", f"{API}/lessons/{lesson_id}/marks", headers, {"marks": marks}, status=201)

    def sign_ins(self, times: int) -> list[Request]:
        """Parents who sign in for the first time."""
        bodies = ({"login": str(login), "password": PASSWORD} for login in islice(self._logins, times))
        return [Request("POST", f"{API}/sessions", body=body, status=201) for body in bodies]

    def refreshes(self, times: int) -> list[Request]:
        """Sessions that go on."""
        tokens, self._refresh_tokens = self._refresh_tokens[:times], self._refresh_tokens[times:]
        assert len(tokens) == times, "too few have signed in"
        return [Request("POST", f"{API}/sessions/refresh", body={"refresh_token": token}) for token in tokens]

    def keep_session(self, answer: bytes) -> None:
        """Keep the refresh token of a session that was opened or refreshed."""
        self._refresh_tokens.append(msgspec.json.decode(answer)["refresh_token"])


def _with_token(path: str, token: str) -> Request:
    return Request("GET", path, {"Authorization": f"Bearer {token}"})


def _page(path: str, token: str) -> Request:
    return Request("GET", path, {"Cookie": f"access={token}", "Accept-Encoding": "gzip"})


@dataclass(frozen=True)
class Row:
    """A kind of request, and what one may cost in milliseconds of CPU."""

    title: str
    goal: float
    #: How many are sent in a round.
    times: int
    requests: Callable[[Scene, int], list[Request]]
    #: What an answer holds, and how often at least: an error page would not.
    holds: str
    at_least: int
    writes: bool = False
    opens_session: bool = False


ROWS: Final = (
    Row("a sign-in", BESIDE_THE_HASH, 64, Scene.sign_ins, "refresh_token", 1, opens_session=True),
    Row("a session's refresh", 2.5, 64, Scene.refreshes, "refresh_token", 1, opens_session=True),
    Row("a parent's 50 marks, JSON", 3, 256, Scene.marks, '"weight"', COLUMNS * COURSES),
    Row("a parent's 50 marks, page", 5, 192, Scene.marks_page, "Ответ на уроке", COLUMNS * COURSES),
    Row("a family's week, page", 8, 128, Scene.diary_page, "Предмет", COURSES),
    Row("a class of 30 x 5 marks, JSON", 4, 120, Scene.class_marks, '"student_id"', STUDENTS * COLUMNS),
    Row("a class of 30 x 5 marks, page", 10, 120, Scene.class_page, 'class="given"', STUDENTS * COLUMNS),
    Row("30 marks saved", 5, 60, Scene.columns, '"student_id"', STUDENTS, writes=True),
)


#: Rows that together ask everything that runs.
ROWS_OF_ALL: Final = tuple(row for row in ROWS if row.requests in {Scene.class_page, Scene.marks})


def checkouts() -> dict[str, Path]:
    """What is measured: this checkout, and the one at `LYCEUM_BENCH_BESIDE`."""
    beside = os.environ.get(BESIDE)
    return {"here": HERE, "beside": Path(beside)} if beside else {"here": HERE}


def of_pages(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure every row, here and in the checkout at `LYCEUM_BENCH_BESIDE`. Returns whether the goals are met."""
    met = []
    with ExitStack() as stack:
        scenes = []
        for name, checkout in checkouts().items():
            (own := folder / name).mkdir()
            system = stack.enter_context(running(name, checkout, SERVICES, broker, postgres, own))
            stand_in_for_notifications(system)
            scenes.append(Scene(system))
            _warm(scenes[-1])
        hash_cost = _cost_of_hash()
        print(f"  {'the bare hash of a sign-in':32} {hash_cost:6.2f} ms, {AT_ONCE} at once", flush=True)
        for row in ROWS:
            goal = row.goal + (hash_cost if row.requests is Scene.sign_ins else 0)
            costs = medians(of_row(row, scenes))
            for scene, cost in zip(scenes, costs):
                print(f"  {row.title:32} {told(cost)}{'' if scene is scenes[0] else '  beside'}", flush=True)
            ratio = f", {total(costs[0]) / total(costs[1]):.2f} of that beside" if len(costs) > 1 else ""
            met.append(total(costs[0]) <= goal)
            print(f"  {'':32} goal {goal:.1f}: {'met' if met[-1] else 'MISSED'}{ratio}", flush=True)
    return all(met)


def of_row(row: Row, scenes: list[Scene]) -> list[Callable[[], Cost]]:
    """What measures a round of a row in each scene."""
    return [partial(one_round, row, scene, row.times) for scene in scenes]


def medians(sides: Sequence[Callable[[], Cost]]) -> list[Cost]:
    """The median cost of each side."""
    return [sorted(found, key=total)[ROUNDS // 2] for found in rounds(sides)]


def rounds(sides: Sequence[Callable[[], Cost]]) -> list[list[Cost]]:
    """The costs of all rounds of each side; in every round each is measured once, in turns."""
    costs: list[list[Cost]] = [[] for _ in sides]
    for number in range(ROUNDS):
        places = range(len(sides)) if number % 2 else reversed(range(len(sides)))
        for place in places:
            costs[place].append(sides[place]())
    return costs


def one_round(row: Row, scene: Scene, times: int) -> Cost:
    """What one request costs, of so many. Raises `WrongAnswer`."""
    requests, system = row.requests(scene, times), scene.system

    def heard(_place: int, answer: bytes) -> None:
        found = answer.decode().count(row.holds)
        if found < row.at_least:
            raise WrongAnswer(f"{row.title}: {row.holds!r} is there {found} times: {answer[:300]!r}")
        if row.opens_session:
            scene.keep_session(answer)

    def work() -> None:
        send_all(system.port, requests, heard)
        if row.writes:
            system.wait_until_published()

    return measure(system.processes, times, work)


def _warm(scene: Scene) -> None:
    """Send some of each kind, once everything answers."""
    scene.warm_up()
    for row in ROWS:
        one_round(row, scene, WARMING)


def total(cost: Cost) -> float:
    """CPU milliseconds of all but the client."""
    return cost.cpu_sum - cost.cpu[OURSELVES]


def told(cost: Cost) -> str:
    """The total and its parts, of all but the client, for printing."""
    parts = "  ".join(f"{name} {spent:.2f}" for name, spent in cost.cpu.items() if name != OURSELVES)
    return f"{total(cost):6.2f} ms = {parts}"


def _cost_of_hash() -> float:
    """CPU milliseconds of a password's check, as many at once as requests are."""
    times, password_hash = 160, HASHER.hash(PASSWORD)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        before = time.process_time()
        list(pool.map(lambda _: HASHER.verify(password_hash, PASSWORD), range(times)))
        return (time.process_time() - before) * 1000 / times


def stand_in_for_notifications(system: System) -> None:
    """Bind queues like those of notifications, so that events are published as where it runs."""
    exchange = events_exchange("gradebook")
    with bare_connection(system.bus_url) as connection:
        channel = connection.channel()
        channel.exchange_declare(exchange, "direct", durable=True, auto_delete=False)
        for event in HEARD:
            queue = f"bench.on_{event}"
            channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
            channel.queue_bind(queue, exchange, event)
