"""Taking and undoing a file on both kinds of database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.gradebook.past_import import PastImports
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict
from kernel.files.folder import FolderStore
from tests.gradebook.past_import.conftest import NAMES, Past, new
from tests.gradebook.past_import.files import ALGEBRA
from tests.kit.databases import on_both
from tests.kit.town import Town

pytestmark = on_both


@pytest.fixture
def past(town: Town, engine: Engine, tmp_path: Path) -> Past:
    """A school whose gradebook is in this database."""
    town.gradebook.unit_of_work = UnitOfWork(engine, consumer="gradebook")
    town.gradebook.files = FolderStore(tmp_path / "files")
    return Past(town)


def test_a_file_is_taken_undone_and_taken_anew(past: Past) -> None:
    file = past.cards({name: {**ALGEBRA, "Музыка": ("5", "5", "5", "5", "5")} for name in NAMES})
    done = past.take(file, new(past.read(file)))
    assert (done["added"], done["courses"], len(past.marks())) == (30, 2, 10)
    choir = past.cards({NAMES[0]: {"Хор": ("", "", "", "", "4")}})
    later = past.take(choir, new(past.read(choir)))
    past.undo(later["import_id"])
    past.undo(done["import_id"])
    with pytest.raises(Conflict):
        past.undo(done["import_id"])
    assert past.marks() == {}
    assert past.take(file)["added"] == 30
    assert [one["marks"] for one in past.call(PastImports.past_imports)["imports"]] == [30, 1, 30]
