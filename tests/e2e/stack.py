"""The whole system as its commands start it, visited from outside by HTTP, with a mail server that listens."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from kernel.waiting import eventually
from servers.process import free_ports

#: Seconds in which a system serves, on a machine that does much else.
START = 180
UP = pytest.param("up", marks=[pytest.mark.broker, pytest.mark.postgres])
#: For what is seen on the real stack only: in one process, and in SQLite, there is nothing of the kind.
on_the_real_stack = pytest.mark.parametrize("stack", [UP], indirect=True, scope="package")


class Mailbox(Message):
    """Keeps what the mail server took."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)

    def to(self, address: str) -> list[Any]:
        """Letters to an address."""
        return [letter for letter in self.letters if address in letter["X-RcptTo"]]


#: A password that an owner chooses.
OWN: Final = "some words of their own"


def _bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def signed_in(address: str, login: str, password: str) -> requests.Response:
    """The answer to a sign-in, once the door has time for another of this address."""

    def answers() -> list[requests.Response]:
        body = {"login": login, "password": password}
        answer = requests.post(f"{address}/api/v1/sessions", json=body, timeout=20)
        return [] if answer.status_code == 429 and answer.json()["rule"] == "throttled" else [answer]

    (answer,) = eventually(answers, 10, "the door takes a sign-in")
    return answer


def once_let_in(ask: Callable[[], bytes]) -> bytes:
    """The answer to a raw request to sign in, asked again as long as other tests have taken this second's places."""

    def answers() -> bytes:
        answer = ask()
        return b"" if answer.startswith(b"HTTP/1.1 429 ") else answer

    return eventually(answers, 10, "the door takes a sign-in")


@dataclass
class Stack:
    """A running system."""

    address: str
    data: Path
    mailbox: Mailbox
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    #: Login and issued password → the password by which its owner replaced it.
    replaced: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def seconds_of_cpu(self) -> float:
        """What its process has worked so far: the clock tells more of what else the machine does."""
        spent = psutil.Process(self.process.pid).cpu_times()
        return spent.user + spent.system

    def login(self, login: str, password: str) -> Visitor:
        """Someone who signed in; who did so with an issued password has replaced it by `OWN` words."""
        tokens = self._opened(login, self.replaced.get((login, password), password))
        if tokens["password_issued"]:
            self.replaced[login, password] = OWN
            Visitor(self.address, _bearer(tokens)).send(
                "PUT", "/me/password", {"old_password": password, "new_password": OWN}, 204
            )
            tokens = self._opened(login, OWN)
        return Visitor(self.address, _bearer(tokens))

    def _opened(self, login: str, password: str) -> dict[str, Any]:
        answer = signed_in(self.address, login, password)
        assert answer.status_code == 201, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def demo_login(self, role: str) -> dict[str, str]:
        """Login and password of someone of the demo school, by role."""
        found: dict[str, str] = json.loads((self.data / "demo-logins.json").read_text())[role]
        return found

    def demo(self, role: str) -> Visitor:
        """Someone of the demo school, by role."""
        return self.login(**self.demo_login(role))

    def mark_to_post(self) -> dict[str, Any]:
        """A mark that the demo school's teacher may give: in the last lesson held, of the present term."""
        teacher, today = self.demo("teacher"), datetime.now(UTC).date().isoformat()
        course = teacher.get("/courses", mine=True)["courses"][0]
        term = teacher.present_term_of(course)
        page = teacher.get(f"/courses/{course['id']}/journal", term_id=term["id"])
        held = [one for one in page["lessons"] if one["date"] <= today]
        if not held:  # on the first days of a term
            place = {"course_id": course["id"], "date": today, "number": 9, "works_anyway": True}
            held = [teacher.send("POST", "/lessons", place)]
        return {"lesson_id": held[-1]["id"], "student_id": page["student_ids"][0], "value": "4"}

    def lyceum(self, *arguments: str) -> str:
        """What a command prints, run beside the system with its settings."""
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout


