"""A school whose lessons have files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.gradebook.homework import FILES, LARGEST_FILE, Homework
from kernel.auth import Actor
from kernel.files import kinds
from kernel.files.folder import FolderStore
from kernel.files.store import Place, Store, take
from tests.kit.calls import call
from tests.kit.stores import bucket_settings, storage, store  # noqa: F401  # fixtures

PDF = b"%PDF-1.7\n%%EOF\n"


class Giving:
    """Teachers give homework in a school."""

    def __init__(self, school: Any) -> None:
        self.school = school

    def ask(self, method: Any, actor: Actor | None = None, **command: Any) -> dict[str, Any]:
        """What the gradebook answers; the teacher asks about the own lesson unless said otherwise."""
        if "lesson_id" in method.command.fields:
            command.setdefault("lesson_id", self.school.lesson_id)
        return call(self.school.service, method, actor or self.school.teacher, **command)

    def handed_in(self, content: bytes = PDF) -> str:
        """The SHA-256 of a file that the door has taken."""
        place = Place(FILES, self.school.id)
        allowed = {kinds.PDF, kinds.ZIP, kinds.TEXT}
        files = self.school.service.files
        return take(files, place, [content], largest=LARGEST_FILE, allowed=allowed, field="file").sha256

    def with_file(self, name: str = "Задание.pdf", content: bytes = PDF, **more: Any) -> str:
        """The id of a file that the lesson has now."""
        given = self.ask(Homework.add_file, file=self.handed_in(content), name=name, **more)
        return str(given["files"][-1]["id"])


@pytest.fixture
def giving(school: Any, tmp_path: Path) -> Giving:
    school.service.files = FolderStore(tmp_path / "files")
    return Giving(school)


@pytest.fixture
def in_either_store(giving: Giving, store: Store) -> None:  # noqa: F811  # the fixture
    """The test runs with the files in a folder, and with the files in a bucket."""
    giving.school.service.files = store


@pytest.fixture
def giving_elsewhere(another_school: Any, giving: Giving) -> Giving:
    return Giving(another_school)
