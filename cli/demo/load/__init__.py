"""Writes the demo school into the services' databases, without events, so that no mail is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cli.building import write, write_within
from cli.demo import demo_logins, generate
from cli.demo.load import attendance, gradebook, identity, notifications
from cli.demo.load.facts import Facts
from cli.demo.model import DemoSchool
from contracts.identity.schools import TIME_ZONE
from kernel.clock import now
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict
from kernel.files.store import Store
from services.identity.accounts import passwords as accounts_passwords
from services.identity.accounts import rules as accounts_rules
from services.identity.accounts.tables import Account
from services.identity.schools.tables import School

#: The login of the installation's operator, who belongs to no school.
OPERATOR: Final = "operator"
SEED: Final = 1

#: Role → login and password.
Logins = dict[str, dict[str, str]]


def today_at_school() -> date:
    """Today's date in the demo school's time zone."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def has_schools(of_identity: UnitOfWork) -> bool:
    """Whether the installation has any school."""
    with of_identity.everywhere(keyed=False) as session:
        return session.scalar(select(School.id).limit(1)) is not None


def load(units: Mapping[str, UnitOfWork], files: Store, logins_path: Path, today: date, seed: int = SEED) -> Logins:
    """Write the demo school of `today` into migrated databases, and its logins to the file `logins_path`.

    `units` are the units of work by service, `files` keeps the files of homework. Each service's part is one
    transaction, and identity's is committed last, so that a later attempt can complete a failed one. Raises `Conflict`
    where the demo school exists already.
    """
    school = generate(today, seed)
    passwords = {role: accounts_rules.new_password() for role in (*demo_logins(school), OPERATOR)}
    _check_absent(units["identity"], school, list(passwords))
    facts = Facts(school, now())
    shown = {role: {"login": role, "password": password} for role, password in passwords.items()}
    hashes = dict(zip(passwords, accounts_passwords.hashes(list(passwords.values()))))
    with units["identity"].of(school.school.id) as of_identity:
        write_within(of_identity, school.school.id, identity.rows(facts, hashes))
        if not _holds(units["gradebook"], school, gradebook.MARKER):
            with units["gradebook"].of(school.school.id) as session:
                gradebook.keep(session, of_identity, facts, files)
        with units["gradebook"].of(school.school.id) as session:
            lessons = gradebook.lessons(session, facts)
        if not _holds(units["attendance"], school, attendance.MARKER):
            write(units["attendance"], school.school.id, attendance.rows(facts, lessons))
        if not _holds(units["notifications"], school, notifications.MARKER):
            write(units["notifications"], school.school.id, notifications.rows(facts))
        _write_secret(logins_path, json.dumps(shown, indent=2) + "\n")
    return shown


def _check_absent(of_identity: UnitOfWork, school: DemoSchool, wanted: list[str]) -> None:
    with of_identity.everywhere(keyed=False) as session:
        if session.get(School, school.school.id) is not None:
            raise Conflict("The demo school is in the databases already.", rule="demo-loaded")
        taken = session.scalars(select(Account.login).where(Account.login.in_(wanted))).all()
    if taken:
        raise Conflict(
            "Logins of the demo school are somebody's: {logins}.", rule="login-taken", logins=", ".join(sorted(taken))
        )


def _holds(unit_of_work: UnitOfWork, school: DemoSchool, marker: type[Any]) -> bool:
    with unit_of_work.of(school.school.id) as session:
        return session.scalar(select(marker.school_id).limit(1)) is not None


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
