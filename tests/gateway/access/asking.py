"""Asking for an operation through the gateway, and past it at the service; what became of the request in a word.

Beside the words of the tables: `role` for a refusal of the role, `tells` for one that tells a thing that is there from
one that is not, `nobody` where no valid token came, `fails` for a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from urllib3 import encode_multipart_formdata

from gateway.door.auth import ACCOUNT_HEADER
from gateway.door.http import etag_of
from gateway.rest import MODULES
from kernel.errors import Forbidden, LyceumError, NotFound, Unauthenticated
from tests.gateway.access.expected import EXPECTED, Command, Expected
from tests.gateway.access.systems import Request
from tests.gateway.access.tables import ABSENT, IN, LEFT_OUT, REFUSED, SHOWN
from tests.gateway.access.world import BUNDLE, DAYS_CONTENT, HOMEWORK_CONTENT, OWN, PLAN_CONTENT, World
from tests.gateway.answers import ID

#: What is handed in where a form has a file.
FILES = {
    "POST /years/{year_id}/days-file": ("2026.xml", DAYS_CONTENT),
    "POST /years/{year_id}/timetable/file": ("2026.xml", DAYS_CONTENT),
    "POST /plans/files": ("план.csv", PLAN_CONTENT),
    "POST /lessons/{lesson_id}/homework/files": ("Задание.pdf", HOMEWORK_CONTENT),
}
ROLE, TELLS, NOBODY, FAILS = "role", "tells", "nobody", "fails"
ROUTES: Final = {str(route): route for module in MODULES for route in module.ROUTES}


@dataclass(frozen=True)
class Answer:
    """An answer of the gateway or a service, as far as access goes."""

    status: int
    rule: str
    #: Without the number of the request.
    text: str

    @property
    def words(self) -> tuple[int, str]:
        """What it says, whichever id was asked for."""
        return self.status, ID.sub("id", self.text)


@dataclass(frozen=True)
class Door:
    """Requests to the API."""

    world: World

    def of(self, address: str, asker: str, command: Command) -> Answer:
        """The answer to an asker who has signed in."""
        return self.answer(request_to(address, command), self.world.token(asker))

    def answer(self, request: Request, token: str | None) -> Answer:
        """The answer to a request with a token, or without one."""
        given = {"Authorization": f"Bearer {token}"} if token else {}
        got = self.world.system.send(replace(request, headers=request.headers | given))
        return Answer(got.status, _rule(got.text), got.text.replace(got.request_id, ""))


class OwnPage(Door):
    """Requests of our own pages, with the session's cookies instead of the token's header."""

    def of(self, address: str, asker: str, command: Command) -> Answer:
        """The answer to a page of the asker's."""
        headers = {
            "Cookie": f"access={self.world.token(asker)}",
            "Sec-Fetch-Site": "same-origin",
            ACCOUNT_HEADER: str(self.world.askers[asker].account_id),
        }
        request = request_to(address, command)
        return self.answer(replace(request, headers=request.headers | headers), None)


@dataclass(frozen=True)
class Service:
    """Calls past the gateway."""

    world: World

    def of(self, address: str, asker: str, command: Command) -> Answer:
        """The answer to an asker's call."""
        try:
            answer = self.world.system.ask(EXPECTED[address].method, self.world.askers[asker], command)
        except LyceumError as error:
            return Answer(error.status, error.rule, msgspec.json.encode(error.to_wire()).decode())
        return Answer(200, "", msgspec.json.encode(answer).decode())


def outcomes(wall: Door | Service, address: str, expected: Expected, asker: str) -> dict[str, str]:
    """Whose thing → what becomes of the asker's request for it."""
    world = wall.world
    row = expected.rights[asker]
    nothing = wall.of(address, asker, expected.command(world.nothing, world))
    found = {}
    for whose in row:
        of = world.things[whose]
        answer = wall.of(address, asker, expected.command(of, world))
        found[whose] = _word(answer, str(expected.shows(of)) if expected.shows else None)
        told_apart = answer.words != nothing.words
        if found[whose] == ABSENT and told_apart:
            found[whose] = TELLS
        if found[whose] == REFUSED and told_apart and not _may_know(expected, asker, whose):
            found[whose] = TELLS
    return found


def _may_know(expected: Expected, asker: str, whose: str) -> bool:
    """Whether the asker may know that the thing is there: sees it elsewhere, or is the operator of every school."""
    if expected.seen_at is None:
        return asker == "operator"
    row = EXPECTED[expected.seen_at].rights[asker]
    # another family's lesson or course is one's own
    return row.get(whose, row[OWN]) in (IN, SHOWN)


def _word(answer: Answer, shown: str | None) -> str:
    match answer.status:
        case Unauthenticated.status:
            return NOBODY
        case Forbidden.status:
            return ROLE if answer.rule == "role" else REFUSED
        case NotFound.status:
            return ABSENT
        case fault if fault >= LyceumError.status:
            return FAILS
    if shown is None:
        return IN
    return SHOWN if shown in answer.text else LEFT_OUT


def _rule(text: str) -> str:
    """The rule of a refusal; nothing of any other answer."""
    try:
        told = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return ""
    return str(told.get("rule", "")) if isinstance(told, dict) else ""


def request_to(address: str, command: Command) -> Request:
    """A request that carries the command."""
    verb, path = address.split()
    command = msgspec.json.decode(msgspec.json.encode(command))
    route = ROUTES.get(address)
    names = route.path_fields if route else {name: name for name in re.findall(r"{(\w+)}", path)}
    path = path.format(**{name: command.pop(field) for name, field in names.items()})
    if "bundle" in command:
        del command["bundle"]
        return Request(verb, path, query=command, body=BUNDLE, headers={"Content-Type": "application/zip"})
    if address in FILES:
        form, kind = encode_multipart_formdata({"file": FILES[address]})
        query = {name: value for name, value in command.items() if name != "file"}
        return Request(verb, path, query=query, body=form, headers={"Content-Type": kind})
    headers = {"If-Match": etag_of(command.pop("version"))} if route and route.by_if_match else {}
    if verb in ("GET", "DELETE"):
        return Request(verb, path, query=command, headers=headers)
    return Request(verb, path, json=command, headers=headers)


def unreadable(request: Request) -> Request:
    """The same request with something that is nothing that could be read."""
    return Request(request.verb, request.path, body=b"no JSON at all", headers={"Content-Type": "text/plain"})