@dataclass
class Visitor:
    """Requests in one person's name."""

    address: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        return requests.request(method, f"{self.address}/api/v1{path}", headers=headers, timeout=30, **more)

    def terms_of(self, course: dict[str, Any]) -> list[dict[str, Any]]:
        """The terms by which a course goes."""
        return [
            term
            for year in self.get("/calendar")["years"]
            if year["id"] == course["year_id"]
            for term in year["terms"]
            if term["division"] == course["division"]
        ]

    def present_term_of(self, course: dict[str, Any]) -> dict[str, Any]:
        """The term of today, which is open; the demo school has one on every day."""
        today = datetime.now(UTC).date().isoformat()
        return next(term for term in self.terms_of(course) if term["starts_on"] <= today <= term["ends_on"])

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a GET that has to succeed."""
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def send(self, method: str, path: str, body: Any, status: int = 201, **headers: str) -> Any:
        """The answer to a command that has to succeed."""
        answer = self.ask(method, path, json=body, headers=headers)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def refusal(self, method: str, path: str, **more: Any) -> tuple[int, str]:
        """Status and rule of the refusal with which a request ends."""
        answer = self.ask(method, path, **more)
        assert answer.status_code >= 400, f"{path}: {answer.status_code}"
        return answer.status_code, answer.json()["rule"]

    def status(self, method: str, path: str, **more: Any) -> int:
        return self.ask(method, path, **more).status_code

    def import_bundle(self, bundle: bytes, **query: Any) -> dict[str, Any]:
        """Hand in a bundle and wait for its end."""
        answer = self.ask("POST", "/imports", data=bundle, params=query, headers={"Content-Type": "application/zip"})
        assert answer.status_code == 202, answer.text
        ended = {"done", "rejected", "failed"}

        def finished() -> dict[str, Any] | None:
            status: dict[str, Any] = self.get(f"/imports/{answer.json()['id']}")
            return status if status["status"] in ended else None

        found = eventually(finished, 120, "the import ends")
        assert found is not None
        return found

    def everybody(self, **query: Any) -> list[dict[str, Any]]:
        """All pages of the school's people."""
        people: list[dict[str, Any]] = []
        after: dict[str, Any] = {}
        while True:
            page = self.get("/people", limit=200, **query, **after)
            people += page["people"]
            if page["next"] is None:
                return people
            after = {"after": page["next"]}


@contextmanager
def started(command: str, data: Path, *options: str) -> Iterator[Stack]:
    """The system as `lyceum run` or `lyceum up` with options starts it, within the block."""
    port, mail_port = free_ports(2)
    mailbox = Mailbox()
    mail = Controller(mailbox, hostname="127.0.0.1", port=mail_port)
    mail.start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LYCEUM_")}
    environment |= {
        "LYCEUM_DATA": str(data),
        "PORT": str(port),
        "LYCEUM_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "PYTHONWARNINGS": "ignore",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    data.mkdir(parents=True, exist_ok=True)
    with (data / "output.log").open("ab") as log:
        program = [sys.executable, "-m", "cli.main", command, *options]
        process = subprocess.Popen(program, env=environment, stdout=log, stderr=log)
    stack = Stack(f"http://127.0.0.1:{port}", data, mailbox, environment, process)
    try:
        eventually(
            lambda: _ready(stack), START, f"lyceum {command} serves", ignoring=(requests.RequestException, psutil.Error)
        )
        yield stack
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            mail.stop()


def _ready(stack: Stack) -> bool:
    if stack.process.poll() is not None:
        raise RuntimeError((stack.data / "output.log").read_text()[-4000:])
    if requests.get(f"{stack.address}/health/ready", timeout=5).status_code != 200:
        return False
    children = psutil.Process(stack.process.pid).children()
    if any("cli.ready" in child.cmdline() for child in children):  # it has not told yet that all is ready
        return False
    logins = stack.data / "demo-logins.json"
    if not logins.exists():
        return False
    teacher = json.loads(logins.read_text())["teacher"]
    return requests.post(f"{stack.address}/api/v1/sessions", json=teacher, timeout=10).status_code == 201


def password_in(text: str) -> tuple[str, str]:
    """Login and password that a command printed as `login: …` and `password: …`."""
    login = re.search(r"login:?\s+(\S+)", text, re.IGNORECASE)
    password = re.search(r"password:?\s+(\S+)", text, re.IGNORECASE)
    assert login, text
    assert password, text
    return login.group(1), password.group(1)
