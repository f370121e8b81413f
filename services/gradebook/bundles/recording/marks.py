"""Writes the marks of a bundle with their history, some columns at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from kernel.data import copies
from kernel.data.bulk import Count
from kernel.data.rows import insert_rows
from kernel.errors import Invalid
from services.gradebook.bundles import queries
from services.gradebook.bundles.parts import Bundle
from services.gradebook.bundles.rules.bundle import IMPORTED, LeftOut, bundle_mark, of_result
from services.gradebook.marks.tables import Mark, MarkRevision
from services.gradebook.policy.rules.scales import Scale
from services.gradebook.rows import picked

#: Marks that one transaction writes, about: a second's work, after which others have their turn.
CHUNK = 1000


class Said(NamedTuple):
    """What the bundle says of a student's mark in a column."""

    mark_id: UUID
    value: str
    comment: str


#: Column → student → what the bundle says.
Wanted = Mapping[UUID, Mapping[UUID, Said]]


def accepted(bundle: Bundle, scale: Scale, other_scale: Collection[UUID]) -> tuple[Wanted, list[LeftOut]]:
    """The bundle's marks by column and student, and the results that the journal cannot keep.

    Results of columns of another scale are left out with these.
    """
    works = {row["id"]: row for row in bundle["works"]}
    grades = {row["id"]: row["grade"] for row in bundle["courses"]}
    found: dict[UUID, dict[UUID, Said]] = {}
    left_out = []
    for row in bundle["marks"]:
        if row["work_id"] in other_scale:
            continue
        work = works[row["work_id"]]
        column = found.setdefault(row["work_id"], {})
        try:
            said = bundle_mark(row, work["source_id"], grades[work["course_id"]], scale)
            if said is not None and row["student_id"] in column:
                raise Invalid(  # noqa: TRY301  # told as what the rules refuse
                    "Line item {item}: a student has two results in it.",
                    rule="mark-exists",
                    field="studentSourcedId",
                    item=work["source_id"],
                )
        except Invalid as refused:
            left_out.append(of_result(row, refused))
        else:
            if said is not None:
                column[row["student_id"]] = Said(row["id"], *said)
    return found, left_out


def chunks(work_ids: Collection[UUID], wanted: Wanted, after: UUID | None) -> Iterator[list[UUID]]:
    """The columns behind `after`, in the order of their ids, in lists of about `CHUNK` marks."""
    chunk: list[UUID] = []
    marks = 0
    for work_id in sorted(work_ids):
        if after is not None and work_id <= after:
            continue
        chunk.append(work_id)
        marks += max(1, len(wanted.get(work_id, ())))
        if marks >= CHUNK:
            yield chunk
            chunk, marks = [], 0
    if chunk:
        yield chunk


class MarksWriting:
    """Writes the marks of one school's bundle."""

    def __init__(self, school_id: UUID, import_id: UUID, moment: datetime, wanted: Wanted, *, withdraws: bool) -> None:
        """`withdraws`: marks that the bundle lacks are withdrawn; a bundle without any marks withdraws none."""
        self._school_id = school_id
        self._import_id = import_id
        self._moment = moment
        self.wanted = wanted
        self._withdraws = withdraws

    def write(self, session: Session, works: Mapping[UUID, queries.ImportedWork], count: Count) -> None:
        """Write the marks of these columns, and count them.

        A mark corrected in the journal stays until the bundle gives it a new value.
        """
        before = queries.imported_marks(session, works.keys())
        said = {
            (work_id, student_id): one for work_id in works for student_id, one in self.wanted.get(work_id, {}).items()
        }
        taken_ids = queries.known_marks(session, [one.mark_id for one in said.values()])
        rows: list[dict[str, Any]] = []
        for key, one in said.items():
            old = before.get(key)
            if count.note(old and (old.said, old.said_comment), (one.value, one.comment)):
                new_id = uuid5(one.mark_id, f"{key[0]}:{key[1]}") if one.mark_id in taken_ids else one.mark_id
                mark_id, version = (old.id, old.version + 1) if old else (new_id, 1)
                rows.append(_state(works[key[0]], mark_id, key[1], version, one.value, one.comment))
        for key, old in before.items() if self._withdraws else ():
            if key not in said and old.said is not None:
                rows.append(_state(works[key[0]], old.id, key[1], old.version + 1, None, ""))
                count.removed += 1
        self._save(session, rows)

    def _save(self, session: Session, rows: list[dict[str, Any]]) -> None:
        """Write the present states, and each of them into the history."""
        if not rows:
            return
        session.execute(copies.replacing(session, Mark), [{"school_id": self._school_id, **row} for row in rows])
        insert_rows(
            session,
            MarkRevision,
            [
                {
                    "school_id": self._school_id,
                    "mark_id": row["id"],
                    **{name: row[name] for name in ("version", "value", "comment")},
                    "reason": IMPORTED,
                    "changed_by": None,
                    "changed_at": self._moment,
                    "import_id": self._import_id,
                }
                for row in rows
            ],
        )


def _state(
    work: queries.ImportedWork, mark_id: UUID, student_id: UUID, version: int, value: str | None, comment: str
) -> dict[str, Any]:
    return {
        "id": mark_id,
        "work_id": work.id,
        "student_id": student_id,
        "value": value,
        "comment": comment,
        "version": version,
        **picked(work, ("lesson_id", "kind_id", "course_id", "date", "number")),
    }
