"""Nameko's own runner runs a service: it needs to be told the class of the container, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from eventlet.event import Event
from nameko.runners import ServiceRunner

from kernel.bus.embedded import EmbeddedBroker, EmbeddedBus, EmbeddedClient
from kernel.bus.interface import Delivery
from kernel.errors import Unavailable
from kernel.running.starting import CONTAINER, runner_of, work_until
from tests.kernel.bell import Bell, BellService, make_tables
from tests.kernel.processes import Caller, Home
from tests.kernel.stage import in_the_hub

Start = Callable[..., ServiceRunner]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    with ExitStack() as started:

        def one(**parts: Any) -> ServiceRunner:
            services = runner_of([BellService], home.settings, **parts)
            services.start()
            started.callback(services.stop)
            return services

        yield one


def caller_on(broker: EmbeddedBroker, home: Home) -> Caller:
    tenant = uuid4()
    return Caller(EmbeddedClient(broker), home.token_of(tenant), tenant)


def test_a_container_without_settings_reads_the_settings_of_its_process(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LYCEUM_DATA", str(home.folder))
    monkeypatch.setenv("LYCEUM_MAX_WORKERS", "3")
    services = ServiceRunner({"SERVICE_CONTAINER_CLS": CONTAINER, "broker": EmbeddedBroker()})
    services.add_service(BellService)
    services.start()
    (container,) = services.containers
    try:
        tenant = uuid4()
        caller = Caller(container.config["client"], home.token_of(tenant), tenant)
        assert caller(Bell.echo, words="hi")["words"] == "hi"
        assert container.max_workers == 3
        assert {part: wrong for check in container.checks() for part, wrong in check().items()} == {}
    finally:
        services.stop()


def test_services_of_one_runner_share_a_broker_and_no_other_part(home: Home):
    class Second(BellService):
        name = "gateway"  # there is a key of that name

    broker = EmbeddedBroker()
    make_tables(home.settings.database_url("gateway"))
    services = runner_of([BellService, Second], home.settings, broker=broker)
    services.start()
    try:
        first, second = (services.service_map[name].config for name in ("bell", "gateway"))
        assert first["unit_of_work"] is not second["unit_of_work"]
        assert (first["relay"], first["bus"]) != (second["relay"], second["bus"])
        assert caller_on(broker, home)(Bell.echo, words="hi")["words"] == "hi"
    finally:
        services.stop()


def test_services_work_until_they_are_told_to_stop(home: Home, start: Start):
    broker, stopping, said = EmbeddedBroker(), Event(), []
    services = start(broker=broker)
    caller = caller_on(broker, home)
    working = eventlet.spawn(work_until, stopping, services, lambda: said.append("stopping"))
    assert caller(Bell.echo, words="hi")["words"] == "hi"
    assert said == []
    stopping.send(True)
    with eventlet.Timeout(10):
        working.wait()
    assert said == ["stopping"]
    with pytest.raises(Unavailable):
        caller(Bell.echo, words="hi")


def test_a_stop_that_fails_ends_the_process_all_the_same(home: Home, start: Start):
    def fails() -> None:
        raise RuntimeError("a defect")

    stopping = Event()
    services = start(broker=EmbeddedBroker())
    stopping.send(True)
    with eventlet.Timeout(10), pytest.raises(SystemExit) as ended:
        work_until(stopping, services, fails)
    assert ended.value.code == 1


class DeafBus(EmbeddedBus):
    """A bus with a defect: it cannot carry an answer."""

    def reply(self, delivery: Delivery, body: bytes) -> None:
        raise RuntimeError("a defect")


def test_a_service_whose_machinery_fails_ends_its_process_so_that_another_is_started(home: Home, start: Start):
    broker = EmbeddedBroker()
    services = start(bus=DeafBus(broker, "bell"), broker=broker)
    caller = caller_on(broker, home)
    slow = eventlet.spawn(caller, Bell.echo, words="slow", seconds=30.0)
    in_the_hub(lambda: services.service_map["bell"].workers.running() == 1, "a worker is at work")
    eventlet.spawn_n(caller, Bell.echo, words="hi")
    with eventlet.Timeout(10), pytest.raises(SystemExit) as ended:
        work_until(Event(), services, lambda: None)
    assert ended.value.code == 1
    assert services.service_map["bell"].workers.running() == 0, "nothing is left that goes on"
    slow.kill()
    with pytest.raises(Unavailable):
        caller(Bell.echo, words="hi")
