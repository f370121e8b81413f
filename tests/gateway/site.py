"""A whole site in this process: services on SQLite, a school with people who sign in, the door before them."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.roles import OPERATOR
from gateway.app import create_app
from gateway.door import health
from kernel.auth import Actor, Membership, Signer, Verifier, human_claims, make_keys
from kernel.config import Settings
from kernel.contract import Event
from kernel.data.database import UnitOfWork
from kernel.files.opening import store_of
from services.attendance.service import AttendanceService
from services.gradebook.service import GradebookService
from services.identity.accounts import tables as accounts_tables
from services.identity.people import tables as people_tables
from services.identity.service import IdentityService
from services.notifications.service import NotificationsService
from services.printing.service import PrintingService
from tests.gateway.in_process import InProcessClient, gateway_settings
from tests.kit.calls import ask_directly
from tests.kit.databases import Databases, Engines
from tests.kit.outboxes import carry
from tests.kit.people import PASSWORD
from tests.kit.town import School, Town

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
SERVICES: dict[str, type[Any]] = {
    "identity": IdentityService,
    "gradebook": GradebookService,
    "attendance": AttendanceService,
    "notifications": NotificationsService,
    "printing": PrintingService,
}


def operator() -> Actor:
    """Someone who runs the installation, of no school."""
    return Actor(None, account_id=uuid7(), session_id=uuid7(), roles=frozenset({OPERATOR}))


def csrf(client: FlaskClient, path: str) -> str:
    """The protection of the forms of a page."""
    found = CSRF.search(client.get(path).text)
    assert found is not None, f"{path} has no form"
    return found.group(1)


@dataclass
class SigningIn:
    """How people of a town get at a system that serves it."""

    town: Town
    signer: Signer

    def token(self, actor: Actor, *others: Actor, seconds: int = 300) -> str:
        """An access token of a human who is this person, and these in other schools; of an operator, of nobody."""
        assert actor.account_id is not None
        assert actor.session_id is not None
        places = tuple(Membership(one.tenant, one.person_id, one.roles) for one in (actor, *others) if one.person_id)
        outside = actor.roles if actor.tenant_id is None else frozenset()
        return self.signer.sign(human_claims(actor.account_id, actor.session_id, places, outside), seconds)

    def login(self, actor: Actor) -> str:
        """The login of a person, or of an operator, whose password is `PASSWORD`."""
        login = f"user-{actor.person_id or actor.account_id}"
        with self.town.identity.unit_of_work.everywhere() as session:
            account = session.get_one(accounts_tables.Account, actor.account_id)
            account.login = login
        return login


@dataclass
class Site(SigningIn):
    """The door and what is behind it."""

    app: Flask
    bus: InProcessClient
    school: School

    def asking(self, actor: Actor, **headers: str) -> Asking:
        """Requests in the name of a person."""
        return Asking(self.app.test_client(), {"Authorization": f"Bearer {self.token(actor)}", **headers})

    def visit(self, actor: Actor) -> FlaskClient:
        """A browser of a person who signed in by the form."""
        client = self.app.test_client()
        form = {"login": self.login(actor), "password": PASSWORD, "csrf_token": csrf(client, "/login")}
        assert client.post("/login", data=form).status_code == 303
        return client

    def carry(self) -> None:
        """Bring every event to its handlers, its owner's own and the door among them, until none waits."""
        carry(list(self.bus.services.values()), self._tell_door)

    def _tell_door(self, event: Event, owner: str) -> None:
        for heard in self.bus.listeners:
            if (owner, event.NAME) == (heard.SERVICE, heard.NAME):
                self.bus.announce(heard.from_wire(event.to_wire()))  # a class with slots is a second class


@dataclass
class Asking:
    """Requests to the API with the same headers."""

    client: FlaskClient
    headers: dict[str, str]

    def __getattr__(self, method: str) -> Callable[..., Any]:
        """`get`, `post`, … of a path under /api/v1."""
        ask = getattr(self.client, method)

        def asked(path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
            return ask(f"/api/v1{path}", headers={**self.headers, **(headers or {})}, **more)

        return asked


class SiteTemplate:
    """What the sites of one process have in common: keys, a school in files to be copied, applications, engines.

    Making an application takes 85 ms and a school 104; copying the files takes 3.
    """

    def __init__(self, folder: Path, databases: Databases) -> None:
        """`folder` keeps the keys and the files."""
        self.folder = folder
        make_keys(folder / "keys", ("identity",))
        self.keys_path = gateway_settings(folder).keys_path
        self.signer = Signer.load("identity", folder / "keys" / "identity" / "private.jwk")
        self._idle: dict[Settings, list[tuple[Flask, InProcessClient]]] = defaultdict(list)
        self._engines = Engines()
        for name in SERVICES:
            shutil.copy(databases.template(name), self._file(name))
        with self._services(folder) as services:
            self._school = School(town_of(services))
            with services["identity"].unit_of_work.everywhere() as session:
                # everybody belongs to this school alone: its methodologist issues their credentials
                session.execute(update(people_tables.Person).values(human_id=None))

    @contextmanager
    def site(self, folder: Path, **settings: Any) -> Iterator[Site]:
        """A site on copies of the files, with an application that no other site has at the same time."""
        for name in SERVICES:
            shutil.copy(self._file(name), folder)
        wanted = gateway_settings(self.folder, **settings)
        idle = self._idle[wanted]
        app, bus = idle.pop() if idle else self._application(wanted)
        with self._services(folder) as services:
            bus.services = services
            town = town_of(services)
            yield Site(town, self.signer, app, bus, self._school.in_copy(town))
        _forget(app, bus)
        idle.append((app, bus))

    def _application(self, settings: Settings) -> tuple[Flask, InProcessClient]:
        bus = InProcessClient(Verifier(self.keys_path), {})
        app = create_app(bus, settings)
        app.testing = True
        return app, bus

    @contextmanager
    def _services(self, folder: Path) -> Iterator[dict[str, Any]]:
        with self._engines.of({name: folder / f"{name}.sqlite" for name in SERVICES}) as engines:
            made: dict[str, Any] = {}
            for name, cls in SERVICES.items():
                made[name] = cls()
                made[name].unit_of_work = UnitOfWork(engines[name], consumer=name)
            for name, service in made.items():
                service.ask = ask_directly(*made.values(), asker=name)
            made["identity"].signer = self.signer
            files = store_of(gateway_settings(self.folder))
            for name in ("identity", "gradebook", "printing"):
                made[name].files = files
            yield made

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite"


def town_of(services: dict[str, Any]) -> Town:
    """The town of services by name."""
    listeners = [services["attendance"], services["notifications"]]
    return Town(services["identity"], services["gradebook"], listeners)


def _forget(app: Flask, bus: InProcessClient) -> None:
    """What an application learned from one test is nothing to the next; sessions differ from copy to copy."""
    bus.away.clear()
    bus.calls.clear()
    bus.hears_since = 0.0
    health.register(app)
    app.extensions["lyceum-kept"].forget()
    app.extensions["lyceum-sign-ins"].forget()
    app.extensions["lyceum-feeds"].forget()
