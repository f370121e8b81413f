"""Answers calls about classrooms."""

from __future__ import annotations

from collections.abc import Iterable

from uuid_utils.compat import uuid7

from contracts.gradebook.classrooms import Classrooms, SetClassrooms
from kernel.auth import Actor
from kernel.contract import Empty, given
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.classrooms import queries, recording
from services.gradebook.classrooms.queries import ClassroomRow
from services.gradebook.classrooms.rules import names
from services.gradebook.rows import View, missing, picked


class ClassroomsEntrypoints(Entrypoints):
    """Answers calls about classrooms."""

    @rpc(Classrooms.classrooms)
    def classrooms(self, actor: Actor, command: Empty) -> View:
        """The school's classrooms; any member of the school may read them."""
        with self.unit_of_work(actor) as session:
            return _view(queries.classrooms(session))

    @rpc(Classrooms.set_classrooms)
    def set_classrooms(self, actor: Actor, command: SetClassrooms) -> View:
        """Add, change and remove classrooms."""
        wanted = [{**one, "name": " ".join(one["name"].split())} for one in given(command).get("classrooms", ())]
        with self.unit_of_work(actor) as session:
            present = {row.id: row for row in queries.classrooms(session, lock=True)}
            for one in wanted:
                if one.get("id") is not None and one["id"] not in present:
                    raise missing("classroom", one["id"])
            removed = present.keys() & set(command.removed)
            gone = removed | {one["id"] for one in wanted if one.get("id")}
            kept = [(row.name, None) for row in present.values() if row.id not in gone]
            names.check_names([*kept, *((one["name"], place) for place, one in enumerate(wanted))])
            rows = [{"name": one["name"], "shared": one.get("shared", False)} for one in wanted]
            changed = [{"id": one["id"], **row} for one, row in zip(wanted, rows, strict=True) if one.get("id")]
            new = [{"id": uuid7(), **row} for one, row in zip(wanted, rows, strict=True) if not one.get("id")]
            recording.set_classrooms(session, actor, new, changed, removed)
            return inbox.answer(session, _view(queries.classrooms(session)))


def _view(rows: Iterable[ClassroomRow]) -> View:
    in_order = sorted(rows, key=lambda row: (names.order(row.name), row.name))
    return {"classrooms": [picked(row, ("id", "name", "shared")) for row in in_order]}
