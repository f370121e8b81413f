"""A school without anything but its methodologist and a year, and what tests do with files of timetables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from cli.building import calendar, people, write
from contracts.gradebook.timetable import Timetable
from contracts.gradebook.timetable_import import LARGEST_TIMETABLE, TimetableImport
from contracts.identity.classes import Classes
from kernel.auth import Actor
from kernel.contract import Rpc
from kernel.files import kinds
from kernel.files.folder import FolderStore
from kernel.files.store import Place, take
from services.identity.service import IdentityService
from tests.kit.calls import call
from tests.kit.people import TODAY, PeopleOfSchool
from tests.kit.town import Town

Names = list[dict[str, Any]]


@dataclass
class Importing(PeopleOfSchool):
    """A school into whose year timetables are taken from files."""

    town: Town
    id: UUID = field(default_factory=uuid7)
    year_id: UUID = field(default_factory=uuid7)
    from_date: date = TODAY + timedelta(days=1)

    def __post_init__(self) -> None:
        self.create_school()
        self.methodologist = self.person("methodologist", name="Быкова Мила")
        whole = (TODAY - timedelta(days=100), TODAY + timedelta(days=200))
        write(self.town.gradebook.unit_of_work, self.id, calendar.year(self.year_id, whole, {uuid7(): whole}))

    @property
    def identity(self) -> IdentityService:
        return self.town.identity

    def call(self, method: Rpc, actor: Actor | None = None, **command: Any) -> dict[str, Any]:
        service = self.town.identity if method.service == "identity" else self.town.gradebook
        return call(service, method, actor or self.methodologist, **command)

    def teacher(self, name: str) -> UUID:
        """A teacher of the school: «Иванова Анна Петровна»."""
        person_id = uuid7()
        self.add(people.person(person_id, name, "teacher"))
        return person_id

    def classes(self, *names: str) -> dict[str, str]:
        """Name → id of classes of the school, which the gradebook has heard of."""
        made = self.call(Classes.make_classes, classes=[{"name": name} for name in names])
        self.town.carry()
        return {one["name"]: one["id"] for one in made["classes"]}

    def hand_in(self, content: bytes) -> str:
        place = Place(TimetableImport.service, self.id)
        allowed = {kinds.ZIP, kinds.TEXT}
        store = self.town.gradebook.files
        return take(store, place, [content], largest=LARGEST_TIMETABLE, allowed=allowed, field="file").sha256

    def read(self, file: str, names: Iterable[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
        command = {"year_id": self.year_id, "file": file, "from_date": self.from_date, "names": list(names), **more}
        return self.call(TimetableImport.read_timetable_file, **command)

    def take(self, file: str, names: Iterable[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
        version = more.pop("version", None)
        command = {"year_id": self.year_id, "file": file, "from_date": self.from_date, "names": list(names), **more}
        if version is None:
            version = self.timetable()["version"]
        return self.call(TimetableImport.take_timetable_file, version=version, **command)

    def timetable(self, **of: Any) -> dict[str, Any]:
        return self.call(Timetable.timetable, year_id=self.year_id, date=self.from_date, **of)

    def new(self, read: dict[str, Any], *kinds_of_names: str) -> Names:
        """What is not there is new: of these kinds, where some are named."""
        return [
            {"kind": one["kind"], "name": one["name"], "means": "new"}
            for one in read["names"]
            if one["found"] == "unknown" and one["kind"] in (kinds_of_names or ("subject", "classroom"))
        ]


@pytest.fixture
def importing(town: Town, tmp_path: Path) -> Importing:
    town.gradebook.files = FolderStore(tmp_path / "files")
    return Importing(town)
